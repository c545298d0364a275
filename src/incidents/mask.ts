import { maskPrivateKeys } from './mask-private-keys.ts';

/**
 * Masks what looks like a secret in text that other programs wrote, so that it can be shown in Slack. The name of what
 * was hidden stays. Linear in the length of the text, whatever is in it: every rule begins at a literal, and what it has
 * read it either consumes or reads at most a bounded number of times. Better one word too many than a password shown.
 */
const MASK = '•••';

/** Fixed shapes that vendors give their tokens; group 1 stays. */
const SHAPES: readonly RegExp[] = [
  // AWS access key ids
  /(?<![A-Za-z0-9])()(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  // JSON web tokens, cut ones too: base64 of `{"`
  /(?<![A-Za-z0-9_-])()eyJ[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]*){0,4}/g,
  // Slack
  /()\bxox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{8,}/g,
  /()\bxapp-[A-Za-z0-9-]{8,}/g,
  /(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[A-Za-z0-9_/-]{8,}/g,
  // GitHub, GitLab
  /()\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /()\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /()\bgl(?:pat|ptt|dt|rt|cbt|ft|soat|agent)-[A-Za-z0-9_.-]{16,}/g,
  // Google
  /()\bAIza[A-Za-z0-9_-]{35}/g,
  /()\bya29\.[A-Za-z0-9_-]{20,}/g,
  /()\bGOCSPX-[A-Za-z0-9_-]{20,}/g,
  // npm, Stripe, OpenAI and others of that form, Vault, SendGrid, DigitalOcean
  /()\bnpm_[A-Za-z0-9]{30,}/g,
  /()\b[rs]k_(?:live|test)_[A-Za-z0-9]{10,}/g,
  /()\bwhsec_[A-Za-z0-9+/=]{16,}/g,
  /()\bsk-(?=[A-Za-z0-9_-]{0,100}\d)[A-Za-z0-9_-]{20,}/g,
  /()\bhv[sbr]\.[A-Za-z0-9_-]{20,}/g,
  /()\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/g,
  /()\bdo[opr]_v1_[a-f0-9]{32,}/g,
  // Bearer and basic credentials outside a header; a word of plain prose is no credential
  /\b(bearer[ \t]{1,8})(?=[A-Za-z0-9._~+/=-]{0,200}\d)[A-Za-z0-9._~+/=-]{12,}/gi,
  /\b([Bb]asic[ \t]{1,8})(?=[A-Za-z0-9+/]{0,200}(?:\d|=|[a-z][A-Z]))[A-Za-z0-9+/]{8,}={0,2}(?![A-Za-z0-9=])/g,
  // Signatures in the address of a signed download
  /([?&;](?:sig|signature|x-amz-signature|x-goog-signature)=)[^&\s"'<>]{8,}/gi,
];

/** `scheme://user:password@host`, whatever is in the password; and Go's `user:password@tcp(host)`. */
const URL_PASSWORD = /(:\/\/[^\s:/?#@"'<>]{0,256}:)[^\s/"'<>]{1,512}@/g;
const DSN_PASSWORD = /(:)[^\s@:/"'<>]{1,128}(?=@(?:tcp|unix)\()/g;

/** `Cookie: a=b; c=d`, to the end of the line. */
const COOKIE = /(\b(?:set-)?cookie["']?\s{0,8}:\s{0,8}["']?)(?=[\w.-]{1,64}=)[^"'\r\n]+/gi;

const SECRET_WORDS = [
  'pass(?:word|wd|phrase)',
  '(?:pwd|pswd)',
  'secret',
  'token',
  '(?:api|access|account|auth|encryption|master|private|secret|shared|shared[_-]?access|signing|storage)[_-]?key',
  'credentials?',
  'authorization',
  'api[_-]?secret',
].join('|');

/** Between a name and its value: `=`, `:`, `=>`, with or without quotes, also quotes that JSON has escaped. */
const SEPARATOR = String.raw`\\?["']?[ \t]{0,8}(?:=>|:=|[:=])[ \t]{0,8}`;
const SCHEME = String.raw`(?:(?:bearer|basic|digest|negotiate|token|apikey)[ \t]{1,8})?`;
const VALUE = [
  String.raw`\\"[^"\\\r\n]*`,
  String.raw`"[^"\\\r\n]*(?:\\.[^"\\\r\n]*){0,500}`,
  String.raw`'[^'\\\r\n]*(?:\\.[^'\\\r\n]*){0,500}`,
  String.raw`[^\s"'\\,;&<>()[\]{}]+`,
].join('|');
const NAMED = new RegExp(`(?<name>${SECRET_WORDS})(?<between>${SEPARATOR})(?<value>${SCHEME}(?:${VALUE}))`, 'gi');

/** `--password x`, `--api-key x`: the value is the next word. */
const FLAG = new RegExp(String.raw`(?<=--[\w-]{0,40})((?:${SECRET_WORDS})[ \t]{1,8})(?!-)[^\s"']+`, 'gi');

export function maskSecrets(text: string): string {
  return pieces(maskPrivateKeys(text, MASK)).map(maskPiece).join('');
}

function maskPiece(piece: string): string {
  let masked = piece.replace(NAMED, (whole, ...rest) => maskNamed(whole, rest.at(-1)));
  masked = masked.replace(FLAG, `$1${MASK}`).replace(COOKIE, `$1${MASK}`);
  masked = masked.replace(URL_PASSWORD, `$1${MASK}@`).replace(DSN_PASSWORD, `$1${MASK}`);
  return SHAPES.reduce((before, shape) => before.replace(shape, `$1${MASK}`), masked);
}

/** A single match of millions of characters overflows the regular expressions' stack; no rule looks beyond a line. */
const LONGEST_PIECE = 65_536;

/** Whole lines together; a longer line is cut at a space where it has one. */
function pieces(text: string): string[] {
  const found: string[] = [];
  let from = 0;
  while (text.length - from > LONGEST_PIECE) {
    const window = text.slice(from, from + LONGEST_PIECE);
    const cut = [window.lastIndexOf('\n'), window.lastIndexOf(' ')].find((at) => at > 0) ?? window.length - 1;
    found.push(window.slice(0, cut + 1));
    from += cut + 1;
  }
  return [...found, text.slice(from)];
}

/** Values that say that there is no secret here, or that somebody has hidden it already. */
const NO_SECRET =
  /^(?:null|nil|none|undefined|true|false|yes|no|empty|<[^>]*>|\$\{.*|\*+|•+|x{3,}|redacted|masked|\[.*)?$/i;

function maskNamed(whole: string, groups: { name: string; between: string; value: string }): string {
  const { name, between, value } = groups;
  const scheme = /^(?:bearer|basic|digest|negotiate|token|apikey)\s{1,8}/i.exec(value)?.[0] ?? '';
  const rest = value.slice(scheme.length);
  const quote = /^(?:\\"|["'])/.exec(rest)?.[0] ?? '';
  const inner = rest.slice(quote.length);
  if (NO_SECRET.test(inner) || (quote === '' && isProse(name, between, scheme, inner))) return whole;
  const keptScheme = quote === '' ? '' : (/^(?:bearer|basic|digest|negotiate)\s+/i.exec(inner)?.[0] ?? '');
  return `${name}${between}${scheme}${quote}${keptScheme}${MASK}`;
}

/**
 * `unexpected token: function`, `imagePullSecret: regcred`, `pwd=/srv`: words, not secrets. After `password:` no word
 * is let through but those that a message about a password begins with.
 */
function isProse(name: string, between: string, scheme: string, value: string): boolean {
  if (/^(?:pwd|pswd)$/i.test(name) && /^[./]/.test(value)) return true;
  if (scheme !== '' || !/:\s/.test(between)) return false;
  if (/^pass/i.test(name))
    return /^(?:is|was|must|not|cannot|should|required|invalid|incorrect|expired|mismatch)$/i.test(value);
  return /^(?:[a-z]{1,15}|[A-Z][a-z]{0,14})[.!]?$/.test(value) || /^[^A-Za-z0-9]{1,3}$/.test(value);
}
