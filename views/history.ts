import { Actions, Button, Context, Section } from 'slack-block-builder';
import type { HistoryFilter, Outcome } from '../src/requests/history-filter.ts';
import type { HistoryRow, IncidentRow, RequestRow } from '../src/requests/history-rows.ts';
import { built, type Message } from './blocks.ts';
import { IDS } from './ids.ts';
import { oneLine, ownerName } from './incident-words.ts';
import { stateMark, stateWord } from './request-state.ts';
import { code, cut, grouped, when } from './text.ts';

/** Rows of one page, at most: so many fit into a message, whatever they say. */
export const HISTORY_ROWS = 15;

export interface HistoryList {
  /** Newest first. */
  rows: readonly HistoryRow[];
  filter: HistoryFilter;
  /** Plain text. */
  headline: (row: RequestRow) => string;
  /** What a person is called, plain text: a list names nobody by mention, which would notify everybody in it. */
  nameOf: (user: string, row?: HistoryRow) => string;
  /** Address of the message that shows it. */
  linkTo: (row: HistoryRow) => string | undefined;
  /** The one that need not be named. */
  cluster: string;
  /** Values of the buttons to the pages beside this one, where there are such. */
  older?: string | undefined;
  newer?: string | undefined;
  /** ms since the epoch: how far back was looked, where that was not far enough to fill the page. */
  lookedBackTo?: number | undefined;
  /** Entries of the audit log that could not be read. */
  unreadable: number;
  /** A line that was perhaps meant, where nothing was found. */
  suggestion?: string | undefined;
}

/** Slack takes 50 blocks; each row has two, the second of which is quiet. */
export function historyMessage(list: HistoryList): Message {
  const words = filterWords(list);
  const title = words === '' ? '*History*' : `*History:* ${words}`;
  const rows = historyLines(list).flatMap(({ what, who }) => [Section({ text: what }), Context().elements(who)]);
  return { text: 'History', blocks: built(Section({ text: title }), ...rows, ...below(list)) };
}

/** Of each row what happened, and who it was, when and where; mrkdwn. */
export function historyLines(list: HistoryList): { what: string; who: string }[] {
  return list.rows.slice(0, HISTORY_ROWS).map((row) => ({ what: whatIn(row, list), who: whoWhenWhere(row, list) }));
}

/** What is to be said of the rows, and the buttons to the pages beside. */
export function below(list: HistoryList) {
  const notes = [list.rows.length === 0 ? nothing(list) : undefined, lookedBack(list), unreadable(list)];
  const said = notes.filter((note) => note !== undefined);
  return [...(said.length === 0 ? [] : [Section({ text: said.join('\n') })]), ...turning(list)];
}

function turning({ older, newer }: HistoryList) {
  const buttons = [
    newer === undefined ? undefined : Button({ text: 'Newer', actionId: IDS.history.newer, value: newer }),
    older === undefined ? undefined : Button({ text: 'Older', actionId: IDS.history.older, value: older }),
  ].filter((button) => button !== undefined);
  return buttons.length === 0 ? [] : [Actions().elements(...buttons)];
}

function nothing({ filter, newer, lookedBackTo, suggestion }: HistoryList): string {
  if (newer !== undefined) return 'There is nothing older.';
  if (lookedBackTo !== undefined) return 'Nothing found so far.';
  if (Object.values(filter).every((value) => value === undefined)) return 'Nothing has been asked for yet.';
  return suggestion === undefined ? 'Nothing found.' : `Nothing found. Did you mean ${code(suggestion, 300)}?`;
}

function lookedBack({ lookedBackTo }: HistoryList): string | undefined {
  return lookedBackTo === undefined ? undefined : `Looked back to ${when(lookedBackTo)}. *Older* looks further back.`;
}

function unreadable({ unreadable: count }: HistoryList): string | undefined {
  if (count === 0) return undefined;
  const entries = count === 1 ? '1 entry' : `${grouped(count)} entries`;
  return `:warning: ${entries} of the audit log cannot be read and may be missing here: an admin should run ${code('opsbot audit verify')}.`;
}

function whatIn(row: HistoryRow, list: HistoryList): string {
  return row.kind === 'request' ? requestLead(row, list) : incidentLead(row);
}

function whoWhenWhere(row: HistoryRow, list: HistoryList): string {
  const link = list.linkTo(row);
  const who = row.kind === 'request' ? whoIn(row, list) : nameIn(list, row.user, row);
  const first = [
    cut(who, 150),
    when(row.when),
    row.cluster === list.cluster ? undefined : `on cluster ${code(row.cluster, 40)}`,
    idOf(row),
    link && `<${link}|Open>`,
  ];
  const words = row.kind === 'request' ? wordsIn(row) : '';
  return [first.filter(Boolean).join(' · '), words].filter((line) => line !== '').join('\n');
}

function idOf(row: HistoryRow): string | undefined {
  const id = row.kind === 'request' ? row.id : row.incident;
  return id === undefined ? undefined : code(id, 60);
}

function requestLead(row: RequestRow, { headline }: HistoryList): string {
  return `${stateMark(row.state)} ${stateWord(row)}: *${oneLine(headline(row), 150) || '-'}*`;
}

function incidentLead({ event, owner, until }: IncidentRow): string {
  const name = ownerName({ ...owner, kind: cut(owner.kind, 40), name: cut(owner.name, 100) });
  switch (event) {
    case 'incident-acknowledged':
      return `:eyes: On it: ${name}`;
    case 'workload-silenced':
      return `:no_bell: Silenced${until === undefined ? '' : ` until ${when(until)}`}: ${name}`;
    case 'silence-ended':
      return `:bell: Silence ended: ${name}`;
  }
}

const NAMES_SHOWN = 3;

function whoIn(row: RequestRow, list: HistoryList): string {
  const { approvers, requester, endedBy, state } = row;
  const names = approvers.slice(0, NAMES_SHOWN).map((user) => nameIn(list, user, row));
  if (approvers.length > NAMES_SHOWN) names.push(`${approvers.length - NAMES_SHOWN} more`);
  const approved = names.length === 0 ? '' : `, approved by ${names.join(', ').replace(/, ([^,]*)$/, ' and $1')}`;
  // Whose request it was may take it back: that needs no second name.
  const isOwn = state === 'cancelled' && endedBy === requester;
  const ended = endedBy === undefined || isOwn ? '' : `, ${endedWord(row)} by ${nameIn(list, endedBy, row)}`;
  return `${nameIn(list, requester, row)}${approved}${ended}`;
}

function endedWord({ state }: RequestRow): string {
  return state === 'rejected' || state === 'cancelled' ? state : 'told';
}

function nameIn({ nameOf }: HistoryList, user: string, row: HistoryRow): string {
  return oneLine(nameOf(user, row), 40) || '-';
}

/** Of somebody's words: a list is for finding something, its message has all of it. */
const WORDS_MAX = 90;

/** What people and the cluster said about it. */
function wordsIn({ reason, why, state }: RequestRow): string {
  const isSaid = state === 'rejected' || state === 'cancelled';
  return [quote(reason), isSaid ? quote(why) : oneLine(why ?? '', WORDS_MAX)].filter((text) => text !== '').join(' · ');
}

function quote(words: string | undefined): string {
  const line = oneLine(words ?? '', WORDS_MAX);
  return line === '' ? '' : `“${line}”`;
}

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  open: 'Open',
  done: 'Done',
  failed: 'Failed or not possible',
  rejected: 'Rejected or not allowed',
  cancelled: 'Cancelled',
  expired: 'Expired',
};

/** What is shown, in words, mrkdwn; empty where that is everything. */
function filterWords({ filter, nameOf }: HistoryList): string {
  const { about, outcome, kind, name, namespace, by, since } = filter;
  const workload = [kind, name && code(name, 100)].filter((word) => word !== undefined).join(' ');
  return [
    about,
    outcome && OUTCOME_WORDS[outcome].toLowerCase(),
    workload || undefined,
    namespace && `in ${code(namespace, 100)}`,
    by && `by ${oneLine(nameOf(by), 40)}`,
    since !== undefined && `since ${when(since)}`,
  ]
    .filter((word) => typeof word === 'string')
    .join(', ');
}
