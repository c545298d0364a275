import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestEntry } from '../../src/requests/audit.ts';
import { createKeys } from '../../src/requests/keys.ts';
import { createLocalCluster } from '../support/cluster/local-cluster.ts';
import type { LocalCluster } from '../support/cluster/local-cluster-contract.ts';
import { deployment } from '../support/cluster/manifests.ts';
import { environmentOf, type LogLine, type OpsbotProcess, startOpsbot } from '../support/opsbot.ts';
import { type OwnRedis, startOwnRedis } from '../support/redis.ts';
import { createLocalSlack, type LocalSlack } from '../support/slack/local-slack.ts';
import type { SeenMessage } from '../support/slack/people/looking.ts';
import { type LocalCollector, type SentSpan, startCollector } from './local-collector.ts';

const KEY = 'Bearer-0123456789abcdef';
const REASON = 'the sale begins at noon';
const TWO_HOURS_LATER = new URL('../e2e/two-hours-later.ts', import.meta.url);

/** Lines that belong to no request: the process itself, its watches, its Lease and its rights. */
const BACKGROUND = /opsbot (is running|has every right)|^stop|the (list|watch) broke off|lease|right/;

const isOf = (request: string) => (span: SentSpan) => span.attributes['opsbot.request'] === request;

/**
 * A change that is approved two hours after it was asked for, with trouble on the way, by a hub and an agent as processes
 * of their own: what their logs and their traces say of it.
 */
describe('the story of a request', () => {
  let redis: OwnRedis;
  let slack: LocalSlack;
  let cluster: LocalCluster;
  let collector: LocalCollector;
  let agent: OpsbotProcess;
  const hubs: OpsbotProcess[] = [];
  let request: string;
  let audit: RequestEntry[];

  const startHub = (preload?: URL) => {
    const config = join(tmpdir(), `opsbot-traced-${process.pid}.yaml`);
    writeFileSync(config, 'policy: [{ match: { action: scale }, approvals: 1, expires: 3h }]');
    const env = { ...environment(), OPSBOT_ROLES: 'hub', OPSBOT_CONFIG: config };
    const hub = startOpsbot(preload ? { env, preload } : { env });
    hubs.push(hub);
    return hub.ready;
  };
  const environment = () => ({
    ...environmentOf({ slack, redis, kubeconfig: cluster.kubeconfig() }),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=${KEY}`,
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    LOG_LEVEL: 'debug',
  });

  async function play(): Promise<void> {
    const [alice, bob] = [slack.person('alice'), slack.person('bob')];
    slack.fault({ kind: 'error500', method: 'chat.postMessage' });
    const said = await alice.mentions('ops', `scale deployment nginx 5 --reason "${REASON}"`);
    await alice.says('ops', 'lunch?');
    const isCard = (m: SeenMessage) => m.thread === said.ts && m.buttons.includes('Approve');
    const card = await bob.waitsFor(isCard, { in: 'ops' });
    expect(await hubs[0]?.stop()).toBe(0);

    await startHub(TWO_HOURS_LATER);
    await alice.clicks('Approve', { on: card });
    cluster.fault({ kind: 'answer', status: 409 }, { method: 'PATCH', path: '/deployments/nginx' });
    slack.fault({ kind: 'lose-question', method: 'chat.update' });
    const outage = cluster.fault({ kind: 'cut' }, { method: 'GET', path: '/deployments/nginx' }, 2);
    await bob.clicks('Approve', { on: card });
    await bob.waitsFor((m) => m.ts === card.ts && m.text.includes('*Done*'), { in: 'ops', timeoutMs: 15_000 });
    expect(outage.hits()).toBe(2);
    await agent.logged((line) => line.msg === 'order done' && line.order === 'execute');
  }

  beforeAll(async () => {
    [redis, slack, cluster, collector] = await Promise.all([
      startOwnRedis(),
      createLocalSlack(),
      createLocalCluster(),
      startCollector(),
    ]);
    cluster.apply(deployment('nginx', { namespace: 'default', replicas: 3 }));
    agent = startOpsbot({ env: { ...environment(), OPSBOT_ROLES: 'agent' } });
    await Promise.all([agent.ready, startHub()]);
    await play();
    expect(await Promise.all([hubs[1]?.stop(), agent.stop()])).toEqual([0, 0]);

    const connection = new Redis(redis.url);
    const stored = await connection.xrange(createKeys().audit, '-', '+');
    connection.disconnect();
    audit = stored.map(([, [, , , entry = '']]) => JSON.parse(entry));
    request = audit[0]?.request ?? expect.fail('nothing was asked for');
  }, 60_000);
  afterAll(async () => {
    await Promise.all([slack.close(), cluster.stop(), redis.stop(), collector.stop()]);
  });

  const all = () => [...hubs, agent];
  const lines = () => all().flatMap(({ log }) => log);
  const told = (matches: (line: LogLine) => boolean) => lines().filter(matches);

  describe('in the logs', () => {
    it('is on lines of JSON that name nothing twice, with the level as a word', () => {
      for (const text of all().flatMap(({ output }) => output)) {
        const line = JSON.parse(text);
        expect(line).toMatchObject({ time: expect.any(Number), msg: expect.any(String) });
        expect(line.level).toMatch(/^(debug|info|warn|error)$/);
        // Parsing keeps one of each key: what was there twice is shorter when it is written again.
        expect(JSON.stringify(line)).toHaveLength(text.length);
      }
    });

    it('is on every line that belongs to it', () => {
      const others = told((line) => line.request !== request && !line.library && !BACKGROUND.test(line.msg));
      expect(others).toEqual([]);
      for (const msg of ['job failed', 'a gesture was refused', 'order taken', 'order done', 'request approved']) {
        expect(told((line) => line.msg === msg && line.request === request)).not.toEqual([]);
      }
    });

    it('is told once', () => {
      const texts = told((line) => line.request === request).map(({ time, ...rest }) => JSON.stringify(rest));
      expect(new Set(texts).size).toBe(texts.length);
      expect(told(({ msg }) => msg === 'a gesture was refused')).toHaveLength(1);
      expect(told(({ msg }) => msg === 'job failed')).toHaveLength(2);
      expect(told(({ library }) => library !== undefined)).toMatchObject([{ request, level: 40 }]);
    });

    it('has the transitions that the audit log has, once each', () => {
      const transitions = told((line) => typeof line.event === 'string');
      const parts = (entry: object) => {
        const { request: id, action, cluster: name, event, from, to } = entry as LogLine;
        return { request: id, action, cluster: name, event, from: from ?? null, to };
      };
      expect(transitions.map(parts)).toEqual(audit.map(parts));
      expect(transitions.map(({ by }) => by)).toEqual(
        audit.map(({ actor }) => (typeof actor === 'string' ? actor : actor.user)),
      );
      expect(transitions.at(-1)).toMatchObject({ msg: 'request succeeded', namespace: 'default', by: 'agent' });
    });

    it('has each order with how it came out, in the agent’s log', () => {
      const orders = agent.log.filter(({ order }) => order);
      expect(orders.map(({ msg, order, outcome }) => [msg, order, outcome])).toEqual([
        ['order taken', 'plan', undefined],
        ['order done', 'plan', 'planned'],
        ['order taken', 'execute', undefined],
        ['order done', 'execute', 'succeeded'],
      ]);
      expect(orders.at(-1)?.ms).toBeGreaterThan(0);
    });

    it('is nowhere with what people wrote, or with a key', () => {
      const text = all()
        .flatMap(({ output }) => output)
        .join('\n');
      for (const secret of [REASON, 'lunch', KEY, slack.botToken]) expect(text).not.toContain(secret);
    });

    it('leads to its traces', () => {
      const approved = told((line) => line.msg === 'request approved')[0];
      const span = collector.spans.find(({ spanId }) => spanId === approved?.span_id);
      expect(span).toMatchObject({ name: 'gesture block_actions', traceId: approved?.trace_id });
    });
  });

  describe('in traces', () => {
    const spansOf = (name: string) => collector.spans.filter((span) => span.name === name);
    const spanOf = (name: string) => spansOf(name)[0] ?? expect.fail(`no span ${name}`);
    const asked = () => spanOf('gesture app_mention');
    const votes = () => spansOf('gesture block_actions');
    const idsOf = ({ traceId, spanId }: SentSpan) => ({ traceId, spanId });
    const childrenOf = ({ spanId }: SentSpan) => collector.spans.filter(({ parentSpanId }) => parentSpanId === spanId);
    const linksOf = ({ links }: SentSpan) => links.map(({ traceId, spanId }) => ({ traceId, spanId }));

    it('begins with the gesture that asked: its calls, the plan, and the showing of it are part of that', () => {
      expect(asked()).toMatchObject({ kind: 2, parentSpanId: undefined, links: [], isError: false });
      const plan = spanOf('plan scale');
      expect(plan).toMatchObject({ kind: 5, parentSpanId: asked().spanId, traceId: asked().traceId });
      expect(childrenOf(plan).map(({ name }) => name)).toEqual(
        expect.arrayContaining(['get deployments', 'list horizontalpodautoscalers', 'reports planned']),
      );
      const shown = collector.spans.filter(
        ({ name, traceId }) => name === 'surfaces show' && traceId === asked().traceId,
      );
      expect(shown.map(({ isError }) => isError)).toEqual([true, false]);
      const calls = shown.flatMap(childrenOf).filter(({ name }) => name === 'POST chat.postMessage');
      expect(calls.map(({ kind, isError, attributes }) => [kind, isError, attributes['error.type']])).toEqual([
        [3, true, '500'],
        [3, false, undefined],
      ]);
    });

    it('goes on with votes, each a trace of its own that links to the question', () => {
      expect(votes().map(linksOf)).toEqual([[idsOf(asked())], [idsOf(asked())]]);
      expect(votes().map(({ attributes }) => attributes['opsbot.outcome'])).toEqual(['refused', undefined]);
      expect(new Set([asked(), ...votes()].map(({ traceId }) => traceId)).size).toBe(3);
      expect(spanOf('requests release').parentSpanId).toBe(votes()[1]?.spanId);
    });

    it('ends with the execution, which links to who asked and who voted, whatever lay between', () => {
      const execution = spanOf('execute scale');
      expect(execution).toMatchObject({ kind: 5, parentSpanId: undefined, isError: false });
      expect(linksOf(execution)).toEqual([asked(), votes()[1]].map((span) => span && idsOf(span)));
      const calls = childrenOf(execution).filter(({ kind }) => kind === 3);
      const results = (name: string) =>
        calls
          .filter((call) => call.name === name)
          .map(({ attributes }) => attributes['http.response.status_code'] ?? 0);
      expect(results('patch deployments')).toEqual([409, 200]);
      expect(results('get deployments').slice(0, 2)).toEqual([0, 200]);
      const shows = childrenOf(execution)
        .flatMap(childrenOf)
        .filter(({ name }) => name === 'surfaces show');
      expect(shows.length).toBeGreaterThan(0);
      for (const show of shows) expect(linksOf(show)).toEqual(linksOf(execution));
    });

    it('says what each part is about, and belongs together without a gap', () => {
      const known = new Set(collector.spans.map(({ spanId }) => spanId));
      for (const { name, parentSpanId, kind } of collector.spans) {
        expect(kind === 3 && parentSpanId === undefined, name).toBe(false);
        expect(parentSpanId === undefined || known.has(parentSpanId), name).toBe(true);
      }
      const about = { 'opsbot.request': request, 'opsbot.action': 'scale', 'opsbot.cluster': 'default' };
      for (const name of ['gesture app_mention', 'plan scale', 'requests release', 'execute scale', 'surfaces show']) {
        expect(spanOf(name).attributes).toMatchObject(about);
      }
      expect(spanOf('execute scale').attributes).toMatchObject({ 'k8s.namespace.name': 'default' });
      expect(new Set(collector.spans.map(({ service }) => service))).toEqual(new Set(['opsbot']));
    });

    it('has no span of watching, of the Lease, of chatter, or of what came to nothing', () => {
      const roots = collector.spans.filter(({ parentSpanId }) => parentSpanId === undefined);
      expect(roots.every(isOf(request))).toBe(true);
      expect(roots.map(({ name }) => name).sort()).toEqual([
        'execute scale',
        'gesture app_mention',
        'gesture block_actions',
        'gesture block_actions',
      ]);
      expect(collector.spans.filter(({ name }) => /watch|leases|gesture message/.test(name))).toEqual([]);
    });

    it('has no secret, and nothing of people', () => {
      expect(new Set(collector.headers.map(({ authorization }) => authorization))).toEqual(new Set([KEY]));
      const sent = collector.bodies.join('\n');
      expect(sent).toContain('deployment.environment.name');
      for (const secret of [REASON, 'noon', 'lunch', KEY, slack.botToken, 'UALICE', 'UBOB', 'alice', 'ops"']) {
        expect(sent).not.toContain(secret);
      }
    });

    it('is known neither to what was voted on nor to the audit log', () => {
      for (const { traceId } of [asked(), ...votes()]) expect(JSON.stringify(audit)).not.toContain(traceId);
      expect(new Set(audit.flatMap(({ digest }) => digest ?? [])).size).toBe(1);
    });
  });
});
