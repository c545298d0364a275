import { type WebAPICallResult, WebAPIRateLimitedError, WebClient, type WebClientOptions } from '@slack/web-api';
import type { Logger } from 'pino';
import { type Pace, RateLimited } from '../requests/requests.ts';
import { during } from '../telemetry/work.ts';
import { boltLogger } from './bolt-logger.ts';

/** ms: what answers a person gives up before Slack's 3 s are over. */
const ANSWER_TIMEOUT_MS = 2_000;
/** ms: the outbox may wait longer, it has its own schedule of further tries. */
const OUTBOX_TIMEOUT_MS = 10_000;

export interface SlackClients {
  /** Answers people: one try, given up within their 3 s. */
  fast: WebClient;
  /** The outbox's: one try as well, made when Slack takes it; whoever calls decides when to try again. */
  patient: WebClient;
}

/** Tells of each call that it makes. */
class ToldWebClient extends WebClient {
  override apiCall(method: string, options?: Record<string, unknown>): Promise<WebAPICallResult> {
    return during('slackCall', { method }, () => super.apiCall(method, options));
  }
}

/** Makes no call before Slack wants it, and lets all hubs know when it does. */
class PacedWebClient extends ToldWebClient {
  readonly #pace: Pace;

  constructor(token: string, options: WebClientOptions, pace: Pace) {
    super(token, options);
    this.#pace = pace;
  }

  override async apiCall(method: string, options?: Record<string, unknown>): Promise<WebAPICallResult> {
    const channel = channelIn(options);
    const ms = await this.#pace.admit(method, channel);
    if (ms > 0) throw new RateLimited(ms);
    try {
      return await super.apiCall(method, options);
    } catch (error) {
      if (error instanceof WebAPIRateLimitedError) await this.#pace.limited(method, channel, error.retryAfter * 1_000);
      throw error;
    }
  }
}

/** Where the call is made; `channel_id` where a file goes there. */
function channelIn({ channel, channel_id }: Record<string, unknown> = {}): string | undefined {
  return [channel, channel_id].find((id) => typeof id === 'string');
}

/**
 * Neither client retries by itself: by default a client would go on for half an hour, post things twice, and hold up
 * every other call while it is rate limited.
 */
export function createClients(settings: { botToken: string; apiUrl: string; pace: Pace; log: Logger }): SlackClients {
  const options = (timeout: number): WebClientOptions => ({
    slackApiUrl: settings.apiUrl,
    timeout,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    // A channel whose calls hang must not hold up others'. Who calls decides how many are under way.
    maxRequestConcurrency: Number.POSITIVE_INFINITY,
    logger: boltLogger(settings.log),
  });
  return {
    fast: new ToldWebClient(settings.botToken, options(ANSWER_TIMEOUT_MS)),
    patient: new PacedWebClient(settings.botToken, options(OUTBOX_TIMEOUT_MS), settings.pace),
  };
}
