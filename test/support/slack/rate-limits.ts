import type { Clock } from './clock.ts';

const MINUTE = 60_000;
const CHANNEL_GAP = 1000;

export interface RateLimits {
  enforce(on: boolean): void;
  /** Seconds to wait, or nothing where the call may pass; calls that pass count. */
  check(call: { method: string; tier: number; token: string; channel: string | undefined }): number | undefined;
}

/** Slack's tiers (calls a minute for each method and token) and one posted message a second for each channel. */
export function createRateLimits(clock: Clock): RateLimits {
  let on = false;
  const passed = new Map<string, number[]>();
  const recent = (key: string, ms: number) => {
    const times = (passed.get(key) ?? []).filter((at) => at > clock.now() - ms);
    passed.set(key, times);
    return times;
  };
  const waitFor = (times: number[], most: number, ms: number) =>
    times.length < most ? undefined : Math.max(1, Math.ceil(((times[0] ?? 0) + ms - clock.now()) / 1000));

  return {
    enforce(wanted) {
      on = wanted;
    },
    check({ method, tier, token, channel }) {
      if (!on) return undefined;
      const perMethod = recent(`${token} ${method}`, MINUTE);
      const posts = method === 'chat.postMessage' && channel !== undefined;
      const perChannel = posts ? recent(`channel ${channel}`, CHANNEL_GAP) : [];
      const wait = waitFor(perMethod, tier, MINUTE) ?? waitFor(perChannel, 1, CHANNEL_GAP);
      if (wait !== undefined) return wait;
      perMethod.push(clock.now());
      perChannel.push(clock.now());
      return undefined;
    },
  };
}
