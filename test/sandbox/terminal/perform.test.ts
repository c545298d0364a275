import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalSlack, type LocalSlack } from '../../support/slack/local-slack.ts';
import type { Deed } from './command.ts';
import { perform } from './perform.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });

/** What an incident looks like: text, and one attachment with a button and a select. */
const incident = {
  color: '#E01E5A',
  blocks: [
    {
      type: 'actions' as const,
      block_id: 'controls',
      elements: [
        { type: 'button' as const, action_id: 'logs', text: plain('Logs') },
        {
          type: 'static_select' as const,
          action_id: 'silence',
          placeholder: plain('Silence'),
          options: ['1 h', '8 h'].map((text) => ({ text: plain(text), value: text })),
        },
      ],
    },
  ],
};

describe('an incident at the prompt', () => {
  let slack: LocalSlack;
  let posted: string[];
  const bob = () => slack.person('bob');
  const does = (deed: Deed) =>
    perform(
      {
        slack,
        channel: 'ops',
        channels: ['ops'],
        appearsMs: 50,
        numbered: (number) => (posted[number - 1] ? { channel: 'COPS', ts: posted[number - 1] ?? '' } : undefined),
        notice: () => {},
        showHome: () => {},
      },
      bob(),
      deed,
    );
  /** What was sent to opsbot, which is not there: on which message, and what. */
  const sent = () =>
    slack.journal
      .filter(({ name }) => name === 'block_actions')
      .map(({ args }) => args as { container: { message_ts: string }; actions: [{ action_id: string }] })
      .map(({ container, actions }) => [posted.indexOf(container.message_ts) + 1, actions[0].action_id]);

  beforeEach(async () => {
    slack = await createLocalSlack();
    const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
    posted = [];
    for (const text of ['first', 'second']) {
      const { ts = '' } = await client.chat.postMessage({ channel: 'COPS', text, attachments: [incident] });
      posted.push(ts);
    }
  });
  afterEach(() => slack.close());

  it('has its buttons pressed and its select chosen, on the newest or by number', async () => {
    await does({ do: 'click', label: 'logs', on: undefined });
    await does({ do: 'choose', label: 'silence', value: '8 h', on: undefined });
    await does({ do: 'choose', label: 'Silence', value: '1 h', on: 1 });
    expect(sent()).toEqual([
      [2, 'logs'],
      [2, 'silence'],
      [1, 'silence'],
    ]);
    await expect(does({ do: 'choose', label: 'Silence', value: '1 h', on: 7 })).rejects.toThrow('sees no message 7');
    await expect(does({ do: 'choose', label: 'Pod', value: 'x', on: undefined })).rejects.toThrow('no form open');
  });

  it('is not taken for a request', async () => {
    await expect(does({ do: 'react', emoji: '✅', on: undefined })).rejects.toThrow('bob sees no request');
    await does({ do: 'reply', text: 'looking', on: 1 });
    expect(bob().sees('ops').at(-1)).toMatchObject({ text: 'looking', thread: posted[0] });
  });
});
