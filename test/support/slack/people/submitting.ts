import { validateView } from '../block-kit.ts';
import { clientErrors } from '../form.ts';
import type { Block, Json, View } from '../types.ts';
import { filledView, storeView, type ViewContent } from '../views.ts';
import { type SeenView, seeView, topModal } from './looking.ts';
import { basePayload } from './payloads.ts';
import { enteredOn, type Gesture, gestureOf, type Self } from './self.ts';

/** What the person sees after pressing the submit button. */
export type Submitted =
  | { closed: true; ms: number }
  /** By the input's label, and by its block_id. The modal stays open. */
  | { errors: Record<string, string>; byBlock: Record<string, string>; ms: number }
  /** Another view, in its place or on top of it. */
  | { shows: SeenView; ms: number }
  /** Slack's own “trouble connecting”: the modal stays open. */
  | { failed: string; ms: number };

interface ResponseAction {
  response_action?: 'errors' | 'update' | 'push' | 'clear';
  errors?: Record<string, string>;
  view?: unknown;
}

function byLabel(blocks: readonly Block[], errors: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(errors).map(([id, message]) => [
      blocks.find((block) => block.block_id === id)?.label?.text ?? id,
      message,
    ]),
  );
}

function refusal({ blocks }: View, byBlock: Record<string, string>) {
  return { errors: byLabel(blocks, byBlock), byBlock };
}

/** Why Slack would not take this answer to a submission. */
function problems(answer: ResponseAction, view: View): string[] {
  switch (answer.response_action) {
    case undefined:
      return Object.keys(answer).length === 0 ? [] : ['missing required field: response_action'];
    case 'clear':
      return [];
    case 'errors': {
      const inputs = view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id);
      const entries = Object.entries(answer.errors ?? {});
      if (entries.length === 0) return ['missing required field: errors'];
      return entries
        .filter(([id, text]) => !inputs.includes(id) || !text)
        .map(([id]) => `no input block "${id}", or no text`);
    }
    case 'update':
    case 'push':
      return validateView(answer.view);
    default:
      return ['must be a valid enum value [json-pointer:/response_action]'];
  }
}

function close({ world, user }: Self, view: View): void {
  const stack = world.state.stacks.get(user.id) ?? [];
  world.state.stacks.set(
    user.id,
    stack.filter((other) => other.id !== view.id),
  );
}

/** Nothing is shown where the person has closed the modal while the app thought about it. */
function show(self: Self, view: View, content: ViewContent, how: 'update' | 'push'): Omit<Submitted, 'ms'> {
  const stack = self.world.state.stacks.get(self.user.id) ?? [];
  const at = stack.findIndex((other) => other.id === view.id);
  if (at === -1) return { closed: true };
  const stored = storeView(self.world, content, how === 'update' ? { instead: stack[at] ?? view } : { under: view });
  if (how === 'update') stack[at] = stored;
  else stack.push(stored);
  return { shows: seeView(self, stored) as SeenView };
}

function follow(self: Self, view: View, answer: ResponseAction): Omit<Submitted, 'ms'> {
  const { world, user } = self;
  switch (answer.response_action) {
    case undefined:
      close(self, view);
      return { closed: true };
    case 'clear':
      world.state.stacks.set(user.id, []);
      return { closed: true };
    case 'errors':
      return refusal(view, answer.errors ?? {});
    case 'update':
    case 'push':
      return show(self, view, answer.view as ViewContent, answer.response_action);
  }
}

function currentModal(self: Self): View {
  const view = topModal(self);
  if (!view) throw new Error(`${self.user.name} has no modal open`);
  return view;
}

/** Presses the submit button of the top modal. */
export async function submit(self: Self): Promise<Submitted> {
  const { world } = self;
  const view = currentModal(self);
  if (!view.submit) throw new Error(`the modal "${view.title?.text}" has no submit button`);
  const filled = filledView(view, enteredOn(self, view.id));
  const refused = clientErrors(filled.blocks, filled.state.values);
  if (Object.keys(refused).length > 0) return { ...refusal(view, refused), ms: 0 };
  const payload = { ...basePayload(self, 'view_submission'), view: filled, response_urls: [] };
  const result = await world.deliver({ kind: 'interactive', payload, acceptsResponse: true });
  if (!result.acked) return { failed: result.error, ms: result.ms };
  const answer = (
    typeof result.payload === 'object' ? (result.payload ?? {}) : { body: result.payload }
  ) as ResponseAction;
  const reasons = problems(answer, view);
  if (reasons.length > 0) {
    world.journal.violated({
      kind: 'bad-ack',
      name: 'view_submission',
      error: 'invalid_response_action',
      reasons,
      args: answer,
    });
    return { failed: 'invalid_response_action', ms: result.ms };
  }
  const outcome = follow(self, view, answer);
  world.journal.changed();
  return { ...outcome, ms: result.ms } as Submitted;
}

/** Presses the close button (or the cross) of the top modal; the app hears of it where it asked to. */
export async function closeModal(self: Self): Promise<Gesture> {
  const { world, user } = self;
  const view = currentModal(self);
  if (view.clear_on_close) world.state.stacks.set(user.id, []);
  else close(self, view);
  world.journal.changed();
  if (!view.notify_on_close) return { sent: false, acked: false, ms: 0 };
  const { trigger_id: _trigger, ...base } = basePayload(self, 'view_closed');
  const payload: Json = { ...base, view: filledView(view, enteredOn(self, view.id)), is_cleared: view.clear_on_close };
  return gestureOf(await world.deliver({ kind: 'interactive', payload, acceptsResponse: false }));
}
