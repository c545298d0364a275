import { Readable } from 'node:stream';
import { createStyle } from './feed/style.ts';
import { listenForSignals, SIGNAL_CODES, type SignalName, untilAborted } from './interruption.ts';
import { bundlePage } from './page/bundle-page.ts';
import { servePage } from './page/serve-page.ts';
import { showInBrowser } from './page/show-in-browser.ts';
import { createScene } from './scene/create-scene.ts';
import { PEOPLE, type Sandbox, startSandbox } from './start-sandbox.ts';
import { mayRead } from './terminal/may-read.ts';
import { runTerminal } from './terminal/terminal.ts';
import { welcome } from './terminal/welcome.ts';
import { runTour } from './tour/run-tour.ts';

/** Of the page, where nobody else has it. */
const PORT = 4141;

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

  // What changes while everything ends is not part of the story.
  const print = (lines: readonly string[]) => signal.aborted || say(...lines);
  const options = { createScene: () => createScene({ isTour, env, announce }), env, signal };

  /** Resolves, with what went wrong by itself, once it is over. */
  const until = (over: Promise<void>, { died }: Sandbox) => Promise.race([over, died, untilAborted(signal)]);

  async function tour(): Promise<string | undefined> {
    await using sandbox = await startSandbox(options);
    return (await until(runTour({ sandbox, style, print }), sandbox)) ?? undefined;
  }

  async function live(): Promise<string | undefined> {
    const bundling = bundlePage();
    bundling.catch(() => undefined); // whoever waits for it sees it
    await using sandbox = await startSandbox(options);
    const assets = await Promise.race([bundling, untilAborted(signal)]);
    await using page = await servePage({ sandbox, assets, players: PEOPLE, port: PORT });
    const lines = mayRead(input) ? input : Readable.from([]);
    const isTyped = lines === input && input.isTTY && output.isTTY;
    say(...welcome(sandbox.scene, page.url, style));
    if (isTyped) await showInBrowser(page.url, env);
    const stop = () => interrupt('SIGINT');
    const using = runTerminal({ sandbox, style, input: lines, output, isTyped, print, interrupt: stop });
    const problem = await until(using, sandbox);
    announce('Stopping …');
    return problem ?? undefined;
  }

  announce(`Starting Redis, ${env.KUBECONFIG ? '' : 'a cluster, '}a Slack and opsbot …`);
  try {
    const problem = await (isTour ? tour() : live());
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
