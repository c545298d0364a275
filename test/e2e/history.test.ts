import { Redis } from 'ioredis';
import { beforeAll, expect, it } from 'vitest';
import { createKeys } from '../../src/requests/keys.ts';
import { deployment } from '../support/cluster/manifests.ts';
import { describeLocalCluster } from '../support/clusters.ts';
import type { SeenMessage } from '../support/slack/people/looking.ts';
import type { MessageRef } from '../support/slack/types.ts';
import { type Asked, answered, asks, whisperTo } from './asking.ts';
import { useStage } from './stage.ts';

/** What was asked and decided, as people look it up. */
describeLocalCluster('history', (kit) => {
  const stage = useStage(kit);
  let namespace: string;
  let done: Asked;
  beforeAll(async () => {
    namespace = await kit.namespace();
    await kit.apply(deployment('web', { namespace, replicas: 1 }));
    await kit.apply(deployment('api', { namespace, replicas: 1 }));
    await kit.rolledOut({ kind: 'Deployment', namespace, name: 'api' });
    done = await asks(stage, `scale api 2 -n ${namespace} --reason "launch at noon"`);
    await stage.bob.clicks('Approve', { on: done.card });
    await done.shows('Done');
    for (let at = 0; at < 9; at += 1) await answered(stage, `restart missing-${at} -n ${namespace}`, stage.bob);
    const refused = await asks(stage, `scale web 3 -n ${namespace}`);
    await stage.bob.says('ops', 'reject too late today', { thread: refused.said });
    await refused.shows('Rejected');
    const taken = await asks(stage, `restart web -n ${namespace}`);
    await stage.alice.clicks('Cancel', { on: taken.card });
    await taken.shows('Cancelled');
    await asks(stage, `scale web 4 -n ${namespace}`, stage.bob);
  });

  const idsIn = ({ text }: { text: string }) => text.match(/\br-[a-z0-9]{5}\b/g) ?? [];
  const linkIn = ({ raw }: SeenMessage) => /archives\/(\w+)\/p(\d+)/.exec(JSON.stringify(raw))?.slice(1);
  const again = (ref: MessageRef, channel = 'ops'): SeenMessage => {
    const found = stage.alice.sees(channel).find(({ ts }) => ts === ref.ts);
    return found ?? expect.fail('the answer is gone');
  };

  it('says of each how it ended, who asked and why, who decided, and where', async () => {
    const { text } = await answered(stage, 'history');
    const rows = text.split(/\n(?=:)/).slice(1);
    expect(rows).toHaveLength(10);
    expect(rows[0]).toMatch(/^:raised_hand: Waiting for approval: \*?Scale deployment web/);
    expect(rows[0]).toMatch(/\nbob · .* · `?r-[a-z0-9]{5}`? · .*Open/);
    expect(rows[1]).toMatch(/^:no_entry_sign: Cancelled: \*?Restart deployment web[\s\S]*\nalice · /);
    expect(rows[2]).toMatch(/^:no_entry_sign: Rejected: [\s\S]*\nalice, rejected by bob · [\s\S]*\n“too late today”$/);
    const oldest = await answered(stage, 'history done');
    expect(oldest.text).toMatch(/^\S*History:\S* done\n/);
    expect(oldest.text).toMatch(
      /Done: \*?Scale deployment api[\s\S]*\nalice, approved by bob · [\s\S]*\n“launch at noon”$/,
    );
    expect(linkIn(oldest)).toEqual([done.said.channel, done.said.ts.replace('.', '')]);
  });

  it.each([
    ['rejected', ['Rejected']],
    ['restart web', ['Cancelled']],
    ['deployment web', ['Waiting for approval', 'Cancelled', 'Rejected']],
    ['open --by @bob', ['Waiting for approval']],
    ['--by @carol', []],
    ['incidents', []],
    ['changes done --since 1h', ['Done']],
  ])('can be narrowed: history %s', async (words, wanted) => {
    const { text } = await answered(stage, `history ${words} -n ${namespace}`);
    expect(text.match(/Waiting for approval|Cancelled|Rejected(?=:)|Done/g) ?? []).toEqual(wanted);
    expect(text.includes('Nothing found.')).toBe(wanted.length === 0);
  });

  it('takes a word that is no name for what was meant', async () => {
    expect((await answered(stage, 'history scael')).text).toContain('Did you mean `history scale`?');
    expect((await answered(stage, 'history in prod')).text).toContain('Did you mean `history -n prod`?');
  });

  it('is paged in its message, by anybody who may read it', async () => {
    const answer = await answered(stage, 'history 5');
    expect(answer.buttons).toEqual(['Older']);
    const seen = [idsIn(answer)];
    for (const wanted of [['Newer', 'Older'], ['Newer']]) {
      await stage.carol.clicks('Older', { on: answer });
      seen.push(idsIn(again(answer)));
      expect(again(answer).buttons).toEqual(wanted);
    }
    expect(seen.map((ids) => ids.length)).toEqual([5, 5, 3]);
    expect(new Set(seen.flat()).size).toBe(13);
    await stage.bob.clicks('Newer', { on: answer });
    expect(idsIn(again(answer))).toEqual(seen[1]);
    await stage.bob.clicks('Newer', { on: answer });
    expect(idsIn(again(answer))).toEqual(seen[0]);
    expect(again(answer).buttons).toEqual(['Older']);
  });

  it('is paged where only one person sees it', async () => {
    const { answer } = await stage.alice.slash('/opsbot', 'history 5 --by @bob', 'ops');
    if (!answer) return expect.fail('no answer');
    expect(answer.text).toMatch(/^\S*History:\S* by bob\n/);
    const seen = [idsIn(answer)];
    await stage.alice.clicks('Older', { on: answer });
    seen.push(idsIn(again(answer)));
    expect(again(answer)).toMatchObject({ ephemeral: true, buttons: ['Newer'] });
    expect(seen.map((ids) => ids.length)).toEqual([5, 5]);
    expect(new Set(seen.flat()).size).toBe(10);
    expect(stage.bob.sees('ops').some(({ ts }) => ts === answer.ts)).toBe(false);
  });

  it('is a modal on Home, with its filters', async () => {
    const { alice } = stage;
    await alice.opensHome();
    await stage.slack.waitFor(() => alice.home());
    await alice.clicks('History', { on: 'home' });
    const modal = () => alice.modal() ?? expect.fail('no modal');
    expect(modal()).toMatchObject({ title: 'History', buttons: ['Older'] });
    const first = idsIn(modal());
    await alice.clicks('Older', { on: 'modal' });
    expect(new Set([...first, ...idsIn(modal())]).size).toBe(13);
    await alice.chooses('Any outcome', 'Rejected or not allowed');
    expect(idsIn(modal())).toHaveLength(1);
    expect(modal().text).toContain('rejected by bob');
    expect((await alice.searches('All namespaces', namespace)).options[0]).toBe(namespace);
    await alice.chooses('All namespaces', 'default');
    expect(modal().text).toContain('Nothing found.');
    await alice.clicks('Clear filters', { on: 'modal' });
    expect(idsIn(modal())).toEqual(first);
    await alice.chooses('By anybody', 'bob');
    await alice.chooses('Everything', 'Restart a workload');
    expect(idsIn(modal())).toHaveLength(9);
    expect(modal().buttons).toEqual(['Clear filters']);
    await alice.closes();
  });

  it('remembers what the requests themselves are kept no longer for', async () => {
    const before = await answered(stage, 'history done');
    const [id = ''] = idsIn(before);
    const keys = createKeys();
    const redis = new Redis(stage.redis.url);
    expect(await redis.del(keys.request(id), keys.surface(id))).toBe(2);
    redis.disconnect();
    const after = await answered(stage, 'history done');
    expect(after.text).toBe(before.text);
    expect(linkIn(after)).toEqual(linkIn(before));
  });

  it('is none of a guest’s business', async () => {
    const greta = stage.person('greta');
    const asked = await whisperTo(stage, greta, () => greta.mentions('ops', 'history'));
    expect(asked.text).toContain('Guests');
    const answer = await answered(stage, 'history 5');
    const told = await whisperTo(stage, greta, () => greta.clicks('Older', { on: answer }));
    expect(told.text).toContain('Guests');
    expect(idsIn(again(answer))).toEqual(idsIn(answer));
  });
});
