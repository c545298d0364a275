import fc from 'fast-check';

const EVIL = [
  '<!channel>',
  '<@UEVIL>',
  '@here',
  '```',
  '`',
  '&',
  '&amp;',
  '<http://x|y>',
  '\n\n\n',
  '\u202e',
  '\ud800',
  '👩‍👩‍👧',
  'ﷺ',
  '*',
  '>',
];

/** Text as the worst cluster, person or pod would write it. */
export const nasty = (maxLength = 400): fc.Arbitrary<string> =>
  fc.oneof(
    fc
      .array(fc.oneof(fc.constantFrom(...EVIL), fc.string({ unit: 'grapheme', maxLength: 20 })), { maxLength: 60 })
      .map((parts) => parts.join('').slice(0, maxLength)),
    fc.constantFrom(
      'a'.repeat(maxLength),
      '&'.repeat(maxLength),
      '\n'.repeat(maxLength),
      '😀'.repeat(maxLength / 2),
      '',
    ),
  );

/** A name as long as Kubernetes lets it be, of characters that it would never allow. */
export const nastyName = fc.oneof(nasty(253), fc.constant('n'.repeat(253)));
