import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: [
      'test/support/ensure-redis.ts',
      'test/support/ensure-chromium.ts',
      'test/support/control-plane/global-setup.ts',
    ],
    include: ['test/**/*.test.ts'],
    // Each file starts its own Redis, Slack and cluster; more files at once than cores only makes deadlines flaky.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    reporters: ['default', ['json', { outputFile: 'dist/test-report.json' }]],
  },
});
