import type { MessageRef } from '../../support/slack/types.ts';
import { ALERTS, CHANNEL, type Sandbox } from '../start-sandbox.ts';

export interface Story {
  /** A request that was approved and done. */
  done: MessageRef;
  /** A request that waits. */
  pending: MessageRef;
  /** The message about a workload that crashes. */
  incident: MessageRef;
}

const INCIDENT_MS = 45_000;

/** What happens before the pictures are taken. */
export async function playStory({ slack, scene }: Sandbox): Promise<Story> {
  const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => slack.person(name));
  if (!alice || !bob || !carol) throw new Error('nobody is there');

  async function asks(text: string) {
    const thread = await alice?.mentions(CHANNEL, text);
    if (!thread) throw new Error(`nobody says ${text}`);
    const isRequest = () => bob?.thread(thread).find(({ buttons }) => buttons.includes('Approve'));
    return { thread, request: await slack.waitFor(isRequest, { what: `the request ${text}` }) };
  }

  const first = await asks('scale deployment nginx 5 -n default --reason "launch at noon"');
  await bob.clicks('Approve', { on: first.request });
  await bob.waitsFor('Done. 5 of 5 pods ready', { in: CHANNEL, timeoutMs: scene.patience });

  scene.trouble?.('crash', 'checkout');
  const about = await bob.waitsFor(
    ({ text, thread, ts }) => (thread ?? ts) === ts && /\*Deployment checkout\*.*CrashLoopBackOff/s.test(text),
    { in: ALERTS, timeoutMs: INCIDENT_MS },
  );
  await carol.waitsFor(({ thread, text }) => thread === about.ts && text.includes('Last lines of'), {
    in: ALERTS,
    timeoutMs: INCIDENT_MS,
  });
  await carol.clicks("I'm on it", { on: about });
  await bob.waitsFor(({ ts, text }) => ts === about.ts && text.includes('@carol is on it'), { in: ALERTS });

  const second = await asks('restart deployment api -n prod --reason "stale configuration"');
  return { done: first.thread, pending: second.thread, incident: about };
}
