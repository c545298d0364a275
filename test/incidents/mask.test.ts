import { describe, expect, test } from 'vitest';
import { maskSecrets } from '../../src/incidents/mask.ts';

/** Built at run time, so that no scanner takes a sample for a leak. */
const join = (...parts: string[]) => parts.join('');
const JWT = join(
  'eyJ',
  'hbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9',
  '.',
  'eyJzdWIiOiIxMjM0NTY3ODkwIn0',
  '.',
  'dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P',
);
const KEY_LINE = 'MIIEpAIBAAKCAQEA7bq3ZK8mQ0vXc2u1pWn5sJ4dT6yRfHgLkBvNmQwErTyUiOp1';
const BEGIN = join('-----BEGIN RSA ', 'PRIVATE KEY-----');
const END = join('-----END RSA ', 'PRIVATE KEY-----');

describe('masks', () => {
  test.each([
    ['password=hunter2 next', 'password=••• next'],
    ['DB_PASSWORD=hunter2', 'DB_PASSWORD=•••'],
    ['dbPassword: hunter2', 'dbPassword: •••'],
    ['"password": "hun\\"ter2", "a": 1', '"password": "•••", "a": 1'],
    ["password='two words' ok", "password='•••' ok"],
    ['{\\"password\\":\\"hunter2\\",\\"a\\":1}', '{\\"password\\":\\"•••\\",\\"a\\":1}'],
    ['passwd => s3cr3t', 'passwd => •••'],
    ['Server=db;User Id=sa;Password=Pa55;Pooling=true', 'Server=db;User Id=sa;Password=•••;Pooling=true'],
    ['AccountName=a;AccountKey=abc123==;Suffix=x', 'AccountName=a;AccountKey=•••;Suffix=x'],
    ['token: 9f8e7d6c', 'token: •••'],
    ['access_token=abc&state=1', 'access_token=•••&state=1'],
    ['client_secret=abc', 'client_secret=•••'],
    ['X-Api-Key: 12ab34', 'X-Api-Key: •••'],
    ['apikey=12ab34', 'apikey=•••'],
    ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY', 'aws_secret_access_key = •••'],
    [`id ${join('AKIA', 'IOSFODNN7EXAMPLE')} used`, 'id ••• used'],
    ['mysql --password hunter2 -h db', 'mysql --password ••• -h db'],
    ['cli --api-key=abc123', 'cli --api-key=•••'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer •••'],
    ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic •••'],
    ['{"authorization":"Bearer abc"}', '{"authorization":"Bearer •••"}'],
    ['sent Bearer 0a1b2c3d4e5f6g7h', 'sent Bearer •••'],
    ['got Basic dXNlcjpwYXNzd29yZA== from', 'got Basic ••• from'],
    [`jwt ${JWT} end`, 'jwt ••• end'],
    [JWT.slice(0, 40), '•••'],
    ['Cookie: sid=abc; theme=dark', 'Cookie: •••'],
    ['postgres://app:p@ss@db:5432/x', 'postgres://app:•••@db:5432/x'],
    ['redis://:hunter2@cache:6379', 'redis://:•••@cache:6379'],
    ['dsn app:hunter2@tcp(db:3306)/x', 'dsn app:•••@tcp(db:3306)/x'],
    [`slack ${join('xoxb', '-123456789012-abcdefABCDEF')}`, 'slack •••'],
    [`slack ${join('xapp', '-1-A012-345-abcdef')}`, 'slack •••'],
    ['https://hooks.slack.com/services/T000/B000/abcdefgh', 'https://hooks.slack.com/services/•••'],
    [`gh ${join('ghp', '_abcdefghijklmnopqrstuvwxyz0123456789')}`, 'gh •••'],
    [`gh ${join('github', '_pat_11ABCDEFG0abcdefghijkl_mnop')}`, 'gh •••'],
    [`gl ${join('glpat', '-abcdefghijklmnop1234')}`, 'gl •••'],
    [`google ${join('AIza', 'SyA1234567890abcdefghijklmnopqrstuv')}`, 'google •••'],
    ['https://b.example/x?sv=1&sig=abcdefghijk%3D&se=2', 'https://b.example/x?sv=1&sig=•••&se=2'],
  ])('%s', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
  });

  test('a private key, whole', () => {
    expect(maskSecrets(`a\n${BEGIN}\n${KEY_LINE}\n${KEY_LINE}\n${END}\nb`)).toBe(`a\n${BEGIN}•••${END}\nb`);
  });

  test('a private key in JSON', () => {
    expect(maskSecrets(`{"k":"${BEGIN}\\n${KEY_LINE}\\n${END}\\n"}`)).toBe(`{"k":"${BEGIN}•••${END}\\n"}`);
  });

  test('a private key that the end of the log cuts, and nothing behind it', () => {
    expect(maskSecrets(`${BEGIN}\n${KEY_LINE}\n${KEY_LINE}\nserver started`)).toBe(`${BEGIN}•••\nserver started`);
  });

  test('a private key that the beginning of the log cuts', () => {
    expect(maskSecrets(`${KEY_LINE}\n${KEY_LINE}\n${END}\nok`)).toBe(`•••${END}\nok`);
  });

  test('several keys, each apart', () => {
    const key = `${BEGIN}\n${KEY_LINE}\n${END}`;
    expect(maskSecrets(`${key} plain ${key}`)).toBe(`${BEGIN}•••${END} plain ${BEGIN}•••${END}`);
  });
});

describe('leaves alone', () => {
  test.each([
    'tokens=1234 processed',
    'max_tokens: 4096',
    'id 123e4567-e89b-12d3-a456-426614174000',
    'image nginx@sha256:9b2f0c1e8d7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c',
    'GET /healthz 200 12ms',
    'Unexpected token: function',
    'SyntaxError: Unexpected token: }',
    'password: required',
    'imagePullSecret: regcred',
    'pwd=/srv/app',
    'MountVolume.SetUp failed for volume "tls" : secret "web-tls" not found',
    'secretName: web-tls',
    'password=<redacted> token=null secret=***',
    'basic authentication is switched on',
    'bearer authentication-required',
    'WWW-Authenticate: Basic realm="x"',
    'https://example.com:8443/path?x=1',
    'at app.js:10:20 user@example.com',
    'task-1234567890-abcdefghijklmnop done',
    'cookie: not found',
    'secret:\n  name: web-tls',
    '2026-11-22T14:00:00Z level=info msg="ready"',
  ])('%s', (text) => {
    expect(maskSecrets(text)).toBe(text);
  });

  test('what lies between long lines, and a secret after them', () => {
    const filler = `${'x'.repeat(70_000)} ${'y '.repeat(50_000)}\n`;
    expect(maskSecrets(`${filler}password=abc\n${filler}`)).toBe(`${filler}password=•••\n${filler}`);
  });

  test('what is masked already', () => {
    const once = maskSecrets('password=abc Authorization: Bearer x1 postgres://u:p@h/d');
    expect(maskSecrets(once)).toBe(once);
  });
});

describe('long text takes time in proportion to its length', () => {
  const shapes: [string, string][] = [
    ['one word', 'a'],
    ['quotes that never close', 'password="'],
    ['escaped quotes', 'password=\\"x'],
    ['cut tokens', 'eyJ'],
    ['beginnings of keys', `${BEGIN}\n`],
    ['ends of keys', `${END}\n`],
    ['lines of base64', `${KEY_LINE}\n`],
    ['words before the ends of keys', `${'a '.repeat(16_000)}!${END}`],
    ['dashes', '-'],
    ['addresses', '://a:'],
    ['bearer', 'bearer '],
    ['colons and spaces', 'token :  '],
    ['backslashes', 'secret="\\\\'],
    ['slack', 'xoxb-'],
  ];

  test.each(shapes)('%s', (_, piece) => {
    const text = piece.repeat(Math.ceil((piece === 'a' ? 10_000_000 : 3_000_000) / piece.length));
    const start = process.cpuUsage();
    const masked = maskSecrets(text);
    const { user, system } = process.cpuUsage(start);
    expect(masked.length).toBeGreaterThan(0);
    // Quadratic work on megabytes would take hours; the bound is loose because machines are shared.
    expect((user + system) / 1e6).toBeLessThan(8);
  });
});
