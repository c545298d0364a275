import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPublishedFindings } from '../../jobs/published-findings.ts';
import { findingKey } from '../../src/incidents/finding.ts';
import { CLUSTER, sampleFinding, T0 } from '../incidents/sample.ts';
import { startIncidentKit } from './incident-kit.ts';

describe('what a hub reads of an agent', () => {
  let kit: Awaited<ReturnType<typeof startIncidentKit>>;
  beforeAll(async () => {
    kit = await startIncidentKit();
  });
  afterAll(() => kit.stop());

  it('is nothing where none has told anything', async () => {
    expect(await kit.findings.picture(CLUSTER)).toBeUndefined();
    expect((await kit.findings.mark(CLUSTER)).asOf).toBeUndefined();
    await kit.publisher.claim(1);
    expect(await kit.findings.picture(CLUSTER)).toBeUndefined();
  });

  it('leaves out what makes no sense, and logs it once', async () => {
    const logged: string[] = [];
    const logger = pino({ level: 'error' }, { write: (line) => logged.push(JSON.parse(line).finding) });
    const findings = createPublishedFindings({ redis: kit.redis, keys: kit.keys, logger });
    const good = sampleFinding('crash-loop');
    await kit.tell([good]);
    await kit.redis.hset(kit.keys.findings(CLUSTER), {
      'no/json': '{',
      'oom-killed/of/another/key': JSON.stringify(good),
      'image-pull/x': JSON.stringify({ ...good, kind: 'image-pull', count: -1 }),
      '__proto__/x': 'null',
      'not a finding': '{}',
    });
    for (let look = 0; look < 3; look++) {
      expect(await findings.picture(CLUSTER)).toEqual({
        cluster: CLUSTER,
        findings: [good],
        asOf: T0,
        changedAt: T0,
        watchingSince: T0,
        watchedUntil: undefined,
      });
    }
    expect(logged.sort()).toEqual(['__proto__/x', 'image-pull/x', 'no/json', 'oom-killed/of/another/key']);
    expect(findingKey(good)).toBe('crash-loop/Deployment/shop/web');
  });

  it('is nothing where its time makes no sense', async () => {
    await kit.redis.hset(kit.keys.findings(CLUSTER), 'asOf', 'tomorrow');
    expect(await kit.findings.picture(CLUSTER)).toBeUndefined();
  });
});
