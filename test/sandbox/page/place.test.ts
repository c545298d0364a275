import { describe, expect, it } from 'vitest';
import { hashOf, parsePlace, placeOfLink } from './app/place.ts';

describe('a place in the address', () => {
  it.each([
    [{ kind: 'home' }],
    [{ kind: 'channel', channel: 'C0SANDBOX', thread: undefined }],
    [{ kind: 'channel', channel: 'D0AB', thread: '1700000000.000001' }],
  ] as const)('comes back as it was: %j', (place) => {
    expect(parsePlace(hashOf(place))).toEqual(place);
  });

  it.each(['', '#', '#nowhere', '#C0SANDBOX/', '#C0SANDBOX/x', '#X1'])('is not in %j', (hash) => {
    expect(parsePlace(hash)).toBeUndefined();
  });
});

describe('a link to a message', () => {
  it('leads to its thread', () => {
    expect(placeOfLink('https://local.slack.com/archives/C0ALERTS/p1700000000000001')).toEqual({
      kind: 'channel',
      channel: 'C0ALERTS',
      thread: '1700000000.000001',
    });
  });

  it('leads to the thread that a reply is in', () => {
    const href = 'https://local.slack.com/archives/C1/p1700000009000002?thread_ts=1700000000.000001&cid=C1';
    expect(placeOfLink(href)).toMatchObject({ channel: 'C1', thread: '1700000000.000001' });
  });

  it.each(['https://example.com/archives/C1/p1700000000000001', 'https://local.slack.com/team/U1'])(
    'is not %s',
    (href) => {
      expect(placeOfLink(href)).toBeUndefined();
    },
  );
});
