import { WebAPIPlatformError } from '@slack/web-api';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { UnavailableError } from '../src/errors.ts';
import { capture, type Printer, plainError } from '../src/log.ts';
import { createSecretMask } from '../src/secret-mask.ts';

const plain = (text: string) => text;

test('of an error the log has what an operator needs, and nothing of the call that failed', () => {
  const refused = Object.assign(new Error('WRONGPASS'), { command: { name: 'auth', args: ['hunter2'] } });
  const shown = plainError(new UnavailableError('Redis does not answer.', { cause: refused }), plain);
  expect(shown).toMatchObject({ type: 'UnavailableError', message: 'Redis does not answer.: WRONGPASS' });
  expect(Object.keys(shown)).toEqual(['type', 'message', 'stack']);
  expect(Object.keys(plainError(refused, plain))).toEqual(['type', 'message', 'stack']);

  const said = {
    ok: false,
    error: 'missing_scope',
    needed: 'users:read',
    response_metadata: { messages: ['[ERROR] must be a string [json-pointer:/channel]'] },
    channel: 'what was asked',
  };
  const slacks = new WebAPIPlatformError(said);
  expect(plainError(slacks, plain)).toEqual({
    type: 'WebAPIPlatformError',
    message: 'An API error occurred: missing_scope',
    code: 'slack_webapi_platform_error',
    needed: 'users:read',
    messages: ['[ERROR] must be a string [json-pointer:/channel]'],
    stack: expect.any(String),
  });

  const page = plainError(new Error('<html>'.repeat(10_000)), plain);
  expect(JSON.stringify(page).length).toBeLessThan(10_000);
  expect(plainError('thrown', plain)).toEqual({ type: 'string', message: 'thrown' });
});

test('what a library prints is a line of the log, without the call that failed', () => {
  const lines: string[] = [];
  const logger = pino(
    { serializers: { err: (thrown) => plainError(thrown, plain) } },
    { write: (line) => void lines.push(line) },
  );
  const printer: Printer = { debug() {}, error() {}, info() {}, log() {}, warn() {} };
  capture(printer, logger, plain);
  printer.error(Object.assign(new Error('WRONGPASS'), { command: { args: ['hunter2'] } }));
  printer.warn('deprecated: %s', 'this');
  printer.log('x'.repeat(10_000));
  const [failed, warned, long] = lines.map((line) => JSON.parse(line));
  expect(failed).toMatchObject({ level: 40, msg: 'printed by a library', err: { message: 'WRONGPASS' } });
  expect(lines.join('')).not.toContain('hunter2');
  expect(warned).toMatchObject({ level: 40, msg: 'deprecated: this' });
  expect(long.msg).toHaveLength(2_000);
});

test('a secret at the place where a long message is cut is not half of it left', () => {
  const mask = createSecretMask(['hunter2-hunter2']);
  const long = `${'x'.repeat(1_990)} hunter2-hunter2`;
  for (const shown of [plainError(new Error(long), mask), plainError(long, mask)]) {
    expect(JSON.stringify(shown).includes('hunter')).toBe(false);
  }
  const lines: string[] = [];
  const printer: Printer = { debug() {}, error() {}, info() {}, log() {}, warn() {} };
  capture(printer, pino({}, { write: (line) => void lines.push(line) }), mask);
  printer.log(long);
  expect(lines.join('').includes('hunter')).toBe(false);
});
