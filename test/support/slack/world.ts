import type { Clock } from './clock.ts';
import type { Delivered, Envelope } from './delivery/delivery.ts';
import type { Events } from './delivery/events.ts';
import { APP } from './fixtures.ts';
import type { Journal } from './journal.ts';
import type { Random } from './random.ts';
import type { Hook, State, Trigger } from './state.ts';
import type { Manifest } from './types.ts';

/** What every part of the local Slack works with. */
export interface World {
  clock: Clock;
  random: Random;
  state: State;
  journal: Journal;
  manifest: Manifest;
  /** Scopes that the app was installed with. */
  scopes: ReadonlySet<string>;
  events: Events;
  /** `http://127.0.0.1:port`. */
  baseUrl(): string;
  deliver(envelope: Envelope): Promise<Delivered>;
}

const TRIGGER_MS = 3000;
const HOOK_MS = 30 * 60_000;

/** The right to open one modal for this person within 3 s. */
export function issueTrigger(world: World, user: string): string {
  const id = `${world.clock.now()}.${world.random.id('', 6)}.${world.random.id('', 16).toLowerCase()}`;
  const trigger: Trigger = { app: APP.id, user, expiresAt: world.clock.now() + TRIGGER_MS, used: false };
  world.state.triggers.set(id, trigger);
  return id;
}

/** A response_url, good for 5 uses within 30 minutes. */
export function issueHook(world: World, hook: Pick<Hook, 'channel' | 'user' | 'ts' | 'thread'>): string {
  const id = world.random.id('', 24);
  world.state.hooks.set(id, { ...hook, uses: 0, expiresAt: world.clock.now() + HOOK_MS });
  return `${world.baseUrl()}/response/${id}`;
}
