import { errorMessage, readingFits, readingMessage } from '../../views/answers.ts';
import type { Reading } from '../actions/action.ts';
import type { ErrorReport } from '../errors.ts';
import { isTerminal, type Request } from '../requests/request.ts';
import type { RequestSurface } from '../requests/requests.ts';
import { stateSentence } from '../requests/transition.ts';
import { isDirect } from './place.ts';
import { postOnce } from './post-once.ts';
import type { Showing } from './showing.ts';
import { directChannel, tell, type Words } from './tell.ts';
import { tellRequester } from './tell-requester.ts';
import { uploadOnce } from './upload-once.ts';

/** What whoever asked gets once: the answer to a read, or why there is none. */
export async function showAnswer(showing: Showing): Promise<void> {
  const { request, surface } = showing;
  if (surface.answered) return;
  const problem = problemOf(request, surface);
  if (problem) {
    await showProblem(showing, problem);
    await showing.save({ posting: undefined, answered: true });
    return;
  }
  if (request.effect === 'change' || request.state !== 'succeeded') return;
  const reading = await showing.surfaces.reading(request.id);
  if (reading) await showReading(showing, reading);
  else await showProblem(showing, GONE);
  await showing.save({ posting: undefined, answered: true });
}

const GONE: ErrorReport = {
  kind: 'not-found',
  message: 'The answer is not kept any longer.',
  advice: 'Ask again.',
};

function problemOf(request: Request, { cards }: RequestSurface): ErrorReport | undefined {
  const { state, revision, error, outcome, ended, origin } = request;
  if (state === 'invalid' && revision === 1) return error;
  const isOver = isTerminal(state) && state !== 'succeeded' && state !== 'invalid';
  // Whoever asked with a slash command sees no card, unless somebody had to approve.
  if (!isOver || origin.ephemeralTo === undefined || cards.some((card) => card.revision > 0)) return undefined;
  const message = [stateSentence(state), outcome?.text ?? ended?.reason].filter(Boolean).join(' ');
  return { kind: state === 'denied' ? 'not-allowed' : 'conflict', message };
}

/** An error belongs where the person looks: beside their command, or to them alone where they used a modal or a button. */
async function showProblem(showing: Showing, problem: ErrorReport): Promise<void> {
  const { request, slack, surface } = showing;
  const { gesture, channel, thread, ephemeralTo } = request.origin;
  const message = errorMessage(problem);
  if (gesture === 'command' && ephemeralTo === undefined && request.origin.aside === undefined) {
    await say(showing, message);
    return;
  }
  const isSeen = ephemeralTo !== undefined || thread !== undefined || isDirect(channel);
  if (!isSeen) return tellRequester(showing, 'problem', message);
  // What is said to one person alone cannot be found again: where Slack's answer is lost, they may read it twice.
  await tell(slack, { user: request.requester, channel: surface.channel, thread }, message);
}

async function showReading(showing: Showing, reading: Reading): Promise<void> {
  const { headline, body, note } = reading;
  const fits = readingFits(body);
  const message = readingMessage({ headline, body, note, fits });
  const { ephemeralTo } = showing.request.origin;
  if (ephemeralTo !== undefined) return showAlone(showing, ephemeralTo, reading, message, fits);
  const ts = await say(showing, message);
  if (fits) return;
  const { channel, thread } = showing.surface;
  await uploadOnce(showing, { channel, thread: thread ?? ts }, reading);
}

/** A file cannot be shown to one person in a channel: it goes to their direct messages. */
async function showAlone(showing: Showing, user: string, reading: Reading, message: Words, fits: boolean) {
  const { channel, thread } = showing.surface;
  const { slack } = showing;
  if (!fits) {
    const direct = await directChannel(slack, user);
    await uploadOnce(showing, { channel: direct }, reading);
    await tell(
      slack,
      { user, channel, thread },
      { text: 'The answer is long: all of it is in your direct messages with opsbot.' },
    );
  }
  await tell(slack, { user, channel, thread }, message);
}

/** Says it where the request was asked, once. */
async function say(showing: Showing, message: Words): Promise<string> {
  const { channel, thread } = showing.surface;
  if (showing.surface.posting?.startsWith(ANSWERED_AT)) return showing.surface.posting.slice(ANSWERED_AT.length);
  const { ts } = await postOnce(showing, 'answer', { channel, thread }, message);
  // A file may follow: whoever goes on after a crash has to know that the message is there.
  await showing.save({ posting: `${ANSWERED_AT}${ts}` });
  return ts;
}

/** Before the ts of a read's answer that stands while its file is to follow. */
export const ANSWERED_AT = 'answered-';
