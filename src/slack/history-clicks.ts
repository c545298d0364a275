import type { AllMiddlewareArgs, BlockAction, RespondFn, SlackActionMiddlewareArgs } from '@slack/bolt';
import { historyMessage } from '../../views/history.ts';
import { historyModal, readHistoryFilters } from '../../views/history-modal.ts';
import { IDS } from '../../views/ids.ts';
import { InputError, UnavailableError } from '../errors.ts';
import { requireMember } from '../requests/eligibility.ts';
import { HistoryFilter } from '../requests/history-filter.ts';
import type { FrontDesk } from './front-desk.ts';
import { historyList, newestPlace } from './history.ts';
import { decodePlace, type HistoryPlace } from './history-place.ts';
import { callSlack } from './slack-errors.ts';
import type { Words } from './tell.ts';
import { createTurns } from './turns.ts';
import { updateView } from './update-view.ts';

type Click = SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs;

/** The gestures on history, wherever it is shown. */
export function historyClicks(front: FrontDesk) {
  /** Of two quick gestures on one modal the later one counts, however long either takes to look up. */
  const inTurn = createTurns();

  async function viewOf(place: HistoryPlace, round: string) {
    return historyModal({ ...(await historyList(front, place)), actions: front.actions, round });
  }

  function updateModal(view: NonNullable<BlockAction['view']>, place: HistoryPlace, round: string): Promise<void> {
    return inTurn(view.id, async () => {
      await updateView(front.slack, { view_id: view.id, view: await viewOf(place, round) });
    });
  }

  return {
    /** The button on Home. */
    async open({ body, ack }: Click): Promise<void> {
      await requireMember(front.people, body.user.id);
      const view = await viewOf(newestPlace({}), 'first');
      await callSlack(() => front.slack.views.open({ trigger_id: body.trigger_id, view }));
      await ack();
    },

    /** *Older* and *Newer*: the page takes the place of the one that the button stands below. */
    async turn({ body, action, ack, respond }: Click): Promise<void> {
      await requireMember(front.people, body.user.id);
      const place = decodePlace('value' in action ? action.value : undefined);
      if (!place) throw new InputError('This button is too old.', { advice: 'Ask for `history` again.' });
      if (body.view) await updateModal(body.view, place, body.view.private_metadata);
      else await updateMessage(front, body, respond, historyMessage(await historyList(front, place)));
      await ack();
    },

    /** A filter was chosen, or all of them cleared: from the newest page on. */
    async filter({ body, action, ack }: Click): Promise<void> {
      await requireMember(front.people, body.user.id);
      const { view } = body;
      if (!view) return;
      const isCleared = action.action_id === IDS.history.clear;
      const chosen = HistoryFilter.safeParse(isCleared ? {} : readHistoryFilters(view.state.values));
      if (!chosen.success) throw new InputError('opsbot does not know this filter.', { advice: 'Choose another one.' });
      const round = isCleared ? action.action_ts : view.private_metadata;
      await updateModal(view, newestPlace(chosen.data), round);
      await ack();
    },
  };
}

/** What only one person sees can be replaced through the address that came with their click, and in no other way. */
async function updateMessage(front: FrontDesk, body: BlockAction, respond: RespondFn, message: Words): Promise<void> {
  const { container, channel } = body;
  if (container.is_ephemeral !== true) {
    const place = { channel: channel?.id ?? String(container.channel_id), ts: String(container.message_ts) };
    await callSlack(() => front.slack.chat.update({ ...place, ...message }));
    return;
  }
  try {
    await respond({ replace_original: true, ...message });
  } catch (cause) {
    throw new UnavailableError('Slack did not take the next page.', { advice: 'Ask for `history` again.', cause });
  }
}
