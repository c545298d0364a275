import { type WebAPICallResult, WebClient, type WebClientOptions } from '@slack/web-api';
import type { Logger } from 'pino';
import { during } from '../telemetry/work.ts';
import { boltLogger } from './bolt-logger.ts';

/** ms: what answers a person gives up before Slack's 3 s are over. */
const ANSWER_TIMEOUT_MS = 2_000;
/** ms: the outbox may wait longer, it has its own schedule of further tries. */
const OUTBOX_TIMEOUT_MS = 10_000;

export interface SlackClients {
  /** Answers people: one try, given up within their 3 s. */
  fast: WebClient;
  /** The outbox's: one try as well; whoever calls decides when to try again. */
  patient: WebClient;
}

/** Tells of each call that it makes. */
class ToldWebClient extends WebClient {
  override apiCall(method: string, options?: Record<string, unknown>): Promise<WebAPICallResult> {
    return during('slackCall', { method }, () => super.apiCall(method, options));
  }
}

/**
 * Neither client retries by itself: by default a client would go on for half an hour, post things twice, and hold up
 * every other call while it is rate limited.
 */
export function createClients(settings: { botToken: string; apiUrl: string; log: Logger }): SlackClients {
  const options = (timeout: number): WebClientOptions => ({
    slackApiUrl: settings.apiUrl,
    timeout,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    logger: boltLogger(settings.log),
  });
  return {
    fast: new ToldWebClient(settings.botToken, options(ANSWER_TIMEOUT_MS)),
    patient: new ToldWebClient(settings.botToken, options(OUTBOX_TIMEOUT_MS)),
  };
}
