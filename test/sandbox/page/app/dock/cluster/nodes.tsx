import type { NodeSlice } from '../../../wire.ts';
import { performDeed } from '../../notices.ts';
import { counted } from '../counted.ts';
import { DeedButton, StatusRow } from './status-row.tsx';

/** The cluster's nodes. */
export function Nodes({ nodes, readOnly }: { nodes: readonly NodeSlice[]; readOnly: boolean }) {
  return (
    <ul className="cluster-rows" aria-label="Nodes">
      {nodes.map(({ name, ready, status, pods }) => (
        <StatusRow
          key={name}
          name={name}
          health={ready ? 'good' : 'bad'}
          status={`${status} · ${counted(pods, 'pod')}`}
        >
          {readOnly ? null : (
            <DeedButton
              label={ready ? 'Take away' : 'Bring back'}
              to={name}
              onClick={() => void performDeed({ do: ready ? 'take node away' : 'bring node back', node: name })}
            />
          )}
        </StatusRow>
      ))}
    </ul>
  );
}
