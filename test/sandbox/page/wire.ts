/**
 * What goes over the wire between the sandbox and its page. The page holds nothing of its own but what is typed and where
 * one looks: everything it shows arrives as *slices*, one JSON value under each key, sent again when it has changed, and
 * everything that a person does goes back as a *gesture*.
 */
import type { Attachment, Block, Option, Reaction, StateValues, View } from '../../support/slack/types.ts';

export interface PersonSlice {
  id: string;
  name: string;
  realName: string;
  isApp: boolean;
  /** Where that is not a full member, in words: `guest`. */
  note: string | undefined;
  /** Whether the page may be used as that person. */
  playable: boolean;
}

/** What the app's manifest offers everywhere. */
export interface AppSlice {
  /** Its bot user. */
  user: string;
  /** The channel that one sees first. */
  channel: string;
  globalShortcuts: { name: string; description: string }[];
  messageShortcuts: { name: string; description: string }[];
  commands: { command: string; description: string; hint: string }[];
}

export interface ChannelSlice {
  id: string;
  name: string;
  kind: 'channel' | 'im';
  /** Of a direct message: the other one. */
  with: string | undefined;
  /** Messages of others since one has looked: in the channel itself, not in its threads. */
  unread: number;
  /** How many of what is unread, in threads as well, is meant for this person by name; in a direct message all. */
  mentions: number;
  /** The ts up to which it was read when it was opened last. */
  lastRead: string;
}

export interface FileSlice {
  id: string;
  name: string;
  title: string;
  /** bytes */
  size: number;
  lines: number;
  /** How it begins; `GET /files/<id>` is all of it. */
  preview: string;
  isWhole: boolean;
}

export interface MessageSlice {
  channel: string;
  ts: string;
  /** The ts of its thread's root; its own where it is a root with replies. */
  thread: string | undefined;
  /** A reply that is shown in the channel too. */
  isBroadcast: boolean;
  by: string;
  text: string;
  blocks: Block[];
  attachments: Attachment[];
  files: FileSlice[];
  reactions: Reaction[];
  replies: number;
  /** ts of the newest reply, and those who replied, in the order of their first. */
  latestReply: string | undefined;
  repliers: string[];
  /** Replies of others that this person has not looked at. */
  newReplies: number;
  edited: boolean;
  deleted: boolean;
  /** Only this person sees it. */
  ephemeral: boolean;
  /** What this person has chosen in it. */
  entered: StateValues;
}

export interface ViewSlice {
  view: View;
  entered: StateValues;
}

/** What a pod looks like on the panel; the status says it in Kubernetes' words. */
export type PodColour = 'good' | 'starting' | 'bad' | 'ending' | 'done';

export interface PodSlice {
  name: string;
  colour: PodColour;
  /** `Running`, `CrashLoopBackOff`, `Terminating`, … */
  status: string;
  restarts: number;
  node: string | undefined;
}

export interface WorkloadRef {
  kind: string;
  namespace: string;
  name: string;
}

export interface WorkloadSlice extends WorkloadRef {
  wanted: number;
  ready: number;
  /** Oldest first, at most PODS_SHOWN. */
  pods: PodSlice[];
  /** How many more there are than those. */
  morePods: number;
  /** What was done to it here and lasts. */
  trouble: Trouble | undefined;
}

export interface NodeSlice {
  name: string;
  ready: boolean;
  /** `Ready`, `NotReady (Unknown)`, … */
  status: string;
  pods: number;
}

export const TROUBLES = ['crash', 'oom', 'break'] as const;
export type Trouble = (typeof TROUBLES)[number];

export interface ClusterSlice {
  /** In words: which cluster this is. */
  about: string;
  /** Nothing can be done to it here. */
  readOnly: boolean;
  /** What keeps the picture from being current, in words. */
  problem: string | undefined;
  /** By namespace, kind and name. */
  workloads: WorkloadSlice[];
  /** How many more workloads there are than those. */
  moreWorkloads: number;
  /** Undefined where they may not be listed. */
  nodes: NodeSlice[] | undefined;
}

export interface MachinesSlice {
  /** ms since the epoch when the API server answers again; undefined while it does. */
  apiServerBackAt: number | undefined;
  /** opsbot's agent: whether its process runs, and how often it had to be started again. */
  worker: { running: boolean; restarts: number };
}

/** Every slice by its key. */
export interface Slices {
  me: string;
  app: AppSlice;
  home: ViewSlice;
  /** The modals that are open, the top one last. */
  modals: ViewSlice[];
  cluster: ClusterSlice;
  machines: MachinesSlice;
  [person: `person ${string}`]: PersonSlice;
  [channel: `channel ${string}`]: ChannelSlice;
  /** Followed by the channel's id and the ts. */
  [message: `message ${string}`]: MessageSlice;
}

/** The event `slices`: what has changed since the one before. */
export interface SlicesEvent {
  /** It has everything; what it does not have is gone. */
  isWhole: boolean;
  set: Partial<Slices>;
  gone: (keyof Slices)[];
}

/** One thing that went over the wire between Slack and opsbot. The event `traffic` brings a list of them, oldest first. */
export interface TrafficEntry {
  id: number;
  /** ms since the epoch, when it began. */
  at: number;
  kind: 'api' | 'envelope' | 'response_url' | 'upload';
  /** The method, or the envelope's type. */
  name: string;
  /** What it is about, in a few words: the channel, the person, the action. */
  about: string;
  /** ms until the answer; of an envelope, until it was acked. */
  ms: number;
  /** What Slack or opsbot answered that is an error, or why a real Slack would have refused it. */
  error: string | undefined;
}

/** `GET /traffic/<id>`: the whole of it; null where it is not kept any more. */
export interface TrafficDetail extends TrafficEntry {
  sent: unknown;
  answer: unknown;
}

/** A message, or a view that is open: the modal, or Home. */
export type SurfaceRef = { channel: string; ts: string } | { view: string };

/** An element of a surface. */
export interface ElementRef {
  on: SurfaceRef;
  block: string;
  action: string;
}

/** What is entered into an input: text, the value(s) of chosen options, or the id of a person or channel; null empties it. */
export type Entry = string | string[] | null;

export type Gesture =
  | { do: 'say'; channel: string; text: string; thread?: string | undefined }
  | { do: 'edit'; channel: string; ts: string; text: string }
  | { do: 'delete'; channel: string; ts: string }
  | { do: 'react'; channel: string; ts: string; emoji: string }
  | { do: 'unreact'; channel: string; ts: string; emoji: string }
  | { do: 'slash'; channel: string; command: string; text: string }
  | { do: 'shortcut'; name: string }
  | { do: 'message shortcut'; name: string; channel: string; ts: string }
  | { do: 'open home' }
  /** A button; of an overflow menu the value of the entry. */
  | ({ do: 'press'; option?: string | undefined } & ElementRef)
  | ({ do: 'enter'; entry: Entry } & ElementRef)
  /** Answered with Suggestions. */
  | ({ do: 'search'; typed: string } & ElementRef)
  /** Answered with Submission. */
  | { do: 'submit'; view: string }
  | { do: 'close'; view: string }
  /** Of an ephemeral message. */
  | { do: 'dismiss'; channel: string; ts: string }
  /** One looks at a channel, or at a thread in it. */
  | { do: 'read'; channel: string; thread?: string | undefined };

export interface Suggestions {
  options: Option[];
}

export interface Submission {
  /** By block_id. */
  errors?: Record<string, string> | undefined;
}

/** What is done to the local cluster and to what runs on it. */
export type ClusterDeed =
  | { do: Trouble | 'recover'; workload: WorkloadRef }
  | { do: 'take node away' | 'bring node back'; node: string }
  | { do: 'stop API server' }
  | { do: 'kill worker' };

/** The answer to a gesture or deed; `error` is in words for people. */
export type Answer<T = unknown> = { ok: true; result?: T } | { ok: false; error: string };

/** `POST /gesture` and `POST /cluster`. */
export interface GestureRequest {
  /** The person's name. */
  as: string;
  gesture: Gesture;
}

export interface ClusterRequest {
  deed: ClusterDeed;
}
