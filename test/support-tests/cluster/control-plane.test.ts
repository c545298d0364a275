import { existsSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { createRawClient } from '../../support/cluster/http-client.ts';
import { createCertificate } from '../../support/control-plane/certificate.ts';
import { startControlPlane } from '../../support/control-plane/start-control-plane.ts';

it('makes a certificate that a strict client accepts for 127.0.0.1, and not another’s', async () => {
  const { cert, key } = createCertificate('test');
  const server = createServer({ cert, key }, (_, response) => response.end('"hello"'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const trusting = createRawClient({ url, ca: cert });
  const doubting = createRawClient({ url, ca: createCertificate('test').cert });
  expect((await trusting.request('GET', '/')).body).toBe('hello');
  await expect(doubting.request('GET', '/')).rejects.toThrow(/certificate|signature/i);
  trusting.close();
  doubting.close();
  await new Promise((resolve) => server.close(resolve));
});

it('says what is wrong with a folder that holds no control plane', async () => {
  await expect(startControlPlane({ assets: '/nowhere' })).rejects.toThrow(/ENOENT/);
});

const assets = process.env.KUBEBUILDER_ASSETS;
if (assets) {
  it('starts two control planes side by side, and leaves nothing behind', async () => {
    const planes = await Promise.all([startControlPlane({ assets }), startControlPlane({ assets })]);
    const clients = planes.map(({ endpoint }) => createRawClient(endpoint));
    for (const client of clients) expect((await client.request('GET', '/readyz')).text).toBe('ok');
    await Promise.all(planes.map((plane) => plane.stop()));
    for (const client of clients) await expect(client.request('GET', '/readyz')).rejects.toThrow(/ECONNREFUSED/);
    for (const { kubeconfig } of planes) expect(existsSync(dirname(kubeconfig))).toBe(false);
    for (const client of clients) client.close();
  }, 60_000);
}
