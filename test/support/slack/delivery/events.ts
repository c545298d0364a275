import type { Clock } from '../clock.ts';
import { APP, TEAM } from '../fixtures.ts';
import type { Random } from '../random.ts';
import type { Channel, Json } from '../types.ts';
import type { Delivered, Envelope } from './delivery.ts';

/** When an event that was not acked comes again, in ms after the failure. */
export const RETRY_AFTER_MS: readonly number[] = [0, 60_000, 300_000];

export interface Events {
  /** Sends an event that the app has subscribed to; resolves with what became of the first attempt. */
  send(event: Json, channel?: Channel): Promise<Delivered | undefined>;
  stop(): void;
}

interface Context {
  clock: Clock;
  random: Random;
  subscribed: readonly string[];
  retryAfterMs: readonly number[];
  deliver(envelope: Envelope): Promise<Delivered>;
}

/** Message events are subscribed to by the kind of channel. */
function subscription(event: Json): string {
  if (event.type !== 'message') return String(event.type);
  return (
    { channel: 'message.channels', group: 'message.groups', im: 'message.im' }[String(event.channel_type)] ?? 'message'
  );
}

export function createEvents({ clock, random, subscribed, retryAfterMs, deliver }: Context): Events {
  const timers = new Set<() => void>();
  let stopped = false;
  const later = (ms: number, call: () => void) => {
    const cancel = clock.after(ms, () => {
      timers.delete(cancel);
      call();
    });
    timers.add(cancel);
  };

  const attempt = async (payload: Json, num: number, reason: string): Promise<Delivered> => {
    const retry = num === 0 ? {} : { retry: { num, reason } };
    const result = await deliver({ kind: 'events_api', payload, acceptsResponse: false, ...retry });
    const wait = retryAfterMs[num];
    if (result.acked || result.noRetry || wait === undefined || stopped) return result;
    const again = () => void attempt(payload, num + 1, result.retryReason);
    if (wait === 0) again();
    else later(wait, again);
    return result;
  };

  return {
    async send(event, channel) {
      if (stopped || !subscribed.includes(subscription(event))) return undefined;
      const payload: Json = {
        token: 'local-verification-token',
        team_id: TEAM.id,
        context_team_id: TEAM.id,
        context_enterprise_id: null,
        api_app_id: APP.id,
        event,
        type: 'event_callback',
        event_id: random.id('Ev'),
        event_time: Math.floor(clock.now() / 1000),
        authorizations: [
          { enterprise_id: null, team_id: TEAM.id, user_id: APP.botUser, is_bot: true, is_enterprise_install: false },
        ],
        is_ext_shared_channel: channel?.is_ext_shared ?? false,
        event_context: random.id('4-', 24),
      };
      return attempt(payload, 0, '');
    },
    stop() {
      stopped = true;
      for (const cancel of timers) cancel();
    },
  };
}
