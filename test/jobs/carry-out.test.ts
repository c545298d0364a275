import { describe, expect, it } from 'vitest';
import { createCarryOut } from '../../jobs/carry-out.ts';
import type { ActionContext } from '../../src/actions/action.ts';
import { type ExecuteOrder, type Report, reportSchema } from '../../src/requests/order.ts';
import { T0 } from '../requests/sample.ts';

const pod = `${'a'.repeat(126)}.${'b'.repeat(126)}`;
const order: ExecuteOrder = {
  type: 'execute',
  request: 'r-logs',
  revision: 1,
  attempt: 1,
  action: 'logs',
  effect: 'read',
  plan: {
    action: 'logs',
    input: { namespace: 'default', pod, container: 'c'.repeat(63), previous: true },
    target: { kind: 'Pod', namespace: 'default', name: pod, uid: 'uid-1' },
    patch: null,
    preconditions: [],
    diff: [],
    warnings: [],
  },
  requestedAt: T0,
  validUntil: T0 + 60_000,
};

/** What the hub is told about a pod that has logged this. */
async function reportOn(log: string): Promise<Report[]> {
  const reports: Report[] = [];
  const cluster = { readLogs: async () => log } as Partial<ActionContext['cluster']>;
  const carryOut = createCarryOut({
    context: async () => ({ cluster, now: () => T0, signal: new AbortController().signal }) as ActionContext,
    apply: () => async () => ({ generation: 1 }),
    send: async (report) => {
      reports.push(report);
    },
    mask: (text) => text,
    stopping: new AbortController().signal,
    onFault: (error) => {
      throw error;
    },
    now: () => T0,
  });
  await carryOut(order);
  return reports;
}

describe('what an agent reports of a read', () => {
  it('fits what a hub takes in, however long names are and however much there is', async () => {
    const line = `${'x'.repeat(99)}\n`;
    const [report] = await reportOn(line.repeat(60_000));
    expect(reportSchema.safeParse(report).error).toBeUndefined();
    if (report?.type !== 'read') throw new Error(`reported ${report?.type}`);
    expect(report.reading.filename).toMatch(/-previous\.log$/);
    expect(report.reading.body.endsWith(line)).toBe(true);
    expect(report.reading.note).toContain('Only the first 4 MiB');
  });

  it('is complete where there is little', async () => {
    const [report] = await reportOn('one\ntwo\n');
    expect(report).toMatchObject({ type: 'read', reading: { body: 'one\ntwo\n' } });
  });
});
