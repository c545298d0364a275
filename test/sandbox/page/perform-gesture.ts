import type { LocalSlack } from '../../support/slack/local-slack.ts';
import type { Target } from '../../support/slack/people/looking.ts';
import type { Person } from '../../support/slack/people/person.ts';
import type { Gesture as Sent } from '../../support/slack/people/self.ts';
import type { ReadMarks } from './read-marks.ts';
import type { ElementRef, Gesture, Submission, Suggestions, SurfaceRef } from './wire.ts';

interface Hands {
  slack: LocalSlack;
  marks: ReadMarks;
  person: Person;
}

type Do<Name extends Gesture['do']> = (hands: Hands, gesture: Extract<Gesture, { do: Name }>) => Promise<unknown>;

const TROUBLE = 'opsbot did not answer. Try again in a moment.';
const CHANGED = 'That form has changed meanwhile. Look at it again.';

/** Lets the person do it; resolves with what they learn by it. Throws, in words for people, where it does not work. */
export function performGesture(hands: Hands, gesture: Gesture): Promise<unknown> {
  const perform = GESTURES[gesture.do] as Do<Gesture['do']>;
  return perform(hands, gesture);
}

const GESTURES: { [Name in Gesture['do']]: Do<Name> } = {
  say: async ({ person }, { channel, text, thread }) => {
    await person.says(channel, text, thread === undefined ? {} : { thread });
  },
  edit: async ({ person }, { text, ...message }) => void (await person.edits(message, text)),
  delete: async ({ person }, message) => person.deletes(message),
  react: async ({ person }, { emoji, ...message }) => void (await person.reacts(emoji, message)),
  unreact: async ({ person }, { emoji, ...message }) => void (await person.unreacts(emoji, message)),
  async slash({ person }, { channel, command, text }) {
    const { sent, error } = await person.slash(command, text, channel);
    if (sent && error) throw new Error(`${command} failed with the error “${error}”.`);
  },
  shortcut: async ({ person }, { name }) => heard(await person.runsShortcut(name)),
  'message shortcut': async ({ person }, { name, ...message }) =>
    heard(await person.runsMessageShortcut(name, message)),
  'open home': async ({ person }) => heard(await person.opensHome()),
  press: async ({ person }, { option, ...element }) => heard(await held(person, element).press(option)),
  enter: async ({ person }, { entry, ...element }) => heard(await held(person, element).enter(entry)),
  async search({ person }, { typed, ...element }): Promise<Suggestions> {
    return { options: await held(person, element).search(typed) };
  },
  async submit({ person }, { view }): Promise<Submission> {
    mustBeTop(person, view);
    const outcome = await person.submits();
    if ('failed' in outcome) throw new Error(TROUBLE);
    return 'byBlock' in outcome ? { errors: outcome.byBlock } : {};
  },
  async close({ person }, { view }) {
    mustBeTop(person, view);
    await person.closes();
  },
  dismiss: async ({ person }, message) => person.dismisses(message),
  async read({ slack, marks, person }, { channel, thread }) {
    const seen = thread === undefined ? person.sees(channel) : person.thread({ channel, ts: thread });
    const latest = seen.at(-1);
    if (!latest) return;
    marks.mark(person.id, latest.ts, channel, thread);
    slack.events.emit('change');
  },
};

/** Slack's people see no more of it than that it did not work. */
function heard({ sent, error }: Sent): void {
  if (sent && error) throw new Error(TROUBLE);
}

const held = (person: Person, { on, ...element }: ElementRef) => person.at(element, { on: targetOf(person, on) });

function targetOf(person: Person, surface: SurfaceRef): Target {
  if ('ts' in surface) return surface;
  if (person.home()?.view.id === surface.view) return 'home';
  mustBeTop(person, surface.view);
  return 'modal';
}

function mustBeTop(person: Person, view: string): void {
  if (person.modal()?.view.id !== view) throw new Error(CHANGED);
}
