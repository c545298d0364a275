import { Actions, Button, Option, StaticSelect } from 'slack-block-builder';
import type { Action } from '../src/actions/action.ts';
import type { Incident } from '../src/incidents/incident.ts';
import { fits } from './fitting.ts';
import { encodeSilence, IDS, incidentActId } from './ids.ts';
import { cut } from './text.ts';

export type IncidentAction = Pick<Action, 'name' | 'effect' | 'fields' | 'shortcut'>;

/** What fits beside the others on a phone. */
const ACTIONS_SHOWN = 5;

const HOUR = 3_600_000;
/** How long an owner can be silenced, in ms. */
export const SILENCES = [
  { text: '1 h', ms: HOUR },
  { text: '8 h', ms: 8 * HOUR },
  { text: '24 h', ms: 24 * HOUR },
  { text: '3 days', ms: 72 * HOUR },
] as const;

/** What can be done about an incident; undefined where it is over, or is no trouble. */
export function incidentButtons({ id, state, severity, owner }: Incident, actions: readonly IncidentAction[]) {
  if (state === 'resolved' || severity === 'info') return undefined;
  const buttons = actions
    .filter((action) => action.shortcut && fits(action, owner.kind))
    .toSorted((a, b) => effort(a) - effort(b))
    .slice(0, ACTIONS_SHOWN)
    .map((action) => Button({ text: buttonText(action), actionId: incidentActId(action.name), value: id }));
  const options = SILENCES.map(({ text, ms }) => Option({ text, value: encodeSilence({ id, ms }) }));
  return Actions().elements(
    ...buttons,
    Button({ text: "I'm on it", actionId: IDS.incident.acknowledge, value: id }),
    StaticSelect({ placeholder: 'Silence', actionId: IDS.incident.silence }).options(...options),
  );
}

/** What helps comes before what informs, and first what asks for nothing to be filled in. */
function effort({ effect, fields }: IncidentAction): number {
  if (effect === 'read') return Number.POSITIVE_INFINITY;
  return fields.filter((field) => (field.control === 'number' || field.control === 'text') && !field.optional).length;
}

/** The three dots say that nothing happens yet. */
function buttonText({ name, effect }: IncidentAction): string {
  const text = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return cut(effect === 'change' ? `${text}…` : text, 75);
}
