import type { App } from '@slack/bolt';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { createReceiver, type SlackReceiver } from '../../src/slack/receiver.ts';
import { freePorts } from '../support/free-ports.ts';
import { createLocalSlack, type LocalSlack } from '../support/slack/local-slack.ts';

type Event = Parameters<App['processEvent']>[0];

/** Half of the way to and fro, in ms: long enough to be under way with certainty. */
const LINK_MS = 60;

describe('leaving Slack', () => {
  let slack: LocalSlack;
  let receiver: SlackReceiver;
  afterEach(() => slack.close());

  /** A receiver whose app does what is given with each payload. */
  async function connect(work: (event: Event) => Promise<void>): Promise<void> {
    slack = await createLocalSlack({ linkMs: LINK_MS });
    const { appToken, apiUrl } = slack;
    const config = { transport: 'socket', botToken: slack.botToken, appToken, apiUrl } as const;
    receiver = createReceiver(config, pino({ level: 'silent' }));
    receiver.init({ processEvent: work } as unknown as App);
    await receiver.start();
    expect(receiver.problem()).toBeUndefined();
    await slack.waitFor(() => slack.connections() === 2);
  }
  const slash = () => slack.person('alice').slash('/opsbot', 'pods', 'ops');

  it('acks first what is being worked on', async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: done, resolve: finish } = Promise.withResolvers<void>();
    await connect(async () => {
      begin();
      await done;
    });
    const said = slash();
    await begun;
    const stopped = receiver.stop();
    finish();
    expect(await said).toMatchObject({ acked: true });
    await stopped;
    expect(receiver.problem()).toBe('Slack is not connected');
    await slack.waitFor(() => slack.connections() === 0);
  });

  it('works on what Slack sent before it knew, and is over only when that is done', async () => {
    const worked: string[] = [];
    await connect(async ({ body }) => {
      await new Promise(setImmediate);
      worked.push(String(body.text));
    });
    const stopped = receiver.stop();
    // The Close is on its way for as long as the command is on its own.
    const said = slash();
    await stopped;
    expect(worked).toEqual(['pods']);
    expect(await said).toMatchObject({ acked: false, error: 'dispatch_failed' });
    expect(slack.violations.map(({ kind }) => kind)).toEqual(['no-ack']);
  });

  it('takes requests by HTTP for a while longer, each on a connection of its own', async () => {
    slack = await createLocalSlack();
    const [port = 0] = await freePorts(1);
    const { botToken, signingSecret, apiUrl } = slack;
    const config = { transport: 'http', botToken, signingSecret, port, apiUrl } as const;
    receiver = createReceiver(config, pino({ level: 'silent' }));
    receiver.init({ processEvent: async () => {} } as unknown as App);
    await receiver.start();
    slack.useHttp(`http://127.0.0.1:${port}/slack/events`);
    const stopped = receiver.stop();
    expect(await slash()).toMatchObject({ acked: true });
    const { headers } = await fetch(`http://127.0.0.1:${port}/`);
    expect(headers.get('connection')).toBe('close');
    await stopped;
    expect(await slash()).toMatchObject({ acked: false });
  });
});
