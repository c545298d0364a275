import type { ClusterKit } from '../../support/clusters.ts';
import type { SeenMessage } from '../../support/slack/people/looking.ts';
import { type StageOptions, useStage } from '../stage.ts';

export const ALERTS = 'CALERTS';
/** For what `rules` send elsewhere. */
export const ELSEWHERE = 'GSECRET';

/** Of the bar beside a root message: `critical`, `warning`, and what is over or was no trouble. */
export const RED = '#e01e5a';
export const ORANGE = '#f2952f';
export const GREEN = '#2eb67d';

/**
 * For the local cluster. Recovery is judged by how recent the agent's picture is known to be, and in a quiet cluster
 * only bookmarks say that; a real API server sends them once a minute.
 */
export const QUICK_BOOKMARKS = { bookmarkEvery: 200 };

/** ms that a message may take to come, or to be what it ought to be, on a busy machine. */
export const SHOWN_MS = 15_000;
/** ms until a message has turned green: on a real API server up to two bookmarks may be needed. */
export const greenMs = (kit: ClusterKit) => (kit.backend === 'real' ? 150_000 : SHOWN_MS);

export interface IncidentStageOptions extends Pick<StageOptions, 'transport'> {
  quiet?: string;
  pending?: string;
  cooldown?: string;
  storm?: number;
  /** Come after those about nodes. */
  rules?: readonly { match: Record<string, unknown>; channel: string }[];
  /** Done in the namespace before opsbot starts. */
  before?: (namespace: string) => Promise<unknown>;
}

/** Nodes are everybody's: those of other test files are none of this one's business. */
function configFile(kit: ClusterKit, namespace: string, options: IncidentStageOptions): string {
  const { quiet = '2s', pending = '1s', cooldown = '10m', storm = 50 } = options;
  const kind = ['node-not-ready', 'node-pressure'];
  const rules = [
    { match: { kind, workload: kit.nodes }, channel: ALERTS },
    { match: { kind }, ignore: true },
    ...(options.rules ?? []),
  ];
  // JSON is YAML.
  return JSON.stringify({
    channels: { alerts: ALERTS },
    namespaces: [namespace],
    incidents: { rules, quiet, pending, cooldown, storm },
  });
}

/** A message with replies is the first of its own thread. */
const isRoot = ({ by, ts, thread, ephemeral }: SeenMessage) =>
  by === 'UOPSBOT' && (thread === undefined || thread === ts) && !ephemeral;

/** A stage with incidents on: everything in one namespace of the suite's own is told in #alerts. */
export function useIncidentStage(kit: ClusterKit, options: IncidentStageOptions = {}) {
  let namespace: string | undefined;
  const own = () => {
    if (namespace === undefined) throw new Error('the namespace is there only inside of hooks and tests');
    return namespace;
  };
  const stage = useStage(kit, {
    ...(options.transport ? { transport: options.transport } : {}),
    home: async () => {
      namespace = await kit.namespace();
      await options.before?.(namespace);
      return namespace;
    },
    config: () => configFile(kit, own(), options),
  });

  const sees = () => [ALERTS, ELSEWHERE].flatMap((channel) => stage.alice.sees(channel));
  const roots = (): SeenMessage[] => sees().filter(isRoot);
  /** `owner`: as people read it, e.g. `Deployment web`. */
  const rootsOf = (owner: string) => roots().filter(({ text }) => text.includes(`*${owner}*`));
  const thread = (root: Pick<SeenMessage, 'ts'>) => sees().filter((m) => m.thread === root.ts && m.ts !== root.ts);
  const exactlyOne = (owner: string): SeenMessage => {
    const [first, ...more] = rootsOf(owner);
    if (first === undefined || more.length > 0) {
      const all = roots().map(({ text }) => `- ${text.split('\n')[0]}`);
      throw new Error(
        `${first ? more.length + 1 : 0} messages about ${owner} instead of one, among:\n${all.join('\n')}`,
      );
    }
    return first;
  };

  return {
    stage,
    get namespace(): string {
      return own();
    },
    roots,
    rootsOf,
    thread,
    exactlyOne,
    /** Waits until the one message about it passes, if need be until there is one. Throws as soon as there are two. */
    async shows(owner: string, passes: (root: SeenMessage) => boolean, timeoutMs = SHOWN_MS): Promise<SeenMessage> {
      const look = () => {
        const root = rootsOf(owner).length === 0 ? undefined : exactlyOne(owner);
        return root && passes(root) ? root : undefined;
      };
      const said = () =>
        rootsOf(owner)
          .map(({ text, color }) => `[${color}] ${text}`)
          .join('\n') || 'nothing';
      const what = () => `a message about ${owner} as wanted; there is:\n${said()}`;
      return stage.slack.waitFor(look, { timeoutMs, what });
    },
    /** Waits until it is over and says so. */
    green(owner: string, timeoutMs = greenMs(kit)): Promise<SeenMessage> {
      return this.shows(owner, ({ color, buttons }) => color === GREEN && buttons.length === 0, timeoutMs);
    },
    /** Waits for a reply in the thread that says so: all of it, where it is a list. */
    async told(
      root: Pick<SeenMessage, 'ts'>,
      words: string | RegExp | readonly string[],
      timeoutMs = SHOWN_MS,
    ): Promise<SeenMessage> {
      const fits = ({ text }: SeenMessage) =>
        words instanceof RegExp ? words.test(text) : [words].flat().every((word) => text.includes(word));
      const said = () =>
        thread(root)
          .map(({ text }) => `- ${text}`)
          .join('\n') || 'nothing';
      const what = () => `a reply that says ${words}; there is:\n${said()}`;
      return stage.slack.waitFor(() => thread(root).find(fits), { timeoutMs, what });
    },
  };
}

export type IncidentStage = ReturnType<typeof useIncidentStage>;
