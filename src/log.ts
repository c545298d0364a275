import { format } from 'node:util';
import { destination, type Logger, pino, stdSerializers } from 'pino';
import { logContext } from './telemetry/log-context.ts';

/** A message of an error is cut here: some carry a whole page that a proxy has sent. In characters. */
const LONGEST_MESSAGE = 2_000;

/**
 * The program's log: JSON lines on stdout, each of them masked before it is written. Each says which request or incident
 * it is about, where the work under way is about one.
 */
export function createLog(options: { level: string; mask: Mask }): Logger {
  const { level, mask } = options;
  const stdout = destination({ fd: 1, sync: true });
  const formatters = { level: (name: string) => ({ level: name }) };
  const serializers = { err: (thrown: unknown) => plainError(thrown, mask) };
  const settings = { level, formatters, mixin: logContext, serializers };
  return pino(settings, { write: (line) => stdout.write(mask(line)) });
}

/** Before a text is cut: half a secret is not known for one. */
type Mask = (text: string) => string;

/** Where libraries print what nobody listens to. */
export type Printer = Pick<Console, 'debug' | 'error' | 'info' | 'log' | 'warn'>;

/** What is printed becomes a line of the log, masked and shortened like all others. */
export function capture(printer: Printer, logger: Logger, mask: Mask): void {
  const line = (...said: unknown[]) => {
    const err = said.find((one) => one instanceof Error);
    const words = mask(format(...said.filter((one) => one !== err))).slice(0, LONGEST_MESSAGE);
    logger.warn(err ? { err } : {}, words || 'printed by a library');
  };
  Object.assign(printer, { debug: line, error: line, info: line, log: line, warn: line } satisfies Printer);
}

/**
 * What an operator needs of an error, and no more: the errors of libraries carry the command, the headers or the body of
 * the call that failed.
 */
export function plainError(thrown: unknown, mask: Mask): Record<string, unknown> {
  if (!(thrown instanceof Error))
    return { type: typeof thrown, message: mask(String(thrown)).slice(0, LONGEST_MESSAGE) };
  const { type, message, stack, code, statusCode, data } = stdSerializers.err(thrown);
  return {
    type,
    message: mask(message).slice(0, LONGEST_MESSAGE),
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof statusCode === 'number' ? { statusCode } : {}),
    ...slacksAdvice(data),
    stack: mask(stack).slice(0, 2 * LONGEST_MESSAGE),
  };
}

/** Which scope is missing, which block is wrong. */
function slacksAdvice(data: unknown): Record<string, unknown> {
  const { needed, response_metadata } = (data ?? {}) as {
    needed?: unknown;
    response_metadata?: { messages?: unknown };
  };
  const messages = response_metadata?.messages;
  return {
    ...(typeof needed === 'string' ? { needed } : {}),
    ...(Array.isArray(messages) ? { messages: messages.map(String) } : {}),
  };
}
