const MASK = '•••';

/** Below this, in characters, a secret is a part of too many innocent words to be looked for. */
const SHORTEST = 4;

/** What credentials look like that are in no variable: the cluster's token, Slack's tickets; group 1 stays. */
const SHAPES: readonly RegExp[] = [
  /\b(bearer\s+)[\w.~+/=-]{8,}/gi,
  /()\beyJ[\w-]{16,}(?:\.[\w-]*){0,4}/g,
  /()\b(?:xox[a-z](?:\.xox[a-z])?|xapp)-[A-Za-z0-9-]{8,}/g,
  /([?&]ticket=)[^&\s"\\]+/gi,
  /(:\/\/[^\s:/?#@"]{0,256}:)[^\s/"@]{1,512}(?=@)/g,
];

/**
 * Takes these secrets out of a text, and whatever looks like a credential: as they are, as JSON and addresses write them,
 * and in base64, also in the middle of something longer.
 */
export function createSecretMask(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(secrets.filter((secret) => secret.length >= SHORTEST).flatMap(formsOf));
  // The longest first: a form may begin with another one.
  const words = [...forms].sort((a, b) => b.length - a.length).map(escaped);
  const known = words.length > 0 ? [new RegExp(`()(?:${words.join('|')})`, 'g')] : [];
  const rules = [...known, ...SHAPES];
  return (text) => rules.reduce((masked, rule) => masked.replace(rule, `$1${MASK}`), text);
}

function formsOf(secret: string): string[] {
  const inAddress = encodeURIComponent(secret);
  const written = [secret, JSON.stringify(secret).slice(1, -1), inAddress, inAddress.replaceAll('%20', '+')];
  const base64 = [0, 1, 2].map((offset) => base64Within(secret, offset)).filter((form) => form.length >= SHORTEST);
  return [...written, ...base64.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')])];
}

/** The characters of base64 that only the secret decides, where it begins `offset` bytes after a multiple of three. */
function base64Within(secret: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const text = bytes.toString('base64').replace(/=+$/, '');
  return text.slice(offset === 0 ? 0 : offset + 1, bytes.length % 3 === 0 ? undefined : -1);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
