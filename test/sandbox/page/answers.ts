import { ZodError } from 'zod';
import type { Sandbox } from '../start-sandbox.ts';
import { parseClusterDeed, parseGesture } from './check-gesture.ts';
import { performDeed } from './perform-deed.ts';
import { performGesture } from './perform-gesture.ts';
import type { ReadMarks } from './read-marks.ts';
import type { Answer } from './wire.ts';

export interface AnswersOptions {
  sandbox: Sandbox;
  marks: ReadMarks;
  players: readonly string[];
}

/** Does what is posted to a path; undefined where nothing is done there. Never rejects. */
export type Answers = (path: string, body: string) => Promise<Answer | undefined>;

export function createAnswers({ sandbox, marks, players }: AnswersOptions): Answers {
  const { slack } = sandbox;

  async function gesture(body: unknown): Promise<unknown> {
    const { as, gesture: given } = parseGesture(body);
    if (!players.includes(as)) throw new Error(`Nobody here is called ${as}.`);
    return performGesture({ slack, marks, person: slack.person(as) }, given);
  }

  const deed = (body: unknown) => performDeed(sandbox, parseClusterDeed(body).deed);

  return async (path, body) => {
    const perform = new Map([
      ['/gesture', gesture],
      ['/cluster', deed],
    ]).get(path);
    if (!perform) return undefined;
    try {
      const result = await perform(JSON.parse(body));
      return { ok: true, ...(result === undefined ? {} : { result }) };
    } catch (error) {
      return { ok: false, error: sentence(error) };
    }
  };
}

/** In words that may be shown; the local Slack's begin in lower case. */
function sentence(error: unknown): string {
  if (error instanceof ZodError && error.issues.some(({ code }) => code === 'too_big')) return 'That is too long.';
  if (error instanceof ZodError || error instanceof SyntaxError) return 'The sandbox does not know what that means.';
  const text = error instanceof Error ? error.message : String(error);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
