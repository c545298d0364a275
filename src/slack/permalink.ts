import type { FrontDesk } from './front-desk.ts';
import { isDirect } from './place.ts';

/** As chat.getPermalink makes it, which takes a call for each. Undefined for a conversation of two: nobody else can open it. */
export function permalink({ bot }: Pick<FrontDesk, 'bot'>, channel: string, ts: string): string | undefined {
  return isDirect(channel) ? undefined : `${bot().url}archives/${channel}/p${ts.replace('.', '')}`;
}

/** To an incident's message; undefined where there is none. */
export async function incidentLink(front: FrontDesk, id: string): Promise<string | undefined> {
  const surface = await front.incidentSurfaces.get(id);
  return surface?.ts === undefined ? undefined : permalink(front, surface.channel, surface.ts);
}
