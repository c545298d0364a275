import { describe, expect, it } from 'vitest';
import { bestMatches } from '../../src/slack/best-matches.ts';
import { findMentioned, textOf } from '../../src/slack/mentioned.ts';
import { podOf, snapshotOf, workloadOf } from '../kubernetes/snapshot-of.ts';

const snapshot = snapshotOf({
  workloads: [
    workloadOf('api', { uid: 'api-prod' }),
    workloadOf('api', { uid: 'api-staging', namespace: 'staging' }),
    workloadOf('web'),
    workloadOf('prod', { uid: 'w-prod', namespace: 'staging' }),
  ],
  pods: [podOf('web-7d9f8-abcde', 'web'), podOf('lonely', undefined)],
});

describe('what a message names', () => {
  it.each([
    ['web is down', { workload: 'w-web', namespace: 'prod' }],
    ['*deploy/web* :fire:', { workload: 'w-web', namespace: 'prod' }],
    ['(prod/api)', { workload: 'api-prod', namespace: 'prod' }],
    ['api in staging keeps restarting', { workload: 'api-staging', namespace: 'staging' }],
    ['api is slow', { workload: undefined, namespace: undefined }],
    ['Pod WEB-7d9f8-abcde: CrashLoopBackOff', { workload: 'w-web', pod: 'p-web-7d9f8-abcde', namespace: 'prod' }],
    ['pod `lonely`', { workload: undefined, pod: 'p-lonely', namespace: 'prod' }],
    ['webserver, api-gateway, website', { workload: undefined, namespace: undefined }],
    ['', { workload: undefined, namespace: undefined }],
  ])('%s', (text, { workload, pod, namespace }: { workload?: string; pod?: string; namespace?: string }) => {
    const found = findMentioned(text, snapshot);
    expect({ workload: found.workload?.uid, pod: found.pod?.uid, namespace: found.namespace }).toEqual({
      workload,
      pod,
      namespace,
    });
  });

  it('is found in attachments and blocks, where alerts have their words', () => {
    const alert = {
      text: '',
      attachments: [{ title: 'FIRING', fields: [{ title: 'pod', value: 'web-7d9f8-abcde' }] }],
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'in *prod*' } }],
    };
    expect(findMentioned(textOf(alert), snapshot)).toMatchObject({ workload: { uid: 'w-web' }, namespace: 'prod' });
    expect(textOf(undefined)).toBe('');
    expect(textOf({ blocks: 'nonsense', attachments: [null, 7] })).toBe('');
  });
});

describe('a search', () => {
  const names = ['web', 'api', 'web-admin', 'my-web', 'api-web-old'];
  it.each([
    ['', ['api', 'api-web-old', 'my-web', 'web', 'web-admin']],
    ['web', ['web', 'web-admin', 'api-web-old', 'my-web']],
    ['WEB', ['web', 'web-admin', 'api-web-old', 'my-web']],
    ['old api', ['api-web-old']],
    ['nothing', []],
  ])('for “%s” puts what begins with it first', (typed, wanted) => {
    expect(bestMatches(names, typed, (name) => name, 10)).toEqual(wanted);
  });

  it('gives no more than it may', () => {
    expect(bestMatches(names, '', (name) => name, 2)).toEqual(['api', 'api-web-old']);
  });
});
