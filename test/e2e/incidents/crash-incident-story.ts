import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createIncidentStore } from '../../../jobs/incident-store.ts';
import { createKeys } from '../../../src/requests/keys.ts';
import type { Kit } from '../../support/cluster/kit.ts';
import { statefulSet } from '../../support/cluster/manifests.ts';
import type { SeenMessage } from '../../support/slack/people/looking.ts';
import type { CrashPoint } from '../crash-gate.ts';
import { type CrashStage, raiseCrashStage } from '../crash-stage.ts';
import { createIncidentStepNames } from './crash-incident-steps.ts';
import { OVER } from './fault-stories.ts';
import { ALERTS, GREEN, RED } from './incident-stage.ts';

/** The dead process's Lease and locks run out within 10 s; with a margin for a busy machine. In ms. */
const RECOVERS_WITHIN_MS = 40_000;
const LOOK_EVERY_MS = 50;
const NEVER: CrashPoint = () => false;

interface Seen {
  roots: SeenMessage[];
  /** Of the first root. */
  thread: SeenMessage[];
}

function seenIn({ slack }: Pick<CrashStage, 'slack'>): Seen {
  const messages = slack.person('alice').sees(ALERTS);
  const roots = messages.filter(({ thread, ts, by }) => (thread ?? ts) === ts && by === 'UOPSBOT');
  return { roots, thread: messages.filter(({ thread, ts }) => thread === roots[0]?.ts && thread !== ts) };
}

const says = (text: string) => (message: SeenMessage) => message.text.includes(text);
const isEvidence = says('*Exit code*');
const isOver = ({ text }: SeenMessage) => OVER.test(text);

export interface PlayOptions {
  /** Where opsbot is killed, one process after the other; default: never, but its steps are known. */
  crashes?: readonly CrashPoint[];
}

/** A pod crashes, then its siblings, they recover, and once more: opsbot is killed on the way and comes back. */
export async function playIncident(kit: Kit, { crashes = [NEVER] }: PlayOptions) {
  const namespace = await kit.namespace();
  const ref = { kind: 'StatefulSet', namespace, name: 'web' };
  const first = { kind: 'Pod', namespace, name: 'web-0' };
  await kit.apply(statefulSet('web', { namespace, replicas: 3 }));
  await kit.rolledOut(ref);
  const config = { channels: { alerts: ALERTS }, namespaces: [namespace], incidents: { quiet: '1s' } };
  const stage = await raiseCrashStage(kit, {
    crashes,
    config: JSON.stringify(config),
    home: namespace,
    redisSteps: createIncidentStepNames,
  });
  const redis = new Redis(stage.redisUrl);

  const shows = (what: string, passes: (seen: Seen) => boolean) =>
    stage.slack.waitFor(() => passes(seenIn(stage)), {
      timeoutMs: RECOVERS_WITHIN_MS,
      what: () => `${what}; there is:\n${told(seenIn(stage))}`,
    });
  const root = (colour: string, words: string) => (seen: Seen) =>
    seen.roots.some((message) => message.color === colour && says(words)(message));
  const thread = (passes: (message: SeenMessage) => boolean, times: number) => (seen: Seen) =>
    seen.thread.filter(passes).length >= times;

  try {
    kit.crash(first, { exitCode: 3 });
    await shows('one pod', root(RED, '1 pod'));
    await shows('evidence', thread(isEvidence, 1));
    kit.crash(ref, { exitCode: 3 });
    await shows('three pods', root(RED, '3 pods'));
    for (const which of [first, ref]) kit.recover(which);
    await shows('green', root(GREEN, ': over '));
    await shows('that it is over', thread(isOver, 1));
    kit.crash(ref, { exitCode: 4 });
    await shows('the relapse', root(RED, '2nd time'));
    await shows('evidence of the relapse', thread(isEvidence, 2));
    kit.recover(ref);
    await shows('green again', root(GREEN, ': over '));
    await shows('that it is over again', thread(isOver, 2));
    await settled(redis);
    return {
      ...seenIn(stage),
      crashed: stage.crashed(),
      steps: stage.steps(),
      settledIn: stage.sinceStart(),
      violations: stage.slack.violations.filter(({ kind }) => kind !== 'no-ack'),
    };
  } finally {
    redis.disconnect();
    await stage.stop();
  }
}

export type PlayedIncident = Awaited<ReturnType<typeof playIncident>>;

function told({ roots, thread }: Seen): string {
  return [...roots, ...thread].map(({ color, text }) => `[${color ?? 'reply'}] ${text}`).join('\n') || 'nothing';
}

/** Once nothing is open, and nothing is left to be shown. */
async function settled(redis: Redis): Promise<void> {
  const keys = createKeys();
  const store = createIncidentStore({ redis, keys, onCommit: () => undefined, now: Date.now });
  const deadline = Date.now() + RECOVERS_WITHIN_MS;
  for (;;) {
    const [open, unshown] = [await store.open(), await redis.scard(keys.unshownChannels)];
    if (open.length + unshown === 0) return;
    if (Date.now() > deadline) throw new Error(`not settled: ${open.length} open, ${unshown} channels behind`);
    await delay(LOOK_EVERY_MS);
  }
}

const STORY = ['evidence', 'over', 'back', 'evidence', 'over'];

function noteKind(message: SeenMessage): string {
  if (isOver(message)) return 'over';
  if (says('It is back')(message)) return 'back';
  return isEvidence(message) ? 'evidence' : message.text;
}

/** Everything that is not as it has to be after the story, whatever interrupted it. */
export function faultsOfIncident(played: PlayedIncident): string[] {
  const { roots, thread, violations } = played;
  const notes = thread.map(noteKind);
  const [root] = roots;
  return [
    ...(roots.length === 1 ? [] : [`${roots.length} root messages`]),
    ...(root?.color === GREEN && root.buttons.length === 0 ? [] : ['the root is not green']),
    ...(JSON.stringify(notes) === JSON.stringify(STORY) ? [] : [`the thread says ${notes.join(', ')}`]),
    ...violations.map(({ name, error }) => `Slack refused ${name}: ${error}`),
  ];
}
