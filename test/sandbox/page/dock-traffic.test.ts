import { describe, expect, it } from 'vitest';
import { EVERYTHING, filterTraffic, type TrafficFilter } from './app/dock/traffic/filter-traffic.ts';
import { insideOf, jsonPreview, leafText } from './app/dock/traffic/json-preview.ts';
import { stepTo } from './app/dock/traffic/step-to.ts';
import { countTraffic, paceOf, timing } from './app/dock/traffic/traffic-words.ts';
import type { TrafficEntry } from './wire.ts';

const entry = (id: number, change: Partial<TrafficEntry> = {}): TrafficEntry => ({
  ...{ id, at: id, kind: 'api', name: 'chat.postMessage', about: '#ops', ms: 3, error: undefined },
  ...change,
});

describe('the filter', () => {
  const all = [
    entry(1, { name: 'views.open', about: '@alice' }),
    entry(2, { kind: 'envelope', name: 'block_actions', about: '@alice · Approve' }),
    entry(3, { kind: 'response_url', name: 'response_url' }),
    entry(4, { kind: 'upload', name: 'upload', about: 'web.log' }),
    entry(5, { kind: 'envelope', name: '/opsbot', error: 'operation_timeout' }),
  ];
  const ids = (filter: Partial<TrafficFilter>) => filterTraffic(all, { ...EVERYTHING, ...filter }).map(({ id }) => id);

  it.each<[string, Partial<TrafficFilter>, number[]]>([
    ['lets everything through', {}, [1, 2, 3, 4, 5]],
    ['lets calls through, with uploads and response_urls', { envelopes: false }, [1, 3, 4]],
    ['lets envelopes through', { calls: false }, [2, 5]],
    ['lets nothing through where neither is wanted', { calls: false, envelopes: false }, []],
    ['lets errors through', { errorsOnly: true }, [5]],
    ['finds names', { text: 'views' }, [1]],
    ['finds what it is about, in whatever case', { text: ' approve ' }, [2]],
    ['finds errors', { text: 'timeout' }, [5]],
  ])('%s', (_, filter, expected) => {
    expect(ids(filter)).toEqual(expected);
  });

  it('puts an envelope before the calls that opsbot made until it had acked', () => {
    const entries = [entry(1, { at: 105 }), entry(2, { at: 100, kind: 'envelope' }), entry(3, { at: 105 })];
    expect(filterTraffic(entries, EVERYTHING).map(({ id }) => id)).toEqual([2, 1, 3]);
  });
});

describe('how long it took', () => {
  it.each<[Partial<TrafficEntry>, string, string]>([
    [{ ms: 12 }, '12 ms', 'fine'],
    [{ ms: 1_000 }, '1,000 ms', 'fine'],
    [{ ms: 1_001 }, '1,001 ms', 'slow'],
    [{ ms: 3_001 }, '3,001 ms', 'bad'],
    [{ error: 'channel_not_found' }, '3 ms', 'bad'],
    [{ kind: 'envelope' }, 'acked in 3 ms', 'fine'],
    [{ kind: 'envelope', ms: 2_500 }, 'acked in 2,500 ms', 'slow'],
    [{ kind: 'envelope', ms: 3_002, error: 'operation_timeout' }, 'gave up after 3,002 ms', 'bad'],
    [{ kind: 'envelope', ms: 0, error: 'dispatch_failed' }, '', 'bad'],
  ])('of %o is said as "%s" and is %s', (change, words, pace) => {
    expect(timing(entry(1, change))).toBe(words);
    expect(paceOf(entry(1, change))).toBe(pace);
  });
});

describe('the counters', () => {
  it('count calls, envelopes and errors, and know the slowest ack', () => {
    const entries = [
      entry(1),
      entry(2, { error: 'ratelimited' }),
      entry(3, { kind: 'upload' }),
      entry(4, { kind: 'envelope', ms: 48 }),
      entry(5, { kind: 'envelope', ms: 7 }),
      entry(6, { kind: 'envelope', ms: 3_000, error: 'operation_timeout' }),
    ];
    expect(countTraffic(entries)).toEqual({ calls: 3, envelopes: 3, errors: 2, slowestAck: 48 });
  });

  it('know no slowest ack before the first', () => {
    expect(countTraffic([entry(1)]).slowestAck).toBeUndefined();
  });
});

describe('JSON', () => {
  it.each<[unknown, string]>([
    [[1, 2, 3], '[3]'],
    [{ ok: true, view: { id: 'V1' }, blocks: [{}], none: [] }, '{ok: true, view: {…}, blocks: [1], none: []}'],
    [{ text: { type: 'mrkdwn' }, type: 'section' }, '{type: "section", text: {…}}'],
    [{ type: 'section', text: 'x'.repeat(60), more: 1 }, '{type: "section", …}'],
    [{ text: 'x'.repeat(60) }, '{…}'],
  ])('%o is shown in one line as %s', (value, line) => {
    expect(jsonPreview(value)).toBe(line);
  });

  it.each<[unknown, string]>([
    ['two\nlines', '"two\nlines"'],
    [12, '12'],
    [null, 'null'],
    [{}, '{}'],
    [[], '[]'],
  ])('%o has nothing inside and is written as %s', (value, text) => {
    expect(insideOf(value)).toBeUndefined();
    expect(leafText(value)).toBe(text);
  });

  it('opens what has something inside', () => {
    expect(insideOf(['a'])).toEqual([['0', 'a']]);
    expect(insideOf({ a: 1 })).toEqual([['a', 1]]);
  });
});

describe('a key in the list', () => {
  it.each<[string, number, number | undefined]>([
    ['ArrowUp', 2, 1],
    ['ArrowUp', 0, 0],
    ['ArrowDown', 3, 4],
    ['ArrowDown', 4, 4],
    ['Home', 3, 0],
    ['End', 0, 4],
    ['Tab', 2, undefined],
  ])('%s at row %i of five leads to %s', (key, from, to) => {
    expect(stepTo(key, from, 5)).toBe(to);
  });

  it('leads nowhere where there is no row', () => {
    expect(stepTo('End', -1, 0)).toBeUndefined();
  });
});
