import { Section } from 'slack-block-builder';
import type { Action, Reading } from '../src/actions/action.ts';
import type { ErrorReport } from '../src/errors.ts';
import type { Request } from '../src/requests/request.ts';
import { built, type Message } from './blocks.ts';
import { escaped } from './text.ts';

const plain = (text: string): Message => ({ text, blocks: built([Section({ text })]) });

/** How opsbot is used; of one action where `topic` names it (an unknown topic shows everything). */
export function helpMessage({ actions }: { actions: readonly Action[]; topic?: string | undefined }): Message {
  return plain(actions.map((action) => action.name).join(', ') || 'help');
}

export interface RequestList {
  /** Newest first. */
  requests: readonly Request[];
  headline: (request: Request) => string;
  now: number;
}

/** Requests that are not over yet. */
export function pendingMessage({ requests }: RequestList): Message {
  return plain(`${requests.length} open requests`);
}

/** What was asked lately and how it ended. */
export function historyMessage({ requests }: RequestList): Message {
  return plain(`${requests.length} requests`);
}

/** What went wrong and what to do next. `suggestion` is the nearest right command line. */
export function errorMessage(report: ErrorReport, _options: { suggestion?: string | undefined } = {}): Message {
  return plain(escaped(report.message));
}

/** True where a reading's body fits into a message; otherwise it goes up as a file. */
export function readingFits(body: string): boolean {
  return body.length < 11_000;
}

/** A read's answer. `fits: false` shows the headline and the last lines, and says that the rest is in the file. */
export function readingMessage({ headline }: Omit<Reading, 'filename'> & { fits: boolean }): Message {
  return plain(escaped(headline));
}

/** Why a click or a word was not followed; `text` is plain. */
export function refusedMessage(text: string): Message {
  return plain(escaped(text));
}
