import { clearLine, createInterface, cursorTo } from 'node:readline';
import { type Feed, startFeed } from '../feed/feed.ts';
import { GUTTER } from '../feed/layout.ts';
import type { Style } from '../feed/style.ts';
import { ALERTS, CHANNEL, logLines, PEOPLE, type Sandbox } from '../start-sandbox.ts';
import type { Command } from './command.ts';
import { helpLines } from './help.ts';
import { parseLine } from './parse-line.ts';
import { perform } from './perform.ts';
import type { Screen } from './screen.ts';
import { whenQuiet } from './when-quiet.ts';

export interface TerminalOptions {
  sandbox: Sandbox;
  style: Style;
  print(lines: readonly string[]): void;
  /** Ctrl-C was typed. */
  interrupt(): void;
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  /** By a person; otherwise lines are a script, and there is no prompt. */
  isTyped: boolean;
}

/** ms that a button may take to appear: people see what they click; a script runs ahead. */
const APPEARS_MS = { typed: 5_000, scripted: 30_000 };
const LOOKING = { quietMs: 700, longestMs: 5_000 };
/** Pods take that long to start. */
const ENDING = { quietMs: 6_000, longestMs: 120_000 };

/**
 * The prompt at which one acts as the people of the workspace. Resolves when they quit (`quit`, Ctrl-D), or when
 * a script has ended and opsbot has answered its last line. An input that is empty from the start ends nothing.
 */
export async function runTerminal(options: TerminalOptions): Promise<void> {
  const { sandbox, style, input, output, isTyped } = options;
  const { slack, scene, opsbot } = sandbox;
  const lines = createInterface({ input, ...(isTyped ? { output, terminal: true } : {}), historySize: 200 });
  const session = { who: 'alice', seen: 0 };

  function print(text: readonly string[]): void {
    if (isTyped) {
      clearLine(output, 0);
      cursorTo(output, 0);
    }
    options.print(text);
    if (isTyped) lines.prompt(true);
  }
  const note = (text: string) => print([`${GUTTER}${style.dim(text)}`]);

  const feed: Feed = startFeed(slack, style, print);
  const screen: Screen = {
    ...{ slack, channel: CHANNEL, channels: [ALERTS, CHANNEL], numbered: feed.numbered },
    appearsMs: isTyped ? APPEARS_MS.typed : APPEARS_MS.scripted,
    notice: note,
    showHome: feed.home,
  };

  async function obey(command: Command): Promise<'go on' | 'quit'> {
    switch (command.do) {
      case 'nothing':
        return 'go on';
      case 'help':
        print(helpLines(PEOPLE, style));
        return 'go on';
      case 'quit':
        return 'quit';
      case 'log':
        print([logLines(opsbot.log)]);
        return 'go on';
      case 'become':
        session.who = command.who;
        lines.setPrompt(promptOf(command.who, style));
        return 'go on';
      case 'trouble':
        note(scene.trouble?.(command.what, command.workload) ?? 'That is for the local cluster only.');
        return 'go on';
      case 'unclear':
        note(command.advice);
        return 'go on';
      case 'act':
        await perform(screen, slack.person(command.who ?? session.who), command.deed);
        feed.flush();
        // A script would run ahead; people look what came of it before they go on.
        if (!isTyped) await whenQuiet(slack.events, LOOKING);
        return 'go on';
    }
  }

  lines.on('SIGINT', options.interrupt);
  lines.setPrompt(promptOf(session.who, style));
  if (isTyped) lines.prompt();
  try {
    for await (const line of lines) {
      session.seen += 1;
      if (!isTyped && line.trim() !== '') print([style.bold(`> ${line.trim()}`)]);
      const next = await obey(parseLine(line, PEOPLE)).catch((error: Error) => {
        note(error.message);
        return 'go on' as const;
      });
      if (next === 'quit') return;
      if (isTyped) lines.prompt();
    }
    if (isTyped) return;
    // An empty input is that of a process in the background: nobody has said that it shall end.
    if (session.seen === 0) await new Promise<never>(() => undefined);
    await whenQuiet(slack.events, ENDING);
  } finally {
    lines.close();
    feed.stop();
  }
}

const promptOf = (who: string, style: Style) => `${style.person(who)} #${CHANNEL}> `;
