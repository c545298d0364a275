import type { AllMiddlewareArgs, BlockAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import { type ModalContext, readMetadata, readModal } from '../../views/modal.ts';
import type { FieldValue } from '../../views/modal-fields.ts';
import { findChosen, workloadOfPod } from './find-chosen.ts';
import type { FrontDesk } from './front-desk.ts';
import { modalOf, pictureOf } from './modal.ts';
import { updateView } from './update-view.ts';

type Choice = SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs;

/** Somebody chose a namespace, workload or pod: the modal shows it as it is now, and the other selects narrow to it. */
export function updateModal(front: FrontDesk) {
  return async ({ body, ack }: Choice): Promise<void> => {
    const view = body.view;
    const metadata = readMetadata(view?.private_metadata);
    const action = front.actions.find(({ name }) => name === metadata?.action);
    if (!view || !metadata || !action) return;
    const entered = readModal(view.state.values, action);
    const snapshot = await pictureOf(front);
    const chosen = findChosen(snapshot, entered.input);
    const owner = snapshot && chosen.pod ? workloadOfPod(snapshot, chosen.pod) : undefined;
    const context: ModalContext = {
      ...metadata.context,
      namespace: chosen.namespace ?? chosen.workload?.namespace ?? chosen.pod?.namespace,
      workload: chosen.workload?.uid ?? owner?.uid,
      pod: chosen.pod?.uid,
    };
    const updated = modalOf(
      { front, action, context, snapshot },
      {
        fields: { ...entered.input, ...entered.chosen } as Record<string, FieldValue>,
        reason: entered.reason,
        channel: entered.channel,
      },
    );
    await updateView(front.slack, { view_id: view.id, view: updated });
    // Only now: whoever is told that the choice has arrived searches among what belongs to it.
    await ack();
  };
}
