import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const ROOT = fileURLToPath(new URL('.', import.meta.url));

/**
 * Files that mostly wait: for what Slack takes in a second, for a dead process's locks to run out, for the bookmarks of
 * a real API server. Longest first, so that none is left over in the end. What keeps a core busy does not belong here.
 */
const WAITING = [
  'test/faults/faults.test.ts',
  'test/e2e/incidents/replicas.test.ts',
  'test/e2e/incidents/kinds.test.ts',
  'test/e2e/incidents/storm.test.ts',
  'test/e2e/incidents/faults.test.ts',
  'test/e2e/incidents/crash-away.test.ts',
  'test/e2e/incidents/crash-random.test.ts',
  'test/e2e/incidents/crash.test.ts',
  'test/e2e/page/incidents.test.ts',
  'test/e2e/incidents/faults-outage.test.ts',
  'test/e2e/incidents/actions.test.ts',
  'test/e2e/rate-limits.test.ts',
  'test/e2e/rolling-signals.test.ts',
  'test/e2e/missing-rights.test.ts',
  'test/e2e/incidents/random.test.ts',
  'test/e2e/incidents/hostile-logs.test.ts',
  'test/e2e/outages.test.ts',
  'test/e2e/two-roles.test.ts',
  'test/e2e/incidents/owners.test.ts',
  'test/e2e/startup.test.ts',
  'test/support-tests/cluster/future-versions.conformance.test.ts',
];

/** Of those that work, the ones that take longest; in that order, too. */
const LONG = [
  'test/e2e/crash.test.ts',
  'test/sandbox/sandbox.test.ts',
  'test/sandbox/given-cluster.test.ts',
  'test/e2e/rolling.test.ts',
];

/** Files that are over sooner than a process starts, and leave nothing behind in it. */
const SMALL = [
  'test/*.test.ts',
  'test/{actions,incidents,kubernetes,requests,views,sandbox/page}/!(*.integration).test.ts',
];

/** By size as Vitest has it, but the long ones first: a checkout knows no durations yet. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const order = [...WAITING, ...LONG];
    const place = ({ moduleId }: TestSpecification) => order.indexOf(relative(ROOT, moduleId));
    const sorted = await super.sort(files);
    return [
      ...sorted.filter((file) => place(file) >= 0).sort((a, b) => place(a) - place(b)),
      ...sorted.filter((file) => place(file) < 0),
    ];
  }
}

export default defineConfig({
  test: {
    globalSetup: [
      'test/support/ensure-redis.ts',
      'test/support/ensure-chromium.ts',
      'test/support/control-plane/global-setup.ts',
    ],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    reporters: ['default', ['json', { outputFile: 'dist/test-report.json' }]],
    sequence: { sequencer: LongestFirst },
    projects: [
      // Three at a time take less than one core, so that deadlines are as far away as ever.
      {
        extends: true,
        test: { name: 'waiting', include: WAITING, maxWorkers: 3, sequence: { groupOrder: 0 } },
      },
      // Each file starts its own Redis, Slack and cluster; more files at once than cores only makes deadlines flaky.
      {
        extends: true,
        test: {
          name: 'apart',
          include: ['test/**/*.test.ts'],
          exclude: [...WAITING, ...SMALL],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      // A process for each of them would take longer than most of them do.
      {
        extends: true,
        test: { name: 'together', include: SMALL, isolate: false, maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
