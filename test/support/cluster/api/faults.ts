/** Which requests a fault hits; an absent field means any. */
export interface FaultMatch {
  method?: string;
  path?: string | RegExp;
  user?: string;
}

export type Fault =
  /** Answers this instead of doing anything. */
  | { kind: 'answer'; status: number; body?: unknown; headers?: Record<string, string> }
  /** Never answers. */
  | { kind: 'hang' }
  /** Does it, later. */
  | { kind: 'delay'; ms: number }
  /** Cuts the connection before doing anything. */
  | { kind: 'cut' }
  /** Does it, then cuts the connection instead of answering. */
  | { kind: 'drop answer' };

/** What can go wrong with an event of a watch: half of its line is sent and then the connection cut, or it comes twice. */
export type WatchFault = 'cut mid-event' | 'send twice';

export interface PlacedFault {
  /** How many requests it has hit. */
  hits(): number;
  remove(): void;
}

export interface FaultRequest {
  method: string;
  path: string;
  user: string;
}

const matchesPath = (wanted: string | RegExp | undefined, path: string) =>
  wanted === undefined || (typeof wanted === 'string' ? path.includes(wanted) : wanted.test(path));

export const matchesRequest = ({ method, path, user }: FaultMatch, request: FaultRequest): boolean =>
  (method === undefined || method === request.method) &&
  matchesPath(path, request.path) &&
  (user === undefined || user === request.user);

/** Faults of one sort, each asked for by its match. A later fault is asked before an earlier one. */
export function createFaults<Kind>() {
  let placed: { match: FaultMatch; fault: Kind; left: number; hits: number }[] = [];
  return {
    place(fault: Kind, match: FaultMatch, times: number): PlacedFault {
      const entry = { match, fault, left: times, hits: 0 };
      placed.unshift(entry);
      return {
        hits: () => entry.hits,
        remove: () => {
          placed = placed.filter((other) => other !== entry);
        },
      };
    },
    /** The fault that hits this request, which it uses up. */
    take(request: FaultRequest): Kind | undefined {
      const entry = placed.find(({ match, left }) => left > 0 && matchesRequest(match, request));
      if (entry === undefined) return undefined;
      entry.left -= 1;
      entry.hits += 1;
      return entry.fault;
    },
    clear: () => {
      placed = [];
    },
  };
}
