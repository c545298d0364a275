import type { ClusterDeed, ClusterSlice } from '../page/wire.ts';

/** What can be done to the cluster itself; the worker is the sandbox's. */
export type PanelDeed = Exclude<ClusterDeed, { do: 'kill worker' }>;

/** The cluster as people see it beside Slack, and what they can do to it. */
export interface Panel {
  /** The cluster as it is now. */
  look(): ClusterSlice;
  /** Calls back after something in it has changed, however often that is. Returns the way to stop it. */
  onChange(listener: () => void): () => void;
  /** Does it and says what happens now. Throws a sentence where it cannot. Absent where the cluster is not the sandbox's own. */
  act?: (deed: PanelDeed) => string | Promise<string>;
  /** ms since the epoch when the API server answers again; undefined while it does. */
  apiServerBackAt(): number | undefined;
}
