import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';
import { UnavailableError } from '../src/errors.ts';

export type RedisSettings = (
  | { source: 'url'; url: string }
  | { source: 'sentinels'; sentinels: readonly { host: string; port: number }[]; name: string }
) & {
  /** Where the URL has none, or of the sentinels' primary. */
  password?: string | undefined;
};

/** A primary that has become a replica is left: by its name, another one is found. */
const reconnectOnError = ({ message }: Error): boolean => /\bREADONLY\b/.test(message);

function open(settings: RedisSettings, specific: RedisOptions): Redis {
  const options = { ...specific, reconnectOnError };
  const { password } = settings;
  if (settings.source === 'url') return new Redis(withPassword(settings.url, password), options);
  const { sentinels, name } = settings;
  return new Redis({ ...options, sentinels: [...sentinels], name, ...(password === undefined ? {} : { password }) });
}

/** As part of the URL: beside a URL that has a user in it ioredis takes no password. */
function withPassword(url: string, password: string | undefined): string {
  if (password === undefined) return url;
  const whole = new URL(url);
  whole.password = encodeURIComponent(password);
  return whole.href;
}

/**
 * ms after which a connection is given up that says nothing while something was asked: the machine at its other end may
 * be gone without a word, and the kernel would wait for a quarter of an hour. A worker asks for up to 10 s.
 */
const SILENT_MS = { answers: 5_000, work: 30_000 } as const;

/**
 * For gestures and everything else that a person waits for: fails at once where Redis is away, so that they are told
 * within Slack's 3 s.
 */
function connectForAnswers(settings: RedisSettings): Redis {
  return open(settings, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 2_000,
    connectTimeout: 2_000,
    socketTimeout: SILENT_MS.answers,
  });
}

/** For BullMQ's workers: waits for Redis for as long as it takes. */
function connectForWork(settings: RedisSettings): Redis {
  return open(settings, { maxRetriesPerRequest: null, socketTimeout: SILENT_MS.work });
}

function setting(answer: unknown): string | undefined {
  return Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : undefined;
}

async function configured(redis: Redis, name: string): Promise<string | undefined> {
  // Managed services forbid CONFIG; then it cannot be checked.
  return redis.config('GET', name).then(setting, () => undefined);
}

/** Refuses a Redis that would throw requests away when it is full; warns about one that forgets on a crash. */
export async function checkRedis(redis: Redis, logger: Logger): Promise<void> {
  const policy = await configured(redis, 'maxmemory-policy');
  if (policy !== undefined && policy !== 'noeviction') {
    throw new UnavailableError(
      `Redis has maxmemory-policy ${policy}: it would silently drop requests when it is full.`,
      {
        advice: 'Set maxmemory-policy noeviction on this Redis.',
      },
    );
  }
  if ((await configured(redis, 'appendonly')) === 'no') {
    logger.warn(
      'Redis has appendonly no: requests and votes since its last save are lost when it crashes. Turn AOF on.',
    );
  }
}

/** What Redis says to a wrong password, and to none where it asks for one. */
const REFUSED = /^(?:WRONGPASS|NOAUTH)\b|invalid password|without any password configured/;

/** Resolves once the connection can be used; UnavailableError after `timeoutMs`, or where Redis refuses the password. */
async function whenReady(redis: Redis, timeoutMs: number): Promise<void> {
  if (redis.status === 'ready') return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    reject(new UnavailableError('Redis does not answer.', { advice: 'Check REDIS_URL, and that Redis runs there.' }));
  }, timeoutMs);
  const onError = (error: Error) => {
    if (!REFUSED.test(error.message)) return;
    reject(
      new UnavailableError('Redis does not accept the password.', {
        advice: 'Check REDIS_PASSWORD, or the password in REDIS_URL.',
      }),
    );
  };
  redis.once('ready', resolve);
  redis.on('error', onError);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    redis.off('ready', resolve);
    redis.off('error', onError);
  }
}

/** How long a start waits for Redis, in ms, before it says that there is none. */
const START_MS = 10_000;

/** What a role needs of Redis. UnavailableError where it does not answer. */
export async function openConnections(settings: RedisSettings, logger: Logger) {
  const redis = connectForAnswers(settings);
  const work = connectForWork(settings);
  for (const connection of [redis, work]) connection.on('error', (err) => logger.warn({ err }, 'Redis connection'));
  await whenReady(redis, START_MS);
  return {
    redis,
    work,
    disconnect() {
      redis.disconnect();
      work.disconnect();
    },
  };
}

/** How long an operator waits for Redis, in ms, before the command says that there is none. */
const COMMAND_MS = 3_000;

/** For a command that an operator runs: whoever waits for an answer hears of what goes wrong. UnavailableError as above. */
export async function openConnection(settings: RedisSettings): Promise<Redis> {
  const redis = connectForAnswers(settings);
  redis.on('error', () => undefined);
  try {
    await whenReady(redis, COMMAND_MS);
    return redis;
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}
