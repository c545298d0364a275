import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { actions } from '../src/actions/index.ts';
import { NotAllowedError, UnavailableError } from '../src/errors.ts';
import { BusyError } from '../src/kubernetes/api-error.ts';
import type { Access } from '../src/kubernetes/cluster.ts';
import type { Shortfall } from '../src/kubernetes/snapshot-reader.ts';
import { type RightsQuestion, rightsOf } from '../src/rights.ts';
import { createRightsReview } from '../src/rights-review.ts';
import { lacksOf, rbacLine, shortfallSentence } from '../src/rights-review-words.ts';
import { createFakeClock } from './kubernetes/fake-clock.ts';

const THREE: RightsQuestion = { namespaces: ['prod', 'shop', 'lab'], actions, home: 'opsbot' };
const ALL: RightsQuestion = { ...THREE, namespaces: ['*'] };

const sentences = (question: RightsQuestion, isMissing: (access: Access) => boolean) => {
  const missing = rightsOf(question).filter(({ access }) => isMissing(access));
  return lacksOf(missing, question).map(({ shortfall }) => shortfallSentence(shortfall));
};
const patching = ({ verb, resource }: Access) => verb === 'patch' && resource === 'deployments';

describe('what does not work for want of rights', () => {
  it('is nothing where all are there', () => {
    expect(sentences(THREE, () => false)).toEqual([]);
  });

  it('is each action that needs the right, where it is missing', () => {
    expect(sentences(THREE, (access) => patching(access) && access.namespace !== 'lab')).toEqual([
      '“Scale a workload” is off in prod and shop: opsbot may not patch deployments there.',
      '“Restart a workload” is off in prod and shop: opsbot may not patch deployments there.',
    ]);
    expect(sentences(THREE, patching)[0]).toBe(
      '“Scale a workload” is off: opsbot may not patch deployments in any of its namespaces.',
    );
    expect(sentences({ ...THREE, namespaces: ['prod'] }, patching)[0]).toBe(
      '“Scale a workload” is off: opsbot may not patch deployments in namespace prod.',
    );
    expect(sentences(ALL, patching)[0]).toBe(
      '“Scale a workload” is off: opsbot may not patch deployments in the whole cluster.',
    );
  });

  it('is told apart where different rights are missing in different namespaces', () => {
    const isMissing = ({ verb, resource, namespace }: Access) =>
      verb === 'patch' && ((resource === 'replicasets' && namespace === 'lab') || namespace === 'prod');
    expect(sentences(THREE, isMissing).filter((sentence) => sentence.includes('Scale'))).toEqual([
      '“Scale a workload” is off in lab: opsbot may not patch replicasets there.',
      '“Scale a workload” is off in prod: opsbot may not patch deployments, statefulsets or replicasets there.',
    ]);
  });

  it('is every part of what opsbot does by itself', () => {
    expect(sentences({ ...ALL, actions: [] }, ({ resource }) => resource !== 'pods')).toEqual([
      'Pods and workloads are not all shown: opsbot may not list or watch deployments, statefulsets, daemonsets or replicasets in the whole cluster.',
      'Nodes are not shown, and their trouble is not reported: opsbot may not list or watch nodes in the whole cluster.',
      'Empty namespaces are not offered: opsbot may not list or watch namespaces in the whole cluster.',
      'Autoscalers are not shown: opsbot may not list or watch horizontalpodautoscalers in the whole cluster.',
      'Failed Jobs are not reported: opsbot may not list or watch jobs in the whole cluster.',
      'Incidents come with less evidence: opsbot may not get deployments; nor list events in the whole cluster.',
      'Incidents are not reported: opsbot may not get, create or update leases in namespace opsbot.',
    ]);
  });

  it('is no action where only word of changes cannot be left', () => {
    expect(sentences(THREE, ({ verb, resource }) => verb === 'create' && resource === 'events')).toEqual([
      'Changes leave no Event on their workload: opsbot may not create events in any of its namespaces.',
    ]);
  });

  it('is short for people where much is missing, and complete for the log', () => {
    const inProd = ({ namespace }: Access) => namespace === 'prod';
    const missing = rightsOf(THREE).filter(({ access }) => inProd(access));
    const [scale] = lacksOf(missing, THREE);
    expect(scale && shortfallSentence(scale.shortfall)).toBe(
      '“Scale a workload” is off in prod: opsbot has none of the rights for it there.',
    );
    expect(scale?.rights).toContain('patch deployments.apps in namespace prod');
    expect(scale?.rights).toHaveLength(missing.filter((right) => right.actions.includes('scale')).length);
    const some = sentences(THREE, (access) => inProd(access) && access.resource !== 'deployments')[0];
    expect(some).toMatch(/opsbot may not .*; nor .* there; and more is missing\.$/);
  });

  it('comes with what prints the rights for the whole configuration: applying less would take some away', () => {
    expect(rbacLine(THREE)).toBe(
      'opsbot rbac --namespaces prod,shop,lab --actions scale,restart,logs,pods --namespace opsbot',
    );
    const missing = rightsOf(ALL).filter(({ access }) => patching(access));
    expect(lacksOf(missing, ALL)[0]?.shortfall.advice).toBe(
      "An admin can change that: `opsbot rbac --namespaces '*' --actions scale,restart,logs,pods --namespace opsbot` " +
        'prints the rights to apply. Or name single namespaces under `namespaces:` in its configuration.',
    );
    expect(rbacLine({ ...ALL, actions: [], home: 'ops' })).toBe("opsbot rbac --namespaces '*' --namespace ops");
  });
});

describe('a review', () => {
  /** An account that lacks what `isMissing` says, on an API server that may be away. */
  function reviewing(question: RightsQuestion, isMissing: (access: Access) => boolean) {
    const account = { isMissing, failure: undefined as Error | undefined };
    const asked: Access[] = [];
    const told: (readonly Shortfall[])[] = [];
    const log: { level: number; msg: string; missing?: string[] }[] = [];
    const inFlight = { now: 0, most: 0 };
    const clock = createFakeClock();
    const review = createRightsReview({
      question,
      async can(access) {
        asked.push(access);
        inFlight.now += 1;
        inFlight.most = Math.max(inFlight.most, inFlight.now);
        await Promise.resolve();
        inFlight.now -= 1;
        if (account.failure) throw account.failure;
        return !account.isMissing(access);
      },
      onChange: (shortfalls) => told.push(shortfalls),
      logger: pino({ level: 'info' }, { write: (line: string) => log.push(JSON.parse(line)) }),
      clock,
    });
    const stop = new AbortController();
    const begin = async () => {
      const running = review.run(stop.signal);
      onTestFinished(async () => {
        stop.abort();
        await running;
      });
      await clock.advance(1);
    };
    return { review, account, asked, told, log, clock, inFlight, begin, lines: () => log.map(({ msg }) => msg) };
  }
  const WARN = 40;
  const INFO = 30;

  it('asks for each right once, ten at a time, and says in one line that all are there', async () => {
    const { asked, inFlight, told, log, begin } = reviewing(THREE, () => false);
    await begin();
    expect(new Set(asked)).toEqual(new Set(rightsOf(THREE).map(({ access }) => access)));
    expect(asked).toHaveLength(rightsOf(THREE).length);
    expect(inFlight.most).toBe(10);
    expect(told).toEqual([[]]);
    expect(log).toMatchObject([{ level: INFO, msg: 'opsbot has every right that its configuration needs' }]);
  });

  it('says of each thing that does not work what is missing, once, and says when it works again', async () => {
    const { account, told, log, lines, clock, begin } = reviewing(THREE, patching);
    await begin();
    expect(log).toMatchObject([
      { level: WARN, action: 'scale', apply: rbacLine(THREE) },
      { level: WARN, action: 'restart', apply: rbacLine(THREE) },
    ]);
    expect(log[0]?.missing).toEqual(
      ['lab', 'prod', 'shop'].map((name) => `patch deployments.apps in namespace ${name}`),
    );
    expect(lines()[0]).toContain('is off: opsbot may not patch deployments in any of its namespaces.');
    expect(lines()[0]).toContain(`\`${rbacLine(THREE)}\` prints the rights to apply`);
    await clock.advance(120_000);
    expect([log.length, told.length]).toEqual([2, 1]);
    account.isMissing = () => false;
    await clock.advance(120_000);
    expect(told.at(-1)).toEqual([]);
    expect(lines().slice(2)).toEqual([
      expect.stringMatching(/^This has been put right: “Scale a workload” is off/),
      expect.stringMatching(/^This has been put right: “Restart a workload” is off/),
      'opsbot has every right that its configuration needs',
    ]);
  });

  it('looks again after ten minutes where all was there, and at once where a call was forbidden', async () => {
    const { review, account, asked, told, clock, begin } = reviewing(THREE, () => false);
    const once = rightsOf(THREE).length;
    await begin();
    await clock.advance(599_000);
    expect(asked).toHaveLength(once);
    await clock.advance(1_000);
    expect(asked).toHaveLength(2 * once);
    account.isMissing = patching;
    await clock.advance(20_000);
    review.suspect();
    await clock.advance(1);
    expect(told.at(-1)).toMatchObject([{ action: 'scale' }, { action: 'restart' }]);
    for (let call = 0; call < 50; call++) review.suspect();
    await clock.advance(4_000);
    expect(asked, 'forbidden calls do not become a storm of questions').toHaveLength(3 * once);
    await clock.advance(1_000);
    expect(asked).toHaveLength(4 * once);
  });

  it('goes on asking while the API server is away, and complains once', async () => {
    const { account, told, lines, clock, begin } = reviewing(THREE, patching);
    account.failure = new UnavailableError('The cluster does not answer.');
    await begin();
    await clock.advance(60_000);
    expect(told).toEqual([]);
    expect(lines()).toEqual(['opsbot could not ask which rights it has; it goes on asking']);
    account.failure = undefined;
    await clock.advance(30_000);
    expect(told).toHaveLength(1);
  });

  it('asks ever more rarely while the API server does not answer, and no sooner than that asks for', async () => {
    const { account, asked, clock, begin } = reviewing(THREE, () => false);
    account.failure = new BusyError('The cluster’s API server is too busy.', 20_000);
    await begin();
    const once = asked.length;
    await clock.advance(19_000);
    expect(asked).toHaveLength(once);
    account.failure = new UnavailableError('The cluster does not answer.');
    await clock.advance(600_000);
    expect(asked.length).toBeLessThan(50 * once);
  });

  it('takes nothing for missing where it may not even ask', async () => {
    const { account, review, told, lines, begin } = reviewing(THREE, patching);
    account.failure = new NotAllowedError('opsbot may not create selfsubjectaccessreviews.');
    await begin();
    await review.requireRights('scale', 'prod');
    expect([told, lines()]).toEqual([
      [],
      ['opsbot could not ask which rights it has; what is missing shows only when it is needed'],
    ]);
  });

  describe('refuses an action', () => {
    const daemonSetsInLab = ({ verb, resource, namespace }: Access) =>
      verb === 'patch' && resource === 'daemonsets' && namespace === 'lab';
    const inProd = (access: Access) => patching(access) && access.namespace === 'prod';

    it('where it lacks a right, and only there', async () => {
      const { review, begin } = reviewing(THREE, inProd);
      await review.requireRights('scale', 'prod'); // nothing is known yet
      await begin();
      await review.requireRights('scale', 'shop');
      await review.requireRights('logs', 'prod');
      await review.requireRights('scale', undefined);
      await expect(review.requireRights('scale', 'prod')).rejects.toMatchObject({
        kind: 'not-allowed',
        message: '“Scale a workload” is off in prod: opsbot may not patch deployments there.',
        advice: `An admin can change that: \`${rbacLine(THREE)}\` prints the rights to apply.`,
      });
    });

    it('without a namespace where it lacks one in each of them', async () => {
      const { review, begin } = reviewing(THREE, patching);
      await begin();
      await expect(review.requireRights('scale', undefined)).rejects.toThrow('in any of its namespaces');
    });

    it('where a pattern is configured, unless the namespace itself grants what is missing in the whole cluster', async () => {
      const { review, asked, begin } = reviewing(ALL, (access) => patching(access) && access.namespace !== 'prod');
      await begin();
      const before = asked.length;
      await review.requireRights('scale', 'prod');
      expect(asked.slice(before)).toMatchObject([{ verb: 'patch' }, { verb: 'patch', namespace: 'prod' }]);
      await review.requireRights('scale', undefined); // it may be meant for prod: planning tells
      await expect(review.requireRights('scale', 'shop')).rejects.toThrow('in the whole cluster');
    });

    it('no more once the right is granted, without waiting for the next review', async () => {
      const { account, review, told, asked, clock, begin } = reviewing(THREE, inProd);
      account.isMissing = (access) => inProd(access) || daemonSetsInLab(access);
      await begin();
      const before = asked.length;
      account.isMissing = daemonSetsInLab;
      await review.requireRights('scale', 'prod');
      expect(asked.slice(before), 'it asks for what was missing alone').toMatchObject([
        { verb: 'patch', resource: 'deployments', namespace: 'prod' },
      ]);
      expect(told.at(-1)).toMatchObject([{ action: 'restart', namespaces: ['lab'] }]);
      account.isMissing = () => false;
      await clock.advance(5_000);
      expect(told.at(-1), 'the others follow').toEqual([]);
    });

    it('as unavailable where nobody can tell any more', async () => {
      const { account, review, begin } = reviewing(THREE, inProd);
      await begin();
      account.failure = new UnavailableError('The cluster does not answer.');
      await expect(review.requireRights('scale', 'prod')).rejects.toBeInstanceOf(UnavailableError);
    });
  });
});
