import { describe, expect, test } from 'vitest';
import { voteWord } from '../../src/slack/command-vote.ts';

describe('a vote is the whole message', () => {
  test.each([
    ['approve', { kind: 'approve' }],
    ['Confirm!', { kind: 'approve' }],
    ['  `approve` ', { kind: 'approve' }],
    ['*Approve*', { kind: 'approve' }],
    ['approve r-7f3', { kind: 'approve', id: 'r-7f3' }],
    ['✅', { kind: 'approve' }],
    [':white_check_mark:', { kind: 'approve' }],
    ['reject', { kind: 'reject' }],
    ['Reject, it is Friday', { kind: 'reject', why: 'it is Friday' }],
    ['reject r-7f3 too late', { kind: 'reject', id: 'r-7f3', why: 'too late' }],
    ['❌', { kind: 'reject' }],
  ])('%j', (text, vote) => {
    expect(voteWord(text)).toEqual(vote);
  });
});

describe('talk is no vote', () => {
  test.each([
    'approve of this in general',
    'I approve',
    'approved',
    'approve please',
    'approve?? really',
    'yes',
    'lgtm',
    'ok',
    'rejected',
    'do not reject',
    'confirming',
    '',
    '   ',
    '<@U2>',
    '<@U2> approve',
  ])('%j', (text) => {
    expect(voteWord(text)).toBeUndefined();
  });
});
