import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actions } from '../../src/actions/index.ts';
import {
  endedMessage,
  errorMessage,
  helpMessage,
  pendingMessage,
  readingFits,
  readingMessage,
  refusedMessage,
} from '../../views/answers.ts';
import type { Message } from '../../views/blocks.ts';
import { headlines } from '../../views/headline.ts';
import { textLength, validateBlocks } from '../support/slack/block-kit.ts';
import { nasty } from './nasty.ts';
import { NOW, planOf, requestOf } from './request-of.ts';
import { ALARM, shown } from './shown.ts';

function expectTaken(message: Message): void {
  expect(validateBlocks(message.blocks, 'message')).toEqual([]);
  expect(textLength(message.blocks)).toBeLessThan(12_000);
  expect(message.text.trim()).not.toBe('');
  expect(`${message.text}\n${shown(message.blocks)}`).not.toMatch(ALARM);
}

describe('help', () => {
  test('lists every action and the words for requests', () => {
    const message = helpMessage({ actions });
    expectTaken(message);
    for (const { examples } of actions) expect(shown(message.blocks)).toContain(examples[0]?.line);
    for (const word of ['pending', 'history', 'approve', 'reject', 'cancel']) {
      expect(shown(message.blocks)).toContain(word);
    }
  });

  test.each(actions)('on $name shows all its examples', ({ name, examples }) => {
    const message = helpMessage({ actions, topic: ` ${name.toUpperCase()} ` });
    expectTaken(message);
    for (const { line } of examples) expect(shown(message.blocks)).toContain(line);
  });

  test('marks what is off, says why, and what an admin can do', () => {
    const off = {
      action: 'scale',
      what: '“Scale a workload” is off',
      namespaces: ['prod'],
      why: 'opsbot may not',
      advice: 'Ask an admin.',
    };
    const general = helpMessage({
      actions,
      shortfalls: [off, { ...off, action: undefined, what: 'Nodes are not shown' }],
    });
    expect(shown(general.blocks)).toMatch(
      /Set how many pods.*\n +:no_entry: \*“Scale a workload” is off in `prod`\*: opsbot may not\.\n/,
    );
    expect(shown(general.blocks)).not.toContain('Nodes');
    expectTaken(general);
    const one = shown(helpMessage({ actions, topic: 'scale', shortfalls: [off] }).blocks);
    expect(one).toContain('is off in `prod`*: opsbot may not.\nAsk an admin.');
    expect(helpMessage({ actions, topic: 'logs', shortfalls: [off] })).toEqual(helpMessage({ actions, topic: 'logs' }));
  });

  test('on something unknown is the whole help', () => {
    expect(helpMessage({ actions, topic: 'dance' })).toEqual(helpMessage({ actions }));
  });
});

describe('lists of requests', () => {
  const list = (count: number) => ({
    requests: Array.from({ length: count }, (_, index) => requestOf({ id: `r-${index}` })),
    headline: () => 'Scale nginx',
    now: NOW,
  });

  test('notify nobody', () => {
    expect(shown(pendingMessage(list(3)).blocks)).not.toMatch(/<@|<!subteam/);
    expect(shown(pendingMessage({ ...list(1), nameOf: () => 'Ann <3' }).blocks)).toContain('Ann &lt;3');
  });

  test('say what is missing, and by which id to vote', () => {
    const text = shown(pendingMessage(list(1)).blocks);
    expect(text).toContain('1 open request');
    expect(text).toContain('`r-0`');
    expect(text).toContain('Needs 1 approval.');
    expect(text).toContain('Expires <!date^');
  });

  test('that are empty are answers too', () => {
    expect(pendingMessage(list(0)).text).toContain('Nothing is waiting');
  });

  test('of thousands are cut with a word on the rest', () => {
    const message = pendingMessage(list(5000));
    expectTaken(message);
    expect(shown(message.blocks)).toMatch(/… and \d+ more/);
  });
});

describe('errors', () => {
  test('say what happened, what to do, and what was probably meant', () => {
    const message = errorMessage(
      { kind: 'not-found', message: 'There is no ngnix in prod.', advice: 'Check the name.' },
      { suggestion: { line: 'scale nginx prod 3', isExample: false } },
    );
    expect(shown(message.blocks)).toBe(
      ':warning: There is no ngnix in prod.\nCheck the name.\nDid you mean `scale nginx prod 3`?',
    );
    expect(message.text).toBe('There is no ngnix in prod.');
    const suggestion = { line: 'scale nginx 3', isExample: true };
    const lacking = errorMessage({ kind: 'input', message: 'Something is missing.' }, { suggestion });
    expect(shown(lacking.blocks)).toBe(':warning: Something is missing.\nFor example: `scale nginx 3`');
  });

  test('of any wording are taken by Slack', () => {
    fc.assert(
      fc.property(nasty(5000), (text) => {
        expectTaken(
          errorMessage(
            { kind: 'input', message: text, advice: text },
            { suggestion: { line: text, isExample: false } },
          ),
        );
        expectTaken(refusedMessage(text));
      }),
    );
  });
});

describe('a reading', () => {
  const reading = (body: string) => ({
    headline: 'Log of api-1 in prod',
    body,
    note: undefined,
    fits: readingFits(body),
  });
  /** The body as a reader sees it, across code blocks. */
  const seen = (message: Message) =>
    message.blocks
      .filter(({ type }) => type === 'section')
      .map(shown)
      .filter((text) => text.startsWith('```'))
      .map((text) => text.slice(4, -4))
      .join('\n')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');

  test('that fits is shown whole, in order, over as many code blocks as it takes', () => {
    const body = Array.from({ length: 150 }, (_, index) => `${index} GET /items?a=1&b=<2> 200 in ${index} ms`).join(
      '\n',
    );
    const message = readingMessage(reading(body));
    expect(seen(message)).toBe(body);
    expectTaken(message);
  });

  test('that is too long shows its end and says where the rest is', () => {
    const body = Array.from({ length: 9000 }, (_, index) => `line ${index}`).join('\n');
    const message = readingMessage(reading(body));
    expect(readingFits(body)).toBe(false);
    expect(body.endsWith(seen(message))).toBe(true);
    expect(seen(message).split('\n').length).toBeGreaterThan(100);
    expect(shown(message.blocks)).toContain('All of it is in the file.');
  });

  test('without text says so', () => {
    expect(shown(readingMessage(reading('\n')).blocks)).toContain('There is nothing to show.');
  });

  test('loses terminal colours and keeps everything else of an ordinary line', () => {
    expect(seen(readingMessage(reading('\u001b[31mERROR\u001b[0m disk full\ttwice')))).toBe('ERROR disk full\ttwice');
  });

  test('of any text is taken by Slack and cannot leave its block', () => {
    fc.assert(
      fc.property(fc.array(nasty(4000), { maxLength: 8 }), nasty(1500), (lines, note) => {
        const body = lines.join('\n');
        const message = readingMessage({ ...reading(body), note });
        expectTaken(message);
        expect(seen(message)).not.toContain('`');
      }),
    );
  });
});

test('how a request ended is told in a sentence, whatever is in it', () => {
  const outcome = { result: 'succeeded', text: '5 of 5 pods ready.' } as const;
  expect(endedMessage(requestOf({ state: 'succeeded', outcome }), 'Scale nginx').text).toBe(
    ':white_check_mark: *Done*: Scale nginx\n5 of 5 pods ready.',
  );
  fc.assert(
    fc.property(nasty(4000), nasty(4000), (headline, reason) => {
      const ended = { by: 'opsbot', reason } as const;
      for (const state of ['denied', 'rejected', 'cancelled'] as const)
        expectTaken(endedMessage(requestOf({ state, ended }), headline));
    }),
  );
});

test('a headline is in the words of the action, and never fails', () => {
  const headline = headlines(actions);
  expect(headline(requestOf())).toMatch(/nginx/);
  expect(headline(requestOf({ plan: undefined, input: null }))).not.toBe('');
  expect(headline(requestOf({ action: 'dance', plan: planOf() }))).toBe('Dance Deployment nginx in prod');
  expect(headline(requestOf({ action: 'dance', plan: undefined }))).toBe('Dance');
});
