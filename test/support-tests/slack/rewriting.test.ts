import { expect, test } from 'vitest';
import { type Names, rewriteTyped, richTextOf } from '../../support/slack/rewriting.ts';

const names: Names = {
  user: (name) => ({ opsbot: 'UOPSBOT' })[name],
  channel: (name) => ({ ops: 'COPS' })[name],
  usergroup: (name) => ({ sre: 'SSRE' })[name],
};

test.each([
  ['scale nginx 3', 'scale nginx 3'],
  ['a < b && c > d', 'a &lt; b &amp;&amp; c &gt; d'],
  ['restart api.example.com now', 'restart <http://api.example.com|api.example.com> now'],
  ['logs web.prod', 'logs <http://web.prod|web.prod>'],
  ['see https://example.com/a?b=1&c=2.', 'see <https://example.com/a?b=1&amp;c=2>.'],
  ['ask me@example.com', 'ask <mailto:me@example.com|me@example.com>'],
  ['@opsbot pods', '<@UOPSBOT> pods'],
  ['<@UOPSBOT> pods', '<@UOPSBOT> pods'],
  ['@sre look at #ops', '<!subteam^SSRE|@sre> look at <#COPS|ops>'],
  ['@channel fire', '<!channel> fire'],
  ['@nobody there', '@nobody there'],
  ['`api.example.com & co`', '`api.example.com &amp; co`'],
  ['version 1.2.3 and v1.20', 'version 1.2.3 and v1.20'],
])('%s', (typed, sent) => {
  expect(rewriteTyped(typed, names)).toBe(sent);
});

test('typographic quotes and dashes where the keyboard makes them', () => {
  expect(rewriteTyped(`restart api --reason "it's stuck"`, names, { smartQuotes: true })).toBe(
    'restart api —reason “it’s stuck”',
  );
});

test('the composer’s rich text has a person, an emoji that Slack knows, and the rest as it is', () => {
  const [block] = richTextOf('<@UOPSBOT> well done :tada: but not :nothing:, a:b:c &lt;3', 'b1');
  expect(block?.elements?.[0]?.elements).toEqual([
    { type: 'user', user_id: 'UOPSBOT' },
    { type: 'text', text: ' well done ' },
    { type: 'emoji', name: 'tada' },
    { type: 'text', text: ' but not ' },
    { type: 'text', text: ':nothing:' },
    { type: 'text', text: ', a:b:c <3' },
  ]);
});
