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

export interface PlacedFault {
  /** How many requests it has hit. */
  hits(): number;
  remove(): void;
}

interface Request {
  method: string;
  path: string;
  user: string;
}

const matchesPath = (wanted: string | RegExp | undefined, path: string) =>
  wanted === undefined || (typeof wanted === 'string' ? path.includes(wanted) : wanted.test(path));

const matchesRequest = ({ method, path, user }: FaultMatch, request: Request) =>
  (method === undefined || method === request.method) &&
  matchesPath(path, request.path) &&
  (user === undefined || user === request.user);

/** What goes wrong on demand. A later fault is asked before an earlier one. */
export function createFaults() {
  let placed: { match: FaultMatch; fault: Fault; left: number; hits: number }[] = [];
  return {
    place(fault: Fault, match: FaultMatch, times: number): PlacedFault {
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
    take(request: Request): Fault | undefined {
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
