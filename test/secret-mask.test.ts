import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSecretMask } from '../src/secret-mask.ts';

const SECRET = 'p@ss w/"rd+1';

test.each([
  ['as it is', SECRET],
  ['in JSON', JSON.stringify({ password: SECRET })],
  ['in an address', `redis://:${encodeURIComponent(SECRET)}@redis`],
  ['in a form', new URLSearchParams({ token: SECRET }).toString()],
  ['in base64', Buffer.from(SECRET).toString('base64')],
  ['in base64 for addresses', Buffer.from(SECRET).toString('base64url')],
])('a secret %s is not written', (_, text) => {
  const masked = createSecretMask([SECRET])(`before ${text} after`);
  expect(masked).toContain('•••');
  expect(masked.startsWith('before ')).toBe(true);
  expect(masked.endsWith(' after')).toBe(true);
  for (const part of [text, 'p@ss', encodeURIComponent('w/"rd+1'), Buffer.from('ss w/"').toString('base64')]) {
    expect(masked).not.toContain(part);
  }
});

test('no more than the edges are left of a secret within something that is written in base64', () => {
  const secret = fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme-ascii' });
  fc.assert(
    fc.property(secret, fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), (hidden, before, after) => {
      const masked = createSecretMask([hidden])(Buffer.from(before + hidden + after).toString('base64'));
      expect(masked).toContain('•••');
      expect(Buffer.from(masked.replaceAll('•••', ''), 'base64').length).toBeLessThan(
        Buffer.from(before + after).length + 5,
      );
    }),
    { seed: 5, numRuns: 200 },
  );
});

test.each([
  ['the cluster’s token', 'authorization: Bearer eyJhbGciOiJSUzI1NiJ9.payload.signature', 'payload'],
  ['another Slack token', 'invalid: xoxb-123456789-abcdefgh', 'abcdefgh'],
  ['a ticket of Socket Mode', 'wss://wss-primary.slack.com/link/?ticket=0a1b2c3d&app_id=A1', '0a1b2c3d'],
  ['a password in an address', 'connect redis://user:hunter2@redis:6379', 'hunter2'],
])('%s is known by its look', (_, text, secret) => {
  expect(createSecretMask([])(text)).not.toContain(secret);
});

test('a line without secrets stays as it is', () => {
  const line =
    '{"level":30,"time":1790000000000,"msg":"opsbot is running","user":"UALICE","url":"http://127.0.0.1:8080"}';
  expect(createSecretMask([SECRET, 'a', ''])(line)).toBe(line);
});
