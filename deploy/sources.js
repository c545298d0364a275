// Plain JavaScript: start.js needs it before anything is known about the Node that runs it.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Everything that the bundle is made of; the lock file stands for the packages. */
const SOURCES = ['src', 'views', 'jobs', 'deploy/bundle.ts', 'deploy/leave-out.ts', 'package-lock.json'];

/** Where the bundle lies, and beside it the digest of the sources it was built from; relative to the root. */
export const BUNDLE = 'dist/opsbot.js';
export const BUNDLE_DIGEST = 'dist/opsbot.js.sources';

/**
 * SHA-256 over the names and contents of all sources: file times say little after a checkout or a copy.
 * @param {string} root
 * @returns {string}
 */
export function sourcesDigest(root) {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap((source) => filesIn(root, source))) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @returns {boolean}
 */
export function isStale(root) {
  const digest = join(root, BUNDLE_DIGEST);
  if (!existsSync(join(root, BUNDLE)) || !existsSync(digest)) return true;
  return readFileSync(digest, 'utf8') !== sourcesDigest(root);
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]}
 */
function filesIn(root, path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .sort()
    .flatMap((name) => filesIn(root, `${path}/${name}`));
}
