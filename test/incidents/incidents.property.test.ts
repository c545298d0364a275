import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detect } from '../../src/incidents/detect.ts';
import {
  CAUSE_OF,
  FINDING_KINDS,
  type Finding,
  type FindingKind,
  findingKey,
  findingSchema,
  type Owner,
  ownerKey,
  type Picture,
} from '../../src/incidents/finding.ts';
import type { Incident, Silence } from '../../src/incidents/incident.ts';
import { nasty } from '../views/nasty.ts';
import { createPodLife, HAPPENINGS, type Happening, SLOTS } from './pod-life.ts';
import {
  CLUSTER,
  createLedger,
  HOUR,
  MINUTE,
  SECOND,
  sampleDeployment,
  sampleJob,
  sampleNode,
  settings,
  signsPicture,
  T0,
  troubledPod,
  WEB,
} from './sample.ts';

interface Moment {
  happening: Happening;
  slot: number;
  gap: number;
  /** In the cut sequence the hub sees the picture after this one. */
  isSeen: boolean;
  /** And before that the agent was away since the picture that was seen before. */
  isRestart: boolean;
}

const moments = fc.array(
  fc.record<Moment>({
    happening: fc.constantFrom(...HAPPENINGS),
    slot: fc.nat({ max: SLOTS - 1 }),
    gap: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 60, max: 4000 })).map((gap) => gap * SECOND),
    isSeen: fc.boolean(),
    isRestart: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60, size: 'max' },
);

/** What every picture has to find in the incidents afterwards. */
function expectTold({ findings, asOf }: Picture, incidents: readonly Incident[]): void {
  const keys = incidents.map(({ cause, owner }) => `${cause}/${ownerKey(owner)}`);
  expect(new Set(keys).size).toBe(keys.length);
  for (const finding of findings) {
    const incident = incidents.find(
      ({ cause, owner }) => cause === CAUSE_OF[finding.kind] && ownerKey(owner) === ownerKey(finding.owner),
    );
    const told = incident?.findings.find(({ kind }) => kind === finding.kind);
    expect(told, `${findingKey(finding)} is told`).toBeDefined();
    if (finding.calmSince === undefined) expect(incident).toMatchObject({ state: 'open' });
    else if (incident?.state !== 'open') expect(told?.at).toBeGreaterThanOrEqual(finding.at);
  }
  for (const { state, cause, owner, calmSince } of incidents) {
    const isActive = findings.some(
      (finding) =>
        CAUSE_OF[finding.kind] === cause &&
        ownerKey(finding.owner) === ownerKey(owner) &&
        finding.calmSince === undefined,
    );
    // What has ended just now is not called so yet.
    const isOpen = state === 'open' && (calmSince === undefined || asOf - calmSince >= 30 * SECOND);
    expect(isOpen, `${cause} of ${owner.name} is ${state}`).toBe(isActive);
  }
}

/** Lives through the moments, and shows the hub those pictures that `sees` says. */
function live(
  sequence: readonly Moment[],
  sees: (moment: Moment) => { isSeen: boolean; isRestart: boolean },
): Incident[] {
  const life = createPodLife();
  const ledger = createLedger();
  let now = T0;
  let watch: Pick<Picture, 'watchingSince' | 'watchedUntil'> = { watchingSince: T0, watchedUntil: undefined };
  let seenAt = T0;
  const see = () => {
    const findings = detect(life.picture(now), { now, pendingMs: settings.pendingMs, firstWatched: T0, ...watch });
    const picture: Picture = { cluster: CLUSTER, findings, asOf: now, changedAt: now, ...watch };
    ledger.step(picture);
    expect(ledger.step(picture), 'the same picture changes nothing more').toEqual([]);
    expectTold(picture, ledger.all());
    seenAt = now;
  };
  for (const moment of sequence) {
    now += moment.gap;
    life.happen(moment.happening, moment.slot, now);
    const { isSeen, isRestart } = sees(moment);
    if (!isSeen) continue;
    if (isRestart) watch = { watchingSince: now, watchedUntil: seenAt };
    see();
  }
  for (const pause of [1, settings.pendingMs, settings.quietMs, settings.quietMs]) {
    now += pause;
    see();
  }
  return ledger.all();
}

function unresolved(incidents: readonly Incident[]) {
  return incidents
    .filter(({ state }) => state !== 'resolved')
    .map(({ cause, owner, state, kind, severity, findings }) => ({
      key: `${cause}/${ownerKey(owner)}`,
      state,
      kind,
      severity,
      findings: findings.map((finding) => [finding.kind, finding.count, finding.calmSince === undefined]),
    }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

describe('whatever happens to pods and nodes', () => {
  it('the incidents in the end are the same, however few of the pictures were seen', () => {
    fc.assert(
      fc.property(moments, (sequence) => {
        const whole = live(sequence, () => ({ isSeen: true, isRestart: false }));
        const cut = live(sequence, (moment) => moment);
        expect(unresolved(cut)).toEqual(unresolved(whole));
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});

/** No agent tells these as over: they are there or not. */
const LASTING: readonly FindingKind[] = ['rollout-stuck', 'job-failed'];

describe('whatever is told', () => {
  const owners: Owner[] = [WEB, { ...WEB, name: 'api' }, { kind: 'Node', namespace: '', name: 'n1' }];
  const time = fc.integer({ min: -60, max: 60 }).map((minutes) => T0 + minutes * MINUTE);
  const findings = fc.uniqueArray(
    fc
      .record({
        kind: fc.constantFrom(...FINDING_KINDS),
        owner: fc.constantFrom(...owners),
        since: time,
        at: time,
        calmSince: fc.option(time, { nil: undefined }),
        count: fc.nat({ max: 9 }),
        pods: fc.array(fc.record({ name: fc.constantFrom('a', 'b'), reason: fc.constant('r'), restarts: fc.nat(3) }), {
          maxLength: 3,
        }),
      })
      .map(
        ({ calmSince, ...finding }): Finding => ({
          ...finding,
          labels: {},
          ...(calmSince !== undefined && !LASTING.includes(finding.kind) && { calmSince }),
        }),
      ),
    { selector: findingKey, maxLength: 8 },
  );
  const picture = fc.record({
    findings,
    asOf: time,
    changedAt: time,
    now: time,
    watchingSince: time,
    watchedUntil: fc.option(time, { nil: undefined }),
  });
  const silences = fc.array(
    fc.record<Silence>({
      cluster: fc.constant(CLUSTER),
      owner: fc.constantFrom(...owners),
      by: fc.constantFrom('UBOB', 'UEVE'),
      at: time,
      until: time,
    }),
    { maxLength: 2 },
  );
  const rules = fc.constantFrom(
    [],
    [{ match: { kind: ['crash-loop', 'rollout-*'] }, channel: undefined }],
    [{ match: { workload: ['api'] }, channel: 'CAPI' }],
  );

  it('the same picture changes nothing more, and no two incidents are of the same cause and owner', () => {
    fc.assert(
      fc.property(fc.array(picture, { maxLength: 12, size: 'max' }), silences, rules, (pictures, silenced, routes) => {
        const ledger = createLedger({ silences: silenced, settings: { ...settings, rules: routes } });
        for (const { now, ...told } of pictures) {
          const shown = { cluster: CLUSTER, ...told };
          const before = new Map(ledger.all().map((incident) => [incident.id, incident]));
          for (const change of ledger.step(shown, now)) {
            expect(change.after.version).toBe((change.before?.version ?? 0) + 1);
            expect(before.get(change.after.id)).toBe(change.before);
            if (change.replaces) expect(before.get(change.replaces)?.state).toBe('resolved');
          }
          expect(ledger.step(shown, now)).toEqual([]);
          const keys = ledger.all().map(({ cause, owner }) => `${cause}/${ownerKey(owner)}`);
          expect(new Set(keys).size).toBe(keys.length);
        }
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

describe('whatever the cluster writes', () => {
  const word = nasty(700);
  const labels = fc.dictionary(fc.oneof(word, fc.constant('__proto__')), word, { maxKeys: 4 });
  const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(Number.NaN, Number.MAX_VALUE, -1));
  const ended = fc.option(
    fc.record({
      reason: fc.oneof(word, fc.constant('OOMKilled')),
      exitCode: number,
      at: fc.option(number, { nil: undefined }),
    }),
    { nil: undefined },
  );
  const container = fc.record({
    container: word,
    init: fc.boolean(),
    state: fc.constantFrom('waiting' as const, 'running' as const, 'terminated' as const),
    reason: fc.constantFrom('CrashLoopBackOff', 'ErrImagePull', 'CreateContainerError', '__proto__'),
    message: fc.option(word, { nil: undefined }),
    restarts: fc.nat(),
    runningSince: fc.option(number, { nil: undefined }),
    ended,
  });
  const pod = fc
    .record({
      name: word,
      namespace: word,
      uid: word,
      node: fc.option(word, { nil: undefined }),
      createdAt: fc.constantFrom(T0, T0 - HOUR, 0),
      owner: fc.option(fc.record({ kind: word, name: word, uid: word }), { nil: undefined }),
      labels,
      unschedulable: fc.option(fc.record({ since: number, message: word }), { nil: undefined }),
      over: fc.boolean(),
    })
    .chain((over) => fc.array(container, { maxLength: 3 }).map((containers) => troubledPod(containers, over)));
  const condition = fc.record({
    type: fc.constantFrom('Ready' as const, 'DiskPressure' as const, 'MemoryPressure' as const),
    status: fc.constantFrom('True' as const, 'False' as const, 'Unknown' as const),
    reason: fc.option(word, { nil: undefined }),
    message: fc.option(word, { nil: undefined }),
    since: number,
  });
  const node = fc
    .record({ name: word, signs: fc.record({ labels, conditions: fc.array(condition, { maxLength: 3 }) }) })
    .map(sampleNode);
  const job = fc
    .record({
      name: word,
      uid: word,
      owner: fc.option(fc.record({ kind: fc.constantFrom('CronJob', 'X'), name: word, uid: word }), { nil: undefined }),
      failed: fc.constantFrom(undefined, { at: T0, reason: undefined, message: '<!channel>'.repeat(99) }),
      createdAt: fc.constantFrom(T0, T0 - HOUR, 0),
      labels,
    })
    .map(sampleJob);
  const workload = fc
    .record({
      revision: fc.option(word, { nil: undefined }),
      stuck: fc.option(fc.record({ since: number, message: fc.option(word, { nil: undefined }) }), { nil: undefined }),
      completedAt: fc.option(fc.constant(T0), { nil: undefined }),
      labels,
    })
    .chain((rollout) => word.map((name) => ({ ...sampleDeployment(rollout), name })));
  const parts = fc.record({
    pods: fc.uniqueArray(pod, { selector: ({ uid }) => uid, maxLength: 5 }),
    nodes: fc.array(node, { maxLength: 2 }),
    jobs: fc.uniqueArray(job, { selector: ({ uid }) => uid, maxLength: 3 }),
    workloads: fc.array(workload, { maxLength: 3 }),
  });
  const options = {
    now: T0 + MINUTE,
    pendingMs: MINUTE,
    firstWatched: T0 - HOUR,
    watchingSince: T0 - HOUR,
    watchedUntil: T0 - HOUR,
  };

  it('findings are as the hub takes them, each once, whatever order the objects come in', () => {
    fc.assert(
      fc.property(parts, (objects) => {
        const findings = detect(signsPicture(objects), options);
        for (const finding of findings) expect(findingSchema.parse(finding)).toEqual(finding);
        const keys = findings.map(findingKey);
        expect(keys).toEqual([...new Set(keys)].sort());
        const turned = {
          pods: objects.pods.toReversed(),
          nodes: objects.nodes.toReversed(),
          jobs: objects.jobs.toReversed(),
          workloads: objects.workloads.toReversed(),
        };
        expect(detect(signsPicture(turned), options)).toEqual(findings);
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});
