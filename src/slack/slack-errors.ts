import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { DomainError, UnavailableError } from '../errors.ts';
import { RateLimited } from '../requests/requests.ts';

/** ms, where Slack says “ratelimited” without saying for how long. */
const UNSPECIFIED_WAIT_MS = 5_000;

const OUTAGES = new Set(['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable', 'accesslimited']);

/** What Slack says where it does not know opsbot any more: all surfaces wait until it does. */
const SIGNED_OUT = new Set([
  'account_inactive',
  'ekm_access_denied',
  'invalid_auth',
  'not_authed',
  'org_login_required',
  'token_expired',
  'token_revoked',
]);

/** What Slack says where a channel or a thread cannot be used (any more). */
const GONE = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'channel_is_archived',
  'restricted_action',
  'restricted_action_non_threadable_channel',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
  'restricted_action_thread_locked',
]);

/** What Slack says where the message that began a thread was deleted. */
const THREAD_GONE = new Set(['thread_not_found', 'cannot_reply_to_message']);

/** Slack's own word for why it refused a call; undefined for every other kind of error. */
export function slackCode(error: unknown): string | undefined {
  if (!(error instanceof WebAPIPlatformError)) return undefined;
  const code = error.data.error;
  // A page of HTML from a proxy arrives as an “error” too.
  return /^[a-z0-9_.-]{1,80}$/i.test(code) ? code : undefined;
}

export function isGone(error: unknown): boolean {
  return GONE.has(slackCode(error) ?? '');
}

export function isThreadGone(error: unknown): boolean {
  return THREAD_GONE.has(slackCode(error) ?? '');
}

/** Slack's word for not knowing opsbot's token; undefined for every other kind of error. */
export function signedOutCode(error: unknown): string | undefined {
  const code = slackCode(error instanceof UnavailableError ? error.cause : error);
  return code !== undefined && SIGNED_OUT.has(code) ? code : undefined;
}

/** Nothing can be posted in the channel for now; a thread that is locked says nothing about the others. */
export function isChannelClosed(error: unknown): boolean {
  return isGone(error) && slackCode(error) !== 'restricted_action_thread_locked';
}

/**
 * Makes a call to Slack. Errors: RateLimited; UnavailableError where Slack does not answer (it may have done the work all
 * the same); Slack's refusals as they are, see `slackCode`.
 */
export async function callSlack<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translate(error);
  }
}

function translate(error: unknown): unknown {
  // The pace may hold a call back, and the database, which knows it, may be away.
  if (error instanceof RateLimited || error instanceof DomainError) return error;
  if (error instanceof WebAPIRateLimitedError) return new RateLimited(error.retryAfter * 1000);
  const code = slackCode(error);
  if (code === 'ratelimited' || code === 'rate_limited') return new RateLimited(UNSPECIFIED_WAIT_MS);
  if (code !== undefined && SIGNED_OUT.has(code)) {
    const advice = 'Install the app again, and start opsbot with its token.';
    return new UnavailableError(`Slack does not accept opsbot’s token any more (${code}).`, { advice, cause: error });
  }
  if (code !== undefined && !OUTAGES.has(code)) return error;
  return new UnavailableError('Slack did not answer.', { advice: 'Try again in a moment.', cause: error });
}
