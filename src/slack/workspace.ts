import { setTimeout as delay } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { InputError, UnavailableError } from '../errors.ts';
import { type Pace, RateLimited } from '../requests/requests.ts';
import { boltLogger } from './bolt-logger.ts';
import { createClients, type SlackClients } from './clients.ts';
import type { Bot } from './front-desk.ts';
import { createPeople, type Directory } from './people.ts';
import { callSlack, signedOutCode, slackCode } from './slack-errors.ts';

export interface WorkspaceSettings {
  botToken: string;
  apiUrl: string;
  pace: Pace;
  log: Logger;
  now: () => number;
  /** Those that opsbot may serve; any where absent. */
  workspaces?: readonly string[] | undefined;
}

/** The workspace that opsbot is installed in. */
export interface Workspace {
  clients: SlackClients;
  people: Directory;
  bot: () => Bot;
  /**
   * Asks Slack who opsbot is; first of all. InputError where Slack does not accept the token or the workspace is not one
   * that opsbot may serve, UnavailableError where Slack does not answer.
   */
  signIn(): Promise<Bot>;
}

export function createWorkspace(settings: WorkspaceSettings): Workspace {
  const clients = createClients(settings);
  let bot: Bot | undefined;
  const known = () => {
    if (!bot)
      throw new UnavailableError('opsbot has not signed in to Slack yet.', { advice: 'Try again in a moment.' });
    return bot;
  };
  return {
    clients,
    people: createPeople({ slack: clients.fast, homeTeam: () => known().teamId, now: settings.now }),
    bot: known,
    async signIn() {
      const who = await signingIn('SLACK_BOT_TOKEN', () => clients.patient.auth.test());
      requireListed(settings.workspaces, { id: who.team_id ?? '', name: who.team ?? '' });
      bot = { userId: who.user_id ?? '', botId: who.bot_id ?? '', teamId: who.team_id ?? '', url: who.url ?? '' };
      return bot;
    },
  };
}

function requireListed(workspaces: readonly string[] | undefined, { id, name }: { id: string; name: string }): void {
  if (workspaces === undefined || workspaces.includes(id)) return;
  throw new InputError(
    `SLACK_BOT_TOKEN is of the workspace ${id} (${name}), and workspaces allows ${workspaces.join(', ')} only.`,
    { advice: 'Give it the bot token of one of those, or add this one to workspaces in the configuration file.' },
  );
}

/** Socket Mode's client goes on trying with a token of the wrong sort for ever; this asks once and says so. */
export async function checkAppToken(settings: { appToken: string; apiUrl: string; log: Logger }): Promise<void> {
  const client = new WebClient(settings.appToken, {
    slackApiUrl: settings.apiUrl,
    timeout: 10_000,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    // Its own would write to stdout beside the log.
    logger: boltLogger(settings.log),
  });
  await signingIn('SLACK_APP_TOKEN', () => client.apps.connections.open({}));
}

/** How long a start waits for its turn in all, in ms. */
const PATIENCE_MS = 60_000;

/** Slack may hold everybody back just when a process starts again: that is no reason to give up. */
async function inTurn<T>(call: () => Promise<T>): Promise<T> {
  for (let left = PATIENCE_MS; ; ) {
    try {
      return await callSlack(call);
    } catch (error) {
      if (!(error instanceof RateLimited)) throw error;
      const { retryAfterMs } = error;
      left -= retryAfterMs;
      if (left < 0) {
        const advice = `Start it again in ${Math.ceil(retryAfterMs / 1000)} s.`;
        throw new UnavailableError('Slack is holding opsbot back just now.', { advice, cause: error });
      }
      await delay(retryAfterMs);
    }
  }
}

async function signingIn<T>(variable: string, call: () => Promise<T>): Promise<T> {
  try {
    return await inTurn(call);
  } catch (error) {
    const code = slackCode(error) ?? signedOutCode(error);
    if (code === undefined) throw error;
    throw new InputError(`Slack does not accept ${variable} (${code}).`, {
      advice:
        variable === 'SLACK_APP_TOKEN'
          ? 'Give it an app-level token (xapp-…) with connections:write, from the app’s Basic Information page.'
          : 'Give it the bot token (xoxb-…) from the app’s OAuth page, of an app that is still installed.',
    });
  }
}
