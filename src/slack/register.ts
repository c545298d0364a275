import type { App } from '@slack/bolt';
import { IDS, PATTERNS } from '../../views/ids.ts';
import { answerErrors } from './answer-errors.ts';
import { searchChannels } from './channel-search.ts';
import type { FrontDesk } from './front-desk.ts';
import { historyClicks } from './history-clicks.ts';
import { onHomeFilter, onHomeOpened, onHomeRefresh } from './home.ts';
import { onAcknowledge, onEndSilence, onIncidentAct, onSilence } from './incident-clicks.ts';
import { onMention, onMessage } from './messages.ts';
import { updateModal } from './modal-changes.ts';
import { submitAction } from './modal-submission.ts';
import { onlyWhereAllowed } from './only-where-allowed.ts';
import { searchField, searchNamespaces } from './options.ts';
import { onReaction, onReactionRemoved } from './reactions.ts';
import { onGlobalShortcut, onHomeAct, onHomeNew, onMessageShortcut } from './shortcuts.ts';
import { onSlash } from './slash.ts';
import {
  approve,
  askAgain,
  cancel,
  onPress,
  openReject,
  settleFailed,
  settleSucceeded,
  submitReject,
  undo,
} from './votes.ts';

/** Every line by which Slack reaches opsbot. */
export function register(app: App, front: FrontDesk): void {
  app.use(answerErrors(front));
  app.use(onlyWhereAllowed(front));

  app.shortcut({ type: 'shortcut', callback_id: PATTERNS.shortcut }, onGlobalShortcut(front));
  app.shortcut({ type: 'message_action', callback_id: PATTERNS.messageShortcut }, onMessageShortcut(front));

  app.action(PATTERNS.field, updateModal(front));
  app.options(PATTERNS.field, searchField(front));
  app.options(IDS.channel.input, searchChannels(front));
  app.view(IDS.modal.action, submitAction(front));
  app.view(IDS.modal.reject, submitReject(front));

  app.event('app_mention', onMention(front));
  app.event('message', onMessage(front));
  app.command('/opsbot', onSlash(front));

  app.action(IDS.request.approve, onPress(front, approve));
  app.action(IDS.request.reject, openReject(front));
  app.action(IDS.request.cancel, onPress(front, cancel));
  app.action(IDS.request.undo, onPress(front, undo));
  app.action(IDS.request.askAgain, onPress(front, askAgain));
  app.action(IDS.request.settleSucceeded, onPress(front, settleSucceeded));
  app.action(IDS.request.settleFailed, onPress(front, settleFailed));
  app.event('reaction_added', onReaction(front));
  app.event('reaction_removed', onReactionRemoved(front));

  app.action(PATTERNS.incidentAct, onIncidentAct(front));
  app.action(IDS.incident.acknowledge, onAcknowledge(front));
  app.action(IDS.incident.silence, onSilence(front));

  const history = historyClicks(front);
  app.action(IDS.history.open, history.open);
  app.action(PATTERNS.historyTurn, history.turn);
  app.action(PATTERNS.historyFilter, history.filter);
  app.options(IDS.history.namespace, searchNamespaces(front));

  app.event('app_home_opened', onHomeOpened(front));
  app.action(PATTERNS.homeAct, onHomeAct(front));
  app.action(PATTERNS.homeNew, onHomeNew(front));
  app.action(IDS.home.filter, onHomeFilter(front));
  app.options(IDS.home.filter, searchNamespaces(front));
  app.action(IDS.home.refresh, onHomeRefresh(front));
  app.action(IDS.home.endSilence, onEndSilence(front));
}
