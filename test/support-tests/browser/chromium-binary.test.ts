import { expect, it } from 'vitest';
import { chromiumBinary } from '../../support/browser/chromium-binary.ts';

it('takes the program that CHROMIUM names', async () => {
  expect(await chromiumBinary({ CHROMIUM: process.execPath })).toBe(process.execPath);
});

it('says what to do where that is none', async () => {
  await expect(chromiumBinary({ CHROMIUM: '/nowhere/chromium' })).rejects.toThrow(
    'CHROMIUM names /nowhere/chromium, which is no program: set it to the path of a Chromium or Chrome.',
  );
});
