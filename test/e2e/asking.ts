import type { SeenMessage } from '../support/slack/people/looking.ts';
import type { Person } from '../support/slack/people/person.ts';
import type { MessageRef } from '../support/slack/types.ts';
import type { Stage } from './stage.ts';

/** ms that a rollout may take on a busy machine. */
export const ROLLOUT_MS = 20_000;

/** A question asked in #ops and what came of it, as somebody who reads along sees it. */
export interface Asked {
  /** The message that began the thread. */
  said: MessageRef;
  card: SeenMessage;
  /** The request's message as it is now. */
  now(): SeenMessage;
  /** Everything else in the thread, oldest first. */
  lines(): string[];
  /** Waits until the request's message says so. */
  shows(text: string, timeoutMs?: number): Promise<SeenMessage>;
}

/** The request that `said` asked for, once its message can be voted on. */
export async function cardIn(stage: Stage, said: MessageRef): Promise<Asked> {
  const reader = stage.bob;
  const card = await reader.waitsFor((m) => m.thread === said.ts && m.buttons.includes('Approve'), {
    in: said.channel,
  });
  return followed(stage, said, card);
}

export function followed({ bob: reader, slack }: Stage, said: MessageRef, card: SeenMessage): Asked {
  const thread = () => reader.thread(said);
  const now = () => {
    const found = thread().find(({ ts }) => ts === card.ts);
    if (!found) throw new Error('the message of the request is gone');
    return found;
  };
  return {
    ...{ said, card, now },
    lines: () => thread().flatMap(({ ts, text }) => (ts === said.ts || ts === card.ts ? [] : [text])),
    shows: (text, timeoutMs = ROLLOUT_MS) =>
      slack.waitFor(() => (now().text.includes(text) ? now() : undefined), {
        timeoutMs,
        what: () => `a message that says “${text}”; it says:\n${now().text}`,
      }),
  };
}

/** A change asked for by mention in #ops. */
export async function asks(stage: Stage, text: string, by: Person = stage.alice): Promise<Asked> {
  return cardIn(stage, await by.mentions('ops', text));
}

/** The answer to what was said, beside it. */
export async function answerTo(stage: Stage, said: MessageRef, timeoutMs = ROLLOUT_MS): Promise<SeenMessage> {
  const isAnswer = (m: SeenMessage) => m.thread === said.ts && m.by === 'UOPSBOT';
  return stage.alice.waitsFor(isAnswer, { timeoutMs });
}

/** What is said to opsbot in #ops, and its answer. */
export async function answered(stage: Stage, text: string, by: Person = stage.alice): Promise<SeenMessage> {
  return answerTo(stage, await by.mentions('ops', text));
}

/** What opsbot tells one person alone, in reply to what `gesture` does. */
export async function whisperTo(
  stage: Stage,
  person: Person,
  gesture: () => Promise<unknown>,
  channel = 'ops',
): Promise<SeenMessage> {
  const whispers = () => person.sees(channel).filter(({ ephemeral }) => ephemeral);
  const before = whispers().length;
  await gesture();
  return stage.slack.waitFor(() => whispers()[before], { what: `opsbot to tell ${person.user.name} something` });
}
