import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeIncident,
  decodeRequest,
  decodeSilence,
  decodeSilenced,
  decodeTarget,
  encodeRequest,
  encodeSilence,
  encodeSilenced,
  encodeTarget,
  homeActId,
  homeNewId,
  incidentActId,
  messageShortcutId,
  nameIn,
  parseJson,
  shortcutId,
} from '../../views/ids.ts';
import { nastyName } from './nasty.ts';

test('what a request’s button carries comes back', () => {
  const key = { requestId: 'r-7f_3', revision: 12 };
  expect(decodeRequest(encodeRequest(key))).toEqual(key);
});

test('what a target’s button carries comes back and fits into a button', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 63 }), nastyName, (namespace, name) => {
      const target = { kind: 'StatefulSet', namespace, name, uid: '3f0c9d7e-6a47-4f5e-9d5f-6a1b2c3d4e5f' };
      const value = encodeTarget(target);
      expect(value.length).toBeLessThanOrEqual(2000);
      expect(decodeTarget(value)).toEqual(target);
    }),
  );
});

test('what a silence carries comes back and fits', () => {
  const key = { id: 'i-k7m2q', ms: 28_800_000 };
  expect(decodeSilence(encodeSilence(key))).toEqual(key);
  expect(encodeSilence({ id: 'i'.repeat(40), ms: key.ms }).length).toBeLessThanOrEqual(150);
  fc.assert(
    fc.property(fc.string({ maxLength: 63 }), nastyName, (namespace, name) => {
      const silenced = { cluster: 'east', kind: 'Deployment', namespace, name };
      const value = encodeSilenced(silenced);
      expect(value.length).toBeLessThanOrEqual(2000);
      expect(decodeSilenced(value)).toEqual(silenced);
    }),
  );
});

test('garbage decodes to undefined', () => {
  for (const value of [
    undefined,
    null,
    1,
    '',
    '.',
    'r-1',
    'r-1.',
    'r-1.x',
    'r 1.1',
    'r-1.1.1',
    `r-1.${'9'.repeat(99)}`,
  ]) {
    expect(decodeRequest(value)).toBeUndefined();
  }
  for (const value of [undefined, '', '{}', '[]', '[1,2,3,4]', '["a","b","c"]', '["a","b","c","d","e"]', '[']) {
    expect(decodeTarget(value)).toBeUndefined();
    expect(decodeSilenced(value)).toBeUndefined();
    expect(decodeSilence(value)).toBeUndefined();
  }
  for (const value of [undefined, 1, '', 'i 1', 'i-1\n', `i-${'1'.repeat(40)}`]) {
    expect(decodeIncident(value)).toBeUndefined();
  }
  fc.assert(
    fc.property(fc.anything(), (value) => {
      decodeRequest(value);
      decodeTarget(value);
      decodeIncident(value);
      decodeSilence(value);
      decodeSilenced(value);
      parseJson(value);
    }),
  );
});

test('an id names its action, and only an id of that kind does', () => {
  expect(nameIn('shortcut', shortcutId('scale'))).toBe('scale');
  expect(nameIn('messageShortcut', messageShortcutId('logs'))).toBe('logs');
  expect(nameIn('homeAct', homeActId('restart'))).toBe('restart');
  expect(nameIn('incidentAct', incidentActId('restart'))).toBe('restart');
  expect(nameIn('homeNew', homeNewId('restart'))).toBe('restart');
  expect(nameIn('homeNew', homeActId('restart'))).toBeUndefined();
  expect(nameIn('shortcut', messageShortcutId('scale'))).toBeUndefined();
});
