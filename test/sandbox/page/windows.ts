import type { Sandbox } from '../start-sandbox.ts';
import type { EventStream } from './event-stream.ts';
import type { ReadMarks } from './read-marks.ts';
import { createSliceDiff } from './slices.ts';
import type { Traffic } from './traffic.ts';
import type { Slices, TrafficEntry } from './wire.ts';
import { workspaceOf } from './workspace.ts';

export interface WindowsOptions {
  sandbox: Sandbox;
  marks: ReadMarks;
  traffic: Traffic;
  players: readonly string[];
}

export interface Windows {
  /** Shows a person what is there, and from then on what changes. */
  open(name: string, stream: EventStream): void;
  close(): void;
}

/** ms for which changes are gathered: many come at once, and an eye does not see the difference. */
const GATHER_MS = 30;

/** Every open window of the page. */
export function createWindows({ sandbox, marks, traffic, players }: WindowsOptions): Windows {
  const { slack, scene, worker } = sandbox;
  const open = new Map<EventStream, (machines: Partial<Slices>) => void>();
  let fresh: TrafficEntry[] = [];
  let planned: NodeJS.Timeout | undefined;

  /** The same in every window. */
  const machines = (): Partial<Slices> => ({
    cluster: scene.panel.look(),
    machines: { apiServerBackAt: scene.panel.apiServerBackAt(), worker: worker.state() },
  });

  function flush(): void {
    planned = undefined;
    const entries = fresh;
    fresh = [];
    const shared = machines();
    for (const [stream, update] of open) {
      update(shared);
      if (entries.length > 0) stream.send('traffic', entries);
    }
  }
  const changed = () => {
    if (open.size > 0) planned ??= setTimeout(flush, GATHER_MS);
  };
  const told = (entry: TrafficEntry) => {
    if (open.size > 0) fresh.push(entry);
    changed();
  };

  slack.events.on('change', changed);
  const stops = [
    scene.panel.onChange(changed),
    worker.onChange(changed),
    traffic.onEntry(told),
    () => slack.events.off('change', changed),
  ];

  return {
    open(name, stream) {
      const { id } = slack.person(name);
      const diff = createSliceDiff();
      const update = (shared: Partial<Slices>) => {
        const event = diff.next({ ...workspaceOf({ slack, marks, players }, id), ...shared });
        if (event) stream.send('slices', event);
      };
      stream.onClose(() => open.delete(stream));
      update(machines());
      stream.send('traffic', traffic.latest());
      open.set(stream, update);
    },
    close() {
      clearTimeout(planned);
      for (const stop of stops) stop();
      for (const stream of open.keys()) stream.end();
    },
  };
}
