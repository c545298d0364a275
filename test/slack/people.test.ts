import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../src/errors.ts';
import { createWorkspace, type Workspace } from '../../src/slack/workspace.ts';
import { createLocalSlack, type LocalSlack } from '../support/slack/local-slack.ts';

/** People are asked about at once, or not at all. */
const unhurried = { admit: async () => 0, limited: async () => undefined };

let slack: LocalSlack;
let workspace: Workspace;
let now = 0;
beforeAll(async () => {
  slack = await createLocalSlack();
});
afterAll(() => slack.close());
beforeEach(async () => {
  const { botToken, apiUrl } = slack;
  workspace = createWorkspace({ pace: unhurried, botToken, apiUrl, log: pino({ level: 'silent' }), now: () => now });
  await workspace.signIn();
});
const calls = (method: string) => slack.calls(method).length;

describe('what somebody is called', () => {
  it('is what Slack shows of them', async () => {
    expect(await workspace.people.nameOf('UALICE')).toBe('alice');
  });

  it('is left open where Slack does not say: a list must not fail for it', async () => {
    expect(await workspace.people.nameOf('UNOBODY')).toBeUndefined();
    slack.fault({ kind: 'error500', method: 'users.info' });
    expect(await workspace.people.nameOf('UCAROL')).toBeUndefined();
    expect(await workspace.people.nameOf('UCAROL')).toBe('carol');
  });
});

describe('who somebody is, for the record', () => {
  it('is their name, and their address only where the workspace lets opsbot read it', async () => {
    expect(await workspace.people.whoIs('UALICE')).toEqual({ name: 'alice' });
    const open = await createLocalSlack({ extraScopes: ['users:read.email'] });
    const { botToken, apiUrl } = open;
    const other = createWorkspace({
      pace: unhurried,
      botToken,
      apiUrl,
      log: pino({ level: 'silent' }),
      now: () => now,
    });
    await other.signIn();
    expect(await other.people.whoIs('UALICE')).toEqual({ name: 'alice', email: 'alice@example.com' });
    await open.close();
  });

  it('costs no call where their standing was asked before, and keeps nobody waiting', async () => {
    await workspace.people.standing('UALICE');
    const before = calls('users.info');
    await workspace.people.whoIs('UALICE');
    expect(calls('users.info')).toBe(before);
    slack.fault({ kind: 'hang', method: 'users.info' });
    const since = performance.now();
    expect(await workspace.people.whoIs('UCAROL')).toEqual({});
    expect(performance.now() - since).toBeLessThan(1_000);
  });

  it('is left out where Slack does not say', async () => {
    slack.fault({ kind: 'error500', method: 'users.info' });
    expect(await workspace.people.whoIs('UBOB')).toEqual({});
    expect(await workspace.people.whoIs('UNOBODY')).toEqual({});
  });
});

describe('standing', () => {
  it.each([
    ['UALICE', 'member'],
    ['UGUEST', 'guest'],
    ['UULTRA', 'guest'],
    ['USTRANGE', 'stranger'],
    ['UGONE', 'deactivated'],
    ['UALERTS', 'bot'],
    ['UNOBODY', 'stranger'],
  ])('%s is a %s', async (user, standing) => {
    expect(await workspace.people.standing(user)).toBe(standing);
  });

  it('is asked once for many votes at one moment, and again after a minute', async () => {
    const before = calls('users.info');
    await Promise.all(Array.from({ length: 50 }, () => workspace.people.standing('UBOB')));
    await workspace.people.standing('UBOB');
    expect(calls('users.info')).toBe(before + 1);
    now += 60_001;
    await workspace.people.standing('UBOB');
    expect(calls('users.info')).toBe(before + 2);
  });

  it.each(['error500', 'hang', 'lose-answer'] as const)(
    'is never “member” where Slack answers with “%s”',
    async (kind) => {
      slack.fault({ kind, method: 'users.info' });
      await expect(workspace.people.standing('UBOB')).rejects.toBeInstanceOf(UnavailableError);
      // A failure is not remembered.
      expect(await workspace.people.standing('UBOB')).toBe('member');
    },
  );

  it('is unavailable, not refused, where a scope is missing', async () => {
    slack.fault({ kind: 'error', error: 'missing_scope', method: 'users.info' });
    await expect(workspace.people.standing('UBOB')).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('missing_scope'),
    });
  });
});

describe('membership', () => {
  it('reads all pages of a channel', async () => {
    const many = Array.from({ length: 2_300 }, (_, i) => `UM${i}`);
    slack.addChannel('CMANY', 'many', ['UOPSBOT', ...many]);
    expect(await workspace.people.isInChannel('UM2299', 'CMANY')).toBe(true);
    expect(await workspace.people.isInChannel('UALICE', 'CMANY')).toBe(false);
  });

  it('believes at once that somebody has joined, and soon that somebody has left', async () => {
    const { members } = slack.addChannel('CJOIN', 'join', ['UOPSBOT', 'UALICE']);
    expect(await workspace.people.isInChannel('UBOB', 'CJOIN')).toBe(false);
    members.add('UBOB');
    expect(await workspace.people.isInChannel('UBOB', 'CJOIN')).toBe(true);
    members.delete('UBOB');
    now += 5_001;
    expect(await workspace.people.isInChannel('UBOB', 'CJOIN')).toBe(false);
  });

  it('is “no” for a channel that opsbot cannot see', async () => {
    expect(await workspace.people.isInChannel('UALICE', 'GNOBOT')).toBe(false);
  });

  it('knows groups by id and by handle', async () => {
    const { people } = workspace;
    expect(await people.isInGroup('UBOB', 'SSRE')).toBe(true);
    expect(await people.isInGroup('UBOB', '@sre')).toBe(true);
    expect(await people.isInGroup('UALICE', '@sre')).toBe(false);
    expect(await people.isInGroup('UBOB', '@nobody')).toBe(false);
    expect(await people.isInGroup('UBOB', 'SGONE')).toBe(false);
  });
});
