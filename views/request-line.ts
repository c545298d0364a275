import type { Request } from '../src/requests/request.ts';
import { stateMark, stateWord } from './request-state.ts';
import { code, short, when } from './text.ts';

/**
 * One request on one line, mrkdwn. Times are absolute: the line stays true however long it is looked at. `who` is
 * mrkdwn; a mention notifies wherever it is posted, so lists in messages have plain names or none.
 */
export function requestLine(request: Request, headline: string, who: string | undefined): string {
  const state = `${stateMark(request.state)} ${stateWord(request)}`;
  const by = who ? `, ${who}` : '';
  return `${state}: *${short(headline, 200)}*${by}, ${when(request.updatedAt)} ${code(request.id, 60)}`;
}
