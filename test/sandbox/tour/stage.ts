import type { LocalSlack } from '../../support/slack/local-slack.ts';
import type { SeenMessage, SeenView } from '../../support/slack/people/looking.ts';
import type { Person } from '../../support/slack/people/person.ts';
import type { MessageRef } from '../../support/slack/types.ts';
import type { Scene } from '../scene/scene.ts';

/** What of the story does not stand in messages. */
export interface Telling {
  tell(text: string): void;
  showHome(user: string): void;
}

export interface Channels {
  requests: string;
  alerts: string;
}

/** Where the tour plays. Everything throws, in a clear sentence, where it does not come as it should. */
export interface Stage extends Telling {
  scene: Scene;
  alice: Person;
  bob: Person;
  carol: Person;
  /** The request in the thread that can be voted on now. */
  ballot(thread: MessageRef): Promise<SeenMessage>;
  /** The message once it says so. */
  saying(message: MessageRef, text: RegExp, ms?: number): Promise<SeenMessage>;
  /** opsbot's answer in the thread. */
  answer(thread: MessageRef, text: RegExp): Promise<SeenMessage>;
  /** The messages about trouble of a workload, oldest first. */
  incidents(workload: string): SeenMessage[];
  /** The newest of them, once it is so. */
  incident(workload: string, isSo: (message: SeenMessage) => boolean): Promise<SeenMessage>;
  /** What opsbot tells one person alone in reply to what they do. */
  whisper(person: Person, gesture: () => Promise<unknown>): Promise<SeenMessage>;
  /** Home once it says all this. */
  home(person: Person, parts: readonly string[]): Promise<SeenView>;
  /** How many replicas the cluster has on record for the tour's workload. */
  mustWant(replicas: number): Promise<void>;
  mustRun(replicas: number): Promise<void>;
}

/** ms within which opsbot answers: Slack's own patience is three seconds. */
const ANSWER_MS = 10_000;
/** ms until trouble has shown itself, or has stayed away for long enough. */
const INCIDENT_MS = 45_000;

export function must(isSo: boolean, sentence: string): asserts isSo {
  if (!isSo) throw new Error(sentence);
}

export function createStage(slack: LocalSlack, scene: Scene, channels: Channels, telling: Telling): Stage {
  const reader = slack.person('bob');
  const { workload } = scene;
  const what = `Deployment ${workload.name} in ${workload.namespace}`;
  const inThread = (thread: MessageRef) => reader.thread(thread).filter(({ ephemeral }) => !ephemeral);
  const now = (message: MessageRef) => reader.sees(message.channel).find(({ ts }) => ts === message.ts);

  const incidents = (name: string) => {
    const about = new RegExp(`^\\S+ \\*\\w+ ${name}\\*`);
    return reader.sees(channels.alerts).filter(({ ts, thread = ts, text }) => thread === ts && about.test(text));
  };

  return {
    ...telling,
    incidents,
    incident(name, isSo) {
      const newest = () => incidents(name).at(-1);
      return slack.waitFor(() => incidents(name).findLast(isSo), {
        timeoutMs: INCIDENT_MS,
        what: () => `the message about ${name} to change; it says:\n${newest()?.text ?? 'nothing, there is none'}`,
      });
    },
    scene,
    alice: slack.person('alice'),
    bob: reader,
    carol: slack.person('carol'),
    ballot: (thread) =>
      slack.waitFor(() => inThread(thread).findLast(({ buttons }) => buttons.includes('Approve')), {
        timeoutMs: ANSWER_MS,
        what: 'a request with the button [Approve]',
      }),
    saying: (message, text, timeoutMs = ANSWER_MS) =>
      slack.waitFor(() => (text.test(now(message)?.text ?? '') ? now(message) : undefined), {
        timeoutMs,
        what: () => `a message that says ${text}; it says:\n${now(message)?.text}`,
      }),
    answer: (thread, text) =>
      slack.waitFor(() => inThread(thread).find((message) => message.ts !== thread.ts && text.test(message.text)), {
        timeoutMs: ANSWER_MS,
        what: () =>
          `an answer that says ${text}; there is:\n${inThread(thread)
            .map((message) => message.text)
            .join('\n')}`,
      }),
    async whisper(person, gesture) {
      const whispers = () => person.sees(channels.requests).filter(({ ephemeral }) => ephemeral);
      const before = whispers().length;
      await gesture();
      return slack.waitFor(() => whispers()[before], {
        timeoutMs: ANSWER_MS,
        what: `opsbot to tell ${person.user.name} why`,
      });
    },
    home(person, parts) {
      const text = () => person.home()?.text ?? '';
      const missing = () => parts.filter((part) => !text().includes(part));
      return slack.waitFor(() => missing().length === 0 && person.home(), {
        timeoutMs: ANSWER_MS,
        what: () => `Home to say “${missing().join('”, “')}”; it says:\n${text()}`,
      });
    },
    async mustWant(replicas) {
      const { wanted } = await scene.stand();
      must(wanted === replicas, `${what} should be set to ${replicas} replicas, but is set to ${wanted}.`);
    },
    async mustRun(replicas) {
      const { wanted, ready } = await scene.stand();
      const isSo = wanted === replicas && ready === replicas;
      must(isSo, `${what} should run ${replicas} ready pods, but wants ${wanted} and has ${ready}.`);
    },
  };
}
