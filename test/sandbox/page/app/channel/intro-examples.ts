import type { ChannelSlice } from '../../wire.ts';

/** What a channel is for: asking, incidents, or talking to the app alone. */
export type Purpose = 'requests' | 'incidents' | 'direct';

/** The channel of the sandbox where opsbot tells about incidents. */
const INCIDENTS = 'alerts';

export function purposeOf({ kind, name }: Pick<ChannelSlice, 'kind' | 'name'>): Purpose {
  if (kind === 'im') return 'direct';
  return name === INCIDENTS ? 'incidents' : 'requests';
}

/** Lines to begin with, a request first: it is what opsbot is for. None names a workload that a given cluster need not have. */
export function introExamples(purpose: Purpose, { isGiven }: { isGiven: boolean }): string[] {
  if (purpose === 'direct') return ['help', 'pods default'];
  if (purpose === 'incidents') return [];
  const local = ['@opsbot scale deployment nginx 5', '@opsbot logs deploy/nginx'];
  return [...(isGiven ? [] : local), '@opsbot pods default', '/opsbot pending', '@opsbot help'];
}
