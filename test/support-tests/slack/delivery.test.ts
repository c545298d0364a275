import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SocketModeClient } from '@slack/socket-mode';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createManualClock, type ManualClock } from '../../support/slack/clock.ts';
import { signBody } from '../../support/slack/delivery/http-delivery.ts';
import { readBody } from '../../support/slack/http-body.ts';
import { createLocalSlack, type LocalSlack } from '../../support/slack/local-slack.ts';
import { quiet, startHttpApp, startSocketApp } from './bolt-app.ts';

let slack: LocalSlack;
let clock: ManualClock;
beforeEach(async () => {
  clock = createManualClock();
  slack = await createLocalSlack({ clock });
});
afterEach(() => slack.close());

interface Envelope {
  type: string;
  reason?: string;
  envelope_id: string;
  retry_attempt?: number;
  retry_reason?: string;
  payload?: { event_id: string; event: { type: string } };
}

/** A bare Socket Mode client, which acks only when told to. */
async function connect() {
  const opened = await fetch(`${slack.apiUrl}apps.connections.open`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slack.appToken}` },
  });
  const { url } = (await opened.json()) as { url: string };
  const socket = new WebSocket(url);
  const got: Envelope[] = [];
  const waiting: (() => void)[] = [];
  socket.on('message', (data) => {
    got.push(JSON.parse(String(data)) as Envelope);
    for (const wake of waiting.splice(0)) wake();
  });
  const until = async (count: number) => {
    while (got.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    return got;
  };
  await until(1);
  return {
    socket,
    got,
    until,
    ack: (envelope: Envelope) => socket.send(JSON.stringify({ envelope_id: envelope.envelope_id })),
  };
}

describe('Socket Mode', () => {
  test('a mention comes as two events with ids of their own, each once over all connections', async () => {
    const clients = await Promise.all([connect(), connect(), connect()]);
    expect(clients[0]?.got[0]).toMatchObject({ type: 'hello', connection_info: { app_id: 'A0OPSBOT' } });
    for (const client of clients) client.socket.on('message', () => client.ack(client.got.at(-1) as Envelope));
    for (let count = 0; count < 20; count++) {
      const asked = await slack.person('alice').mentions('ops', `pods ${count}`);
      expect(asked.delivered).toHaveLength(2);
      const sent = slack.journal.filter(
        ({ kind, args }) => kind === 'envelope' && (args as { event: { ts: string } }).event.ts === asked.ts,
      );
      const ids = sent.map(({ args }) => (args as { event_id: string }).event_id);
      expect(new Set(ids).size).toBe(2);
    }
    const each = clients.map(({ got }) => got.length - 1);
    expect(each.reduce((sum, count) => sum + count, 0)).toBe(40);
    expect(Math.min(...each)).toBeGreaterThan(0);
  });

  test('the two events of a mention come in either order', async () => {
    const client = await connect();
    client.socket.on('message', () => client.ack(client.got.at(-1) as Envelope));
    for (let count = 0; count < 10; count++) await slack.person('alice').mentions('ops', `pods ${count}`);
    const types = client.got.slice(1).map(({ payload }) => payload?.event.type);
    const firsts = types.filter((_type, index) => index % 2 === 0);
    expect(new Set(firsts)).toEqual(new Set(['message', 'app_mention']));
  });

  test('what is not acked comes again at once, after a minute, after five', async () => {
    const client = await connect();
    const said = slack.person('alice').dm('hello');
    await client.until(2);
    await clock.advance(3000);
    expect(await said).toMatchObject({ delivered: [{ acked: false, error: 'operation_timeout' }] });
    await client.until(3);
    await clock.advance(3000);
    await slack.waitFor(() => slack.violations.length === 2);
    await clock.advance(59_999);
    expect(client.got).toHaveLength(3);
    await clock.advance(1);
    await client.until(4);
    await clock.advance(3000);
    await slack.waitFor(() => slack.violations.length === 3);
    await clock.advance(300_000);
    const [, first, ...again] = await client.until(5);
    expect(again.map(({ retry_attempt, retry_reason }) => [retry_attempt, retry_reason])).toEqual([
      [1, 'timeout'],
      [2, 'timeout'],
      [3, 'timeout'],
    ]);
    expect(new Set([first, ...again].map((each) => each?.payload?.event_id)).size).toBe(1);
  });

  test('retries can be made to come sooner', async () => {
    const hasty = await createLocalSlack({ clock, retryAfterMs: [0, 5] });
    await hasty.person('alice').dm('nobody is listening');
    await clock.advance(4);
    expect(hasty.violations).toHaveLength(2);
    await clock.advance(1);
    expect(hasty.violations).toHaveLength(3);
    await clock.advance(600_000);
    expect(hasty.violations).toHaveLength(3);
    await hasty.close();
  });

  test('an interaction is not sent again: the person sees that it failed', async () => {
    const client = await connect();
    const slashed = slack.person('alice').slash('/opsbot', 'pods', 'ops');
    await client.until(2);
    await clock.advance(3000);
    expect(await slashed).toMatchObject({ acked: false, error: 'operation_timeout', ms: 3000 });
    await clock.advance(600_000);
    expect(client.got).toHaveLength(2);
    client.ack(client.got[1] as Envelope);
    await slack.waitFor(() => slack.violations.some(({ error }) => error === 'unknown_envelope') || undefined);
    client.socket.close();
    await slack.waitFor(() => slack.connections() === 0);
    expect(await slack.person('alice').slash('/opsbot', 'pods', 'ops')).toMatchObject({
      acked: false,
      error: 'dispatch_failed',
    });
  });

  test('a connection to a path that is none is sent away', async () => {
    const { port } = new URL(slack.apiUrl);
    const lost = new WebSocket(`ws://127.0.0.1:${port}//`);
    await expect(new Promise((resolve, reject) => lost.on('open', resolve).on('error', reject))).rejects.toThrow('401');
  });

  test('an eleventh connection is sent away, and a ticket is good for one connection', async () => {
    const clients = await Promise.all(Array.from({ length: 10 }, connect));
    const eleventh = await connect();
    expect(eleventh.got[0]).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
    expect(slack.connections()).toBe(10);
    const used = new WebSocket(clients[0]?.socket.url ?? '');
    await expect(new Promise((resolve, reject) => used.on('open', resolve).on('error', reject))).rejects.toThrow('401');
  });

  test('after a disconnect message nothing new comes, but acks still count', async () => {
    const leaving = await connect();
    const said = slack.person('alice').dm('hello');
    await leaving.until(2);
    slack.disconnectSockets('refresh_requested');
    expect((await leaving.until(3))[2]).toMatchObject({ type: 'disconnect', reason: 'refresh_requested' });
    const staying = await connect();
    const second = slack.person('alice').dm('again');
    staying.ack((await staying.until(2))[1] as Envelope);
    leaving.ack(leaving.got[1] as Envelope);
    expect(await said).toMatchObject({ delivered: [{ acked: true }] });
    expect(await second).toMatchObject({ delivered: [{ acked: true }] });
  });

  test('a real client that is told to refresh comes back', async () => {
    const client = new SocketModeClient({
      appToken: slack.appToken,
      clientPingTimeout: 20,
      clientOptions: { slackApiUrl: slack.apiUrl },
      logger: quiet,
    });
    client.on('message', ({ ack }: { ack(): Promise<void> }) => void ack());
    await client.start();
    const left = slack.waitFor(() => slack.connections() === 0);
    slack.disconnectSockets();
    await left;
    await slack.waitFor(() => slack.connections() === 1);
    expect(await slack.person('alice').dm('still there?')).toMatchObject({ delivered: [{ acked: true }] });
    await client.disconnect();
  });

  test('a real Bolt app stops in spite of open connections, and leaves', async () => {
    const running = await startSocketApp(slack, () => {});
    expect(slack.connections()).toBe(1);
    await running.stop();
    await slack.waitFor(() => slack.connections() === 0);
  });
});

describe('signed HTTP', () => {
  let server: Server;
  let requests: { headers: Record<string, unknown>; body: string }[];
  let status: number;
  beforeEach(async () => {
    requests = [];
    status = 200;
    server = createServer(async (request, response) => {
      requests.push({ headers: request.headers, body: (await readBody(request)).toString() });
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    slack.useHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
  afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

  test('every request is signed over its time and body', async () => {
    await slack.person('alice').dm('hello');
    const { headers, body } = requests[0] ?? { headers: {}, body: '' };
    const timestamp = Number(headers['x-slack-request-timestamp']);
    expect(timestamp).toBe(Math.floor(clock.now() / 1000));
    expect(headers['x-slack-signature']).toBe(signBody(slack.signingSecret, timestamp, body));
    expect(JSON.parse(body)).toMatchObject({ type: 'event_callback', event: { type: 'message', channel_type: 'im' } });
  });

  test('an error is answered by a retry that says so', async () => {
    status = 500;
    await slack.person('alice').dm('hello');
    await slack.waitFor(() => requests.length === 2 && slack.violations.length === 2);
    expect(requests[1]?.headers).toMatchObject({ 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_error' });
  });

  test('a URL that does not know the challenge is not verified, a Bolt app is', async () => {
    await expect(slack.verifyUrl()).rejects.toThrow('challenge');
    const running = await startHttpApp(slack, () => {});
    await slack.verifyUrl();
    await running.stop();
  });
});

describe('who hears what', () => {
  test('a channel without the app is silent, and a stranger has no shortcuts', async () => {
    const client = await connect();
    expect(await slack.person('alice').mentions('random', 'pods')).toMatchObject({ delivered: [] });
    expect(client.got).toHaveLength(1);
    await expect(slack.person('stella').slash('/opsbot', 'pods', 'shared')).rejects.toThrow('another workspace');
    await expect(slack.person('stella').says('ops', 'x')).rejects.toThrow('not in ops');
  });
});
