import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  steps: Step[];
  uses?: string;
  permissions?: Record<string, string>;
  'timeout-minutes'?: number;
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  concurrency?: { group: string };
  jobs: Record<string, Job>;
}

const FOLDER = join(import.meta.dirname, '../.github/workflows');
const files = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')] as const);

describe.each(files)('the workflow %s', (_, text) => {
  const workflow: Workflow = parse(text);
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps);

  test('uses actions by their commit alone, with the version beside it', () => {
    const used = text.split('\n').filter((line) => /\buses:/.test(line));
    expect(used).toHaveLength([...steps, ...jobs].filter(({ uses }) => uses).length);
    for (const line of used) expect(line).toMatch(/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('may read the code and nothing else, and leaves no token behind', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const { permissions } of jobs) expect(permissions).toBeUndefined();
    for (const { uses, with: given } of steps) {
      if (uses?.startsWith('actions/checkout@')) expect(given).toMatchObject({ 'persist-credentials': false });
    }
  });

  test('gives no secret to code of a pull request', () => {
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
    expect(Object.keys(workflow.on)).not.toContain('workflow_run');
    expect(text).not.toMatch(/\bsecrets\b/);
  });

  test('puts no words of strangers into a shell', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });

  test('ends some time, and makes way for what comes after it', () => {
    for (const job of jobs) expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
    expect(workflow.concurrency?.group).toContain('github.ref');
  });
});

test('what has to be green here has to be green there: the same script, an audit, and the image, which goes nowhere', () => {
  const ci: Workflow = parse(files.find(([name]) => name === 'ci.yml')?.[1] ?? '');
  const steps = Object.values(ci.jobs).flatMap((job) => job.steps);
  const lines = steps.map(({ run }) => run);
  expect(lines).toContain('.ci/run');
  expect(lines).toContain('npm audit --omit=dev --audit-level=high');
  expect(lines).toContain('npm audit signatures');
  const image = steps.find(({ uses }) => uses?.startsWith('docker/build-push-action@'));
  expect(image?.with).toMatchObject({ file: 'deploy/Dockerfile', push: false, sbom: true, provenance: 'mode=max' });
  expect(Object.keys(ci.on)).toEqual(expect.arrayContaining(['push', 'pull_request']));
});
