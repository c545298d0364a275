import type { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createApiServer } from './api-server.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Delivery } from './delivery/delivery.ts';
import { createEvents, RETRY_AFTER_MS } from './delivery/events.ts';
import { createHttpDelivery } from './delivery/http-delivery.ts';
import { createSocketDelivery, type DisconnectReason } from './delivery/socket-delivery.ts';
import { createFaults, type Fault } from './faults.ts';
import { DEFAULT_EVENTS, DEFAULT_SCOPES, makeChannel, makeUser } from './fixtures.ts';
import { createJournal, type JournalEntry, type Violation } from './journal.ts';
import { createPerson, type Person } from './people/person.ts';
import { createRandom } from './random.ts';
import { createRateLimits } from './rate-limits.ts';
import { createState, type State } from './state.ts';
import { createTokens } from './tokens.ts';
import type { Channel, Manifest, Message, User } from './types.ts';
import { type WaitOptions, waitFor } from './waiting.ts';
import type { Method } from './web-api/method.ts';
import { METHODS } from './web-api/methods.ts';
import type { World } from './world.ts';

export interface LocalSlackOptions {
  /** Scopes, events, shortcuts and commands come from it; without it the design's. */
  manifest?: Manifest;
  /** Scopes beyond those, e.g. the optional ones. */
  extraScopes?: string[];
  clock?: Clock;
  /** When an event that was not acked comes again; default as Slack's: at once, after 1 and 5 minutes. */
  retryAfterMs?: readonly number[];
  seed?: number;
  /** ms that everything on a Socket Mode connection is on its way, each way, as on one to the real Slack; default 0. */
  linkMs?: number;
  /** Where it shall listen on the loopback address; default any free port. */
  port?: number;
  botToken?: string;
  appToken?: string;
  signingSecret?: string;
}

export interface LocalSlack {
  /** For `SLACK_API_URL`. */
  apiUrl: string;
  botToken: string;
  appToken: string;
  otherBotToken: string;
  signingSecret: string;
  manifest: Manifest;
  state: State;
  journal: readonly JournalEntry[];
  /** Everything that was refused or not acked; a harness asserts that it is empty. */
  violations: readonly Violation[];
  /** Those so far, which are forgotten by that: for a test that provokes them. */
  takeViolations(): Violation[];
  /** Messages by apps that would page a whole channel. */
  broadcasts: readonly Message[];
  /** `change`, `journal` (entry), `violation` (violation), `broadcast` (message). */
  events: EventEmitter;
  /** By id or name. */
  person(name: string): Person;
  addUser(id: string, name: string, traits?: Partial<User>): Person;
  addChannel(id: string, name: string, members: string[], traits?: Partial<Channel>): Channel;
  channel(name: string): Channel;
  waitFor<T>(look: () => T | undefined | null | false, options?: WaitOptions): Promise<T>;
  /** The calls of one method that were answered, in their order. */
  calls(method: string): JournalEntry[];
  fault(fault: Fault): void;
  clearFaults(): void;
  enforceRateLimits(on?: boolean): void;
  revokeToken(token?: string): void;
  /** From now on the URLs that it hands out (Socket Mode's, those of uploads and answers) are of this origin: a line to it. */
  reachedBy(origin: string): void;
  /** Delivers over signed HTTP from now on; `undefined` goes back to Socket Mode. */
  useHttp(url: string | undefined): void;
  /** Does the url_verification handshake with the URL given to `useHttp`. */
  verifyUrl(): Promise<void>;
  connections(): number;
  disconnectSockets(reason?: DisconnectReason, which?: 'all' | 'one'): void;
  dropSockets(): void;
  close(): Promise<void>;
}

function scopesOf({ manifest, extraScopes = [] }: LocalSlackOptions): Set<string> {
  return new Set([...(manifest?.oauth_config?.scopes?.bot ?? DEFAULT_SCOPES), ...extraScopes]);
}

/** A Slack of one's own on the loopback address, with one workspace, one app and a few people. */
export async function createLocalSlack(options: LocalSlackOptions = {}): Promise<LocalSlack> {
  const { clock = systemClock, seed = 1, botToken = 'xoxb-local', appToken = 'xapp-local' } = options;
  const { signingSecret = 'local-signing-secret', port = 0, manifest = {}, linkMs = 0 } = options;
  const otherBotToken = 'xoxb-other';
  const random = createRandom(seed);
  const journal = createJournal(clock);
  const state = createState(clock, random);
  const sockets = createSocketDelivery({ clock, random, journal, linkMs });
  let http: ReturnType<typeof createHttpDelivery> | undefined;

  const deliver: Delivery['deliver'] = async (envelope) => {
    const at = clock.now();
    const result = await (http ?? sockets).deliver(envelope);
    const { kind, payload, retry } = envelope;
    const name = String(
      kind === 'events_api' ? (payload.event as { type: string }).type : (payload.type ?? payload.command),
    );
    const args = structuredClone(payload);
    journal.write({
      at,
      kind: 'envelope',
      name,
      args,
      answer: result.acked ? result.payload : result.error,
      ms: result.ms,
      ...(result.acked ? {} : { error: result.error }),
    });
    if (!result.acked) {
      const reasons = [result.retryReason, ...(retry ? [`retry ${retry.num}`] : [])];
      journal.violated({ kind: 'no-ack', name, error: result.error, reasons, args });
    }
    return result;
  };

  const { retryAfterMs = RETRY_AFTER_MS } = options;
  const subscribed = manifest.settings?.event_subscriptions?.bot_events ?? DEFAULT_EVENTS;
  const events = createEvents({ clock, random, subscribed, retryAfterMs, deliver });
  const scopes = scopesOf(options);
  const world: World = { clock, random, state, journal, manifest, scopes, events, deliver, baseUrl: () => origin };
  const tokens = createTokens({ bot: botToken, app: appToken, otherBot: otherBotToken }, world);
  const faults = createFaults();
  const rateLimits = createRateLimits(clock);
  const openConnection: Method = {
    token: 'app',
    scope: 'connections:write',
    tier: 60,
    run: () => ({ url: `${origin.replace('http', 'ws')}/link/?ticket=${sockets.ticket()}&app_id=local` }),
  };
  const methods = new Map([...METHODS, ['apps.connections.open', openConnection] as const]);

  const server = createServer(createApiServer({ world, methods, tokens, faults, rateLimits }));
  server.on('upgrade', (request, socket, head) => sockets.accept(request, socket, head));
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let origin = baseUrl;
  const broadcasts: Message[] = [];
  journal.emitter.on('broadcast', (message: Message) => broadcasts.push(message));

  return {
    apiUrl: `${baseUrl}/api/`,
    botToken,
    appToken,
    otherBotToken,
    signingSecret,
    manifest,
    state,
    journal: journal.entries,
    violations: journal.violations,
    takeViolations: () => journal.violations.splice(0),
    broadcasts,
    events: journal.emitter,
    person(name) {
      const user = state.users.get(name) ?? [...state.users.values()].find((other) => other.name === name);
      if (!user) throw new Error(`there is no user ${name}`);
      if (user.deleted) throw new Error(`${user.name} is deactivated and cannot do anything`);
      return createPerson(world, user);
    },
    addUser(id, name, traits) {
      const user = makeUser(id, name, traits);
      state.users.set(id, user);
      return createPerson(world, user);
    },
    addChannel(id, name, members, traits) {
      const channel = makeChannel(id, name, members, traits);
      state.channels.set(id, channel);
      return channel;
    },
    channel(name) {
      const found = state.channels.get(name) ?? [...state.channels.values()].find((other) => other.name === name);
      if (!found) throw new Error(`there is no channel ${name}`);
      return found;
    },
    waitFor: (look, waitOptions) => waitFor(journal, look, waitOptions),
    calls: (method) => journal.entries.filter(({ kind, name }) => kind === 'api' && name === method),
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    enforceRateLimits: (on = true) => rateLimits.enforce(on),
    revokeToken: (token = botToken) => tokens.revoke(token),
    reachedBy(url) {
      origin = url;
    },
    useHttp(url) {
      http = url === undefined ? undefined : createHttpDelivery(url, signingSecret, clock);
    },
    async verifyUrl() {
      if (!http) throw new Error('useHttp(url) comes first');
      await http.verifyUrl();
    },
    connections: () => sockets.connections(),
    disconnectSockets: (reason = 'refresh_requested', which = 'all') => sockets.disconnect(reason, which),
    dropSockets: () => sockets.drop(),
    async close() {
      events.stop();
      await sockets.close();
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
