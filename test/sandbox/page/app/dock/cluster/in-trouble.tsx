import type { WorkloadSlice } from '../../../wire.ts';
import { keyOf } from './standing.ts';

const NAMED = 3;

function show(workload: WorkloadSlice): void {
  const row = document.getElementById(keyOf(workload));
  row?.scrollIntoView({ block: 'center' });
  row?.focus({ preventScroll: true });
}

/** Who is in trouble, wherever they stand in the list: pressing a name leads there. */
export function InTrouble({ workloads }: { workloads: readonly WorkloadSlice[] }) {
  if (workloads.length === 0) return null;
  const more = workloads.length - NAMED;
  return (
    <p className="in-trouble">
      In trouble:{' '}
      {workloads.slice(0, NAMED).map((workload, index) => (
        <span key={keyOf(workload)}>
          {index === 0 ? '' : ', '}
          <button type="button" className="in-trouble-name" onClick={() => show(workload)}>
            {workload.namespace}/{workload.name}
          </button>
        </span>
      ))}
      {more > 0 ? ` and ${more} more` : ''}
    </p>
  );
}
