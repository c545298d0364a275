import type { Gesture } from '../../wire.ts';

/** Where something is written: a channel, or a thread in it. */
export interface Spot {
  channel: string;
  thread: string | undefined;
}

export const spotKey = ({ channel, thread }: Spot): string => (thread === undefined ? channel : `${channel}/${thread}`);

/** What Enter does with a text; a refusal is in Slack's own words. */
export type Sending = { gesture: Gesture } | { refused: string };

/** Undefined where there is nothing to send. */
export function sendingOf(
  typed: string,
  { channel, thread }: Spot,
  commands: readonly { command: string }[],
): Sending | undefined {
  if (typed.trim() === '') return undefined;
  const [, command, text = ''] = /^(\/\S+)(?:\s+([\s\S]*))?$/.exec(typed.trimEnd()) ?? [];
  if (command === undefined) return { gesture: { do: 'say', channel, text: typed.trim(), thread } };
  if (!commands.some((known) => known.command === command)) {
    return { refused: `${command} is not a valid command. To send it as a message, begin with a space.` };
  }
  if (thread !== undefined) return { refused: `${command} is not supported in threads. Sorry!` };
  return { gesture: { do: 'slash', channel, command, text } };
}
