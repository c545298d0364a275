import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import type { LocalSlack } from '../../support/slack/local-slack.ts';

export type BoltApp = InstanceType<typeof App>;

/** A logger for what is meant to go wrong. */
export const quiet = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

export interface RunningApp {
  app: BoltApp;
  stop(): Promise<void>;
}

/** A real Bolt app on the local Slack over Socket Mode. */
export async function startSocketApp(slack: LocalSlack, prepare: (app: BoltApp) => void): Promise<RunningApp> {
  const app = new App({
    token: slack.botToken,
    appToken: slack.appToken,
    socketMode: true,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
    logger: quiet,
  });
  prepare(app);
  const before = slack.connections();
  await app.start();
  await slack.waitFor(() => slack.connections() > before);
  return { app, stop: async () => void (await app.stop()) };
}

/** A real Bolt app that the local Slack reaches over signed HTTP. */
export async function startHttpApp(slack: LocalSlack, prepare: (app: BoltApp) => void): Promise<RunningApp> {
  const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, logger: quiet });
  const app = new App({
    token: slack.botToken,
    receiver,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
    logger: quiet,
  });
  prepare(app);
  const server = await receiver.start(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  slack.useHttp(`http://127.0.0.1:${address.port}/slack/events`);
  return { app, stop: async () => void (await app.stop()) };
}
