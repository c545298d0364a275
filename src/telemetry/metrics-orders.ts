import { Counter, Histogram, type Registry } from 'prom-client';
import { onEnded } from './on-ended.ts';

const PLAN_RESULTS = ['planned', 'failed', 'interrupted'] as const;
const EXECUTION_RESULTS = ['succeeded', 'failed', 'drifted', 'unknown', 'interrupted'] as const;
/** A rollout may take long. */
const EXECUTION_BUCKETS = [0.1, 0.5, 1, 5, 15, 30, 60, 120, 300, 600, 1_800];
const PLAN_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What the agent of this process carries out. `actions`: names of all that there are. */
export function measureOrders(registry: Registry, actions: readonly string[]): () => void {
  const registers = [registry];
  const plans = new Counter({
    name: 'opsbot_plans_total',
    help: 'Plans made. result: planned, failed (the person was told why), interrupted (the process stopped; another goes on).',
    labelNames: ['action', 'result'],
    registers,
  });
  const planning = new Histogram({
    name: 'opsbot_plan_seconds',
    help: 'Time that an agent took to make a plan.',
    labelNames: ['action'],
    buckets: PLAN_BUCKETS,
    registers,
  });
  const executions = new Counter({
    name: 'opsbot_executions_total',
    help: 'Executions of approved requests, reads included. result: succeeded, failed, drifted (the plan was outdated, nothing done), unknown (nobody can tell whether it was done), interrupted (the process stopped; another goes on).',
    labelNames: ['action', 'result'],
    registers,
  });
  const executing = new Histogram({
    name: 'opsbot_execution_seconds',
    help: 'Time that an execution took, the rollout that it waited for included.',
    labelNames: ['action'],
    buckets: EXECUTION_BUCKETS,
    registers,
  });
  // A counter that begins with its first failure shows no increase.
  for (const action of actions) {
    for (const result of PLAN_RESULTS) plans.inc({ action, result }, 0);
    for (const result of EXECUTION_RESULTS) executions.inc({ action, result }, 0);
  }
  return onEnded('order', ({ type, action: name, outcome: result = 'interrupted' }, seconds) => {
    const action = actions.includes(name) ? name : 'other';
    const [counter, histogram] = type === 'plan' ? [plans, planning] : [executions, executing];
    counter.inc({ action, result });
    histogram.observe({ action }, seconds);
  });
}
