import type { Logger } from 'pino';
import { detect } from '../src/incidents/detect.ts';
import { type Finding, findingKey } from '../src/incidents/finding.ts';
import type { SignsReader } from '../src/kubernetes/signs.ts';
import { every, type Repeated } from './every.ts';
import type { FindingsPublisher, Term } from './findings-publisher.ts';

export interface FindingsReporterDependencies {
  signs: SignsReader;
  /** This process's hold on the Lease; asked before each report. */
  lease: { holder(): { transitions: number } | undefined; onChange(listener: () => void): () => void };
  publisher: FindingsPublisher;
  /** Tells the hub that something has changed. What gets lost, the hub's sweep makes up for. */
  poke(): Promise<void>;
  /** How long a pod may wait for a node, in ms. */
  pendingMs: number;
  logger: Logger;
  now(): number;
}

/** Some trouble comes of time alone (a pod waits for too long), so it is looked at so often; ms. */
const LOOK_EVERY_MS = 1_000;
/** How often it is told that somebody watches, and how far, in ms: an incident ends by that. */
const HEARTBEAT_MS = 2_000;

/** A quiet API server is heard of about once a minute, and a watch that is silent for 90 s is given up; ms. */
const HEARD_OF_MS = 100_000;

interface Told {
  term: Term;
  /** Findings by key, as JSON; undefined where it is not known what Redis has: then the complete set is told. */
  findings: ReadonlyMap<string, string> | undefined;
  /** When, in ms since the epoch. */
  at: number;
}

function serialized(findings: readonly Finding[]): Map<string, string> {
  return new Map(findings.map((finding) => [findingKey(finding), JSON.stringify(finding)]));
}

function difference(before: ReadonlyMap<string, string> | undefined, after: ReadonlyMap<string, string>) {
  const complete = before === undefined;
  const changed = [...after].filter(([key, json]) => before?.get(key) !== json);
  const gone = [...(before?.keys() ?? [])].filter((key) => !after.has(key));
  return { complete, changed, gone, any: complete || changed.length > 0 || gone.length > 0 };
}

/** While this process holds the Lease, tells what is wrong in its cluster: the complete set first, then what changes. */
export function createFindingsReporter(deps: FindingsReporterDependencies) {
  const { signs, lease, publisher, poke, pendingMs, logger, now } = deps;
  let told: Told | undefined;
  let refused: number | undefined;

  async function claim(held: number): Promise<Told | undefined> {
    const term = await publisher.claim(held);
    if (term) return { term, findings: undefined, at: 0 };
    // For a moment this is a change of hands; where it stays, two clusters may have been given one name.
    if (refused !== held) logger.warn({ term: held }, 'another agent of a cluster with this name has a later term');
    refused = held;
    return undefined;
  }

  /** What was told in this term; undefined where this process may not tell anything. */
  async function inTerm(): Promise<Told | undefined> {
    const held = lease.holder()?.transitions;
    if (held === undefined) {
      told = undefined;
    } else if (told?.term.number !== held) {
      told = await claim(held);
    }
    return told;
  }

  async function report(): Promise<void> {
    if (!signs.read().complete) return;
    const last = await inTerm();
    if (!last) return;
    // Read only now: what changed while the term was claimed is in it.
    const picture = signs.read();
    const { number, ...watched } = last.term;
    const findings = serialized(detect(picture, { now: now(), pendingMs, ...watched }));
    const { any, ...change } = difference(last.findings, findings);
    const asOf = Math.floor(picture.asOf);
    const seenUntil = now() - asOf <= HEARD_OF_MS ? now() : asOf;
    // Also where the clock was put back.
    const due = Math.abs(now() - last.at) >= HEARTBEAT_MS;
    if ((!any && !due) || lease.holder()?.transitions !== number) return;
    // Until the answer is here nobody knows what Redis has.
    told = { ...last, findings: undefined };
    const written = await publisher.publish(number, {
      asOf: String(asOf),
      seenUntil: String(seenUntil),
      unseen: JSON.stringify(picture.unseen),
      ...change,
    });
    told = written ? { ...last, findings, at: now() } : undefined;
    if (written && any) await poke();
  }

  return {
    report,
    /** Reports whenever something changes, until it is stopped; then nothing more. */
    start(): Pick<Repeated, 'stop'> {
      let again = false;
      const untilQuiet = async () => {
        do {
          again = false;
          await report();
        } while (again);
      };
      const task = every(LOOK_EVERY_MS, 'reporting findings', untilQuiet, logger);
      const changed = () => {
        again = true;
        task.run();
      };
      const unsubscribe = [signs.onChange(changed), lease.onChange(changed)];
      task.run();
      return {
        async stop() {
          for (const end of unsubscribe) end();
          again = false;
          await task.stop();
        },
      };
    },
  };
}
