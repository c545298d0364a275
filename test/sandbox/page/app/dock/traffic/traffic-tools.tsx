import './traffic-tools.css';
import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import type { TrafficFilter } from './filter-traffic.ts';

export interface TrafficToolsProps {
  filter: TrafficFilter;
  onFilter(filter: TrafficFilter): void;
}

const KINDS = ['calls', 'envelopes', 'errorsOnly'] as const;
const LABELS = { calls: 'Calls', envelopes: 'Envelopes', errorsOnly: 'Errors only' };

/** What of the traffic one wants to see. */
export function TrafficTools({ filter, onFilter }: TrafficToolsProps) {
  return (
    <div className="traffic-tools">
      <input
        type="search"
        className="traffic-filter"
        aria-label="Filter traffic"
        placeholder="Filter by method, channel, person, error"
        value={filter.text}
        onChange={({ target }) => onFilter({ ...filter, text: target.value })}
      />
      <ToggleGroup
        multiple
        className="traffic-toggles"
        aria-label="Show"
        value={KINDS.filter((kind) => filter[kind])}
        onValueChange={(on) =>
          onFilter({
            ...filter,
            calls: on.includes('calls'),
            envelopes: on.includes('envelopes'),
            errorsOnly: on.includes('errorsOnly'),
          })
        }
      >
        {KINDS.map((kind) => (
          <Toggle key={kind} value={kind} className="traffic-toggle">
            {LABELS[kind]}
          </Toggle>
        ))}
      </ToggleGroup>
    </div>
  );
}
