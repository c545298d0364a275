import type { Rule, User } from './api/access.ts';
import type { Fault, FaultMatch, PlacedFault, WatchFault } from './api/faults.ts';
import type { CrashOptions } from './kubelet/kubelet.ts';
import type { LogTarget } from './kubelet/logs.ts';
import type { Pace } from './kubelet/next-step.ts';
import type { Pressure } from './nodes.ts';
import type { ClusterRecord } from './record.ts';
import type { Scheduler } from './scheduler.ts';
import type { Store } from './store.ts';
import type { KubeObject, Manifest, Ref } from './types.ts';

export interface LocalClusterOptions {
  /** Bearer token of the admin; absent: nobody is asked for one. */
  token?: string;
  /** How long things take; default: a few ms. */
  pace?: Pace;
  scheduler?: Scheduler;
  /** How many nodes there are at the start; default 3. */
  nodes?: number;
  namespaces?: string[];
  /** ms that a second of progressDeadlineSeconds and minReadySeconds lasts; default 1,000. */
  second?: number;
  /** ms between the bookmarks of a watch; default 60,000. */
  bookmarkEvery?: number;
  /** Told of faults in the cluster itself; default: they are thrown by `stop`. */
  onError?(error: unknown): void;
}

export interface LocalCluster {
  readonly url: string;
  readonly record: ClusterRecord;
  readonly store: Store;

  /** Creates or replaces objects as the admin; not on record. */
  apply(...manifests: Manifest[]): KubeObject[];
  get(ref: Ref): KubeObject | undefined;
  list(kind: string, namespace?: string): KubeObject[];
  remove(ref: Ref): void;
  podsOf(ref: Ref): KubeObject[];

  crash(ref: Ref, options?: CrashOptions): void;
  oom(ref: Ref, options?: { container?: string }): void;
  breakImage(ref: Ref): void;
  breakConfig(ref: Ref, message?: string): void;
  failReadiness(ref: Ref): void;
  unschedulable(ref: Ref, message?: string): void;
  freeze(ref: Ref): void;
  recover(ref: Ref): void;
  /** `status` of its condition Ready; default Unknown: nothing is heard of it any more. */
  failNode(name: string, options?: { status?: 'False' | 'Unknown' }): Promise<void>;
  recoverNode(name: string): Promise<void>;
  pressure(name: string, type: Pressure, on: boolean): Promise<void>;
  setLogs(target: LogTarget, text: string | Buffer): void;

  /** Takes rights from everybody, the admin too; `allowAll` gives them back. */
  deny(rule: Rule): void;
  allowAll(): void;
  /** A further user, who may do no more than these rules say. */
  addUser(token: string, user: User): void;

  /** What goes wrong for clients; `times` defaults to 1. */
  fault(fault: Fault, match?: FaultMatch, times?: number): PlacedFault;
  clearFaults(): void;
  /** Does the work of the requests that match, and cuts the connection instead of answering. */
  applyButDropAnswer(match: FaultMatch, times?: number): PlacedFault;
  /** What goes wrong with the next event of the watches that match; `times` defaults to 1. */
  faultWatches(fault: WatchFault, match?: FaultMatch, times?: number): PlacedFault;
  cutWatches(): void;
  /** Tells every watch in its stream that its version has expired (410), and ends it. */
  expireWatches(): void;
  /** From now on the open watches that match say nothing more, no bookmark and no end; new ones are well. */
  muteWatches(match?: FaultMatch): void;
  /** The muted ones catch up on what they have kept back. */
  unmuteWatches(): void;
  /** Forgets the past: older resourceVersions and continue tokens are answered with 410. */
  compact(): void;
  /**
   * Remembers everything as it is. Calling the result makes it so again, as an etcd that is restored from a backup:
   * what was written since is lost, versions count on from the lower number, and all watches are cut.
   */
  backup(): () => void;

  /** Writes a kubeconfig and returns its path. */
  kubeconfig(token?: string): string;
  /** Listens (again, on the port it had). */
  start(): Promise<void>;
  /** Stops listening and cuts every connection; what is in the cluster lives on. */
  disconnect(): Promise<void>;
  /** Ends it for good. */
  stop(): Promise<void>;
}
