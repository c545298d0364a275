import { setTimeout as delay } from 'node:timers/promises';
import type { LocalSlack } from '../support/slack/local-slack.ts';
import type { SeenMessage } from '../support/slack/people/looking.ts';
import type { Person } from '../support/slack/people/person.ts';
import type { Random } from '../support/slack/random.ts';

/** A story takes its time where the agent that made its plan went away in the middle. In ms. */
const STORY_MS = 30_000;
/** Before each deed, at most, in ms. */
const THINKING_MS = 400;
/** Each few enough messages that people find what they look for at once. */
const CHANNELS = 20;
const PEOPLE = 24;

const ASKING = ['mention', 'slash', 'modal'] as const;
const DECIDING = ['button', 'reaction', 'typed word', 'cancel'] as const;

/** One question, asked by one person and decided by another, about a workload of its own. */
export interface Story {
  workload: string;
  asks: (typeof ASKING)[number];
  decides: (typeof DECIDING)[number];
  channel: string;
}

export function drawStory(number: number, random: Random): Story {
  return {
    workload: `w${number}`,
    asks: ASKING[random.below(ASKING.length)] ?? 'mention',
    decides: DECIDING[random.below(DECIDING.length)] ?? 'button',
    channel: `team-${number % CHANNELS}`,
  };
}

/** A gesture for which somebody saw Slack's error. */
export interface SeenError {
  gesture: string;
  error: string;
}

export interface Crowd {
  /** Plays it to its end. Throws where something that had to come did not. */
  play(story: Story): Promise<void>;
  /** Gestures made so far. */
  gestures(): number;
  errors: readonly SeenError[];
}

/** What every gesture tells of itself. */
type Done = { acked?: boolean; error?: string; failed?: string };

/** People who go on asking and deciding whatever happens to opsbot; an error that they see is written down. */
export function gatherCrowd(slack: LocalSlack, namespace: string, random: Random): Crowd {
  const people = Array.from({ length: PEOPLE }, (_, number) => slack.addUser(`UCROWD${number}`, `crowd${number}`));
  const everybody = [...people.map(({ id }) => id), 'UOPSBOT'];
  for (let number = 0; number < CHANNELS; number++) slack.addChannel(`CTEAM${number}`, `team-${number}`, everybody);
  const errors: SeenError[] = [];
  let gestures = 0;

  async function play(story: Story): Promise<void> {
    const [asker, decider] = people.splice(0, 2);
    if (!asker || !decider) throw new Error('everybody is busy: more people are needed for so many stories at once');
    const { channel } = story;
    const make = async <T>(gesture: string, doing: Promise<T>): Promise<T> => {
      gestures++;
      const done = await doing;
      const { acked, error, failed } = done as Done;
      if (failed !== undefined || acked === false) errors.push({ gesture, error: failed ?? error ?? '' });
      return done;
    };
    const cardWith = (matches: (card: SeenMessage) => boolean, what: string) =>
      decider.waitsFor((seen) => seen.text.includes(`deployment ${story.workload} in `) && matches(seen), {
        in: channel,
        timeoutMs: STORY_MS,
        what: () => `${what}, after ${story.asks} and ${story.decides}; there is\n${saidOf(decider, story)}`,
      });

    await delay(random.below(THINKING_MS));
    await ask(asker, story, make);
    const card = await cardWith(({ buttons }) => buttons.includes('Approve'), 'a request');
    await delay(random.below(THINKING_MS));
    await decide({ asker, decider, card, story, make });
    const ending = story.decides === 'cancel' ? '*Cancelled*' : '*Done*';
    await cardWith(({ ts, text }) => ts === card.ts && text.includes(ending), ending);
    people.push(asker, decider);
  }

  async function ask(asker: Person, { asks, workload, channel }: Story, make: Make): Promise<void> {
    const line = `scale ${workload} ${namespace} 2`;
    if (asks === 'mention') return void (await make('mention', asker.mentions(channel, line)));
    if (asks === 'slash') return void (await make('slash command', asker.slash('/opsbot', line, channel)));
    const began = await asker.says(channel, `${namespace}/${workload} is slow`);
    await make('shortcut', asker.runsMessageShortcut('Scale this workload', began));
    await slack.waitFor(() => asker.modal(), { timeoutMs: STORY_MS, what: 'a modal' });
    await asker.fills('Replicas', '2');
    const sent = await make('submission', asker.submits());
    if ('failed' in sent) await asker.closes();
  }

  return {
    play,
    gestures: () => gestures,
    errors,
  };
}

type Make = <T>(gesture: string, doing: Promise<T>) => Promise<T>;

interface Deciding {
  asker: Person;
  decider: Person;
  card: SeenMessage;
  story: Story;
  make: Make;
}

async function decide({ asker, decider, card, story, make }: Deciding): Promise<void> {
  switch (story.decides) {
    case 'button':
      return void (await make('button', decider.clicks('Approve', { on: card })));
    case 'cancel':
      return void (await make('cancel', asker.clicks('Cancel', { on: card })));
    case 'reaction':
      return void (await make('reaction', decider.reacts('white_check_mark', card)));
    case 'typed word':
      return void (await make(
        'typed word',
        decider.says(story.channel, 'approve', { thread: card.thread ?? card.ts }),
      ));
  }
}

function saidOf(reader: Person, { channel, workload }: Story): string {
  const about = reader.sees(channel).filter(({ text }) => text.includes(workload));
  return about.map(({ text, buttons }) => `- ${text} [${buttons.join(', ')}]`).join('\n');
}
