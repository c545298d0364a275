import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actions } from '../../src/actions/index.ts';
import { LOG_LIMIT } from '../../src/incidents/diagnosis.ts';
import { FINDING_KINDS, type FindingKind, type Owner } from '../../src/incidents/finding.ts';
import type { Incident, IncidentNote, Storm } from '../../src/incidents/incident.ts';
import type { ColouredMessage, Message } from '../../views/blocks.ts';
import { decodeIncident, decodeSilence, IDS, nameIn } from '../../views/ids.ts';
import { incidentMessage } from '../../views/incident.ts';
import { noteMessage } from '../../views/incident-note.ts';
import { stormMessage } from '../../views/incident-storm.ts';
import { MESSAGE_TEXT_LIMIT, textLength, validateBlocks } from '../support/slack/block-kit.ts';
import { DIAGNOSED, findingOf, incidentOf, NODE, NOW, notesOf, podOf, type Untold } from './incident-of.ts';
import { nasty, nastyName } from './nasty.ts';
import { ALARM, buttons, found, shown } from './shown.ts';

const RED = '#E01E5A';
const ORANGE = '#F2952F';
const GREEN = '#2EB67D';
const MINUTE = 60_000;

const rootOf = (incident: Incident, clusterShown = false) =>
  incidentMessage({ incident, now: NOW, clusterShown, actions, quietMs: 2 * MINUTE });
const root = (change: Partial<Incident> = {}) => rootOf(incidentOf(change));
const of = (kind: FindingKind, change: Partial<Parameters<typeof findingOf>[1]> = {}) =>
  root({ findings: [findingOf(kind, change)] });
const body = (message: ColouredMessage) => shown(message.attachments);
const colour = (message: ColouredMessage) => message.attachments[0]?.color;

/** What of a message Slack would refuse. */
function refusals(message: Message | ColouredMessage): string[] {
  const blocks = 'attachments' in message ? message.attachments.flatMap((one) => one.blocks ?? []) : message.blocks;
  const long = textLength(blocks) > MESSAGE_TEXT_LIMIT ? ['msg_blocks_too_long'] : [];
  return [...validateBlocks(blocks, 'message'), ...long, ...(message.text.length > 4000 ? ['msg_too_long'] : [])];
}

describe('the headline', () => {
  const job: Owner = { kind: 'Job', namespace: 'shop', name: 'migrate' };
  const backup: Owner = { kind: 'CronJob', namespace: 'shop', name: 'backup' };
  const image = podOf('web-a', { reason: 'ErrImagePull', message: 'manifest unknown' });
  const config = podOf('web-a', { reason: 'CreateContainerConfigError', message: 'secret "db" not found' });

  test.each([
    [of('crash-loop', { count: 3 }), ':red_circle: *Deployment web* in `shop`: CrashLoopBackOff, 3 pods', RED],
    [of('crash-loop', { count: 4000 }), ':red_circle: *Deployment web* in `shop`: CrashLoopBackOff, 4,000 pods', RED],
    [of('oom-killed'), ':red_circle: *Deployment web* in `shop`: OOMKilled, 1 pod', RED],
    [
      of('image-pull', { pods: [image] }),
      ':large_orange_circle: *Deployment web* in `shop`: image cannot be pulled, 1 pod',
      ORANGE,
    ],
    [
      of('config-error', { pods: [config] }),
      ':large_orange_circle: *Deployment web* in `shop`: CreateContainerConfigError, 1 pod',
      ORANGE,
    ],
    [of('unschedulable', { count: 2 }), ':large_orange_circle: *Deployment web* in `shop`: no node for 2 pods', ORANGE],
    [
      of('job-failed', { owner: job, count: 0, pods: [] }),
      ':large_orange_circle: *Job migrate* in `shop`: failed',
      ORANGE,
    ],
    [
      of('job-failed', { owner: backup, count: 0, pods: [] }),
      ':large_orange_circle: *CronJob backup* in `shop`: its Job failed',
      ORANGE,
    ],
    [of('node-not-ready', { owner: NODE, count: 12 }), ':red_circle: *Node worker-3*: not ready, 12 pods on it', RED],
    [of('node-not-ready', { owner: NODE, count: 0, pods: [] }), ':red_circle: *Node worker-3*: not ready', RED],
    [
      of('node-pressure', { owner: NODE, count: 1 }),
      ':large_orange_circle: *Node worker-3*: under pressure, 1 pod on it',
      ORANGE,
    ],
    [of('rollout-stuck', { count: 0, pods: [] }), ':red_circle: *Deployment web* in `shop`: rollout is stuck', RED],
    [
      of('rollout-complete', { count: 0, pods: [] }),
      ':large_green_circle: *Deployment web* in `shop`: rollout complete',
      GREEN,
    ],
  ])('%#: says what it is about and how bad it is', (message, text, colourOfBar) => {
    expect(message.text).toBe(text);
    expect(colour(message)).toBe(colourOfBar);
    expect(message.attachments[0]?.fallback).toBeTruthy();
    expect(refusals(message)).toEqual([]);
  });

  test('names the cluster where there are several', () => {
    expect(rootOf(incidentOf(), true).text).toContain('*Deployment web* in `shop` on cluster `east`:');
  });
});

describe('what is wrong', () => {
  test('is a sentence for each kind, and which pods', () => {
    const pods = ['a', 'b', 'c', 'd', 'e'].map((name) => podOf(`web-${name}`));
    const oom = findingOf('oom-killed', { count: 2, pods: [podOf('web-a', { reason: 'OOMKilled', exitCode: 137 })] });
    const text = body(root({ findings: [findingOf('crash-loop', { count: 400, pods }), oom], peak: 400 }));
    expect(text).toContain(
      '400 pods keep crashing (CrashLoopBackOff).\n2 pods were killed for want of memory (OOMKilled).',
    );
    expect(text).toContain('• `web-a` container `app`, exit code 1, 7 restarts, on `worker-3`');
    expect(text).toContain('• `web-c`');
    expect(text).not.toContain('• `web-d`');
    expect(text).toContain('and 397 more');
    expect(text.match(/web-a/g)).toHaveLength(1);
  });

  test.each([
    [
      of('image-pull', { pods: [podOf('a', { reason: 'ErrImagePull', message: 'manifest unknown' })] }),
      '> manifest unknown',
    ],
    [of('unschedulable', { pods: [podOf('a', { reason: 'Unschedulable', message: '0/3 nodes' })] }), '> 0/3 nodes'],
    [of('rollout-stuck', { detail: 'ReplicaSet has timed out' }), '> ReplicaSet has timed out'],
    [of('node-not-ready', { owner: NODE, detail: 'Kubelet stopped posting' }), '> Kubelet stopped posting'],
    [of('node-pressure', { owner: NODE, detail: 'DiskPressure' }), '> DiskPressure'],
    [of('job-failed', { detail: 'BackoffLimitExceeded' }), '> BackoffLimitExceeded'],
  ])('%#: comes with the cluster’s own words', (message, words) => {
    expect(body(message)).toContain(words);
  });

  test('leaves out a back-off’s countdown, which says nothing and changes all the time', () => {
    const pods = [podOf('a', { message: 'back-off 2m40s restarting failed container' })];
    expect(body(of('crash-loop', { pods }))).not.toContain('2m40s');
  });

  test('says where a killed container runs again', () => {
    const pods = [podOf('a', { reason: 'OOMKilled' })];
    expect(body(of('oom-killed', { calmSince: NOW, pods }))).toContain(
      '1 pod was killed for want of memory (OOMKilled), and runs again.',
    );
  });
});

describe('how it stands', () => {
  const findings = [findingOf('crash-loop', { count: 3 })];

  test('open: since when, the worst of it, and which time', () => {
    const text = body(root({ findings, peak: 400, episode: 3 }));
    expect(text).toMatch(/Since <!date\^\d+.*>\. At most 400 pods at once\. This is the 3rd time\./);
    expect(body(root({ findings, peak: 3 }))).not.toMatch(/At most|time\./);
  });

  test('recovering: keeps its colour and its buttons, and says when it will be called over', () => {
    const message = root({ findings, state: 'recovering', calmSince: NOW - MINUTE, peak: 9 });
    expect(message.text).toBe(':red_circle: *Deployment web* in `shop`: looks over (CrashLoopBackOff, 9 pods)');
    expect(colour(message)).toBe(RED);
    expect(body(message)).toMatch(/Looks over since <!date.*\. Turns green when it stays so for 2 min\./s);
    expect(body(message)).toContain('9 pods kept crashing');
    expect(body(message)).not.toContain('At most');
    expect(buttons(message)).toContain("I'm on it");
  });

  test('resolved: green, how long it lasted, and nothing to press', () => {
    const notes = notesOf({ type: 'resolved', afterMs: 12 * MINUTE });
    const acknowledged = { user: 'U1', at: NOW };
    const message = root({
      findings,
      state: 'resolved',
      calmSince: NOW,
      resolvedAt: NOW + MINUTE,
      peak: 400,
      notes,
      acknowledged,
    });
    expect(message.text).toBe(
      ':large_green_circle: *Deployment web* in `shop`: over after 12 min (CrashLoopBackOff, 400 pods)',
    );
    expect(colour(message)).toBe(GREEN);
    expect(body(message)).toContain('400 pods kept crashing (CrashLoopBackOff).\n');
    expect(body(message)).toMatch(/From <!date.*> to <!date.*>\.\n/);
    // The headline and the thread say it; a third time would be noise.
    expect(body(message)).not.toContain('12 min');
    expect(body(message)).toContain('<@U1> was on it.');
    expect(found(message, 'actions')).toEqual([]);
    expect(body(message)).not.toContain('web-7d9f8-aaaaa');
  });

  test('over, of several kinds: claims for none of them the most that there were of another', () => {
    const oom = findingOf('oom-killed', { count: 1, pods: [] });
    const message = root({ findings: [oom, ...findings], state: 'recovering', calmSince: NOW, peak: 400 });
    expect(message.text).toContain('looks over (OOMKilled, 1 pod)');
    expect(body(message)).toContain('1 pod was killed for want of memory');
    expect(body(message)).toContain('At most 400 pods at once.');
  });

  test('resolved after a relapse: which time it was; what was over at once lasted for no 0 s', () => {
    const change = { state: 'resolved', calmSince: NOW - 12 * MINUTE, resolvedAt: NOW, episode: 2 } as const;
    expect(body(root({ findings, ...change }))).toContain('This was the 2nd time.');
    expect(root({ findings, ...change }).text).toContain('over after less than a second (');
  });

  test('resolved without a note of it counts to when the trouble was gone, not to when it was believed', () => {
    const change = { state: 'resolved', calmSince: NOW - 2 * MINUTE, resolvedAt: NOW } as const;
    expect(root({ findings, ...change }).text).toContain('over after 10 min');
  });

  test('late: that nobody watched', () => {
    expect(body(root({ late: { from: NOW - 9 * MINUTE, to: NOW } }))).toMatch(
      /Noticed when opsbot came back: nobody watched from <!date.*> to <!date.*>\./,
    );
    expect(body(root({ late: { from: undefined, to: NOW } }))).toContain(
      'It was so already when opsbot began to watch.',
    );
  });

  test('who is on it, and until when nobody wants to hear of it', () => {
    const silence = { until: NOW + MINUTE, by: 'U2' };
    const text = body(root({ acknowledged: { user: 'U1', at: NOW }, silence }));
    expect(text).toContain('<@U1> is on it');
    expect(text).toMatch(/<@U2> silenced this workload until <!date/);
    expect(body(root({ silence: { until: NOW, by: 'U2' } }))).not.toContain('silenced');
    expect(body(root({ silence, state: 'resolved', resolvedAt: NOW }))).not.toContain('silenced');
  });

  test('does not change with the time alone: an edit each minute would be noise', () => {
    const at = (now: number) =>
      incidentMessage({ incident: incidentOf(), now, clusterShown: false, actions, quietMs: 1 });
    expect(at(NOW + 10 * MINUTE)).toEqual(at(NOW));
  });
});

describe('what can be done', () => {
  test('comes in the order of what helps most with the fewest taps', () => {
    expect(buttons(root())).toEqual(['Restart…', 'Scale…', 'Logs', "I'm on it"]);
  });

  const labels = (kind: string, change: Partial<Incident> = {}) =>
    buttons(root({ owner: { kind, namespace: 'shop', name: 'x' }, ...change })).toSorted();

  test.each([
    ['Deployment', ["I'm on it", 'Logs', 'Restart…', 'Scale…']],
    ['StatefulSet', ["I'm on it", 'Logs', 'Restart…', 'Scale…']],
    ['DaemonSet', ["I'm on it", 'Logs', 'Restart…']],
    ['CronJob', ["I'm on it", 'Logs']],
    ['Pod', ["I'm on it", 'Logs']],
    ['Node', ["I'm on it"]],
    ['Rollout', ["I'm on it", 'Logs']],
  ])('fits a %s', (kind, expected) => {
    expect(labels(kind)).toEqual(expected);
  });

  test('is nothing where a rollout was completed', () => {
    expect(found(of('rollout-complete'), 'actions')).toEqual([]);
  });

  test('names the incident', () => {
    const all = found(root(), 'button');
    expect(all.map(({ value }) => decodeIncident(value))).toEqual(all.map(() => 'i-k7m2q'));
    expect(all.map(({ action_id: id }) => nameIn('incidentAct', String(id)) ?? id).toSorted()).toEqual([
      IDS.incident.acknowledge,
      'logs',
      'restart',
      'scale',
    ]);
  });

  test('includes silence, for as long as the option says', () => {
    const [select] = found(root(), 'static_select') as unknown as [
      { options: { text: { text: string }; value: string }[] },
    ];
    const offered = select.options.map(({ text, value }) => [text.text, decodeSilence(value)]);
    expect(offered).toEqual([
      ['1 h', { id: 'i-k7m2q', ms: 3_600_000 }],
      ['8 h', { id: 'i-k7m2q', ms: 28_800_000 }],
      ['24 h', { id: 'i-k7m2q', ms: 86_400_000 }],
      ['3 days', { id: 'i-k7m2q', ms: 259_200_000 }],
    ]);
  });
});

describe('a note', () => {
  const noteOf = (note: Untold, incident = incidentOf()) => noteMessage(notesOf(note)[0] as IncidentNote, incident);
  const text = (note: Untold) => shown(noteOf(note)?.blocks);

  test('of the evidence has the facts, then the log', () => {
    expect(text(DIAGNOSED)).toBe(
      '*Exit code* 1 (Error)\n*Rollout* web:1.4 → web:1.5, 3 min before\n' +
        'Last lines of `web-7d9f8-aaaaa` (`app`), from before its last restart\n```\nstarting\npanic: no config\n```',
    );
    expect(noteOf(DIAGNOSED)?.text).toBe('Exit code: 1 (Error)');
  });

  test('of no evidence says so', () => {
    expect(text({ type: 'evidence', diagnosis: { facts: [] } })).toBe('Nothing more was found out.');
    const log = { pod: 'web-a', container: 'app', previous: false, text: '\n' };
    expect(text({ type: 'evidence', diagnosis: { facts: [], log } })).toBe(
      'Last lines of `web-a` (`app`)\nThe log is empty.',
    );
  });

  test.each<[Untold, string | RegExp]>([
    [
      {
        type: 'joined',
        finding: findingOf('image-pull', {
          pods: [podOf('a', { reason: 'ErrImagePull', message: 'manifest unknown' })],
        }),
      },
      ':red_circle: Also: 1 pod cannot start: its image cannot be pulled (ErrImagePull).\n> manifest unknown',
    ],
    [
      { type: 'rolled-out', finding: findingOf('rollout-complete', { revision: '5', detail: 'web:1.4 → web:1.5' }) },
      ':rocket: A rollout of *Deployment web* in `shop` was completed meanwhile (revision 5).\n> web:1.4 → web:1.5',
    ],
    [{ type: 'acknowledged', user: 'U1' }, ':raising_hand: <@U1> is on it.'],
    [{ type: 'silenced', user: 'U1', until: NOW }, /^:no_bell: <@U1> silenced this workload until <!date/],
    [{ type: 'unsilenced', user: 'U1' }, ':bell: <@U1> ended the silence.'],
    [{ type: 'unsilenced', user: undefined }, ':bell: The silence is over.'],
    [{ type: 'resolved', afterMs: 12 * MINUTE }, ':large_green_circle: Over after 12 min.'],
    [{ type: 'resolved', afterMs: 0 }, ':large_green_circle: Over after less than a second.'],
    [
      { type: 'reopened', finding: findingOf('crash-loop', { count: 2 }), episode: 2 },
      ':red_circle: It is back, for the 2nd time: *Deployment web* in `shop`, CrashLoopBackOff, 2 pods.',
    ],
    [{ type: 'reopened', finding: findingOf(), episode: 11 }, /for the 11th time/],
    [{ type: 'reopened', finding: findingOf(), episode: 22 }, /for the 22nd time/],
  ])('%#: is a line', (note, expected) => {
    expect(text(note)).toEqual(expected instanceof RegExp ? expect.stringMatching(expected) : expected);
  });

  test('of a relapse names who was on it the last time, and nobody from before that', () => {
    const [ack, back, again] = notesOf(
      { type: 'acknowledged', user: 'U1' },
      { type: 'reopened', finding: findingOf(), episode: 2 },
      { type: 'reopened', finding: findingOf(), episode: 3 },
    ) as [IncidentNote, IncidentNote, IncidentNote];
    const incident = incidentOf({ notes: [ack, back, again], episode: 3 });
    expect(noteMessage(back, incident)?.text).toMatch(/CrashLoopBackOff, 1 pod\. <@U1> was on it\.$/);
    expect(noteMessage(again, incident)?.text).not.toContain('<@U1>');
  });

  test('of an end is left out where nothing was wrong', () => {
    expect(noteOf({ type: 'resolved', afterMs: 0 }, incidentOf({ kind: 'rollout-complete' }))).toBeUndefined();
  });

  test('keeps the newest lines of a log that does not fit', () => {
    const log = { pod: 'a', container: 'b', previous: false, text: `${'<&>\n'.repeat(LOG_LIMIT / 4)}the end` };
    const message = noteOf({ type: 'evidence', diagnosis: { facts: [], log } }) as Message;
    expect(refusals(message)).toEqual([]);
    expect(shown(message.blocks)).toContain('the end\n```');
  });
});

describe('a storm', () => {
  const storm: Storm = {
    id: 's-1',
    version: 1,
    channel: 'C1',
    startedAt: NOW - 14 * MINUTE,
    members: Array.from({ length: 37 }, (_, index) => `i-${index}`),
    endedAt: undefined,
  };
  const members = storm.members.map((id, index) =>
    incidentOf({
      id,
      findings: [
        findingOf(index < 7 ? 'image-pull' : 'crash-loop', {
          owner: { kind: 'Deployment', namespace: 'shop', name: `app-${index}` },
          since: NOW - index,
        }),
      ],
    }),
  );
  const summary = (change: Partial<Storm> = {}, known: readonly Incident[] = members) =>
    stormMessage({ storm: { ...storm, ...change }, members: known, mayBeMore: false, clusterShown: () => false });

  test('counts, and lists the gravest', () => {
    const message = summary();
    expect(message.text).toBe(':red_circle: *37 incidents are open*: 30 critical, 7 warning');
    expect(colour(message)).toBe(RED);
    expect(body(message)).toContain('Each has a message of its own, as fast as Slack takes them.');
    const lines = body(message)
      .split('\n')
      .filter((line) => line.includes('Deployment'));
    expect(lines).toHaveLength(15);
    expect(lines[0]).toBe(':red_circle: *Deployment app-36* in `shop`: CrashLoopBackOff, 1 pod');
    expect(body(message)).toContain('and 22 more');
    expect(refusals(message)).toEqual([]);
  });

  test('that is too large to be counted says so', () => {
    const cut = { storm, members, mayBeMore: true, clusterShown: () => false };
    expect(stormMessage(cut).text).toContain('*At least 37 incidents are open*');
    expect(stormMessage({ ...cut, storm: { ...storm, endedAt: NOW } }).text).toContain('at least 37 incidents in');
  });

  test('says how many are over', () => {
    const half = members.map((one, index) => (index % 2 ? one : { ...one, state: 'resolved' as const }));
    expect(summary({}, half).text).toContain('*18 incidents are open*');
    expect(body(summary({}, half))).toContain('19 more are over already.');
  });

  test('that is over is green, and still true', () => {
    const message = summary({ endedAt: NOW }, members.slice(0, 2));
    expect(message.text).toBe(':large_green_circle: *The storm is over*: 37 incidents in 14 min.');
    expect(colour(message)).toBe(GREEN);
    expect(body(message)).toContain('2 of them were still open then:');
    expect(body(summary({ endedAt: NOW }, []))).not.toContain('still open');
  });
});

test('Slack takes it whatever the cluster writes, and nobody is paged', () => {
  const huge = Number.MAX_SAFE_INTEGER;
  fc.assert(
    fc.property(nastyName, nasty(500), fc.constantFrom(...FINDING_KINDS), fc.boolean(), (name, words, kind, isOpen) => {
      const pods = Array.from({ length: 5 }, (_, index) =>
        podOf(`${name.slice(0, 240)}${index}`, {
          node: name,
          container: name,
          reason: words.slice(0, 200),
          restarts: huge,
          message: words,
        }),
      );
      const owner = { kind: name.slice(0, 63) || 'Node', namespace: name.slice(0, 63), name: name || 'x' };
      const finding = findingOf(kind, { owner, pods, count: huge, detail: words, revision: words.slice(0, 20) });
      const facts = Array.from({ length: 10 }, () => ({
        label: words.slice(0, 40),
        text: words.repeat(2).slice(0, 600),
      }));
      const log = { pod: name, container: name, previous: true, text: words.repeat(10).slice(0, LOG_LIMIT) };
      const notes = notesOf(
        { type: 'evidence', diagnosis: { facts, log } },
        { type: 'joined', finding },
        { type: 'rolled-out', finding },
        { type: 'acknowledged', user: words },
        { type: 'silenced', user: words, until: NOW },
        { type: 'unsilenced', user: words },
        { type: 'reopened', finding, episode: huge },
      );
      const incident = incidentOf({
        cluster: name,
        findings: Array(6).fill(finding),
        state: isOpen ? 'open' : 'recovering',
        peak: huge,
        episode: huge,
        late: { from: 0, to: NOW },
        acknowledged: { user: words, at: NOW },
        silence: { until: NOW + 1, by: words },
        notes,
      });
      const members = Array(50).fill(incident);
      const storm = {
        id: 's-1',
        version: 1,
        channel: 'C1',
        startedAt: NOW,
        members: members.map(() => 'i-1'),
        endedAt: undefined,
      };
      const messages = [
        rootOf(incident, true),
        stormMessage({ storm, members, mayBeMore: true, clusterShown: () => true }),
        ...notes.map((note) => noteMessage(note, incident) as Message),
      ];
      for (const message of messages) {
        expect(refusals(message)).toEqual([]);
        expect(`${message.text}${shown(found(message, 'mrkdwn'))}`).not.toMatch(ALARM);
      }
      const fences = shown(messages[2]).match(/```/g) ?? [];
      expect(fences.length % 2).toBe(0);
    }),
  );
});
