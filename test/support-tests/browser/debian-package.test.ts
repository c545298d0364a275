import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findOrInstall, mayInstall } from '../../support/debian-package.ts';

/** An apt-get that writes down what it is asked for, and whose packages hold one program each, of the same name. */
const APT_GET = `#!/bin/sh
here=$(dirname "$0")
echo "$@" >> "$here/asked"
case "$*" in
  *no-such-package) echo "E: Unable to locate package no-such-package" >&2; exit 100 ;;
  install*) for package; do :; done; printf '#!/bin/sh' > "$here/$package"; chmod +x "$here/$package" ;;
esac
`;

const DPKG_QUERY = `#!/bin/sh
for package; do :; done
if [ -e "$(dirname "$0")/$package" ]; then echo installed; else echo "no packages found" >&2; exit 1; fi
`;

/** What is done may only be tried where it may be done. */
describe.runIf(mayInstall())('a program from a Debian package', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opsbot-package-test-'));
    writeFileSync(join(folder, 'apt-get'), APT_GET, { mode: 0o755 });
    writeFileSync(join(folder, 'dpkg-query'), DPKG_QUERY, { mode: 0o755 });
    vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });
  const asked = () => readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');

  it('is installed once, by however many it is missed at the same moment', async () => {
    const chess = {
      names: ['ches', 'chess'],
      packages: ['chess'],
      afterwards: 'apt-get has-installed',
      advice: 'Install chess.',
    };
    const found = await Promise.all([findOrInstall(chess), findOrInstall(chess), findOrInstall(chess)]);
    expect(new Set(found)).toEqual(new Set([join(folder, 'chess')]));
    expect(asked()).toEqual(['update -qq', 'install -y -qq --no-install-recommends chess', 'has-installed']);
  });

  it('that cannot be installed is asked for, with what apt-get says', async () => {
    const missing = { names: ['missing'], packages: ['no-such-package'], advice: 'Install what is missing.' };
    await expect(findOrInstall(missing)).rejects.toThrow(
      'Install what is missing.\napt-get could not install no-such-package:\nE: Unable to locate package no-such-package',
    );
  });

  it('whose package brings no such program is asked for', async () => {
    const other = { names: ['missing'], packages: ['chess'], advice: 'Install what is missing.' };
    await expect(findOrInstall(other)).rejects.toThrow('Install what is missing.');
  });
});
