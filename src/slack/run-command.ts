import { errorMessage, helpMessage, pendingMessage, type RequestList } from '../../views/answers.ts';
import { historyMessage } from '../../views/history.ts';
import type { Action } from '../actions/action.ts';
import { requireMember } from '../requests/eligibility.ts';
import { standingRefusal } from '../requests/policy.ts';
import type { Origin, Request } from '../requests/request.ts';
import { cameTo } from '../telemetry/work.ts';
import { parseCommand } from './command.ts';
import type { FrontDesk } from './front-desk.ts';
import { historyFor } from './history.ts';
import { pictureOf } from './modal.ts';
import { refusal } from './refusal.ts';
import type { Words } from './tell.ts';
import { voteByWord } from './typed-vote.ts';

/** A line that somebody wrote to opsbot, however it reached it. */
export interface CommandLine {
  text: string;
  user: string;
  gestureKey: string;
  channel: string;
  /** The thread it was written in; absent in the channel itself. */
  thread: string | undefined;
  /** Who wrote the message that began the thread, where Slack says so. */
  rootAuthor?: string | undefined;
  /** Absent for a slash command. */
  ts: string | undefined;
  /** Where the request that it asks for belongs. May say something to the person beside. */
  originOf(action: Action): Promise<Origin>;
}

/** Open requests in one answer, at most. */
const LISTED = 20;

/**
 * Does what the line says; durable when it resolves. The answer is for whoever wrote it; undefined where the request
 * itself is the answer. Errors: the domain errors.
 */
export async function runCommand(front: FrontDesk, line: CommandLine): Promise<Words | undefined> {
  const { actions, off } = front;
  const command = parseCommand(line.text, { actions, off });
  switch (command.kind) {
    case 'help':
      return helpMessage({ actions, topic: command.topic, shortfalls: await shortfallsFor(front, line.user) });
    case 'wrong':
      cameTo('refused');
      return errorMessage({ kind: 'input', message: command.message }, { suggestion: command.suggestion });
    case 'pending':
      await requireMember(front.people, line.user);
      return pendingMessage(await listed(front, await openChanges(front)));
    case 'history':
      await requireMember(front.people, line.user);
      return historyMessage(await historyFor(front, command.asked));
    case 'action':
      await askFor(front, line, command);
      return undefined;
    default: {
      await requireMember(front.people, line.user);
      const { id, why } = command;
      const { user, channel, thread, rootAuthor, ts } = line;
      const word = { verdict: command.kind, id, why, user, channel, thread, rootAuthor, ts };
      const { refused } = await voteByWord(front, word);
      return refused === undefined ? undefined : refusal(refused);
    }
  }
}

/**
 * Help works for everybody, without a cluster, and where Slack does not say who asks; but what is in the cluster is none
 * of a guest's business.
 */
async function shortfallsFor(front: FrontDesk, user: string) {
  const standing = await front.people.standing(user).catch(() => 'stranger' as const);
  const isMember = standingRefusal(standing) === undefined;
  return isMember ? (await pictureOf(front))?.shortfalls : undefined;
}

/** A list with the names of those who asked: by mention it would notify all of them. */
async function listed({ headline, people, now }: FrontDesk, requests: readonly Request[]): Promise<RequestList> {
  const users = [...new Set(requests.map(({ requester }) => requester))];
  const names = new Map(await Promise.all(users.map(async (user) => [user, await people.nameOf(user)] as const)));
  return { requests, headline, now: now(), nameOf: (user) => names.get(user) };
}

async function openChanges(front: FrontDesk) {
  const open = await front.requests.open(LISTED);
  return open.filter((request) => request.effect === 'change');
}

async function askFor(front: FrontDesk, line: CommandLine, asked: { action: string; input: unknown; reason?: string }) {
  const action = front.actions.find(({ name }) => name === asked.action);
  if (!action) throw new Error(`the grammar knows an action that the registry does not: ${asked.action}`);
  await requireMember(front.people, line.user);
  const { gestureKey, user: requester } = line;
  const origin = await line.originOf(action);
  const { input, reason } = asked;
  await front.requests.ask({
    gestureKey,
    cluster: front.cluster,
    action: action.name,
    input,
    reason,
    requester,
    origin,
  });
}
