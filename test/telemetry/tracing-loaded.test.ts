import { build, type Metafile } from 'esbuild';
import { expect, test } from 'vitest';
import { leaveOut } from '../../deploy/leave-out.ts';

/** Every module that is evaluated as soon as this one is: what is imported when it is needed is not among them. */
function loadedWith(entry: string, { inputs }: Metafile): string[] {
  const loaded = new Set([entry]);
  for (const module of loaded) {
    for (const { path, kind } of inputs[module]?.imports ?? []) if (kind !== 'dynamic-import') loaded.add(path);
  }
  return [...loaded];
}

test('nothing of OpenTelemetry is loaded where no traces are wanted', async () => {
  const { metafile } = await build({
    entryPoints: ['src/main.ts'],
    bundle: true,
    write: false,
    metafile: true,
    plugins: [leaveOut],
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
  });
  const isTracing = (path: string) => path.includes('node_modules/@opentelemetry/');
  expect(loadedWith('src/main.ts', metafile).filter(isTracing)).toEqual([]);
  expect(loadedWith('src/telemetry/tracing.ts', metafile).filter(isTracing).length).toBeGreaterThan(20);
});
