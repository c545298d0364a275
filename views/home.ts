import type { HomeView } from '@slack/types';
import { Actions, Button, Context, Divider, ExternalSelect, Header, Option, Section } from 'slack-block-builder';
import type { Attention } from '../src/kubernetes/attention.ts';
import type { Overview } from '../src/kubernetes/overview.ts';
import type { Shortfall } from '../src/kubernetes/snapshot-reader.ts';
import type { Request } from '../src/requests/request.ts';
import { built } from './blocks.ts';
import { attentionBlocks, type HomeAction } from './home-attention.ts';
import { type HomeIncidents, INCIDENTS_SHOWN, incidentBlocks, silenceBlocks, watchLine } from './home-incidents.ts';
import { overviewSection } from './home-overview.ts';
import { encodeRequest, homeNewId, IDS } from './ids.ts';
import { ALL_NAMESPACES, isOffered, namespaceChoice, option } from './options.ts';
import { packed } from './pack.ts';
import { planText } from './plan.ts';
import { voteButtons } from './request-buttons.ts';
import { requestLine } from './request-line.ts';
import { shortfallAdvice, shortfallLines, shortfallOf } from './shortfall.ts';
import { clean, code, cut, duration, mention, quoted, short, when } from './text.ts';

export type { HomeAction } from './home-attention.ts';
export type { HomeIncidents } from './home-incidents.ts';

export interface Home {
  cluster: string;
  /** Of the filtered namespace; undefined where there is no picture at all (then say why in `problem`). */
  overview: Overview | undefined;
  /** The remembered namespace; undefined for all. */
  filter: string | undefined;
  /** Those with `shortcut: true` get buttons, in this order. */
  actions: readonly HomeAction[];
  headline: (request: Request) => string;
  /** Requests that wait for this person's vote; `mine` without them; `activity` newest first. */
  waiting: readonly Request[];
  mine: readonly Request[];
  activity: readonly Request[];
  /** ms since the epoch. */
  now: number;
  /** Absent: nothing that happens is for this person to see. */
  incidents: HomeIncidents | 'off' | undefined;
  /** What opsbot does not do for want of rights. Such actions are not offered where they cannot work. */
  shortfalls?: readonly Shortfall[] | undefined;
  /** What keeps Home from being right, plain text. */
  problem?: string | undefined;
}

const SHOWN = { waiting: 5, attention: 15, silences: 5, mine: 5, activity: 10, shortfalls: 6 } as const;
/** Characters that a context takes. */
const CONTEXT_MAX = 3000;
/**
 * A picture that is older than this is not “now” any more. A quiet API server gives a sign of life about once a minute,
 * and a watch gives up on it after 90 s.
 */
const OLD_MS = 100_000;

/** The App Home of one person. At most 100 blocks, however large the cluster is. */
export function homeView(home: Home): HomeView {
  return {
    type: 'home',
    blocks: built(
      Header({ text: cut(clean(`Cluster ${home.cluster}`), 150) }),
      age(home),
      ...problems(home),
      ...shortfalls(home),
      ...starters(home),
      filter(home),
      ...(home.overview ? [overviewSection(home.overview)] : []),
      ...waiting(home),
      ...incidents(home),
      ...attention(home),
      ...silences(home),
      ...(home.incidents === undefined ? [] : [...mine(home), ...activity(home)]),
    ),
  };
}

/** What of a view is worth publishing again for: everything but how old the picture is. */
export function homeContent(view: HomeView): string {
  return JSON.stringify(view.blocks.filter((block) => block.block_id !== IDS.home.age));
}

function age({ overview, now }: Home) {
  if (!overview) return undefined;
  const old = now - overview.asOf;
  const taken = `As of ${when(overview.asOf, '{time_secs}')}.`;
  const text = old > OLD_MS ? `:warning: ${taken} This is ${duration(old)} old, things may have changed.` : taken;
  return Context({ blockId: IDS.home.age }).elements(text);
}

function problems({ overview, problem, incidents: watch, now }: Home) {
  const lines = [...new Set([problem, overview?.problem])].flatMap((line) => (line?.trim() ? [line] : []));
  const sections = lines.map((line) => Section({ text: `:warning: ${short(line, 1000)}` }));
  if (!overview && lines.length === 0) sections.push(Section({ text: 'There is no picture of the cluster yet.' }));
  if (overview && !overview.complete) {
    sections.push(Section({ text: ':hourglass_flowing_sand: Still reading the cluster. The numbers will grow.' }));
  }
  return watch === undefined ? sections : [...sections, Context().elements(watchLine(watch, now))];
}

/** Quietly: it is so every day, until an admin changes it. */
function shortfalls({ shortfalls: all = [] }: Home) {
  if (all.length === 0) return [];
  const lines = shortfallLines(all);
  const shown = lines.slice(0, SHOWN.shortfalls);
  const rest = lines.length > shown.length ? [`… and ${lines.length - shown.length} more: opsbot’s log has all.`] : [];
  const contexts = [shown, [...rest, ...shortfallAdvice(all)]];
  return contexts.map((some) => Context().elements(cut(some.join('\n'), CONTEXT_MAX)));
}

function starters({ actions, shortfalls: off }: Home) {
  const works = actions.filter(({ name }) => shortfallOf(off, name, undefined) === undefined);
  const buttons = offered(works).map(({ name, title }) =>
    Button({ text: cut(clean(title), 75), actionId: homeNewId(name) }),
  );
  return [Actions().elements(...buttons, Button({ text: 'Refresh', actionId: IDS.home.refresh }))];
}

/** Slack has room for ten shortcuts, and so has Home. */
function offered(actions: readonly HomeAction[]): readonly HomeAction[] {
  return actions.filter(({ shortcut }) => shortcut).slice(0, 10);
}

function filter({ filter: namespace }: Home) {
  const chosen = namespace === undefined ? ALL_NAMESPACES : namespaceChoice(namespace);
  const { text, value } = option(isOffered(chosen) ? chosen : ALL_NAMESPACES);
  const select = ExternalSelect({ actionId: IDS.home.filter, minQueryLength: 0, placeholder: 'Type to search' });
  return Section({ text: '*Namespace*' }).accessory(select.initialOption(Option({ text: text.text, value })));
}

const title = (text: string) => [Divider(), Section({ text: `*${text}*` })];

function more(list: { length: number }, shown: number) {
  return list.length > shown ? [Context().elements(`… and ${list.length - shown} more`)] : [];
}

function waiting({ waiting: requests, headline }: Home) {
  if (requests.length === 0) return [];
  return [
    ...title('Waiting for you'),
    ...requests.slice(0, SHOWN.waiting).flatMap((request) => ballot(request, headline(request))),
    ...more(requests, SHOWN.waiting),
  ];
}

/** Whoever votes here sees what the request's own message would show. */
function ballot(request: Request, headline: string) {
  const expires = request.expiresAt === undefined ? '' : `, expires ${when(request.expiresAt)}`;
  const lead = `*${short(headline, 400)}*\nAsked by ${mention(request.requester)}${expires} ${code(request.id, 60)}`;
  const plan = planText(request.plan);
  return [
    Section({ text: lead }),
    ...(plan ? [Section({ text: plan })] : []),
    ...(request.reason ? [Section({ text: quoted(request.reason, 1000) })] : []),
    Actions().elements(...voteButtons(request, headline)),
  ];
}

function incidents({ incidents: known, cluster }: Home) {
  if (known === undefined || known === 'off' || known.open.length === 0) return [];
  return [...title('Incidents'), ...incidentBlocks(known, cluster), ...more(known.open, INCIDENTS_SHOWN)];
}

function silences({ incidents: known, cluster }: Home) {
  if (known === undefined || known === 'off' || known.silences.length === 0) return [];
  const lines = silenceBlocks(known.silences.slice(0, SHOWN.silences), cluster);
  return [...title('Silenced'), ...lines, ...more(known.silences, SHOWN.silences)];
}

function attention({ overview, actions, shortfalls: off }: Home) {
  if (!overview) return [];
  const heading = title('Needs attention');
  if (overview.attentionTotal === 0) {
    return [...heading, Section({ text: calmWords(overview) })];
  }
  const working = ({ namespace }: Attention) =>
    offered(actions).filter(({ name }) => shortfallOf(off, name, namespace) === undefined);
  return [
    ...heading,
    ...overview.attention.slice(0, SHOWN.attention).flatMap((item) => attentionBlocks(item, working(item))),
    ...more({ length: overview.attentionTotal }, SHOWN.attention),
  ];
}

function calmWords({ complete, problem }: Overview): string {
  if (!complete) return 'Nothing so far.';
  return problem === undefined ? 'Nothing. All is well.' : 'Nothing that opsbot can see.';
}

function mine({ mine: requests, headline }: Home) {
  const heading = title('Your requests');
  if (requests.length === 0) return [...heading, Section({ text: 'You have asked for nothing yet.' })];
  const lines = requests.slice(0, SHOWN.mine).map((request) => {
    const line = Section({ text: requestLine(request, headline(request), undefined) });
    if (request.state !== 'pending' && request.state !== 'approved') return line;
    const value = encodeRequest({ requestId: request.id, revision: request.revision });
    return line.accessory(Button({ text: 'Cancel', actionId: IDS.request.cancel, value }));
  });
  return [...heading, ...lines, ...more(requests, SHOWN.mine)];
}

function activity({ activity: requests, headline }: Home) {
  const all = Button({ text: 'History', actionId: IDS.history.open });
  const heading = [Divider(), Section({ text: '*Latest activity*' }).accessory(all)];
  if (requests.length === 0) return [...heading, Section({ text: 'Nothing has happened here yet.' })];
  const lines = requests
    .slice(0, SHOWN.activity)
    .map((request) => requestLine(request, headline(request), mention(request.requester)));
  return [...heading, ...packed(lines)];
}
