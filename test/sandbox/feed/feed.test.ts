import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalSlack, type LocalSlack } from '../../support/slack/local-slack.ts';
import { type Feed, startFeed } from './feed.ts';
import { newLines } from './layout.ts';
import { plainLines } from './plain-text.ts';
import { createStyle } from './style.ts';

const style = createStyle(false, []);

describe('the feed', () => {
  let slack: LocalSlack;
  let feed: Feed;
  let printed: string[];
  const fresh = () => {
    feed.flush();
    return printed.splice(0);
  };
  beforeEach(async () => {
    slack = await createLocalSlack();
    printed = [];
    feed = startFeed(slack, style, (lines) => printed.push(...lines));
  });
  afterEach(async () => {
    feed.stop();
    await slack.close();
  });

  it('shows a thread further in than its root, each message with a number to name it by', async () => {
    const [alice, bob] = [slack.person('alice'), slack.person('bob')];
    const root = await alice.says('random', 'first\nsecond');
    await bob.says('random', 'reply', { thread: root });
    expect(fresh()).toEqual(['#random', '  1   alice  first', '             second', '  2       bob    reply']);
    expect(feed.numbered(1)).toEqual({ channel: root.channel, ts: root.ts });
    expect(feed.numbered(9)).toBeUndefined();
  });

  it('shows of a change only what is new', async () => {
    const alice = slack.person('alice');
    const said = await alice.says('random', 'same\nold');
    fresh();
    await alice.edits(said, 'same\nnew');
    expect(fresh()).toEqual(['  1 ~ alice  new']);
    await alice.edits(said, 'same');
    expect(fresh()).toEqual(['  1 ~ alice  gone: new']);
    expect(fresh()).toEqual([]);
  });

  it('shows what stands beside a bar with its colour, and what can be pressed and chosen there', async () => {
    const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
    const plain = (text: string) => ({ type: 'plain_text' as const, text });
    const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });
    const options = [{ text: plain('1 h'), value: '1' }];
    const select = { type: 'static_select' as const, action_id: 's', placeholder: plain('Silence'), options };
    const buttons = {
      type: 'actions' as const,
      elements: [{ type: 'button' as const, action_id: 'b', text: plain('Logs') }, select],
    };
    const { ts = '' } = await client.chat.postMessage({
      channel: 'COPS',
      text: ':red_circle: *Deployment web*',
      attachments: [{ color: '#E01E5A', fallback: 'x', blocks: [section('3 pods\nsince `10:02`'), buttons] }],
    });
    expect(fresh()).toEqual([
      '#ops',
      '  1   opsbot 🔴 Deployment web',
      '             🟥 3 pods',
      '             🟥 since `10:02`',
      '             🟥 [Logs] [Silence ▾]',
    ]);
    await client.chat.update({
      channel: 'COPS',
      ts,
      text: ':large_green_circle: *Deployment web*',
      attachments: [{ color: '#2EB67D', blocks: [section('over')] }, { text: 'plain' }],
    });
    expect(fresh()).toEqual(['  1 ~ opsbot 🟢 Deployment web', '             🟩 over', '             ⬜ plain']);
  });

  it('cuts what is long', async () => {
    await slack.person('alice').says('random', Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n'));
    expect(fresh()).toHaveLength(26);
  });
});

describe('a bar', () => {
  it('is drawn in its colour where there are colours, and else as the square nearest to it', () => {
    expect(createStyle(true, []).bar('#2eb67d')).toBe('\u001b[38;2;46;182;125m▌\u001b[39m');
    expect(['#a30200', '#daa038', '#2eb886', '#439fe0', '#cccccc'].map(style.bar).join('')).toBe('🟥 🟧 🟩 🟦 ⬜ ');
  });
});

describe('text for a terminal', () => {
  it.each([
    ['*bold* and `code` :gear: :constructor:', ['bold and `code` ⚙ :constructor:']],
    ['2*3*4', ['2*3*4']],
    ['a\n```\nNAME *x*\n```\nb', ['a', '  NAME *x*', 'b']],
    ['\u001b[31mred\u0007\u202e', ['[31mred']],
  ])('%j', (text, lines) => {
    expect(plainLines(text, style)).toEqual(lines);
  });

  it('has times as the reader’s clock shows them', () => {
    expect(plainLines('at <!date^0^{date_short_pretty} {time}|1970-01-01 00:00 UTC>.', style)[0]).toMatch(
      /^at \d\d:\d\d\.$/,
    );
  });

  it('counts equal lines one by one', () => {
    expect(newLines(['a', 'a', 'b'], ['a', 'a', 'a', 'c'])).toEqual(['a', 'c']);
  });
});
