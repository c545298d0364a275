import type { AckFn, AnyMiddlewareArgs, Middleware } from '@slack/bolt';
import { errorMessage } from '../../views/answers.ts';
import { IDS } from '../../views/ids.ts';
import { blockIdOf } from '../../views/modal.ts';
import { DomainError, type ErrorReport, toReport } from '../errors.ts';
import { RateLimited } from '../requests/requests.ts';
import { cameTo } from '../telemetry/work.ts';
import type { AckContext } from './ack-when-done.ts';
import { ANSWER_WITHIN_MS, within } from './deadline.ts';
import type { FrontDesk } from './front-desk.ts';
import { NotHereError } from './not-here.ts';
import { placeOf } from './place.ts';
import { slackCode } from './slack-errors.ts';
import { tell } from './tell.ts';

/** Slack shows about so much of an error at a field. */
const FIELD_ERROR_CHARACTERS = 300;

/**
 * The outermost listener: whatever goes wrong within becomes words for the person who caused it, in time and where they
 * look, and a line in the log with the cause. It fails itself only where the person could not be told.
 */
export function answerErrors(front: FrontDesk): Middleware<AnyMiddlewareArgs> {
  return async (args) => {
    try {
      await within(ANSWER_WITHIN_MS, args.next());
    } catch (thrown) {
      const error = firstOf(thrown);
      log(front, error, args);
      await answer(front, args, reportOf(error), error instanceof NotHereError ? error.channels : []);
    }
  };
}

/** Bolt wraps the errors of several listeners into one. */
function firstOf(thrown: unknown): unknown {
  const originals = (thrown as { originals?: unknown[] } | undefined)?.originals;
  return Array.isArray(originals) && originals.length > 0 ? originals[0] : thrown;
}

function reportOf(error: unknown): ErrorReport {
  if (error instanceof RateLimited) {
    return { kind: 'unavailable', message: 'Slack is holding opsbot back just now.', advice: 'Try again in a moment.' };
  }
  const code = slackCode(error);
  if (code === 'expired_trigger_id' || code === 'trigger_expired') {
    return { kind: 'unavailable', message: 'This took too long for Slack to open a dialog.', advice: 'Try again.' };
  }
  if (code !== undefined) {
    const advice = 'Try again; if it happens again, look into the opsbot log.';
    return { kind: 'unavailable', message: `Slack did not let opsbot do this (${code}).`, advice };
  }
  return toReport(error);
}

function log(front: FrontDesk, error: unknown, args: Args): void {
  const where = { type: args.body.type ?? 'command', ...placeOf(args.body) };
  if (error instanceof DomainError && error.kind !== 'unavailable') {
    front.log.info({ ...where, kind: error.kind, reason: error.message }, 'a gesture was refused');
    cameTo('refused');
    return;
  }
  front.log.error({ ...where, err: error }, 'a gesture failed');
  cameTo('failed');
}

type Args = Parameters<Middleware<AnyMiddlewareArgs>>[0];
interface Loose {
  ack?: AckFn<unknown>;
  body: { type?: string; command?: string; view?: View };
}
interface View {
  blocks?: { type: string; block_id?: string }[];
}

async function answer(front: FrontDesk, args: Args, report: ErrorReport, channels: readonly string[]): Promise<void> {
  const { ack, body } = args as unknown as Loose;
  const acked = (args.context as unknown as AckContext).isAcked();
  const message = errorMessage(report, { channels });
  if (ack && !acked) {
    if (body.type === 'block_suggestion') return ack({ options: [] });
    if (body.command !== undefined) return ack({ response_type: 'ephemeral', ...message });
    const errors = body.type === 'view_submission' ? fieldErrors(body.view, report) : undefined;
    if (errors) return ack({ response_action: 'errors', errors });
  }
  const place = placeOf(args.body);
  // Acked when this has ended: where they cannot be told, Slack says itself that it went wrong.
  if (place) await tell(front.slack, place, message);
}

/** The error at its field, where the modal has that field, else at the last one, next to the button just pressed. */
function fieldErrors(view: View | undefined, report: ErrorReport): Record<string, string> | undefined {
  const inputs = (view?.blocks ?? []).filter((block) => block.type === 'input').map((block) => block.block_id ?? '');
  const own = report.field === undefined ? undefined : inputs.find((id) => id === blockIdOf(report.field ?? ''));
  const block = own ?? inputs.filter((id) => id !== IDS.channel.block).at(-1) ?? inputs.at(-1);
  if (!block) return undefined;
  const text = [report.message, report.advice].filter(Boolean).join(' ');
  return { [block]: text.slice(0, FIELD_ERROR_CHARACTERS) };
}
