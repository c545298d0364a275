/** One entry as it lies in the log. */
export interface LoggedEntry {
  /** Of the stream: `<ms since the epoch>-<n>`. */
  id: string;
  /** SHA-256 (hex) over the hash before it and the entry. */
  hash: string;
  /** The canonical JSON that was hashed; whoever can write to Redis may have put anything here. */
  entry: string;
}

/** When the entry with this id was written, in ms since the epoch. */
export function momentOf(id: string): number {
  return partsOf(id)[0];
}

/** Whether an id of the stream comes before another. */
export function isBefore(id: string, other: string): boolean {
  const [[ms, n], [otherMs, otherN]] = [partsOf(id), partsOf(other)];
  return ms < otherMs || (ms === otherMs && n < otherN);
}

function partsOf(id: string): [ms: number, n: number] {
  const [ms, n] = id.split('-').map(Number);
  return [ms || 0, n || 0];
}

/** Reading the audit log. Every method: UnavailableError where Redis is away, ConflictError where it holds no log there. */
export interface AuditLog {
  /** Oldest first; only what comes after this id, where one is given. */
  after(id: string | undefined, count: number): Promise<LoggedEntry[]>;
  /** Newest first; only what comes before this id, where one is given. */
  before(id: string | undefined, count: number): Promise<LoggedEntry[]>;
  /**
   * What the next entry will be chained to (GENESIS where there is none), and the newest entry, of one and the same
   * moment, however fast the log grows.
   */
  end(): Promise<{ head: string; last: LoggedEntry | undefined }>;
}
