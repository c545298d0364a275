import { basename, join } from 'node:path';
import { build } from 'esbuild';

export interface Asset {
  type: string;
  body: Uint8Array;
}

const TYPES: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  woff2: 'font/woff2',
};

/** The page's script, style and fonts by their file names; nothing is written to disk. */
export async function bundlePage(): Promise<ReadonlyMap<string, Asset>> {
  const { outputFiles } = await build({
    entryPoints: { page: join(import.meta.dirname, 'app/main.tsx') },
    outdir: '/',
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2023',
    jsx: 'automatic',
    minify: true,
    sourcemap: false,
    assetNames: '[name]',
    loader: { '.woff2': 'file', '.woff': 'empty' },
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  });
  return new Map(
    outputFiles.map(({ path, contents }) => {
      const name = basename(path);
      return [name, { type: TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream', body: contents }];
    }),
  );
}
