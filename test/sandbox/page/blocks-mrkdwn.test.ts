import { describe, expect, it } from 'vitest';
import { code, codeBlock, escaped, quoted, when } from '../../../views/text.ts';
import { parseMrkdwn } from './app/blocks/text/parse-mrkdwn.ts';

/** The elements of a text that is one paragraph. */
function inline(mrkdwn: string) {
  const [section, ...more] = parseMrkdwn(mrkdwn);
  expect(section?.type).toBe('rich_text_section');
  expect(more).toEqual([]);
  return section?.elements;
}

const text = (words: string, style = {}) => ({ type: 'text', text: words, style });

describe('mrkdwn as rich text', () => {
  it('has three signs for formatting, and code', () => {
    expect(inline('*Now:* _soon_, ~gone~ `web`')).toEqual([
      text('Now:', { bold: true }),
      text(' '),
      text('soon', { italic: true }),
      text(', '),
      text('gone', { strike: true }),
      text(' '),
      text('web', { code: true }),
    ]);
  });

  it('formats what stands in bold text as well', () => {
    expect(inline('*Restart `web*1` of <@UALICE>*')).toEqual([
      text('Restart ', { bold: true }),
      text('web*1', { bold: true, code: true }),
      text(' of ', { bold: true }),
      { type: 'user', user_id: 'UALICE', style: { bold: true } },
    ]);
  });

  it.each([
    'snake_case_name',
    '2*3*4',
    'from ~1.2 to ~ 3',
    '* a star',
    '*over\ntwo lines*',
    '# no heading',
    '1. one\n2. two',
    '- - -',
    '| a | b |',
    '2026-11-22T22:00:45Z',
    'a  b\n      indented\n\n',
  ])('leaves %j as it is', (words) => {
    expect(inline(words)).toEqual([text(words)]);
  });

  it.each(['a <b> & &amp; &lt;c&gt;', '`*x*`', ':nothing:'])('undoes what escaping has done to %j', (words) => {
    expect(inline(`say ${code(words)}`)?.[1]).toEqual(text(words.replaceAll('`', 'ˋ'), { code: true }));
    expect(parseMrkdwn(codeBlock(words))).toEqual([
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: words.replaceAll('`', 'ˋ') }] },
    ]);
  });

  it('keeps a code block as it was written, between what is around it', () => {
    const log = '  *a* ~b~ :warning:\n\n> c  &lt;d&gt;';
    expect(parseMrkdwn(`before\n\`\`\`\n${log}\n\`\`\`\nafter`)).toEqual([
      { type: 'rich_text_section', elements: [text('before')] },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: '  *a* ~b~ :warning:\n\n> c  <d>' }] },
      { type: 'rich_text_section', elements: [text('after')] },
    ]);
  });

  it.each(['> ', '&gt; ', '>'])('quotes lines that begin with %j', (sign) => {
    expect(parseMrkdwn(`said:\n${sign}one\n${sign}*two*\nend`)).toEqual([
      { type: 'rich_text_section', elements: [text('said:')] },
      { type: 'rich_text_quote', elements: [text('one\n'), text('two', { bold: true })] },
      { type: 'rich_text_section', elements: [text('end')] },
    ]);
  });

  it('quotes what opsbot quotes', () => {
    expect(parseMrkdwn(quoted('a > b\n\nc', 100))).toEqual([
      { type: 'rich_text_quote', elements: [text('a > b\n\nc')] },
    ]);
  });

  it('knows whom and what is named', () => {
    expect(inline('<@UBOB> <#C0OPS|ops> <!subteam^S1> <!subteam^S1|@sre> <!here>')).toEqual([
      { type: 'user', user_id: 'UBOB', style: {} },
      text(' '),
      { type: 'channel', channel_id: 'C0OPS' },
      text(' '),
      { type: 'usergroup', usergroup_id: 'S1' },
      text(' '),
      { type: 'text', text: '@sre' },
      text(' '),
      { type: 'broadcast', range: 'here' },
    ]);
  });

  it('leaves dates to whoever reads them', () => {
    expect(inline(`Since ${when(1_700_000_000_000)}.`)).toEqual([
      text('Since '),
      { type: 'date', timestamp: 1_700_000_000, format: '{date_short_pretty} {time}' },
      text('.'),
    ]);
  });

  it('links what is a link, and nothing else', () => {
    expect(inline('<https://x.y/?a=1&amp;b=2|Open &lt;it&gt;> <https://x.y> <mailto:a@b.c>')).toEqual([
      { type: 'link', url: 'https://x.y/?a=1&b=2', text: 'Open <it>', style: {} },
      text(' '),
      { type: 'link', url: 'https://x.y', text: 'https://x.y', style: {} },
      text(' '),
      { type: 'link', url: 'mailto:a@b.c', text: 'a@b.c', style: {} },
    ]);
    expect(inline('<javascript:alert(1)|Open>')).toEqual([text('<javascript:alert(1)|Open>')]);
  });

  it('does not take what somebody wrote for anything of that', () => {
    const words = '<@UBOB> <!here> <https://x.y|a>';
    expect(inline(escaped(words))).toEqual([text(words)]);
  });

  it('knows emoji by the names that Slack has for them', () => {
    expect(inline(':large_orange_circle: :+1: :nothing: 10:30:45')).toEqual([
      { type: 'emoji', name: 'large_orange_circle' },
      text(' '),
      { type: 'emoji', name: '+1' },
      text(' :nothing: 10:30:45'),
    ]);
  });

  it('is quick with signs that never end', () => {
    const began = performance.now();
    parseMrkdwn('*`a` '.repeat(2000));
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
