import { expect, test } from 'vitest';
import { readPullError } from '../../src/actions/pull-error.ts';

const SHOP = 'registry.example/shop/web:2';
const resolved = `failed to pull and unpack image "${SHOP}": failed to resolve reference "${SHOP}"`;

test.each([
  ['while it backs off', `Back-off pulling image "${SHOP}"`, SHOP, undefined],
  [
    'of a newer kubelet',
    `Back-off pulling image "${SHOP}": ErrImagePull: rpc error: code = NotFound desc = ${resolved}: ${SHOP}: not found`,
    SHOP,
    'not found',
  ],
  [
    'of an event',
    `Failed to pull image "${SHOP}": rpc error: code = Unknown desc = ${resolved}: unexpected status from HEAD request to https://registry.example/v2/shop/web/manifests/2: 401 Unauthorized`,
    SHOP,
    'unexpected status from HEAD request to https://registry.example/v2/shop/web/manifests/2: 401 Unauthorized',
  ],
  [
    'of Docker',
    `rpc error: code = Unknown desc = Error response from daemon: manifest for ${SHOP} not found: manifest unknown: manifest unknown`,
    undefined,
    `manifest for ${SHOP} not found: manifest unknown`,
  ],
  [
    'of a registry that is away',
    `rpc error: code = Unavailable desc = ${resolved}: failed to do request: Head "https://registry.example/v2/": dial tcp: lookup registry.example: no such host`,
    SHOP,
    'failed to do request: Head "https://registry.example/v2/": dial tcp: lookup registry.example: no such host',
  ],
  [
    'of an image that must be there already',
    `Container image "${SHOP}" is not present with pull policy of Never`,
    SHOP,
    `Container image "${SHOP}" is not present with pull policy of Never`,
  ],
  ['over lines', `Failed to pull image "${SHOP}":\n  denied`, SHOP, 'denied'],
  ['that is empty', '', undefined, undefined],
])('a pull error %s is told by its image and the answer alone', (_, message, image, answer) => {
  expect(readPullError(message)).toEqual({ image, answer });
});
