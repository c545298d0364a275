import { afterEach, expect, it, vi } from 'vitest';
import { setup } from '../../support/ensure-chromium.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it('lets the tests that need no browser run without one, and says what to do', async () => {
  vi.stubEnv('CHROMIUM', '/nowhere/chromium');
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await setup();
  expect(said.mock.calls.join('')).toContain('set it to the path of a Chromium or Chrome');
});
