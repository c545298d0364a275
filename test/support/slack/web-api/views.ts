import { ApiError, withReasons } from '../api-error.ts';
import { validateView } from '../block-kit.ts';
import type { Trigger } from '../state.ts';
import type { View } from '../types.ts';
import { storeView, type ViewContent } from '../views.ts';
import { type Call, type Method, optionalText, structured, text } from './method.ts';

const VIEW_BYTES = 250_000;
const STACK = 3;

function view({ args }: Call, type: View['type']): ViewContent {
  const given = structured(args, 'view', 'invalid_arguments');
  if (given === undefined) throw withReasons('invalid_arguments', ['missing required field: view']);
  const reasons = validateView(given);
  if (reasons.length > 0) throw withReasons('invalid_arguments', reasons);
  if ((given as View).type !== type)
    throw withReasons('invalid_arguments', [`unsupported type: ${(given as View).type} [json-pointer:/view/type]`]);
  if (Buffer.byteLength(JSON.stringify(given)) > VIEW_BYTES) throw new ApiError('view_too_large');
  return given as ViewContent;
}

function exchange({ world, caller, args }: Call): Trigger {
  const trigger = world.state.triggers.get(text(args, 'trigger_id'));
  if (!trigger || trigger.app !== caller.user.app_id) throw new ApiError('invalid_trigger_id');
  if (trigger.used) throw new ApiError('exchanged_trigger_id');
  if (world.clock.now() > trigger.expiresAt) throw new ApiError('expired_trigger_id');
  trigger.used = true;
  return trigger;
}

function uniqueExternalId({ world }: Call, content: ViewContent, but?: View): void {
  const open = [...world.state.stacks.values()].flat();
  if (content.external_id && open.some((other) => other !== but && other.external_id === content.external_id)) {
    throw new ApiError('duplicate_external_id');
  }
}

const open: Method = {
  tier: 100,
  run(call) {
    const content = view(call, 'modal');
    uniqueExternalId(call, content);
    const { user } = exchange(call);
    const opened = storeView(call.world, content);
    call.world.state.stacks.set(user, [opened]);
    call.world.journal.changed();
    return { view: opened };
  },
};

const push: Method = {
  tier: 100,
  run(call) {
    const content = view(call, 'modal');
    uniqueExternalId(call, content);
    const { user } = exchange(call);
    const stack = call.world.state.stacks.get(user) ?? [];
    if (stack.length === 0) throw new ApiError('not_found');
    if (stack.length >= STACK) throw new ApiError('push_limit_reached');
    const pushed = storeView(call.world, content, { under: stack.at(-1) });
    stack.push(pushed);
    call.world.journal.changed();
    return { view: pushed };
  },
};

function openView({ world, args }: Call): { stack: View[]; found: View } {
  const id = optionalText(args, 'view_id');
  const external = optionalText(args, 'external_id');
  if (id === undefined && external === undefined)
    throw withReasons('invalid_arguments', ['missing required field: view_id']);
  for (const stack of world.state.stacks.values()) {
    const found = stack.find((other) => (id === undefined ? other.external_id === external : other.id === id));
    if (found) return { stack, found };
  }
  throw new ApiError('not_found');
}

function checkHash(given: string | undefined, current: View | undefined): void {
  if (given !== undefined && current?.hash !== given) throw new ApiError('hash_conflict');
}

const update: Method = {
  tier: 100,
  run(call) {
    const content = view(call, 'modal');
    const { stack, found } = openView(call);
    checkHash(optionalText(call.args, 'hash'), found);
    uniqueExternalId(call, content, found);
    const updated = storeView(call.world, content, { instead: found });
    stack[stack.indexOf(found)] = updated;
    call.world.journal.changed();
    return { view: updated };
  },
};

const publish: Method = {
  tier: 100,
  run(call) {
    const { world, args } = call;
    const user = world.state.users.get(text(args, 'user_id'));
    if (!user) throw withReasons('invalid_arguments', ['invalid `user_id` [json-pointer:/user_id]']);
    const content = view(call, 'home');
    const current = world.state.homes.get(user.id);
    checkHash(optionalText(args, 'hash'), current);
    const published = storeView(world, content, current && { instead: current });
    world.state.homes.set(user.id, published);
    world.journal.changed();
    return { view: published };
  },
};

export const viewMethods: Record<string, Method> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};
