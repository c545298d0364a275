import { Redis } from 'ioredis';
import { beforeAll, describe, expect, it } from 'vitest';
import { deployment } from '../support/cluster/manifests.ts';
import { describeLocalCluster } from '../support/clusters.ts';
import type { SeenMessage } from '../support/slack/people/looking.ts';
import { answerTo, asks, cardIn, ROLLOUT_MS } from './asking.ts';
import { useStage } from './stage.ts';

/** ms within which people have to hear that something is away. */
const SOON = 3_000;

describeLocalCluster('while something is away', (kit) => {
  const stage = useStage(kit);
  let namespace: string;
  const nginx = () => ({ kind: 'Deployment', namespace, name: 'nginx' });
  const local = () => kit.local ?? expect.fail('this needs the local cluster');
  beforeAll(async () => {
    namespace = await kit.namespace();
    await kit.apply(deployment('nginx', { namespace, replicas: 1 }));
    await kit.rolledOut(nginx());
  });

  /** What is said within three seconds in reply to what somebody does; shown to them alone or beside what they said. */
  async function reply(gesture: () => Promise<unknown>): Promise<SeenMessage> {
    const seen = () => [...stage.bob.sees('ops'), ...stage.bob.directMessages()].filter(({ by }) => by === 'UOPSBOT');
    const before = new Set(seen().map(({ ts }) => ts));
    const [found] = await Promise.all([
      stage.slack.waitFor(() => seen().find(({ ts }) => !before.has(ts)), { timeoutMs: SOON, what: 'a reply' }),
      gesture(),
    ]);
    return found;
  }

  describe('the cluster', () => {
    it('is named as what does not answer, to whoever asks for anything of it', async () => {
      await local().disconnect();
      for (const line of [`scale nginx 2 -n ${namespace}`, `pods ${namespace}`]) {
        const said = await stage.bob.mentions('ops', line);
        const { text } = await answerTo(stage, said, SOON);
        expect(text).toMatch(/cluster|Kubernetes/);
        expect(text).toMatch(/[Tt]ry again|Check/);
        expect(text).not.toMatch(/ECONN|fetch failed|\bat .+:\d+:\d+/);
      }
    });

    it('is waited for, with a word about it, where it takes its time; then nobody waits for ever', async () => {
      await local().start();
      const hang = local().fault({ kind: 'hang' }, { path: '/deployments/nginx' }, Number.POSITIVE_INFINITY);
      const said = await stage.bob.mentions('ops', `restart deployment nginx -n ${namespace}`);
      const notice = await answerTo(stage, said, SOON);
      expect(notice.text).toContain('Looking at the cluster and the rules.');
      const answer = await stage.bob.waitsFor((m) => m.thread === said.ts && m.text.includes('does not answer'), {
        timeoutMs: 15_000,
      });
      expect(answer.text).toMatch(/Try again/);
      expect(stage.bob.thread(said).some(({ ts }) => ts === notice.ts)).toBe(false);
      hang.remove();
    });

    it('may take its time to be read: a word about it comes first, and goes when the answer is there', async () => {
      local().fault({ kind: 'delay', ms: 4_000 }, { path: `/namespaces/${namespace}/pods` });
      const said = await stage.bob.mentions('ops', `pods ${namespace}`);
      const notice = await answerTo(stage, said, SOON);
      expect(notice.text).toContain(`Pods of ${namespace}`);
      await stage.bob.waitsFor((m) => m.thread === said.ts && m.text.includes('NAME'), { timeoutMs: 10_000 });
      expect(stage.bob.thread(said).some(({ ts }) => ts === notice.ts)).toBe(false);
    });

    it('is waited for by what was approved, which says why; it is worked with as soon as it is back', async () => {
      const asked = await asks(stage, `scale nginx 2 -n ${namespace}`);
      await local().disconnect();
      await stage.bob.clicks('Approve', { on: asked.card });
      const held = await asked.shows('opsbot goes on trying; it begins nothing after');
      expect(held.text).toContain('The cluster does not answer: opsbot could not');
      await local().start();
      await asked.shows('Done');
      const lines = asked.lines().filter((line) => line.includes('Held up: The cluster does not answer'));
      expect(lines, 'said once, however often it was tried').toHaveLength(1);
      // Its last line, so that the next test does not take it for a reply.
      await stage.slack.waitFor(() => asked.lines().at(-1)?.includes('Done.'));
      expect(await kit.changesOf(nginx())).toHaveLength(1);
    });

    it('holds up an approved change no longer than that where opsbot was started without it', async () => {
      const before = await kit.changesOf(nginx());
      const asked = await asks(stage, `restart nginx -n ${namespace}`);
      await local().disconnect();
      await stage.crash();
      await stage.bob.clicks('Approve', { on: asked.card });
      await asked.shows('opsbot goes on trying; it begins nothing after');
      await local().start();
      await asked.shows('Done');
      await stage.slack.waitFor(() => asked.lines().at(-1)?.includes('Done.'));
      expect(await kit.changesOf(nginx())).toHaveLength(before.length + 1);
    });
  });

  describe('Slack', () => {
    it('is given Home by whoever comes next, where it did not take it and opsbot was killed', async () => {
      stage.slack.fault({ kind: 'error500', method: 'views.publish', times: Number.POSITIVE_INFINITY });
      await stage.carol.opensHome();
      expect(stage.carol.home()).toBeUndefined();
      await stage.crash();
      stage.slack.clearFaults();
      await stage.slack.waitFor(() => stage.carol.home(), { timeoutMs: 20_000, what: 'Home' });
      stage.takeErrors();
    });

    it('may archive a channel: its requester hears how the change ends', async () => {
      const lost = stage.slack.addChannel('CLOST', 'lost', ['UALICE', 'UBOB', 'UOPSBOT']);
      const asked = await cardIn(stage, await stage.alice.mentions('lost', `restart nginx -n ${namespace}`));
      lost.is_archived = true;
      await stage.bob.clicks('Approve', { on: asked.card });
      const heard = (word: string) => stage.alice.directMessages().filter(({ text }) => text.includes(word));
      await stage.slack.waitFor(() => heard('Done').length > 0, { timeoutMs: ROLLOUT_MS, what: 'the outcome' });
      expect(heard('is archived')).toHaveLength(1);
      expect(heard('Done')).toHaveLength(1);
      expect(stage.takeErrors()).toHaveLength(1);
      lost.is_archived = false;
      stage.slack.takeViolations();
    });
  });

  describe('Redis', () => {
    it('makes every gesture an error that says so, and nothing half-done', async () => {
      const asked = await asks(stage, `scale nginx 3 -n ${namespace}`);
      const before = await kit.changesOf(nginx());
      await stage.redis.kill9();

      const click = await reply(() => stage.bob.clicks('Approve', { on: asked.card }));
      const mention = await reply(() => stage.bob.mentions('ops', `restart nginx -n ${namespace}`));
      const slash = await stage.bob.slash('/opsbot', `restart nginx -n ${namespace}`, 'ops');
      for (const text of [click.text, mention.text, slash.answer?.text]) {
        expect(text).toContain('opsbot cannot reach its database (Redis).');
        expect(text).toContain('Try again in a minute.');
        expect(text).not.toMatch(/ECONN|ioredis|\bat .+:\d+:\d+/);
      }
      expect(slash.ms).toBeLessThan(SOON);
      expect(await kit.changesOf(nginx())).toHaveLength(before.length);
      expect(stage.takeErrors().length).toBeGreaterThan(0);

      await stage.redis.restart();
      expect(asked.now().text).toContain('Waiting for approval');
      await kit.eventually(
        'the request is approved once Redis is back',
        async () => {
          if (asked.now().buttons.includes('Approve')) await stage.bob.clicks('Approve', { on: asked.now() });
          return asked.now().text;
        },
        (text) => text.includes('Done'),
      );
      expect(await kit.changesOf(nginx())).toHaveLength(before.length + 1);
      stage.takeErrors();
    });

    const full = {
      how: 'is full',
      begin: () => sayToRedis('1mb'),
      end: () => sayToRedis('0'),
    };
    const hung = {
      how: 'does not answer',
      begin: async () => stage.redis.hang(),
      end: async () => stage.redis.wake(),
    };
    async function sayToRedis(maxmemory: string): Promise<void> {
      const admin = new Redis(stage.redis.url);
      await admin.config('SET', 'maxmemory', maxmemory);
      admin.disconnect();
    }

    it.each([full, hung])('that $how is named as such, and what was under way goes on afterwards', async (trouble) => {
      const [busy, idle] = [`busy-${trouble.how.length}`, `idle-${trouble.how.length}`];
      const ref = (name: string) => ({ kind: 'Deployment', namespace, name });
      await Promise.all([busy, idle].map((name) => kit.apply(deployment(name, { namespace, replicas: 1 }))));
      await Promise.all([busy, idle].map((name) => kit.rolledOut(ref(name))));
      local().unschedulable(ref(busy));
      const executing = await asks(stage, `scale ${busy} 2 -n ${namespace}`);
      await stage.bob.clicks('Approve', { on: executing.card });
      await executing.shows('1 of 2 pods');
      const pending = await asks(stage, `scale ${idle} 2 -n ${namespace}`);
      const changes = async () =>
        [await kit.changesOf(ref(busy)), await kit.changesOf(ref(idle))].map((all) => all.length);

      await trouble.begin();
      const mention = await reply(() => stage.bob.mentions('ops', `restart ${idle} -n ${namespace}`));
      const slash = await stage.bob.slash('/opsbot', `restart ${idle} -n ${namespace}`, 'ops');
      for (const text of [mention.text, slash.answer?.text]) {
        expect(text).toContain(`opsbot’s database (Redis) ${trouble.how}.`);
        expect(text).not.toMatch(/OOM|timed out|\bat .+:\d+:\d+/);
      }
      local().recover(ref(busy));
      expect(await changes()).toEqual([1, 0]);
      await trouble.end();

      await executing.shows('Done');
      await stage.bob.clicks('Approve', { on: pending.now() });
      await pending.shows('Done');
      expect(await changes()).toEqual([1, 1]);
      stage.takeErrors();
    });
  });
});
