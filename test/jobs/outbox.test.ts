import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startHubWorkers } from '../../jobs/hub-worker.ts';
import { createPace } from '../../jobs/pace.ts';
import { createQueues, type Queues } from '../../jobs/queues.ts';
import { showNow } from '../../jobs/show-now.ts';
import { actions } from '../../src/actions/index.ts';
import type { Request } from '../../src/requests/request.ts';
import { createClients } from '../../src/slack/clients.ts';
import { createNotifier } from '../../src/slack/notifier.ts';
import { startHubKit } from '../requests/hub-kit.ts';
import { createLocalSlack } from '../support/slack/local-slack.ts';

let kit: Awaited<ReturnType<typeof startHubKit>>;
let slack: Awaited<ReturnType<typeof createLocalSlack>>;
let queues: Queues;
/** Requests that nothing can be said of, for a bug. */
const unsayable = new Set<string>();
const hubs: { stop(): Promise<void> }[] = [];
const logger = pino({ level: 'silent' });

function startHub() {
  const connection = new Redis({ ...kit.redis.options, maxRetriesPerRequest: null });
  const clients = createClients({
    botToken: slack.botToken,
    apiUrl: slack.apiUrl,
    pace: createPace(kit.redis, kit.keys, Date.now),
    log: logger,
  });
  const notifier = createNotifier({
    requests: kit.desk,
    surfaces: kit.surfaces,
    actions,
    headline({ id }) {
      if (unsayable.has(id)) throw new TypeError('no words');
      return `Scale ${id}`;
    },
    cluster: 'test',
    slack: clients.patient,
    log: logger,
    now: () => kit.clock.now,
  });
  const workers = startHubWorkers({ connection, prefix: kit.keys.prefix, queues, hub: kit.hub, notifier, logger });
  hubs.push({
    async stop() {
      await workers.close();
      connection.disconnect();
    },
  });
}

beforeAll(async () => {
  kit = await startHubKit();
  slack = await createLocalSlack({ manifest: {} as never });
  queues = createQueues(kit.redis, kit.keys.prefix);
  startHub();
});
afterEach(() => slack.clearFaults());
afterAll(async () => {
  // First: what hangs there would be waited for.
  await slack.close();
  for (const hub of hubs) await hub.stop();
  await queues.close();
  await kit.stop();
});

let channels = 0;
function channel(): string {
  const id = `COUTBOX${++channels}`;
  slack.addChannel(id, id.toLowerCase(), ['UALICE', 'UBOB', 'UOPSBOT']);
  return id;
}

async function pendingIn(channel: string): Promise<Request> {
  const request = await kit.ask({ origin: { channel, thread: undefined, gesture: 'slash' } as never });
  await kit.planned(request);
  return kit.desk.get(request.id);
}

const posts = (channel: string) =>
  slack.journal.filter(
    ({ name, args }) => name === 'chat.postMessage' && (args as { channel?: string }).channel === channel,
  );
const seen = (channel: string, { id }: Pick<Request, 'id'>) =>
  slack
    .person('bob')
    .sees(channel)
    .filter(({ text }) => text.includes(id));
const isSeen = (channel: string, request: Pick<Request, 'id'>) =>
  slack.waitFor(() => seen(channel, request).length > 0, { timeoutMs: 20_000 });

const SLOW = 60;
const QUICK_MS = 500;

it.each([
  ['hangs', { kind: 'hang' } as const],
  ['is limited for long', { kind: 'ratelimited', retryAfter: 30 } as const],
])('shows a request at once although %s where sixty others are to be shown', async (_, fault) => {
  const [slow, other] = [channel(), channel()];
  slack.fault({ ...fault, times: Number.POSITIVE_INFINITY, match: (args) => args.channel === slow });
  const stuck = await Promise.all(Array.from({ length: SLOW }, () => pendingIn(slow)));
  for (const { id } of stuck) await showNow(queues, id);
  await slack.waitFor(() => posts(slow).length > 0);
  const request = await pendingIn(other);
  const at = performance.now();
  await showNow(queues, request.id);
  await isSeen(other, request);
  expect(performance.now() - at).toBeLessThan(QUICK_MS);
});

it('heeds a limit in all hubs, then posts a message a second there, each once', async () => {
  startHub();
  const limited = channel();
  slack.fault({
    kind: 'ratelimited',
    retryAfter: 2,
    method: 'chat.postMessage',
    match: (args) => args.channel === limited,
  });
  const [first, ...others] = await Promise.all(Array.from({ length: 4 }, () => pendingIn(limited)));
  await showNow(queues, first?.id ?? '');
  await slack.waitFor(() => posts(limited).length > 0);
  for (const { id } of others) await showNow(queues, id);
  for (const request of [first as Request, ...others]) await isSeen(limited, request);
  // Whoever waits for their turn looks for nothing meanwhile.
  expect(slack.calls('conversations.history')).toEqual([]);
  const [refused, ...made] = posts(limited).map(({ at }) => at);
  expect((made[0] ?? 0) - (refused ?? 0)).toBeGreaterThanOrEqual(1_990);
  expect(made).toHaveLength(4);
  for (const [index, at] of made.slice(1).entries()) expect(at - (made[index] ?? 0)).toBeGreaterThanOrEqual(990);
});

it('holds up nobody where nothing is limited: a burst goes out at once', async () => {
  const busy = channel();
  const burst = await Promise.all(Array.from({ length: 20 }, () => pendingIn(busy)));
  const at = performance.now();
  for (const { id } of burst) await showNow(queues, id);
  for (const request of burst) await isSeen(busy, request);
  expect(performance.now() - at).toBeLessThan(2_000);
});

it('ends the job of a request that opsbot cannot put into words, and its requester hears of it once', async () => {
  const broken = await pendingIn(channel());
  unsayable.add(broken.id);
  for (let shows = 0; shows < 2; shows += 1) {
    await showNow(queues, broken.id);
    await expect.poll(() => queues.surfaces.getDeduplicationJobId(broken.id)).toBeNull();
  }
  const words = slack
    .person('alice')
    .directMessages()
    .filter(({ text }) => text.includes(broken.id));
  expect(words.map(({ text }) => text)).toEqual([expect.stringMatching(/an error of its own.*log/s)]);
  expect(await queues.surfaces.getFailedCount()).toBe(0);
});

async function readIn(channel: string): Promise<string> {
  const { id, revision } = await kit.ask({
    action: 'logs',
    effect: 'read',
    input: { pod: 'web-1', namespace: 'default' },
    origin: { channel, thread: undefined, gesture: 'slash' },
  } as never);
  const target = { kind: 'Pod', namespace: 'default', name: 'web-1', uid: 'uid-of-web-1' } as const;
  await kit.planned({ id, revision }, { action: 'logs', target, patch: null, preconditions: [], diff: [] });
  await kit.hub.release(id);
  const reading = { headline: `Logs for ${id}`, body: 'a line\n'.repeat(10_000), filename: 'web-1.log' };
  await kit.hub.report({ type: 'read', request: id, revision, reading });
  return id;
}

it('holds few answers at once, which may be megabytes, where their uploads hang', async () => {
  slack.fault({ kind: 'hang', method: 'files.getUploadURLExternal', times: Number.POSITIVE_INFINITY });
  const places = [channel(), channel(), channel()];
  const reads = await Promise.all(Array.from({ length: 60 }, (_, index) => readIn(places[index % 3] as string)));
  for (const id of reads) await showNow(queues, id);
  const change = await pendingIn(places[0] as string);
  await showNow(queues, change.id);
  await isSeen(places[0] as string, change);
  await expect.poll(() => queues.surfaces.getWaitingCount()).toBe(0);
  const uploads = () => slack.calls('files.getUploadURLExternal').length;
  await slack.waitFor(() => uploads() > 5, { timeoutMs: 20_000 });
  expect(uploads()).toBeLessThanOrEqual(10 * hubs.length);
});
