import { Section } from 'slack-block-builder';
import type { Overview } from '../src/kubernetes/overview.ts';
import { counted, grouped, short } from './text.ts';

const STATES_SHOWN = 8;

/** The numbers of a cluster. */
export function overviewSection({ nodes, workloads, pods, restarts, problem }: Overview) {
  const none = problem === undefined ? 'None yet.' : 'None that opsbot can see.';
  const fields = [nodesField(nodes), workloadsField(workloads, none), podsField(pods, none), restartsField(restarts)];
  return Section().fields(...fields);
}

function nodesField(nodes: Overview['nodes']): string {
  if (!nodes) return '*Nodes*\nNot shown: opsbot may not list them.';
  const mark = nodes.ready < nodes.total ? ':warning: ' : '';
  const cordoned = nodes.cordoned > 0 ? `, ${grouped(nodes.cordoned)} closed for new pods` : '';
  return `*Nodes*\n${mark}${grouped(nodes.ready)} of ${grouped(nodes.total)} ready${cordoned}`;
}

function workloadsField({ total, healthy, degraded }: Overview['workloads'], none: string): string {
  if (total === 0) return `*Workloads*\n${none}`;
  if (degraded === 0) return `*Workloads*\nAll ${grouped(healthy)} healthy`;
  return `*Workloads*\n:warning: ${grouped(degraded)} degraded, ${grouped(healthy)} healthy`;
}

function podsField({ total, notReady, byStatus }: Overview['pods'], none: string): string {
  if (total === 0) return `*Pods*\n${none}`;
  const lines = byStatus.slice(0, STATES_SHOWN).map(({ status, count }) => {
    const unready = status === 'Running' && notReady > 0 ? ` (${grouped(notReady)} not ready)` : '';
    return `${grouped(count)} ${short(status, 100)}${unready}`;
  });
  const rest = byStatus.slice(STATES_SHOWN).reduce((sum, { count }) => sum + count, 0);
  if (rest > 0) lines.push(`${grouped(rest)} in other states`);
  return `*Pods: ${grouped(total)}*\n${lines.join('\n')}`;
}

function restartsField({ pods, restarts }: Overview['restarts']): string {
  if (pods === 0) return '*Restarts, last hour*\nNone';
  return `*Restarts, last hour*\n${counted(pods, 'pod')}, at least ${counted(restarts, 'restart')}`;
}
