import type { HomeView } from '@slack/types';
import { Section } from 'slack-block-builder';
import type { Action } from '../src/actions/action.ts';
import type { Overview } from '../src/kubernetes/overview.ts';
import type { Request } from '../src/requests/request.ts';
import { built } from './blocks.ts';
import { escaped } from './text.ts';

export interface Home {
  cluster: string;
  /** Of the filtered namespace; undefined where there is no picture at all (then say why in `problem`). */
  overview: Overview | undefined;
  /** The remembered namespace; undefined for all. */
  filter: string | undefined;
  /** Actions that get buttons: those with `shortcut: true` are taken. */
  actions: readonly Pick<Action, 'name' | 'title' | 'verb' | 'effect' | 'fields' | 'shortcut'>[];
  headline: (request: Request) => string;
  /** Requests that wait for this person's vote; `mine` without them; `activity` newest first. */
  waiting: readonly Request[];
  mine: readonly Request[];
  activity: readonly Request[];
  now: number;
  incidents: 'on' | 'off';
  /** What keeps Home from being right, plain text. */
  problem?: string | undefined;
}

/** The App Home of one person. */
export function homeView({ cluster }: Home): HomeView {
  return { type: 'home', blocks: built([Section({ text: escaped(cluster) })]) };
}
