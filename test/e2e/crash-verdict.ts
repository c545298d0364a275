import { GENESIS } from '../../src/requests/audit.ts';
import { sha256 } from '../../src/requests/digest.ts';
import type { Request } from '../../src/requests/request.ts';
import { stepLine } from '../../views/steps.ts';
import type { SpecWrite } from '../support/cluster/kit.ts';
import type { Played } from './crash-story.ts';

const isOurs = ({ body }: SpecWrite) => JSON.stringify(body ?? {}).includes('opsbot.dev/request":"');

function partOf(message: Played['thread'][number]): string | undefined {
  const { metadata } = message.raw as { metadata?: { event_payload?: { part?: string } } };
  return metadata?.event_payload?.part;
}

/**
 * What the card must say, by what is in the cluster. Somebody who set the old value back came before opsbot had seen its
 * change through, or after it; where they also took opsbot's mark away, only a person can tell.
 */
function isTrue({ wasSetBack }: Played, { state, outcome }: Request): boolean {
  if (state === 'succeeded') return outcome?.text === '5 of 5 pods ready.';
  if (!wasSetBack) return false;
  return state === 'unknown' || (outcome?.result === 'failed' && outcome.reason === 'Superseded');
}

function aboutTheCluster({ writes, wasSetBack }: Played): string[] {
  const ours = writes.filter(isOurs).length;
  const others = writes.length - ours;
  return [
    ...(ours === 1 ? [] : [`the cluster was changed ${ours} times by opsbot`]),
    ...(others === (wasSetBack ? 1 : 0) ? [] : [`the cluster was changed ${others} times by others`]),
  ];
}

function aboutTheThread({ thread }: Played, request: Request): string[] {
  const ours = thread.filter((message) => partOf(message) !== undefined);
  const cards = ours.filter((message) => partOf(message)?.startsWith('card-'));
  const lines = ours.filter((message) => partOf(message)?.startsWith('step-')).map(({ raw }) => raw.text);
  const expected = request.steps.flatMap((step) => stepLine({ request, step }) ?? []);
  const buttons = cards.flatMap((card) => card.buttons).filter((button) => button !== 'Undo');
  const wanted = request.state === 'unknown' ? ['It was done', 'It was not done'] : [];
  return [
    ...(cards.length === 1 ? [] : [`${cards.length} cards`]),
    ...(JSON.stringify(lines) === JSON.stringify(expected)
      ? []
      : [`thread says\n  ${lines.join('\n  ')}\ninstead of\n  ${expected.join('\n  ')}`]),
    ...(buttons.join() === wanted.join() ? [] : [`the card has the buttons ${buttons.join()}`]),
  ];
}

function aboutTheAudit({ audit }: Played, request: Request): string[] {
  let head = GENESIS;
  for (const { entry, hash } of audit.entries) {
    if (sha256(`${head}\n${entry}`) !== hash) return [`the audit chain is broken at ${entry}`];
    head = hash;
  }
  const events = audit.entries.map(({ entry }) => (JSON.parse(entry) as { event: string }).event);
  const steps = request.steps.map(({ event }) => event);
  return [
    ...(head === audit.head ? [] : ['the audit head is not the last entry']),
    ...(events.join() === steps.join() ? [] : [`audited ${events.join()} instead of ${steps.join()}`]),
  ];
}

const ONCE = ['asked', 'planned', 'decided', 'voted', 'released'];
const ONCE_IF_KNOWN = ['applied', 'finished'];

function aboutTheRequest(played: Played, request: Request): string[] {
  const times = (name: string) => request.steps.filter(({ event }) => event === name).length;
  const once = request.state === 'unknown' ? ONCE : [...ONCE, ...ONCE_IF_KNOWN];
  return [
    ...(isTrue(played, request) ? [] : [`the card says ${request.state}: ${request.outcome?.text}`]),
    ...once.filter((name) => times(name) !== 1).map((name) => `${name} ${times(name)} times`),
  ];
}

/** Everything that is not as it has to be after a story, whatever interrupted it. */
export function faultsOf(played: Played): string[] {
  const [request, ...others] = played.requests;
  if (!request || others.length > 0) return [`${played.requests.length} requests`];
  return [
    ...aboutTheCluster(played),
    ...aboutTheRequest(played, request),
    ...aboutTheThread(played, request),
    ...aboutTheAudit(played, request),
    ...played.violations.map(({ name, error }) => `Slack refused ${name}: ${error}`),
  ];
}
