import { randomUUID } from 'node:crypto';
import type { AllMiddlewareArgs, BlockAction, SlackActionMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import type { HomeView } from '@slack/types';
import { type HomeIncidents, homeContent, homeView } from '../../views/home.ts';
import { INCIDENTS_SHOWN } from '../../views/home-incidents.ts';
import { ALL_NAMESPACES } from '../../views/options.ts';
import { toReport, UnavailableError } from '../errors.ts';
import { overviewOf } from '../kubernetes/overview.ts';
import { approvalRefusalOf, requireMember } from '../requests/eligibility.ts';
import { standingRefusal } from '../requests/policy.ts';
import type { Request } from '../requests/request.ts';
import { RateLimited } from '../requests/requests.ts';
import type { FrontDesk } from './front-desk.ts';
import { digestOf } from './message-digest.ts';
import { incidentLink } from './permalink.ts';
import { callSlack } from './slack-errors.ts';

/** Requests that are looked at for one person's Home, at most. */
const LOOKED_AT = 50;
const ACTIVITY = 20;

/** The App Home of one person as it is now. It renders whatever is missing: then it says what. */
export async function renderHome(front: FrontDesk, user: string): Promise<HomeView> {
  const common = {
    cluster: front.cluster,
    actions: front.actions,
    headline: front.headline,
    now: front.now(),
  };
  const nothing = { ...common, overview: undefined, waiting: [], mine: [], activity: [], incidents: undefined };
  const refused = standingRefusal(await front.people.standing(user));
  // The cluster is none of a guest's business.
  if (refused !== undefined) return homeView({ ...nothing, actions: [], filter: undefined, problem: refused });
  const [filter, picture, requests, incidents] = await Promise.all([
    front.visitors.filter(user),
    pictureFor(front),
    requestsFor(front, user),
    incidentsFor(front),
  ]);
  const overview = picture.snapshot && overviewOf(picture.snapshot, { namespace: filter, now: common.now });
  const shown = { ...requests, incidents: await withLinks(front, inNamespace(incidents, filter)) };
  const { shortfalls } = picture.snapshot ?? {};
  return homeView({ ...common, ...shown, overview, shortfalls, filter, problem: picture.problem });
}

async function pictureFor(front: FrontDesk) {
  try {
    return { snapshot: await front.snapshot.read(), problem: undefined };
  } catch (error) {
    const { message, advice } = toReport(error);
    return { snapshot: undefined, problem: [message, advice].filter(Boolean).join(' ') };
  }
}

async function incidentsFor({ incidents, areIncidentsOn, cluster }: FrontDesk): Promise<HomeIncidents | 'off'> {
  if (!areIncidentsOn) return 'off';
  const [open, silences, watchedUntil] = await Promise.all([
    incidents.open(),
    incidents.silences(),
    incidents.watchedUntil(cluster),
  ]);
  return { open, silences, watchedUntil, links: new Map() };
}

/** Nodes are in no namespace and concern everybody; a silence can be ended whatever one looks at. */
function inNamespace(incidents: HomeIncidents | 'off', namespace: string | undefined): HomeIncidents | 'off' {
  if (incidents === 'off' || namespace === undefined) return incidents;
  return { ...incidents, open: incidents.open.filter(({ owner }) => ['', namespace].includes(owner.namespace)) };
}

async function withLinks(front: FrontDesk, incidents: HomeIncidents | 'off'): Promise<HomeIncidents | 'off'> {
  if (incidents === 'off') return incidents;
  const shown = incidents.open.slice(0, INCIDENTS_SHOWN);
  const links = await Promise.all(shown.map(({ id }) => linkTo(front, id)));
  return { ...incidents, links: new Map(links.flat()) };
}

async function linkTo(front: FrontDesk, id: string): Promise<[id: string, link: string][]> {
  const link = await incidentLink(front, id);
  return link === undefined ? [] : [[id, link]];
}

async function requestsFor(front: FrontDesk, user: string) {
  const [open, mine, recent] = await Promise.all([
    front.requests.open(LOOKED_AT),
    front.requests.byRequester(user, LOOKED_AT),
    front.requests.recent(ACTIVITY),
  ]);
  const waits = await Promise.all(open.map((request) => isWaitingFor(front, request, user)));
  const waiting = open.filter((_, index) => waits[index]);
  const ids = new Set(waiting.map(({ id }) => id));
  return { waiting, mine: mine.filter(({ id, effect }) => !ids.has(id) && effect === 'change'), activity: recent };
}

async function isWaitingFor(front: FrontDesk, request: Request, user: string): Promise<boolean> {
  if (request.state !== 'pending' || !request.requirement) return false;
  if (request.votes.some((vote) => vote.user === user)) return false;
  return (await approvalRefusalOf(request, request.requirement, user, front.people)) === undefined;
}

/** ms after which whoever was overtaken looks again. */
const LOOK_AGAIN_MS = 250;

/**
 * Publishes somebody's Home, unless they were last shown the same. Two that publish at the same time cannot know whose
 * picture Slack took last: both are told (RateLimited), and the next one publishes in any case.
 */
export async function publishHome(front: FrontDesk, user: string): Promise<void> {
  const { visitors, slack } = front;
  const before = await visitors.shown(user);
  const view = await renderHome(front, user);
  const digest = digestOf(homeContent(view));
  if (before === digest) return;
  const turn = `turn-${randomUUID()}`;
  if (!(await visitors.replaceShown(user, before, turn))) throw new RateLimited(LOOK_AGAIN_MS);
  await callSlack(() => slack.views.publish({ user_id: user, view }));
  if (await visitors.replaceShown(user, turn, digest)) return;
  await visitors.forgetShown(user);
  throw new RateLimited(LOOK_AGAIN_MS);
}

/** Home was opened (not the Messages tab beside it): it is shown at once, and kept current for a while. */
export function onHomeOpened(front: FrontDesk) {
  return async ({ event }: SlackEventMiddlewareArgs<'app_home_opened'> & AllMiddlewareArgs): Promise<void> => {
    if (event.tab !== 'home') return;
    await showHome(front, event.user);
  };
}

type Click = SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs;

export function onHomeRefresh(front: FrontDesk) {
  return async ({ body, ack }: Click): Promise<void> => {
    await showHome(front, body.user.id);
    await ack();
  };
}

/** The namespace filter is remembered for the person. */
export function onHomeFilter(front: FrontDesk) {
  return async ({ body, action, ack }: Click): Promise<void> => {
    const user = body.user.id;
    await requireMember(front.people, user);
    const chosen = 'selected_option' in action ? action.selected_option?.value : undefined;
    await front.visitors.setFilter(user, chosen === ALL_NAMESPACES.value ? undefined : chosen);
    await ack();
    await showHome(front, user);
  };
}

/** At once, since somebody waits for it; where that fails it follows. */
export async function showHome(front: FrontDesk, user: string): Promise<void> {
  await front.visitors.opened(user);
  try {
    await publishHome(front, user);
  } catch (error) {
    if (!(error instanceof RateLimited || error instanceof UnavailableError)) throw error;
    await front.outbox.showHome(user);
  }
}
