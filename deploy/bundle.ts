import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { leaveOut } from './leave-out.ts';

const ROOT = join(import.meta.dirname, '..');

/** What CommonJS packages expect to find around them, and an ES module does not have. */
const COMMONJS = `import { createRequire as opsbotCreateRequire } from 'node:module';
const require = opsbotCreateRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`;

/**
 * One ES module with everything in it: less memory and a quicker start than hundreds of files. Whitespace and syntax
 * are minified because V8 keeps the source in memory; names stay, for stack traces are read by people. Packages' ES
 * modules are preferred, of which unused parts can be left out. The source map lies beside it and is not loaded.
 */
export async function buildBundle(entry: string, outfile: string): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    write: false,
    plugins: [leaveOut],
    platform: 'node',
    format: 'esm',
    target: 'node22.19',
    mainFields: ['module', 'main'],
    banner: { js: COMMONJS },
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: 'external',
    legalComments: 'external',
    logLevel: 'warning',
  });
  for (const { path, text } of outputFiles) await writeFile(path, path.endsWith('.js') ? ascii(text) : text);
}

/**
 * A text with one character beyond Latin-1 is kept with two bytes for each of all its characters. esbuild writes escapes
 * everywhere but in regular expressions, where they mean the same.
 */
function ascii(text: string): string {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
