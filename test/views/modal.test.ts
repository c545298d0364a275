import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Field } from '../../src/actions/action.ts';
import { actions } from '../../src/actions/index.ts';
import { decodeRequest, fieldId, IDS } from '../../views/ids.ts';
import {
  type ActionModal,
  actionModal,
  blockIdOf,
  readMetadata,
  readModal,
  readReason,
  rejectModal,
} from '../../views/modal.ts';
import { options, podChoice, workloadChoice } from '../../views/options.ts';
import { validateOptions, validateView } from '../support/slack/block-kit.ts';
import { nasty, nastyName } from './nasty.ts';
import { NOW } from './request-of.ts';
import { ALARM, found, shown } from './shown.ts';

const FIELDS: Field[] = [
  { control: 'namespace', name: 'namespace', label: 'Namespace' },
  { control: 'workload', name: 'workload', label: 'Workload', kinds: ['Deployment'] },
  { control: 'pod', name: 'pod', label: 'Pod', optional: true },
  { control: 'container', name: 'container', label: 'Container', optional: true },
  { control: 'number', name: 'replicas', label: 'Replicas', min: 0, max: 1000 },
  { control: 'text', name: 'selector', label: 'Selector', optional: true, hint: 'app=web' },
  { control: 'checkbox', name: 'previous', label: 'Previous', text: 'Of the container that crashed' },
];
const ACTION = {
  name: 'scale',
  title: 'Scale a workload',
  verb: 'Scale',
  description: 'Sets the number of pods.',
  effect: 'change',
  fields: FIELDS,
} as const satisfies ActionModal['action'];
const modal = (change: Partial<ActionModal> = {}) =>
  actionModal({ action: ACTION, initial: {}, context: {}, reason: 'optional', channelChoice: 'any', ...change });

describe('the modal of an action', () => {
  test('renders every field, the reason and the channel, within Slack’s limits', () => {
    const view = modal();
    expect(validateView(view)).toEqual([]);
    const labels = found(view.blocks, 'input').map((input) => (input.label as { text: string }).text);
    expect(labels).toEqual([...FIELDS.map(({ label }) => label), 'Reason', 'Where should the request be posted?']);
  });

  test('lets a number be zero', () => {
    expect(found(modal().blocks, 'number_input')[0]).toMatchObject({
      min_value: '0',
      max_value: '1000',
      is_decimal_allowed: false,
    });
  });

  test('searches from the first look, and hears of what narrows the other selects', () => {
    const inputs = found(modal().blocks, 'input');
    const heard = inputs.filter((input) => input.dispatch_action === true).map((input) => input.block_id);
    expect(heard).toEqual(['namespace', 'workload', 'pod'].map(blockIdOf));
    for (const select of found(modal().blocks, 'external_select')) expect(select.min_query_length).toBe(0);
  });

  test('asks for a namespace only where nothing else tells it', () => {
    const namespace = (fields: readonly Field[]) => found(modal({ action: { ...ACTION, fields } }).blocks, 'input')[0];
    expect(namespace(FIELDS)?.optional).toBe(true);
    expect(namespace(FIELDS.slice(0, 1))?.optional).toBe(false);
  });

  test('a reason may be asked for, demanded or left out', () => {
    const reason = (asked: ActionModal['reason']) =>
      found(modal({ reason: asked }).blocks, 'input').find((input) => input.block_id === IDS.reason.block);
    expect(reason('none')).toBeUndefined();
    expect(reason('optional')?.optional).toBe(true);
    expect(reason('required')?.optional).toBe(false);
  });

  test('shows the chosen workload as it is, right below its select', () => {
    const { blocks } = modal({
      current: {
        kind: 'Deployment',
        namespace: 'prod',
        name: 'nginx',
        replicas: 3,
        ready: 2,
        updated: 3,
        autoscaler: { name: 'nginx-hpa', min: 2, max: 8 },
        problem: 'ProgressDeadlineExceeded',
      },
    });
    const at = blocks.findIndex((block) => block.block_id === IDS.current.block);
    expect(blocks[at - 1]?.block_id).toBe(blockIdOf('workload'));
    const text = shown(blocks[at]);
    expect(text).toContain('3 wanted, 2 ready, 3 up to date');
    expect(text).toContain('between 2 and 8');
    expect(text).toContain('ProgressDeadlineExceeded');
  });

  test('starts with what is known, but never with what Slack would refuse', () => {
    const fields = { workload: { value: 'uid-1', text: 'nginx' }, replicas: 5, previous: true, selector: 'app=web' };
    const view = modal({ initial: { fields, reason: 'night', channel: 'C123' } });
    expect(found(view.blocks, 'number_input')[0]?.initial_value).toBe('5');
    expect(JSON.stringify(view.blocks)).toContain('"value":"uid-1"');
    expect(found(view.blocks, 'conversations_select')[0]?.initial_conversation).toBe('C123');
    const odd = modal({ initial: { fields: { replicas: 1e9, workload: { value: '', text: '' } }, channel: 'D1' } });
    expect(validateView(odd)).toEqual([]);
    expect(JSON.stringify(odd.blocks)).not.toMatch(/initial_(value|option|conversation)/);
  });

  test('remembers its action and what was chosen', () => {
    const context = { channel: 'C1', namespace: 'prod', workload: 'uid-1' };
    expect(readMetadata(modal({ context }).private_metadata)).toEqual({ action: 'scale', context });
    for (const garbage of ['', '{}', '[]', 'null', '{"action":1,"context":{}}', '{"action":"a","context":{"pod":1}}']) {
      expect(readMetadata(garbage)).toBeUndefined();
    }
  });
});

test.each(actions)('the modal of $name is within Slack’s limits', (action) => {
  const view = modal({ action, reason: action.effect === 'change' ? 'required' : 'none' });
  expect(validateView(view)).toEqual([]);
  expect(view.title.text).toBe(action.title);
  expect(view.submit?.text).toBe(action.verb);
});

describe('what was entered', () => {
  const value = (name: string, element: unknown) => ({ [blockIdOf(name)]: { [fieldId(name)]: element } });

  test('becomes raw input; what is empty is left out; what is no number stays text', () => {
    const nginx = { text: { type: 'plain_text', text: 'nginx' }, value: 'uid-1' };
    const values = {
      ...value('namespace', { type: 'external_select', selected_option: null }),
      ...value('workload', { type: 'external_select', selected_option: nginx }),
      ...value('replicas', { type: 'number_input', value: '5' }),
      ...value('selector', { type: 'plain_text_input', value: '  ' }),
      ...value('previous', { type: 'checkboxes', selected_options: [{ value: 'true' }] }),
      [IDS.reason.block]: { [IDS.reason.input]: { type: 'plain_text_input', value: ' night ' } },
      [IDS.channel.block]: { [IDS.channel.input]: { type: 'conversations_select', selected_conversation: 'C9' } },
    };
    expect(readModal(values, ACTION)).toEqual({
      input: { workload: 'uid-1', replicas: 5, previous: true },
      chosen: { workload: { value: 'uid-1', text: 'nginx' } },
      reason: 'night',
      channel: 'C9',
    });
    expect(readModal(value('replicas', { value: 'NaN' }), ACTION).input).toEqual({ replicas: 'NaN' });
    expect(readModal(value('replicas', { value: '2.5' }), ACTION).input).toEqual({ replicas: 2.5 });
  });

  test('may be anything', () => {
    fc.assert(
      fc.property(fc.anything(), (values) => {
        expect(readModal(values, ACTION).input).toEqual({});
        expect(readReason(values)).toBeUndefined();
      }),
    );
  });
});

test('rejecting asks why, and knows which revision', () => {
  const view = rejectModal({ requestId: 'r-1', revision: 2, headline: 'Scale <nginx>' });
  expect(validateView(view)).toEqual([]);
  expect(decodeRequest(view.private_metadata)).toEqual({ requestId: 'r-1', revision: 2 });
  expect(shown(view)).toContain('Scale &lt;nginx&gt;');
});

test('names of any length and kind fit into modals and options', () => {
  fc.assert(
    fc.property(nastyName, nasty(5000), (name, text) => {
      const fields = { workload: { value: 'u', text: name }, selector: text, namespace: { value: name, text: name } };
      const action = { ...ACTION, title: text || 'T', verb: name || 'V', description: text || 'D' };
      const current = {
        kind: 'Deployment',
        namespace: name,
        name,
        replicas: 1,
        ready: 0,
        updated: 0,
        problem: text,
      } as const;
      const view = modal({ action, initial: { fields, reason: text, channel: name }, current });
      expect(validateView(view)).toEqual([]);
      expect(shown(found(view, 'mrkdwn'))).not.toMatch(ALARM);
      expect(validateView(rejectModal({ requestId: 'r-1', revision: 1, headline: text }))).toEqual([]);
      expect(validateOptions({ options: options([{ value: name, text: name }]) })).toEqual([]);
    }),
  );
});

test('selects offer at most a hundred, each once', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => ({ value: `v${index % 5000}`, text: `t${index}` }));
  const offered = options(many);
  expect(validateOptions({ options: offered })).toEqual([]);
  expect(new Set(offered.map(({ value }) => value)).size).toBe(100);
});

test('an option tells workloads and pods of one name apart', () => {
  const summary = { uid: 'u1', namespace: 'prod', name: 'nginx', containers: [], createdAt: NOW };
  const workload = { ...summary, replicas: 3, ready: 2, updated: 3, available: 2, observed: true, owned: false };
  expect(workloadChoice({ ...workload, kind: 'Deployment', problem: undefined })).toEqual({
    value: 'u1',
    text: 'nginx',
    description: 'Deployment in prod, 2 of 3 ready',
  });
  const pod = { ...summary, status: 'Running', ready: 1, total: 1, isReady: true, restarts: 0, restartedAt: undefined };
  expect(podChoice({ ...pod, node: undefined, owner: undefined })).toMatchObject({ description: 'Running, prod' });
});
