import { explainStall } from '../actions/explain-stall.ts';
import { NotAllowedError } from '../errors.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { cleanText, cutText } from './clean-text.ts';
import { eventFacts, type Facts, findingFacts, LABELS, podFacts } from './diagnose-facts.ts';
import { readLastLog } from './diagnose-log.ts';
import { containerOf, findFailedJobPod, findVictim, type Victim, victimOf } from './diagnose-pod.ts';
import type { Diagnosis, DiagnosisOrder } from './diagnosis.ts';
import type { Finding, FindingKind } from './finding.ts';
import { imageWords, rolloutBefore, rolloutWords } from './rollout-words.ts';

interface DiagnoseDeps {
  cluster: Cluster;
  /** Ends it: what is known by then is told. */
  signal: AbortSignal;
  /** Hides secrets and does nothing else: text is cleaned before and cut after. */
  mask(text: string): string;
}

interface Scene extends DiagnoseDeps {
  finding: Finding;
  /** Gathered so far; a later, better fact takes the place of an earlier one. */
  facts: Facts;
  log: Diagnosis['log'];
}

const FACTS_SHOWN = 10;
const LONGEST_FACT = 500;

const HAS_LOG: ReadonlySet<FindingKind> = new Set(['crash-loop', 'oom-killed', 'job-failed', 'rollout-stuck']);
const HAS_NO_POD: ReadonlySet<FindingKind> = new Set(['node-not-ready', 'node-pressure', 'rollout-complete']);

/**
 * Gathers what a person would look for first. Never rejects: what cannot be read, or not in time, is left out, because
 * half the evidence now is worth more than an error. That it may not read the log is said in its place. Everything told is cleaned, masked and bounded.
 */
export async function diagnose(order: DiagnosisOrder, deps: DiagnoseDeps): Promise<Diagnosis> {
  const finding = order.findings[0];
  if (finding === undefined) return { facts: [] };
  const facts = findingFacts(finding, finding.pods[0]);
  const scene: Scene = { ...deps, finding, facts, log: undefined };
  await untilAborted(deps.signal, Promise.allSettled([lookAtPod(scene), lookAtRollout(scene)]));
  return tellAll(scene);
}

async function untilAborted(signal: AbortSignal, work: Promise<unknown>): Promise<void> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const stop = () => resolve();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  await Promise.race([work, aborted]);
  signal.removeEventListener('abort', stop);
}

async function lookAtPod(scene: Scene): Promise<void> {
  const { finding, facts } = scene;
  if (HAS_NO_POD.has(finding.kind)) return;
  const victim = (await findStalled(scene)) ?? (await findAffected(scene));
  if (victim === undefined) return;
  const { affected, pod, container } = victim;
  if (affected !== undefined) Object.assign(facts, findingFacts(finding, affected));
  if (pod !== undefined) Object.assign(facts, podFacts(finding.kind, pod, containerOf(pod, container)));
  await Promise.allSettled([lookAtEvents(scene, victim), lookAtLog(scene, victim)]);
}

/** The pod that holds a rollout up. */
async function findStalled({ cluster, finding, facts, signal }: Scene): Promise<Victim | undefined> {
  const { namespace, name } = finding.owner;
  if (finding.kind !== 'rollout-stuck') return undefined;
  try {
    const workload = await cluster.getWorkload({ kind: 'Deployment', namespace, name }, { signal });
    // No event that the cluster still keeps is too old.
    const stall = await explainStall({ cluster, signal, requestedAt: 0 }, workload);
    if (stall !== undefined) facts.Why = stall.text;
    return stall?.pod && victimOf(stall.pod);
  } catch {
    return undefined;
  }
}

async function findAffected({ cluster, finding, signal }: Scene): Promise<Victim | undefined> {
  const found = await findVictim(cluster, finding, { signal });
  if (found !== undefined || finding.kind !== 'job-failed') return found;
  return findFailedJobPod(cluster, finding, { signal });
}

async function lookAtEvents({ cluster, finding, facts, signal }: Scene, { pod }: Victim): Promise<void> {
  if (pod === undefined) return;
  const events = await cluster.listEvents(pod.namespace, pod.uid, { signal });
  Object.assign(facts, eventFacts(finding.kind, events, facts));
}

async function lookAtLog(scene: Scene, { name, container, pod }: Victim): Promise<void> {
  const { finding, facts } = scene;
  if (container === undefined || !HAS_LOG.has(finding.kind)) return;
  const { namespace } = finding.owner;
  const status = pod && containerOf(pod, container);
  try {
    const { previous, text } = await readLastLog({ namespace, pod: name, container, status }, scene);
    if (text === '') facts.Log = 'The container wrote nothing.';
    else scene.log = { pod: name, container, previous, text };
  } catch (error) {
    if (!(error instanceof NotAllowedError)) throw error;
    facts.Log = `Not shown: ${error.message}`;
  }
}

async function lookAtRollout({ cluster, finding, facts, signal }: Scene): Promise<void> {
  const { kind, owner, since, revision } = finding;
  if (owner.kind !== 'Deployment') return;
  const workload = await cluster.getWorkload({ ...owner, kind: owner.kind }, { signal });
  const isComplete = kind === 'rollout-complete';
  if (isComplete) facts.Images = imageWords(workload.containers);
  const revisions = await cluster.listRevisions(workload, { signal });
  facts.Rollout = isComplete ? rolloutWords(revisions, revision) : rolloutBefore(revisions, since);
  if (facts.Rollout !== undefined) facts.Images = undefined;
}

function tellAll({ facts, log, mask }: Scene): Diagnosis {
  const told = LABELS.map((label) => ({ label, text: tell(facts[label] ?? '', mask) }));
  return { facts: told.filter(({ text }) => text !== '').slice(0, FACTS_SHOWN), ...(log && { log }) };
}

/** On one line; masked before it is cut, because half a secret is not known for one. */
function tell(words: string, mask: (text: string) => string): string {
  const clean = mask(cleanText(words, Number.POSITIVE_INFINITY));
  return cutText(clean.replace(/\s+/g, ' ').trim(), LONGEST_FACT);
}
