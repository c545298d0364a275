import type { UsersInfoResponse, WebClient } from '@slack/web-api';
import { UnavailableError } from '../errors.ts';
import type { Identity } from '../requests/person.ts';
import type { People } from '../requests/requests.ts';
import { within } from './deadline.ts';
import { type Remembering, remember } from './remember.ts';
import { callSlack, slackCode } from './slack-errors.ts';

const USER_TTL_MS = 60_000;
/** Short: it only keeps fifty votes at the same moment from being fifty calls. */
const MEMBERS_TTL_MS = 5_000;
const HANDLES_TTL_MS = 60_000;
const PAGE = 1_000;

type SlackUser = NonNullable<UsersInfoResponse['user']>;
type Standing = Awaited<ReturnType<People['standing']>>;

interface Known {
  standing: Standing;
  identity: Identity;
}
const UNKNOWN: Known = { standing: 'stranger', identity: {} };

/** What is known at once is enough for the record; ms. */
const RECORD_WITHIN_MS = 100;

export interface Directory extends People {
  /** What a person is called, plain text, for lists that must not notify; undefined where Slack does not tell. Never fails. */
  nameOf(user: string): Promise<string | undefined>;
}

function nameIn({ profile, real_name, name }: SlackUser): string | undefined {
  return profile?.display_name || real_name || name;
}

function identityIn(user: SlackUser): Identity {
  return { name: nameIn(user), email: user.profile?.email };
}

/** `homeTeam`: id of the workspace that opsbot is installed in. */
export function standingOf(user: SlackUser, homeTeam: string): Standing {
  if (user.deleted) return 'deactivated';
  if (user.is_bot || user.id === 'USLACKBOT') return 'bot';
  const atHome = user.team_id === homeTeam || user.enterprise_user?.teams?.includes(homeTeam) === true;
  if (!atHome || user.is_stranger) return 'stranger';
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : 'member';
}

/** Refusals that are an answer (“no”); everything else that Slack will not say means that nobody can be let through. */
async function answerOf<T>(call: () => Promise<T>, noes: Record<string, T>): Promise<T> {
  try {
    return await callSlack(call);
  } catch (error) {
    const code = slackCode(error);
    if (code === undefined) throw unavailable(error);
    if (code in noes) return noes[code] as T;
    throw new UnavailableError(`Slack does not tell opsbot who people are (${code}).`, {
      advice: 'Check the scopes of the app and that it is still installed.',
      cause: error,
    });
  }
}

function unavailable(cause: unknown): UnavailableError {
  return new UnavailableError('Slack does not say who may do this just now.', {
    advice: 'Try again in a moment.',
    cause,
  });
}

/** What Slack knows about people. What decides raises UnavailableError where Slack does not answer: never “allowed”. */
export function createPeople(deps: { slack: WebClient; homeTeam: () => string; now: () => number }): Directory {
  const { slack, now } = deps;

  const known = remember<Known>(
    (user) =>
      answerOf(
        async () => {
          const found = (await slack.users.info({ user })).user;
          if (!found) throw new Error('users.info answered without a user');
          return { standing: standingOf(found, deps.homeTeam()), identity: identityIn(found) };
        },
        { user_not_found: UNKNOWN, user_not_visible: UNKNOWN },
      ),
    USER_TTL_MS,
    now,
  );

  const members = remember<ReadonlySet<string>>(
    (channel) => answerOf(() => allMembers(slack, channel), { channel_not_found: NOBODY, not_in_channel: NOBODY }),
    MEMBERS_TTL_MS,
    now,
  );

  const handles = remember<ReadonlyMap<string, string>>(
    () =>
      answerOf(async () => {
        const { usergroups } = await slack.usergroups.list({});
        return new Map((usergroups ?? []).map((g) => [(g.handle ?? '').toLowerCase(), g.id ?? '']));
      }, {}),
    HANDLES_TTL_MS,
    now,
  );

  const groupMembers = remember<ReadonlySet<string>>(
    (usergroup) =>
      answerOf(async () => new Set((await slack.usergroups.users.list({ usergroup })).users ?? []), {
        no_such_subteam: NOBODY,
        subteam_not_found: NOBODY,
      }),
    MEMBERS_TTL_MS,
    now,
  );

  return {
    standing: async (user) => (await known(user)).standing,
    nameOf: (user) =>
      known(user).then(
        ({ identity }) => identity.name,
        () => undefined,
      ),
    whoIs: (user) =>
      within(RECORD_WITHIN_MS, known(user)).then(
        ({ identity }) => identity,
        () => ({}),
      ),
    isInChannel: (user, channel) => isAmong(members, channel, user),
    async isInGroup(user, group) {
      const id = group.startsWith('@') ? (await handles('all')).get(group.slice(1).toLowerCase()) : group;
      return id !== undefined && isAmong(groupMembers, id, user);
    },
  };
}

/** Who joined a moment ago must not be told that they are not there: only a “yes” is taken from memory. */
async function isAmong(lists: Remembering<ReadonlySet<string>>, list: string, user: string): Promise<boolean> {
  return (await lists(list)).has(user) || (await lists(list, { fresh: true })).has(user);
}

const NOBODY: ReadonlySet<string> = new Set();

async function allMembers(slack: WebClient, channel: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await slack.conversations.members({ channel, limit: PAGE, ...(cursor ? { cursor } : {}) });
    for (const member of page.members ?? []) found.add(member);
    cursor = page.response_metadata?.next_cursor;
  } while (cursor);
  return found;
}
