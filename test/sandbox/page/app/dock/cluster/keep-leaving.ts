import type { PodSlice } from '../../../wire.ts';

/** A pod on the panel; one that is gone stays until its square has faded. */
export interface ShownPod {
  pod: PodSlice;
  isLeaving: boolean;
}

/** What is shown after these pods have come: those that are gone keep their place, and leave. */
export function keepLeaving(shown: readonly ShownPod[], pods: readonly PodSlice[]): ShownPod[] {
  const there = new Set(pods.map(({ name }) => name));
  const next = pods.map((pod) => ({ pod, isLeaving: false }));
  for (const [index, { pod }] of shown.entries()) {
    if (there.has(pod.name)) continue;
    const before = shown[index - 1]?.pod.name;
    next.splice(next.findIndex((other) => other.pod.name === before) + 1, 0, { pod, isLeaving: true });
  }
  return next;
}
