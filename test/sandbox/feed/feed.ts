import type { LocalSlack } from '../../support/slack/local-slack.ts';
import type { Channel, Message, MessageRef } from '../../support/slack/types.ts';
import { framed, GUTTER, layOut, layOutChange, newLines } from './layout.ts';
import { type Place, type Shown, showMessage } from './show-message.ts';
import { showView } from './show-view.ts';
import type { Style } from './style.ts';

export interface Feed {
  /** The message that was printed with this number. */
  numbered(number: number): MessageRef | undefined;
  /** Prints a person's Home as it is now. */
  home(user: string): void;
  /** Prints what is new now, rather than at the end of this turn. */
  flush(): void;
  stop(): void;
}

interface Printed {
  number: number;
  ref: MessageRef;
  shown: Shown;
}

/** Prints messages as they appear and change, and modals as they open and change, of everybody in the workspace. */
export function startFeed(slack: LocalSlack, style: Style, print: (lines: string[]) => void): Feed {
  const { state } = slack;
  const messages = new Map<string, Printed>();
  const modals = new Map<string, string[]>();
  let lastPlace: string | undefined;
  let planned: NodeJS.Immediate | undefined;

  function look(channel: Channel, message: Message, only: string | undefined): void {
    const key = `${channel.id} ${message.ts}`;
    const before = messages.get(key);
    const shown = showMessage(message, placeOf(channel, only), state.users, style);
    const number = before?.number ?? messages.size + 1;
    const lines = before ? layOutChange(number, before.shown, shown, style) : layOut(number, shown, style);
    messages.set(key, { number, ref: { channel: channel.id, ts: message.ts }, shown });
    if (lines.length === 0) return;
    print(shown.place === lastPlace ? lines : [style.dim(shown.place), ...lines]);
    lastPlace = shown.place;
  }

  function placeOf({ kind, name, members }: Channel, only: string | undefined): Place {
    const names = [...members].map((id) => state.users.get(id)?.name ?? id);
    return { only, place: kind === 'im' ? `direct messages of ${names.join(' and ')}` : `#${name}` };
  }

  function lookAtModal(user: string): void {
    const name = state.users.get(user)?.name ?? user;
    const view = state.stacks.get(user)?.at(-1);
    const entered = (view && state.inputs.get(`${user} ${view.id}`)) ?? {};
    const after = view ? showView(view, entered, state.users, style) : [];
    const before = modals.get(user) ?? [];
    modals.set(user, after);
    const fresh = newLines(before, after);
    if (before.length === 0 && view) print([style.dim(`${GUTTER}${name} has a form open`), ...framed(after, style)]);
    else if (before.length > 0 && !view) print([style.dim(`${GUTTER}${name}’s form is closed`)]);
    else if (fresh.length > 0) print(framed(fresh, style));
  }

  function flush(): void {
    clearImmediate(planned);
    planned = undefined;
    for (const channel of state.channels.values()) {
      for (const message of channel.messages.values()) look(channel, message, undefined);
    }
    for (const { channel: id, to, message } of state.ephemerals) {
      const channel = state.channels.get(id);
      if (channel) look(channel, message, state.users.get(to)?.name ?? to);
    }
    for (const user of state.stacks.keys()) lookAtModal(user);
  }

  const onChange = () => {
    planned ??= setImmediate(flush);
  };
  slack.events.on('change', onChange);
  return {
    numbered: (number) => [...messages.values()].find((printed) => printed.number === number)?.ref,
    home(user) {
      flush();
      const view = state.homes.get(user);
      if (!view) return;
      const entered = state.inputs.get(`${user} ${view.id}`) ?? {};
      const name = state.users.get(user)?.name ?? user;
      print([style.dim(`${GUTTER}Home of ${name}`), ...framed(showView(view, entered, state.users, style), style)]);
    },
    flush,
    stop() {
      clearImmediate(planned);
      slack.events.off('change', onChange);
    },
  };
}
