import { describe, expect, it } from 'vitest';
import type { PolicyRule } from '../../src/config.ts';
import { loadConfig } from '../../src/config.ts';
import { approvalRefusal, requirementOf, type Subject, votesMissing } from '../../src/requests/policy.ts';
import type { Requirement, Vote } from '../../src/requests/request.ts';
import { T0 } from './sample.ts';

/** The example of the design, read as an operator's file is. */
const FILE = `
policy:
  - match: { action: [logs, pods], namespace: "*" }
    allow: true
  - match: { action: [scale, restart], namespace: "prod-*" }
    approvals: 2
    approvers: [ "@sre", U0123456789 ]
    reason: required
    expires: 30m
  - match: { namespace: "dev-*" }
    confirm: true
  - match: { namespace: kube-system }
    deny: "Not from Slack."
  - match: { action: "*" }
    approvals: 1
`;
const rules: readonly PolicyRule[] = loadConfig(
  {
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
    REDIS_URL: 'redis://localhost:6379',
    KUBECONFIG: '/kubeconfig',
    OPSBOT_CONFIG: '/file.yaml',
  },
  { readFile: () => FILE },
).policy;

const subject = (changes: Partial<Subject>): Subject => ({
  action: 'scale',
  effect: 'change',
  cluster: 'default',
  namespace: 'default',
  workload: 'nginx',
  requester: 'UALICE',
  ...changes,
});

describe('requirementOf', () => {
  it.each([
    [
      { action: 'logs', effect: 'read' },
      { mode: 'allow', rule: 'policy rule 1' },
    ],
    [{ namespace: 'prod-eu' }, { mode: 'approve', approvals: 2, reasonRequired: true, expiresMs: 30 * 60_000 }],
    [{ namespace: 'dev-1' }, { mode: 'confirm', rule: 'policy rule 3' }],
    [{ namespace: 'kube-system' }, { mode: 'deny', reason: 'Not from Slack.' }],
    [{ namespace: 'prod' }, { mode: 'approve', approvals: 1, approvers: [] }],
  ] as const)('%o → %o', (changes, expected) => {
    expect(requirementOf(rules, subject(changes))).toMatchObject(expected);
  });

  it('without rules allows reading and wants one approval for a change', () => {
    expect(requirementOf([], subject({ effect: 'read' })).mode).toBe('allow');
    expect(requirementOf([], subject({}))).toMatchObject({ mode: 'approve', approvals: 1, reasonRequired: false });
  });
});

describe('votes', () => {
  const approve: Requirement = {
    mode: 'approve',
    rule: 'r',
    approvals: 2,
    approvers: [],
    expiresMs: 1,
    reasonRequired: false,
  };
  const vote = (user: string): Vote => ({ user, verdict: 'approve', revision: 1, gesture: 'button', at: T0 });
  const member = { standing: 'member', isInChannel: true, isNamed: false } as const;
  const alice = { requester: 'UALICE' };

  it('counts distinct people', () => {
    expect(votesMissing(approve, [vote('U1'), vote('U1')])).toBe(1);
    expect(votesMissing(approve, [vote('U1'), vote('U2')])).toBe(0);
  });

  it('takes another full member of the channel, and nobody else', () => {
    expect(approvalRefusal(alice, approve, 'UBOB', member)).toBeUndefined();
    expect(approvalRefusal(alice, approve, 'UALICE', member)).toContain('somebody else');
    expect(approvalRefusal(alice, approve, 'UBOB', { ...member, isInChannel: false })).toContain('channel');
    expect(approvalRefusal(alice, approve, 'UBOB', { ...member, standing: 'guest' })).toContain('Guests');
    expect(approvalRefusal(alice, approve, 'UBOB', { ...member, standing: 'stranger' })).toContain('another workspace');
  });

  it('takes only those whom policy names, in the channel or not', () => {
    const named: Requirement = { ...approve, approvers: ['@sre'] };
    expect(approvalRefusal(alice, named, 'UBOB', member)).toContain('not among the approvers');
    expect(approvalRefusal(alice, named, 'UBOB', { ...member, isInChannel: false, isNamed: true })).toBeUndefined();
  });

  it('lets only the requester confirm', () => {
    const confirm: Requirement = { mode: 'confirm', rule: 'r', expiresMs: 1, reasonRequired: false };
    expect(approvalRefusal(alice, confirm, 'UALICE', member)).toBeUndefined();
    expect(approvalRefusal(alice, confirm, 'UBOB', member)).toContain('confirms');
    expect(votesMissing(confirm, [vote('UALICE')])).toBe(0);
  });
});
