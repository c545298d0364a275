import './cluster-panel.css';
import type { WorkloadSlice } from '../../../wire.ts';
import { useSlice } from '../../store.ts';
import { counted } from '../counted.ts';
import { InTrouble } from './in-trouble.tsx';
import { Legend } from './legend.tsx';
import { Machines } from './machines.tsx';
import { Nodes } from './nodes.tsx';
import { byNamespace, isInTrouble, keyOf } from './standing.ts';
import { WorkloadRow } from './workload-row.tsx';

/** The cluster as it is now, and the ways to cause trouble in it. */
export function ClusterPanel() {
  const cluster = useSlice('cluster');
  const machines = useSlice('machines');
  if (!cluster || !machines) return null;
  const { about, readOnly, problem, nodes, workloads, moreWorkloads } = cluster;
  return (
    <div className="cluster">
      <p className="cluster-about">{about}</p>
      {readOnly ? <p className="cluster-note">Shown only: nothing here changes your cluster.</p> : null}
      {problem === undefined ? null : (
        <p className="cluster-problem" role="status">
          <span aria-hidden="true">⚠️</span> {problem}
        </p>
      )}
      <Machines machines={machines} readOnly={readOnly} />
      {nodes === undefined || nodes.length === 0 ? null : (
        <>
          <h2 className="cluster-heading">Nodes</h2>
          <Nodes nodes={nodes} readOnly={readOnly} />
        </>
      )}
      <h2 className="cluster-heading">Workloads</h2>
      <Legend workloads={workloads} />
      <InTrouble workloads={workloads.filter(isInTrouble)} />
      <Workloads workloads={workloads} readOnly={readOnly} />
      {moreWorkloads > 0 ? <p className="cluster-note">{counted(moreWorkloads, 'workload')} more, not shown.</p> : null}
    </div>
  );
}

function Workloads({ workloads, readOnly }: { workloads: readonly WorkloadSlice[]; readOnly: boolean }) {
  if (workloads.length === 0) return <p className="cluster-note">There are none.</p>;
  return byNamespace(workloads).map(([namespace, inside]) => (
    <section key={namespace}>
      <h3 className="cluster-namespace">{namespace}</h3>
      <ul className="cluster-rows">
        {inside.map((workload) => (
          <WorkloadRow key={keyOf(workload)} workload={workload} readOnly={readOnly} />
        ))}
      </ul>
    </section>
  ));
}
