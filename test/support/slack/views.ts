import { withIds } from './content.ts';
import { APP, TEAM } from './fixtures.ts';
import { stateValues } from './form.ts';
import { rememberScreen } from './state.ts';
import type { StateValues, View } from './types.ts';
import { elementsOf } from './visible.ts';
import type { World } from './world.ts';

/** What an app gives of a view; Slack adds the rest. */
export type ViewContent = Pick<View, 'type' | 'blocks'> &
  Partial<
    Pick<
      View,
      | 'title'
      | 'submit'
      | 'close'
      | 'private_metadata'
      | 'callback_id'
      | 'external_id'
      | 'clear_on_close'
      | 'notify_on_close'
    >
  >;

/** A view with its id and a fresh hash. `instead` keeps the id of the view that it replaces, `under` is its parent. */
export function storeView(
  world: World,
  content: ViewContent,
  place: { instead?: View; under?: View | undefined } = {},
): View {
  const id = place.instead?.id ?? world.random.id('V');
  if (place.instead) rememberScreen(world.state, id, elementsOf(place.instead.blocks));
  const blocks = withIds(content.blocks, world.random);
  return {
    id,
    team_id: TEAM.id,
    type: content.type,
    blocks,
    private_metadata: content.private_metadata ?? '',
    callback_id: content.callback_id ?? '',
    external_id: content.external_id ?? '',
    state: { values: stateValues(blocks, {}) },
    hash: world.state.nextHash(),
    title: content.title ?? null,
    submit: content.submit ?? null,
    close: content.close ?? null,
    clear_on_close: content.clear_on_close ?? false,
    notify_on_close: content.notify_on_close ?? false,
    previous_view_id: place.instead?.previous_view_id ?? place.under?.id ?? null,
    root_view_id: place.instead?.root_view_id ?? place.under?.root_view_id ?? id,
    app_id: APP.id,
    bot_id: APP.botId,
    app_installed_team_id: TEAM.id,
  };
}

/** The view as Slack sends it along with an interaction: with what the person has entered. */
export function filledView(view: View, entered: StateValues): View {
  return { ...view, state: { values: stateValues(view.blocks, entered) } };
}
