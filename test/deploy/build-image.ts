import { execFile } from 'node:child_process';
import { chmod, copyFile, cp, link, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isIgnored, type Stage, type Step } from './dockerfile.ts';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/**
 * Does what the stages of our Dockerfile say, in folders: `<folder>/build` and `<folder>/image` are their root file
 * systems. `npm ci` is taken as done: node_modules is ours. The image that the last stage starts from is Node alone, where
 * distroless has it. Throws on an instruction that it does not know.
 */
export async function buildImage([builder, image]: readonly Stage[], folder: string): Promise<string> {
  const stages = { build: join(folder, 'build'), image: join(folder, 'image') };
  await mkdir(stages.build, { recursive: true });
  await mkdir(join(stages.image, 'nodejs/bin'), { recursive: true });
  await link(process.execPath, join(stages.image, 'nodejs/bin/node')).catch(() =>
    copyFile(process.execPath, join(stages.image, 'nodejs/bin/node')),
  );
  let workdir = '/';
  for (const step of builder?.steps ?? []) {
    if (step.instruction === 'WORKDIR') workdir = step.args[0] ?? '';
    else await perform(step, { root: stages.build, workdir, source: contextFile });
  }
  for (const step of image?.steps ?? []) {
    if (METADATA.includes(step.instruction)) continue;
    if (step.flags.from !== builder?.name) throw new Error(`Only the builder's files are wanted: ${step.args}`);
    await perform(step, { root: stages.image, workdir: '/', source: async (path) => [join(stages.build, path)] });
  }
  return stages.image;
}

const METADATA = ['ARG', 'LABEL', 'EXPOSE', 'USER', 'ENTRYPOINT'];

interface Place {
  root: string;
  workdir: string;
  /** What a name in COPY stands for. */
  source(path: string): Promise<string[]>;
}

async function perform({ instruction, args, flags }: Step, place: Place): Promise<void> {
  const folder = join(place.root, place.workdir);
  await mkdir(folder, { recursive: true });
  const line = args.join(' ');
  if (instruction === 'COPY') return copy(args, flags.chmod, place);
  if (instruction === 'RUN' && line === 'npm ci')
    return symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  if (instruction === 'RUN' && line.startsWith('npm run ')) {
    await run('npm', args.slice(1), { cwd: folder });
    return;
  }
  throw new Error(`buildImage does not know: ${instruction} ${line}`);
}

async function copy(
  args: readonly string[],
  mode: string | undefined,
  { root, workdir, source }: Place,
): Promise<void> {
  const target = args.at(-1) ?? '';
  const from = (await Promise.all(args.slice(0, -1).map(source))).flat();
  const absolute = join(root, target.startsWith('/') ? '' : workdir, target);
  for (const file of from) {
    const isFolder = target.endsWith('/') || target === '.' || from.length > 1;
    const path = isFolder ? join(absolute, basename(file)) : absolute;
    await mkdir(dirname(path), { recursive: true });
    await cp(file, path, { recursive: true, filter: (name) => !name.startsWith(ROOT) || inContext(name) });
    if (mode !== undefined) await chmod(path, Number.parseInt(mode, 8));
  }
}

const ignored = (await readFile(join(ROOT, '.dockerignore'), 'utf8'))
  .split('\n')
  .filter((line) => line && !line.startsWith('#'));

const inContext = (file: string) => !isIgnored(ignored, file.slice(ROOT.length + 1));

/** `.` is everything in the build context. */
async function contextFile(path: string): Promise<string[]> {
  const names = path === '.' ? await readdir(ROOT) : [path];
  const files = names.map((name) => join(ROOT, name)).filter(inContext);
  if (files.length === 0) throw new Error(`${path} is not in the build context: .dockerignore`);
  return files;
}
