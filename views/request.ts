import { Section } from 'slack-block-builder';
import type { Request } from '../src/requests/request.ts';
import { built, type Message } from './blocks.ts';
import { escaped } from './text.ts';

export interface RequestCard {
  request: Request;
  /** The revision that this message shows; an older one than the request's is shown as replaced. Default: the newest. */
  revision?: number | undefined;
  /** In the action's words (`headlines(actions)(request)`), plain text. */
  headline: string;
  /** ms since the epoch. */
  now: number;
  /** Name the cluster (several clusters behind one app). */
  clusterShown: boolean;
  /** Who still has to approve, mrkdwn; e.g. `1 more from <!subteam^S1>`. Absent: worded from the requirement. */
  votesMissing?: string | undefined;
  /** Offer Undo. */
  undoable?: boolean | undefined;
}

/** The message of one revision of a request. */
export function requestCard({ headline }: RequestCard): Message {
  return { text: escaped(headline), blocks: built([Section({ text: escaped(headline) })]) };
}
