import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalSlack, type LocalSlack } from '../../support/slack/local-slack.ts';
import { performGesture } from './perform-gesture.ts';
import { createReadMarks, type ReadMarks } from './read-marks.ts';
import type { ChannelSlice, Gesture, MessageSlice, Slices } from './wire.ts';
import { workspaceOf } from './workspace.ts';

let slack: LocalSlack;
let marks: ReadMarks;
beforeEach(async () => {
  slack = await createLocalSlack();
  marks = createReadMarks();
});
afterEach(() => slack.close());

const seenBy = (name: string): Partial<Slices> =>
  workspaceOf({ slack, marks, players: ['alice', 'bob'] }, slack.person(name).id);
const does = (name: string, gesture: Gesture) => performGesture({ slack, marks, person: slack.person(name) }, gesture);
const channel = (name: string, id: string) => seenBy(name)[`channel ${id}`] as ChannelSlice;
const messages = (name: string, id: string) =>
  Object.entries(seenBy(name)).flatMap(([key, slice]) =>
    key.startsWith(`message ${id} `) ? [slice as MessageSlice] : [],
  );

describe('what one sees', () => {
  it('is one’s own channels, and direct messages with the app', () => {
    const keys = (name: string) => Object.keys(seenBy(name)).filter((key) => key.startsWith('channel '));
    expect(keys('bob')).toContain('channel GSECRET');
    expect(keys('carol')).not.toContain('channel GSECRET');
    const direct = Object.values(seenBy('carol')).filter((slice) => (slice as ChannelSlice).kind === 'im');
    expect(direct).toMatchObject([{ with: 'UOPSBOT', unread: 0 }]);
  });

  it('says whom the page may be used as, and who is no full member', () => {
    const seen = seenBy('alice');
    expect(seen['person UBOB']).toMatchObject({ playable: true, note: undefined });
    expect(seen['person UGUEST']).toMatchObject({ playable: false, note: 'guest' });
    expect(seen['person UOPSBOT']).toMatchObject({ isApp: true });
  });
});

describe('what is unread', () => {
  it('is what others said since one looked; what names one is counted apart', async () => {
    await does('alice', { do: 'say', channel: 'COPS', text: 'good morning' });
    await does('alice', { do: 'say', channel: 'COPS', text: 'look @bob' });
    expect(channel('bob', 'COPS')).toMatchObject({ unread: 2, mentions: 1 });
    expect(channel('alice', 'COPS')).toMatchObject({ unread: 0, mentions: 0 });
    await does('bob', { do: 'read', channel: 'COPS' });
    expect(channel('bob', 'COPS')).toMatchObject({ unread: 0, mentions: 0 });
    expect(channel('carol', 'COPS').unread).toBe(2);
    await does('alice', { do: 'say', channel: 'COPS', text: 'one more' });
    expect(channel('bob', 'COPS').unread).toBe(1);
  });

  it('in a thread is shown at its root, and read there', async () => {
    const root = await slack.person('bob').says('COPS', 'who can help?');
    await does('bob', { do: 'read', channel: 'COPS' });
    await does('alice', { do: 'say', channel: 'COPS', text: 'I can, @bob', thread: root.ts });
    const at = () => messages('bob', 'COPS').find(({ ts }) => ts === root.ts);
    expect(at()).toMatchObject({ replies: 1, newReplies: 1, repliers: ['UALICE'] });
    expect(channel('bob', 'COPS')).toMatchObject({ unread: 0, mentions: 1 });
    await does('bob', { do: 'read', channel: 'COPS', thread: root.ts });
    expect(at()).toMatchObject({ replies: 1, newReplies: 0 });
    expect(channel('bob', 'COPS').mentions).toBe(0);
  });
});

it('a reply that is shown in the channel too is read in either place', async () => {
  const root = await slack.person('bob').says('COPS', 'who can help?');
  const said = await slack.person('alice').says('COPS', 'all of us', { thread: root.ts });
  const message = slack.channel('ops').messages.get(said.ts);
  if (message) message.subtype = 'thread_broadcast';
  expect(channel('bob', 'COPS').unread).toBe(1);
  await does('bob', { do: 'read', channel: 'COPS' });
  expect(channel('bob', 'COPS').unread).toBe(0);
});

it('what is left of a deleted message is nothing new', async () => {
  const root = await slack.person('alice').says('COPS', 'who can help?');
  await slack.person('bob').says('COPS', 'me', { thread: root.ts });
  expect(channel('carol', 'COPS').unread).toBe(1);
  slack.person('alice').deletes(root);
  expect(channel('carol', 'COPS').unread).toBe(0);
  expect(channel('alice', 'COPS').unread).toBe(0);
});

describe('what one does', () => {
  it('shows in what others see: reactions, edits, what was deleted', async () => {
    const said = await slack.person('alice').says('COPS', 'retsart api');
    await does('bob', { do: 'react', channel: 'COPS', ts: said.ts, emoji: 'eyes' });
    await does('alice', { do: 'edit', channel: 'COPS', ts: said.ts, text: 'restart api' });
    expect(messages('carol', 'COPS')).toMatchObject([
      { text: 'restart api', edited: true, reactions: [{ name: 'eyes', users: ['UBOB'] }] },
    ]);
    await does('bob', { do: 'unreact', channel: 'COPS', ts: said.ts, emoji: 'eyes' });
    await does('alice', { do: 'delete', channel: 'COPS', ts: said.ts });
    expect(messages('carol', 'COPS')).toEqual([]);
  });

  it('says why where it cannot be done', async () => {
    const said = await slack.person('alice').says('COPS', 'mine');
    await expect(does('bob', { do: 'edit', channel: 'COPS', ts: said.ts, text: 'his' })).rejects.toThrow(
      'did not write',
    );
    await expect(does('carol', { do: 'say', channel: 'GSECRET', text: 'psst' })).rejects.toThrow('not in secret');
    await expect(does('bob', { do: 'submit', view: 'V1' })).rejects.toThrow('changed meanwhile');
  });
});
