import { Readable } from 'node:stream';
import { createStyle } from './feed/style.ts';
import { listenForSignals, SIGNAL_CODES, type SignalName, untilAborted } from './interruption.ts';
import { createScene } from './scene/create-scene.ts';
import { PEOPLE, startSandbox } from './start-sandbox.ts';
import { mayRead } from './terminal/may-read.ts';
import { runTerminal } from './terminal/terminal.ts';
import { welcome } from './terminal/welcome.ts';
import { runTour } from './tour/run-tour.ts';

export interface Surroundings {
  env: NodeJS.ProcessEnv;
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
}

/** Starts everything, lets it be used or toured, ends everything. Resolves with the exit code. */
export async function runSandbox(mode: 'terminal' | 'tour', surroundings: Surroundings): Promise<number> {
  const { env, input, output } = surroundings;
  const style = createStyle(output.isTTY && !env.NO_COLOR, PEOPLE);
  const { signal, interrupt } = listenForSignals();
  output.once('error', () => interrupt('SIGHUP')); // nobody reads any more
  const say = (...lines: string[]) => void output.write(`${lines.join('\n')}\n`);
  const isTour = mode === 'tour';
  const announce = (text: string) => say(style.dim(text));
  signal.addEventListener('abort', () => say('', style.dim('Stopping …')), { once: true });

  async function use(): Promise<string | undefined> {
    announce(`Starting Redis, ${env.KUBECONFIG ? '' : 'a cluster, '}a Slack and opsbot …`);
    await using sandbox = await startSandbox({
      createScene: () => createScene({ isTour, env, announce }),
      ...{ env, signal },
    });
    const lines = mayRead(input) ? input : Readable.from([]);
    const isTyped = lines === input && input.isTTY && output.isTTY;
    // What changes while everything ends is not part of the story.
    const print = (lines: readonly string[]) => signal.aborted || say(...lines);
    if (!isTour) say(...welcome(sandbox.scene, style));
    const using = isTour
      ? runTour({ sandbox, style, print })
      : runTerminal({ sandbox, style, input: lines, output, isTyped, print, interrupt: () => interrupt('SIGINT') });
    const problem = await Promise.race([using, sandbox.died, untilAborted(signal)]);
    if (!isTour) announce('Stopping …');
    return problem ?? undefined;
  }

  try {
    const problem = await use();
    if (problem === undefined) return 0;
    say('', style.bad(problem));
    return 1;
  } catch (error) {
    const last = explain(error);
    if (!signal.aborted) say('', style.bad(last));
    else if (error !== signal.reason) say(style.bad(last));
    if (!signal.aborted) return 1;
    return isTour ? SIGNAL_CODES[signal.reason as SignalName] : 0;
  }
}

/** With what went wrong at the end as well, where there is such. */
function explain(error: unknown): string {
  if (error instanceof SuppressedError) return `${explain(error.suppressed)}\n${explain(error.error)}`;
  return error instanceof Error ? error.message : String(error);
}
