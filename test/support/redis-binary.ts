import { findOrInstall } from './debian-package.ts';

const STOP_SERVICE =
  'if [ -d /run/systemd/system ]; then systemctl disable --now redis-server; else service redis-server stop || true; fi';

/** Path of a Redis server program; installs one where that needs nobody's leave. */
export function redisBinary(): Promise<string> {
  return findOrInstall({
    names: ['redis-server', 'valkey-server'],
    packages: ['redis-server'],
    afterwards: STOP_SERVICE,
    advice: 'No redis-server or valkey-server in PATH: install one of them, or set REDIS_URL to a Redis for the tests.',
  });
}
