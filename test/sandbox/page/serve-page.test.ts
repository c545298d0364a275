import { once } from 'node:events';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalCluster } from '../../support/cluster/local-cluster.ts';
import type { LocalCluster } from '../../support/cluster/local-cluster-contract.ts';
import { createLocalSlack, type LocalSlack } from '../../support/slack/local-slack.ts';
import { createGivenScene } from '../scene/given-scene.ts';
import type { Scene } from '../scene/scene.ts';
import type { Worker } from '../worker.ts';
import { type Page, servePage } from './serve-page.ts';
import type { ClusterDeed, Gesture } from './wire.ts';

let cluster: LocalCluster;
let scene: Scene;
let slack: LocalSlack;
let kills: number;
const pages: Page[] = [];

beforeEach(async () => {
  cluster = await createLocalCluster();
  scene = await createGivenScene(cluster.kubeconfig(), {}, ['*']);
  slack = await createLocalSlack();
  kills = 0;
});
afterEach(async () => {
  for (const page of pages.splice(0)) await page[Symbol.asyncDispose]();
  await slack.close();
  await scene.end();
  await cluster.stop();
});

async function serve(port?: number): Promise<string> {
  const worker: Worker = {
    state: () => ({ running: true, restarts: 0 }),
    kill() {
      kills += 1;
    },
    onChange: () => () => undefined,
  };
  const sandbox = {
    ...{ slack, scene, worker, opsbot: { log: [] } },
    died: new Promise<string>(() => undefined),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const assets = new Map([['page.js', { type: 'text/javascript', body: Buffer.from('start();') }]]);
  const page = await servePage({ sandbox, assets, players: ['alice'], ...(port === undefined ? {} : { port }) });
  pages.push(page);
  return page.url;
}

async function ask(url: string, { body = '', ...options }: RequestOptions & { body?: string } = {}) {
  const sent = request(url, { agent: false, ...options });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
}
const statusOf = async (...given: Parameters<typeof ask>) => {
  const answer = await ask(...given);
  answer.destroy();
  return answer.statusCode;
};

const says = (words: string) => ({
  as: 'alice',
  gesture: { do: 'say', channel: 'COPS', text: words } satisfies Gesture,
});
/** As the page itself posts it, but for what is given. */
const posted = (url: string, body: unknown, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', origin: new URL(url).origin, ...headers },
  body: JSON.stringify(body),
});
async function answerTo(url: string, path: string, body: unknown) {
  const answer = await ask(`${url}${path}`, posted(url, body));
  return JSON.parse(await text(answer));
}
const said = () => [...slack.channel('ops').messages.values()].map((message) => message.text);

describe('the page is for the browsers of this machine', () => {
  it('answers at the loopback address only', async () => {
    const url = await serve();
    expect(await statusOf(url)).toBe(200);
    await expect(ask(url.replace('localhost', '127.0.0.2'))).rejects.toThrow('ECONNREFUSED');
  });

  it('answers by its own names only: another one may be anybody’s that leads here', async () => {
    const url = await serve();
    const { port } = new URL(url);
    const get = (path: string, host: string) => statusOf(`${url}${path}`, { headers: { host } });
    expect(await get('', `localhost:${port}`)).toBe(200);
    expect(await get('', `127.0.0.1:${port}`)).toBe(200);
    for (const path of ['', 'page.js', 'events?as=alice', 'traffic/1', 'files/F1']) {
      expect(await get(path, `evil.example:${port}`), path).toBe(403);
      expect(await get(path, 'localhost'), path).toBe(403);
    }
  });

  it('does nothing for other pages, nor for forms', async () => {
    const url = await serve();
    const post = (headers: Record<string, string>) => statusOf(`${url}gesture`, posted(url, says('hello'), headers));
    expect(await post({ origin: 'http://evil.example' })).toBe(403);
    expect(await post({ origin: 'null' })).toBe(403);
    expect(await post({ origin: url.replace('localhost', '127.0.0.1').slice(0, -1) })).toBe(403);
    expect(await post({ 'content-type': 'text/plain' })).toBe(403);
    expect(await post({ host: 'evil.example', origin: 'http://evil.example' })).toBe(403);
    const { origin: _, ...headers } = posted(url, {}).headers;
    expect(await statusOf(`${url}gesture`, { ...posted(url, says('hello')), headers })).toBe(403);
    expect(await statusOf(`${url}gesture`, { ...posted(url, says('hello')), method: 'PUT' })).toBe(403);
    expect(said()).toEqual([]);

    expect(await post({})).toBe(200);
    expect(said()).toEqual(['hello']);
  });

  it('lets nothing in from elsewhere, and nobody put it into a frame', async () => {
    const url = await serve();
    for (const path of ['', 'page.js', 'nothing']) {
      const { headers } = await ask(`${url}${path}`);
      expect(headers['content-security-policy'], path).toContain("default-src 'none'");
      expect(headers['content-security-policy'], path).toContain("frame-ancestors 'none'");
      expect(headers['x-content-type-options'], path).toBe('nosniff');
    }
  });

  it('goes on where a path is none', async () => {
    const url = await serve();
    expect(await statusOf(url, { path: '//' })).toBe(404);
    expect(await statusOf(url, { path: '//', headers: { host: 'evil.example' } })).toBe(403);
    expect(await statusOf(url)).toBe(200);
  });

  it('has nothing but its own files', async () => {
    const url = await serve();
    expect(await text(await ask(`${url}page.js`))).toBe('start();');
    expect(await text(await ask(`${url}traffic/0`))).toBe('null');
    for (const path of ['..%2fpackage.json', 'package.json', 'files/F0', 'events?as=mallory', 'events']) {
      expect(await statusOf(`${url}${path}`), path).toBe(404);
    }
  });
});

it('takes another port where the one that it wants is taken', async () => {
  const first = await serve();
  const second = await serve(Number(new URL(first).port));
  expect(second).not.toBe(first);
  expect(await statusOf(second)).toBe(200);
});

it('says in words what it does not understand, or what cannot be done', async () => {
  const url = await serve();
  const dunno = { ok: false, error: 'The sandbox does not know what that means.' };
  expect(await answerTo(url, 'gesture', { as: 'alice', gesture: { do: 'dance' } })).toEqual(dunno);
  expect(await answerTo(url, 'gesture', 7)).toEqual(dunno);
  expect(await answerTo(url, 'cluster', { deed: { do: 'explode' } })).toEqual(dunno);
  expect(await answerTo(url, 'gesture', says('x'.repeat(40_001)))).toEqual({ ok: false, error: 'That is too long.' });
  expect(await answerTo(url, 'gesture', { ...says('hello'), as: 'mallory' })).toEqual({
    ok: false,
    error: 'Nobody here is called mallory.',
  });
  expect(said()).toEqual([]);
});

it('shows a cluster that is not the sandbox’s, and does nothing to it', async () => {
  const url = await serve();
  const stream = await ask(`${url}events?as=alice`);
  const [begun] = await once(stream.setEncoding('utf8'), 'data');
  stream.destroy();
  expect(begun).toMatch(/event: slices\n.*"readOnly":true/);

  const workload = { kind: 'Deployment', namespace: 'default', name: 'web' };
  const deeds: ClusterDeed[] = [
    { do: 'crash', workload },
    { do: 'take node away', node: 'node-1' },
    { do: 'stop API server' },
    { do: 'kill worker' },
  ];
  for (const deed of deeds) {
    expect(await answerTo(url, 'cluster', { deed })).toEqual({
      ok: false,
      error: 'This cluster is shown only; nothing can be done to it here.',
    });
  }
  expect(kills).toBe(0);
  expect(cluster.record.writes).toEqual([]);
});
