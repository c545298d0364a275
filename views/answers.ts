import { Section } from 'slack-block-builder';
import type { ErrorReport } from '../src/errors.ts';
import type { Request } from '../src/requests/request.ts';
import { built, type Message } from './blocks.ts';
import { packed } from './pack.ts';
import { requestLine } from './request-line.ts';
import { stateMark, stateSentence, stateWord } from './request-state.ts';
import { missingQuietly } from './request-votes.ts';
import { code, counted, cut, short, when } from './text.ts';

export { helpMessage } from './help.ts';
export { readingFits, readingMessage } from './reading.ts';

export interface RequestList {
  /** Newest first. */
  requests: readonly Request[];
  headline: (request: Request) => string;
  /** ms since the epoch. */
  now: number;
  /** Display name of a person, plain text. A list names nobody by mention: that would notify everybody in it. */
  nameOf?: ((user: string) => string | undefined) | undefined;
}

/** Requests that are not over yet. Without buttons: this message is never updated. */
export function pendingMessage({ requests, headline, now, nameOf }: RequestList): Message {
  if (requests.length === 0) return said('Nothing is waiting. All requests are done.');
  const lines = requests.map((request) => {
    const late = request.expiresAt !== undefined && request.expiresAt <= now;
    const expires = request.expiresAt === undefined || late ? '' : ` Expires ${when(request.expiresAt)}.`;
    const missing = request.state === 'pending' ? `\n      ${missingQuietly(request) ?? ''}${expires}` : '';
    return `${requestLine(request, headline(request), named(request, nameOf))}${missing}`;
  });
  const text = counted(requests.length, 'open request');
  return { text, blocks: built(Section({ text: `*${text}*` }), ...packed(lines)) };
}

function named({ requester }: Request, nameOf: RequestList['nameOf']): string | undefined {
  const name = nameOf?.(requester);
  return name && short(name, 80);
}

/** A command line that would work: what was probably meant, or an example of its kind. */
export interface SuggestedLine {
  line: string;
  isExample: boolean;
}

/** What went wrong and what to do next: the line, or the channels, that would do. */
export function errorMessage(
  report: ErrorReport,
  { suggestion, channels = [] }: { suggestion?: SuggestedLine; channels?: readonly string[] } = {},
): Message {
  const message = short(report.message, 1000).trim() || 'That did not work.';
  const lines = [
    `${report.kind === 'not-allowed' ? ':no_entry:' : ':warning:'} ${message}`,
    report.advice && short(report.advice, 1000),
    suggestion && suggested(suggestion),
    channels.length > 0 && `Ask in ${channelLinks(channels)}, or write to opsbot directly.`,
  ];
  return {
    text: cut(message, 300),
    blocks: built(Section({ text: lines.filter(Boolean).join('\n') })),
  };
}

/** Channels that are linked in one message, at most. */
const LINKED = 5;

function channelLinks(channels: readonly string[]): string {
  const links = channels.slice(0, LINKED).map((id) => `<#${id}>`);
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(links);
}

function suggested({ line, isExample }: SuggestedLine): string {
  return isExample ? `For example: ${code(line, 300)}` : `Did you mean ${code(line, 300)}?`;
}

/** How a request ended, for whoever cannot see its message. */
export function endedMessage(request: Request, headline: string): Message {
  const lead = `${stateMark(request.state)} *${stateWord(request)}*: ${short(headline, 400)}`;
  return said([lead, stateSentence(request)].filter(Boolean).join('\n'));
}

/** What whoever asked sees of a change that is decided elsewhere. */
export function copyMessage(request: Request, headline: string, channel: string): Message {
  const lead = `${stateMark(request.state)} *${stateWord(request)}*: ${short(headline, 400)}`;
  return said(
    [lead, stateSentence(request), `In <#${channel}>, request \`${request.id}\`.`].filter(Boolean).join('\n'),
  );
}

/** Why a click or a word was not followed; `text` is plain. */
export function refusedMessage(text: string): Message {
  return said(`:no_entry: ${short(text, 1500).trim() || 'That is not possible.'}`);
}

function said(text: string): Message {
  return { text, blocks: built(Section({ text })) };
}
