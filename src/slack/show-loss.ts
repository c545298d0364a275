import { endedMessage } from '../../views/answers.ts';
import { lossMessage } from '../../views/loss.ts';
import { isTerminal } from '../requests/request.ts';
import type { Showing } from './showing.ts';
import { slackCode } from './slack-errors.ts';
import { tellRequester } from './tell-requester.ts';

/** ms: where nothing has changed, a channel that was lost is tried again so often, and for so long after the last change. */
const TRY_AGAIN_MS = 5 * 60_000;
const TRY_FOR_MS = 24 * 3_600_000;

/** Nothing is known that would make another try end better than the last one. */
export function isLostForNow({ request, surface, now }: Showing): boolean {
  const { gone, loss } = surface;
  if (gone === undefined || loss === undefined || loss.version !== request.version) return false;
  if (isTerminal(request.state) && now() - request.updatedAt > TRY_FOR_MS) return true;
  return now() - loss.at < TRY_AGAIN_MS;
}

/** The request cannot be shown where it belongs, for a reason that stays: it lives on, and its requester learns so once. */
export async function giveUp(showing: Showing, error: unknown): Promise<void> {
  const { request, surface, log, now } = showing;
  const known = surface.gone !== undefined && surface.loss?.isTold === true;
  if (!known) log.error({ request: request.id, err: error }, 'a request cannot be shown');
  await showing.save({
    gone: `${slackCode(error) ?? 'error'} in ${surface.channel}`,
    loss: { version: request.version, at: now(), isTold: known },
  });
  await tellLoss(showing);
}

/** What its requester has to know while it is not shown where it belongs: that this is so, and how it ended. Each once. */
export async function tellLoss(showing: Showing): Promise<void> {
  const { request, surface } = showing;
  // What was lost where nobody can look now is looked for later.
  const { gone, loss, posting } = surface;
  if (gone === undefined) return;
  if (loss && !loss.isTold) {
    const code = gone.split(' ')[0] ?? '';
    await tellRequester(
      showing,
      'loss',
      lossMessage({
        request,
        isOver: isTerminal(request.state),
        headline: nameOf(showing),
        code,
        channel: surface.channel,
      }),
    );
    await showing.save({ posting, loss: { ...loss, isTold: true } });
  }
  if (surface.answered || !isTerminal(request.state)) return;
  await tellRequester(showing, 'outcome', endedMessage(request, nameOf(showing)));
  await showing.save({ posting, answered: true });
}

/** Its words may be what opsbot cannot find. */
function nameOf(showing: Showing): string {
  try {
    return showing.headline;
  } catch {
    return `Request ${showing.request.id}`;
  }
}
