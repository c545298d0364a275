import type { FrontDesk } from './front-desk.ts';
import { isDirect } from './place.ts';

/** As chat.getPermalink makes it, which takes a call for each. Undefined for a conversation of two: nobody else can open it. */
export function permalink({ bot }: Pick<FrontDesk, 'bot'>, channel: string, ts: string): string | undefined {
  return isDirect(channel) ? undefined : `${bot().url}archives/${channel}/p${ts.replace('.', '')}`;
}
