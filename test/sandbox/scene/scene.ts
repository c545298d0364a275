import { TROUBLES as CAUSES } from '../page/wire.ts';
import type { Panel } from './panel.ts';

/** What can be done to a workload at the prompt. */
export const TROUBLES = [...CAUSES, 'recover'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** The Deployment that the tour works on. */
export interface Workload {
  namespace: string;
  name: string;
  /** How many it runs when the tour begins; the tour leaves it so. */
  replicas: number;
}

export interface Stand {
  wanted: number;
  ready: number;
}

/** The cluster that opsbot works on, as the sandbox sees it without opsbot's help. */
export interface Scene {
  /** In words for people: where things will happen. */
  about: string;
  /** What opsbot may touch, as in its configuration file. */
  namespaces: string[];
  /** What opsbot gets to know of it. */
  env: NodeJS.ProcessEnv;
  workload: Workload;
  /** Of the tour's workload, as the API server has it now. */
  stand(): Promise<Stand>;
  /** Does something to the containers of a workload, given as `checkout` or `staging/api`; absent on a cluster that is not the sandbox's. */
  trouble?: (what: Trouble, name: string) => string;
  panel: Panel;
  /** ms that a rollout may take. */
  patience: number;
  end(): Promise<void>;
}
