import { expect, it } from 'vitest';
import { describeCluster } from '../../support/clusters.ts';

const NAMESPACES = '/api/v1/namespaces';
const FUTURE = 99_999_999;

/** What clients find whose server was restored from a backup: they hold versions that it has yet to reach. */
describeCluster('versions to come', (kit) => {
  it('a list waits for them in vain', async () => {
    const { status, body } = await kit.request('GET', `${NAMESPACES}?resourceVersion=${FUTURE}`);
    expect([status, body.reason, body.details]).toEqual([
      504,
      'Timeout',
      {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      },
    ]);
    expect(body.message).toMatch(/^Timeout: Too large resource version: 99999999, current: \d+$/);
  });

  it('a page is refused', async () => {
    const { body } = await kit.request('GET', `${NAMESPACES}?limit=1`);
    const token = JSON.parse(Buffer.from(body.metadata.continue, 'base64url').toString());
    const future = Buffer.from(JSON.stringify({ ...token, rv: FUTURE })).toString('base64url');
    for (const query of [`limit=1&continue=${future}`, `limit=1&resourceVersion=${FUTURE}`]) {
      const { status, body: refused } = await kit.request('GET', `${NAMESPACES}?${query}`);
      expect([status, refused.message]).toEqual([500, 'etcdserver: mvcc: required revision is a future revision']);
    }
  });

  it('a watch is open, silent, and ends in time, whatever happens meanwhile', async () => {
    const path = `${NAMESPACES}?watch=1&allowWatchBookmarks=true&timeoutSeconds=3&resourceVersion=${FUTURE}`;
    const events: unknown[] = [];
    const watching = (async () => {
      for await (const event of kit.watch(path, AbortSignal.timeout(10_000))) events.push(event);
    })();
    await kit.namespace();
    await watching;
    expect(events).toEqual([]);
  });
});
