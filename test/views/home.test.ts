import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actions } from '../../src/actions/index.ts';
import type { Silence } from '../../src/incidents/incident.ts';
import { overviewOf } from '../../src/kubernetes/overview.ts';
import type { ClusterSnapshot } from '../../src/kubernetes/snapshot-reader.ts';
import { type Home, type HomeIncidents, homeContent, homeView } from '../../views/home.ts';
import { decodeSilenced, decodeTarget, homeActId, IDS, nameIn } from '../../views/ids.ts';
import { largeSnapshot, nodeOf, podOf, snapshotOf, workloadOf } from '../kubernetes/snapshot-of.ts';
import { validateView } from '../support/slack/block-kit.ts';
import { findingOf, incidentOf, NODE, WEB } from './incident-of.ts';
import { nasty, nastyName } from './nasty.ts';
import { NOW, planOf, requestOf } from './request-of.ts';
import { ALARM, buttons, found, shown } from './shown.ts';

const overview = (snapshot: ClusterSnapshot) => overviewOf(snapshot, { now: NOW });
const home = (change: Partial<Home> = {}) =>
  homeView({
    cluster: 'east',
    overview: overview(snapshotOf({ nodes: [nodeOf('a')], workloads: [workloadOf('web')], pods: [podOf('1', 'web')] })),
    filter: undefined,
    actions,
    headline: ({ id }) => `Scale nginx (${id})`,
    waiting: [],
    mine: [],
    activity: [],
    now: NOW,
    incidents: 'off',
    ...change,
  });

describe('a calm cluster', () => {
  test('says so, kindly', () => {
    const text = shown(home());
    expect(text).toContain('Cluster east');
    expect(text).toContain('1 of 1 ready');
    expect(text).toContain('All 1 healthy');
    expect(text).toContain('1 Running');
    expect(text).toContain('*Restarts, last hour*\nNone');
    expect(text).toContain('Nothing. All is well.');
    expect(text).toContain('You have asked for nothing yet.');
    expect(text).toContain('Alerts are off');
    expect(text).not.toContain('Waiting for you');
    expect(validateView(home())).toEqual([]);
  });

  test('offers the actions that deserve a shortcut, and to look again', () => {
    expect(buttons(home())).toEqual([
      ...actions.filter(({ shortcut }) => shortcut).map(({ title }) => title),
      'Refresh',
      'History',
    ]);
  });

  test('remembers the namespace', () => {
    const initial = (view: ReturnType<typeof home>) => found(view, 'external_select')[0]?.initial_option;
    expect(initial(home())).toMatchObject({ text: { text: 'All namespaces' }, value: '*' });
    expect(initial(home({ filter: 'prod' }))).toMatchObject({ text: { text: 'prod' }, value: 'prod' });
  });
});

describe('the picture', () => {
  test('that is missing is said to be', () => {
    const text = shown(home({ overview: undefined, problem: 'The cluster does not answer.' }));
    expect(text).toContain('The cluster does not answer.');
    expect(text).not.toContain('All is well');
    expect(shown(home({ overview: undefined }))).toContain('There is no picture of the cluster yet.');
  });

  test('that is old or incomplete never looks calm', () => {
    const old = shown(
      home({ overview: overview(snapshotOf({ asOf: NOW - 300_000, problem: 'No answer for 5 min.' })) }),
    );
    expect(old).toContain('This is 5 min old');
    expect(old).toContain('No answer for 5 min.');
    const quiet = shown(home({ overview: overview(snapshotOf({ asOf: NOW - 70_000 })) }));
    expect(quiet, 'a cluster in which nothing happens').not.toContain('old');
    const young = shown(home({ overview: overview(snapshotOf({ complete: false })) }));
    expect(young).toContain('Still reading the cluster');
    expect(young).not.toContain('All is well');
  });

  test('leaves nodes out where they may not be listed, and says so', () => {
    expect(shown(home({ overview: overview(snapshotOf()) }))).toContain('opsbot may not list them');
  });

  test('that only grew older is not worth publishing', () => {
    const later = { now: NOW + 60_000 };
    expect(homeContent(home(later))).toBe(homeContent(home()));
    expect(homeContent(home({ filter: 'prod' }))).not.toBe(homeContent(home()));
  });
});

describe('what opsbot may not do', () => {
  const advice = 'An admin can change that: `opsbot rbac --namespaces prod,lab` prints the rights to apply.';
  const scaleInProd = {
    action: 'scale',
    what: '“Scale a workload” is off',
    namespaces: ['prod'],
    why: 'opsbot may not patch deployments there',
    advice,
  };
  const restart = { ...scaleInProd, action: 'restart', what: '“Restart a workload” is off', namespaces: undefined };
  const troubled = overview(
    snapshotOf({ workloads: [workloadOf('web', { ready: 0 }), workloadOf('db', { ready: 0, namespace: 'lab' })] }),
  );
  const acts = (view: ReturnType<typeof home>) =>
    found(view, 'button').flatMap(({ action_id, value }) => {
      const name = nameIn('homeAct', String(action_id));
      return name === undefined ? [] : [`${name} ${decodeTarget(value)?.name}`];
    });

  test('is said quietly, with what an admin can do', () => {
    const logs = { ...restart, action: 'logs', what: '“Read pod logs” is off' };
    const view = home({ shortfalls: [scaleInProd, restart, logs] });
    const quiet = found(view, 'context').map(shown);
    expect(quiet).toContain(
      [
        ':no_entry: *“Scale a workload” is off in `prod`*: opsbot may not patch deployments there.',
        ':no_entry: *“Restart a workload” is off; “Read pod logs” is off*: opsbot may not patch deployments there.',
      ].join('\n'),
    );
    expect(quiet).toContain(advice);
    expect(shown(home({ shortfalls: [] }))).not.toContain(':no_entry:');
    expect(validateView(view)).toEqual([]);
  });

  test('is not offered where it cannot work', () => {
    const view = home({ overview: troubled, shortfalls: [scaleInProd, restart] });
    expect(buttons(view)).toContain('Scale a workload');
    expect(buttons(view)).not.toContain('Restart a workload');
    expect(acts(view)).toEqual(['scale db', 'logs db', 'logs web']);
  });

  test('fits, however much it is', () => {
    const namespaces = Array.from({ length: 40 }, (_, index) => `${index}-${'n'.repeat(60)}`);
    const shortfalls = Array.from({ length: 30 }, () => ({ ...scaleInProd, namespaces, why: 'y'.repeat(900) }));
    const view = home({
      shortfalls: shortfalls.map((one, index) => ({
        ...one,
        why: `${index}${one.why}`,
        advice: `${index}${'&'.repeat(900)}`,
      })),
    });
    expect(validateView(view)).toEqual([]);
    expect(shown(view)).toContain('and 35 more');
    expect(shown(view)).toContain('… and 24 more');
  });

  test('keeps an empty picture from looking calm', () => {
    const problem = 'opsbot may not list pods in namespace lab.';
    const blind = shown(home({ overview: overview(snapshotOf({ problem })) }));
    expect(blind).toContain(problem);
    expect(blind).toContain('*Pods*\nNone that opsbot can see.');
    expect(blind).toContain('Nothing that opsbot can see.');
    expect(blind).not.toContain('All is well');
  });
});

describe('what needs attention', () => {
  const troubled = overview(
    snapshotOf({
      nodes: [nodeOf('node-9', { ready: false, status: 'NotReady' })],
      workloads: [workloadOf('web', { ready: 0 }), workloadOf('agent', { kind: 'DaemonSet', ready: 1 })],
      pods: [podOf('bare', undefined, { status: 'CrashLoopBackOff' })],
    }),
  );

  test('has the buttons that fit its kind, each with its target', () => {
    const view = home({ overview: troubled });
    const acts = found(view, 'button').filter((button) => nameIn('homeAct', String(button.action_id)));
    const offered = acts.map((button) => {
      const target = decodeTarget(button.value);
      return `${nameIn('homeAct', String(button.action_id))} ${target?.kind} ${target?.name}`;
    });
    expect(offered).toEqual([
      'scale Deployment web',
      'restart Deployment web',
      'logs Deployment web',
      'logs Pod bare',
      'restart DaemonSet agent',
      'logs DaemonSet agent',
    ]);
    expect(shown(view)).toContain('Node `node-9`\nNotReady');
    expect(acts[0]?.action_id).toBe(homeActId('scale'));
  });

  test('is cut with a word on the rest', () => {
    const workloads = Array.from({ length: 57 }, (_, index) => workloadOf(`w${index}`, { ready: 0 }));
    expect(shown(home({ overview: overview(snapshotOf({ workloads })) }))).toContain('… and 42 more');
  });
});

describe('requests', () => {
  test('that wait for a vote show what they would do, and take it here', () => {
    const plan = planOf({ warnings: ['This more than doubles it.'] });
    const view = home({ waiting: [requestOf({ plan, reason: 'sale' })] });
    const text = shown(view);
    expect(text).toContain('Waiting for you');
    expect(text).toContain('Replicas: `3` → `5`');
    expect(text).toContain(':warning: This more than doubles it.');
    expect(text).toContain('> sale');
    const ids = found(view, 'button').map((button) => button.action_id);
    expect(ids).toContain(IDS.request.approve);
    expect(ids).toContain(IDS.request.reject);
  });

  test('of one’s own can be cancelled while that means something', () => {
    const mine = [requestOf({ id: 'r-1' }), requestOf({ id: 'r-2', state: 'succeeded' })];
    const cancel = found(home({ mine }), 'button').filter((button) => button.action_id === IDS.request.cancel);
    expect(cancel.map((button) => button.value)).toEqual(['r-1.1']);
  });

  test('of everybody are told with names', () => {
    expect(shown(home({ activity: [requestOf({ state: 'failed' })] }))).toContain(
      ':red_circle: Failed: *Scale nginx (r-abc)*, <@U1>',
    );
  });
});

describe('incidents', () => {
  const watching = (change: Partial<HomeIncidents> = {}) =>
    home({ incidents: { open: [], links: new Map(), silences: [], watchedUntil: NOW - 10_000, ...change } });
  const silenceOf = (change: Partial<Silence> = {}): Silence => ({
    cluster: 'east',
    owner: WEB,
    by: 'U2',
    at: NOW,
    until: NOW + 3_600_000,
    ...change,
  });

  test('that nobody would hear of are said to be off, or unseen', () => {
    expect(shown(watching())).toContain('Alerts are on.');
    expect(shown(watching())).not.toMatch(/Incidents|Silenced/);
    expect(shown(watching({ watchedUntil: NOW - 120_001 }))).toMatch(
      /:warning: Alerts are on, but no agent has reported since <!date.*: later trouble is not seen\./,
    );
    expect(shown(watching({ watchedUntil: undefined }))).toContain('Alerts are on, but no agent has reported yet.');
    expect(shown(home({ incidents: undefined }))).not.toContain('Alerts');
  });

  test('that go on stand above what needs attention, at most ten of them', () => {
    const node = incidentOf({ id: 'i-node', findings: [findingOf('node-not-ready', { owner: NODE, count: 12 })] });
    const acknowledged = { user: 'U1', at: NOW };
    const open = [node, ...Array.from({ length: 12 }, () => incidentOf({ cluster: 'west', acknowledged }))];
    const view = watching({ open, links: new Map([['i-node', 'https://t.slack.com/archives/C1/p1']]) });
    const text = shown(view);
    expect(text.match(/ · <.*>/g)).toEqual([' · <https://t.slack.com/archives/C1/p1|Open>']);
    expect(text).toMatch(/:red_circle: \*Node worker-3\*: not ready, 12 pods on it, since <!date/);
    expect(text).toMatch(
      /\*Deployment web\* in `shop` on cluster `west`: CrashLoopBackOff, 1 pod, since .*, <@U1> is on it/,
    );
    expect(text).toContain('… and 3 more');
    expect(text.indexOf('*Incidents*')).toBeLessThan(text.indexOf('*Needs attention*'));
    expect(validateView(view)).toEqual([]);
  });

  test('that are silenced can be heard of again', () => {
    const silences = Array.from({ length: 7 }, (_, index) => silenceOf({ owner: { ...WEB, name: `web-${index}` } }));
    const view = watching({ silences });
    expect(shown(view)).toMatch(/\*Deployment web-0\* in `shop`\nUntil <!date.*>, by <@U2>/);
    expect(shown(view)).toContain('… and 2 more');
    const ends = found(view, 'button').filter(({ action_id: id }) => id === IDS.home.endSilence);
    expect(ends.map(({ value }) => decodeSilenced(value)?.name)).toEqual(['web-0', 'web-1', 'web-2', 'web-3', 'web-4']);
    expect(decodeSilenced(ends[0]?.value)).toEqual({ cluster: 'east', ...WEB, name: 'web-0' });
    expect(validateView(view)).toEqual([]);
  });
});

test.each([3, 10_000])('Slack takes Home with %i pods and everything in trouble', (pods) => {
  const many = Array.from({ length: 60 }, (_, index) => requestOf({ id: `r-${index}` }));
  const silence: Silence = { cluster: 'east', owner: WEB, by: 'U2', at: NOW, until: NOW + 1 };
  const incidents = {
    open: Array(60).fill(incidentOf()),
    silences: Array(60).fill(silence),
    watchedUntil: 0,
    links: new Map(),
  };
  for (const brokenEvery of [1, 2, 100_000]) {
    const view = home({
      overview: overview(largeSnapshot({ pods, brokenEvery })),
      waiting: many,
      mine: many,
      activity: many,
      incidents,
      problem: 'x',
    });
    expect(validateView(view)).toEqual([]);
    expect(view.blocks.length).toBeLessThanOrEqual(100);
  }
});

test('Slack takes Home whatever the cluster and people write, and nobody is paged', () => {
  fc.assert(
    fc.property(nastyName, nasty(3000), (name, text) => {
      const snapshot = snapshotOf({
        cluster: name,
        problem: text,
        nodes: [nodeOf(name, { ready: false, status: text })],
        workloads: [workloadOf(name, { ready: 0, namespace: name, problem: text })],
        pods: Array.from({ length: 30 }, (_, index) => podOf(`${index}`, undefined, { status: `${text}${index}` })),
      });
      const request = requestOf({ reason: text, plan: planOf({ warnings: [text, text] }) });
      const requests = Array(20).fill(request);
      const owner = { kind: name.slice(0, 63), namespace: name.slice(0, 63), name };
      const incident = incidentOf({
        cluster: text,
        findings: [findingOf('config-error', { owner })],
        acknowledged: { user: text, at: NOW },
      });
      const silence: Silence = { cluster: name, owner, by: text, at: NOW, until: NOW };
      const incidents = {
        open: Array(20).fill(incident),
        silences: Array(20).fill(silence),
        watchedUntil: NOW,
        links: new Map(),
      };
      const view = home({
        cluster: name,
        overview: overview(snapshot),
        filter: name,
        headline: () => text,
        waiting: requests,
        mine: requests,
        activity: requests,
        incidents,
        problem: text,
      });
      expect(validateView(view)).toEqual([]);
      expect(shown(found(view, 'mrkdwn'))).not.toMatch(ALARM);
    }),
  );
});
