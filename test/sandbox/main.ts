import { readOptions, USAGE } from './options.ts';
import { runSandbox } from './run-sandbox.ts';

/** `npm run sandbox`: opsbot on this machine alone, to play with or to see it play. */
const options = readOptions(process.argv.slice(2));

if (options.mode === 'usage') {
  if (options.problem) console.error(options.problem);
  console.log(USAGE);
  process.exit(options.problem ? 2 : 0);
}
const { env, stdin, stdout } = process;
// An open prompt would keep the process alive.
process.exit(await runSandbox(options.mode, { env, input: stdin, output: stdout }));
