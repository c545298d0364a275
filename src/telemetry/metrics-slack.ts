import { Counter, Histogram, type Registry } from 'prom-client';
import { onEnded } from './on-ended.ts';

/** What Slack refuses with that says what to look at; the rest is `other`, and in the log. */
const CODES: ReadonlySet<string> = new Set([
  'account_inactive',
  'already_reacted',
  'cant_update_message',
  'channel_is_archived',
  'channel_not_found',
  'edit_window_closed',
  'exchanged_trigger_id',
  'expired_trigger_id',
  'fatal_error',
  'hash_conflict',
  'internal_error',
  'invalid_arguments',
  'invalid_auth',
  'invalid_blocks',
  'is_archived',
  'message_not_found',
  'missing_scope',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_permission',
  'not_allowed_token_type',
  'not_authed',
  'not_found',
  'not_in_channel',
  'request_timeout',
  'restricted_action',
  'service_unavailable',
  'team_access_not_granted',
  'thread_not_found',
  'token_expired',
  'token_revoked',
  'trigger_expired',
  'user_not_found',
  'user_not_in_channel',
]);
const TIMEOUTS: ReadonlySet<unknown> = new Set(['TimeoutError', 'AbortError']);
const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];

/** The parts of the Web API client's errors that matter here. */
interface SlackFailure {
  code?: unknown;
  data?: { error?: unknown };
  statusCode?: unknown;
  original?: { name?: unknown };
}

/** One of a small number of words, whatever Slack, or a proxy before it, may say. */
export function slackStatus(error: unknown): string {
  if (error === undefined) return 'ok';
  const { code, data, statusCode, original } = error as SlackFailure;
  switch (code) {
    case 'slack_webapi_rate_limited_error':
      return 'ratelimited';
    case 'slack_webapi_platform_error':
      return refusalStatus(String(data?.error));
    case 'slack_webapi_http_error':
      return `http_${Math.floor(Number(statusCode) / 100)}xx`;
    case 'slack_webapi_request_error':
      return TIMEOUTS.has(original?.name) ? 'timeout' : 'unreachable';
    default:
      return 'other';
  }
}

function refusalStatus(code: string): string {
  if (code === 'ratelimited' || code === 'rate_limited') return 'ratelimited';
  return CODES.has(code) ? code : 'other';
}

export function measureSlackCalls(registry: Registry): () => void {
  const registers = [registry];
  const calls = new Counter({
    name: 'opsbot_slack_calls_total',
    help: 'Calls of Slack’s Web API. status: ok, Slack’s own word for why not, ratelimited, timeout, unreachable, http_4xx, http_5xx, other.',
    labelNames: ['method', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'opsbot_slack_call_seconds',
    help: 'Time that a call of Slack’s Web API took.',
    labelNames: ['method'],
    buckets: BUCKETS,
    registers,
  });
  return onEnded('slackCall', ({ method, error }, seconds) => {
    calls.inc({ method, status: slackStatus(error) });
    durations.observe({ method }, seconds);
  });
}
