import type { KnownBlock, ModalView } from '@slack/types';
import { Context, Section } from 'slack-block-builder';
import type { Action } from '../src/actions/action.ts';
import type { WorkloadKind } from '../src/kubernetes/cluster.ts';
import type { Shortfall } from '../src/kubernetes/snapshot-reader.ts';
import { built } from './blocks.ts';
import { encodeRequest, IDS, parseJson } from './ids.ts';
import { channelBlock, type FieldValue, fieldBlock, label, reasonBlock } from './modal-fields.ts';
import type { Choice } from './options.ts';
import { shortfallAdvice, shortfallLine } from './shortfall.ts';
import { code, short } from './text.ts';

export { blockIdOf } from './modal-fields.ts';
export { type ModalValues, readModal, readReason } from './modal-values.ts';

/** What a modal remembers; travels in private_metadata. */
export interface ModalContext {
  /** Where the request will be posted, if that is known. */
  channel?: string | undefined;
  thread?: string | undefined;
  /**
   * What was chosen so far (namespace by name, workload and pod by UID). A select's options request does not carry the
   * modal's state, so the other selects narrow their search by this.
   */
  namespace?: string | undefined;
  workload?: string | undefined;
  pod?: string | undefined;
}

/** What the modal shows at first, by field name: a Choice for a select, true for a checkbox, else the text. */
export interface ModalInitial {
  fields?: Readonly<Record<string, FieldValue>> | undefined;
  reason?: string | undefined;
  channel?: Choice | string | undefined;
}

/** The chosen workload as it is now. */
export interface CurrentState {
  kind: WorkloadKind;
  namespace: string;
  name: string;
  replicas: number;
  ready: number;
  updated: number;
  autoscaler?: { name: string; min: number; max: number } | undefined;
  problem?: string | undefined;
}

export interface ActionModal {
  action: Pick<Action, 'name' | 'title' | 'verb' | 'description' | 'effect' | 'fields'>;
  initial: ModalInitial;
  context: ModalContext;
  current?: CurrentState | undefined;
  /** Why it would be refused there, as far as is known. */
  shortfall?: Shortfall | undefined;
  reason: 'none' | 'optional' | 'required';
  /** Ask where the request should be posted: in any channel, or in one of those that a search offers. */
  channelChoice: 'none' | 'any' | 'listed';
}

export interface ModalMetadata {
  action: string;
  context: ModalContext;
}

/** The modal of any action. Slack keeps what was entered when it is updated: the block ids never change. */
export function actionModal(modal: ActionModal): ModalView {
  const { action, initial, context, reason, channelChoice, shortfall } = modal;
  return {
    type: 'modal',
    callback_id: IDS.modal.action,
    private_metadata: JSON.stringify({ action: action.name, context } satisfies ModalMetadata),
    title: label(action.title, 24),
    submit: label(action.verb, 24),
    close: { type: 'plain_text', text: 'Close' },
    blocks: [
      ...built(Context().elements(introduction(action) || '-'), shortfall && warning(shortfall)),
      ...fieldBlocks(modal),
      ...(reason === 'none' ? [] : [reasonBlock({ required: reason === 'required', initial: initial.reason })]),
      ...(channelChoice === 'none' ? [] : [channelBlock(channelChoice, initial.channel)]),
    ],
  };
}

/** It can be sent all the same: what is missing may have been granted since, or by the one namespace. */
function warning(shortfall: Shortfall) {
  const rest = 'If you send it, opsbot looks again, and refuses it where the rights are still missing.';
  return Section({ text: [shortfallLine(shortfall), ...shortfallAdvice([shortfall]), rest].join('\n') });
}

function introduction({ description, effect }: Pick<Action, 'description' | 'effect'>): string {
  const what = short(description, 300);
  return effect === 'read' ? what : `${what} You see the exact change before anything happens.`;
}

/** The state stands right below the select that it belongs to. */
function fieldBlocks({ action, initial, current }: ActionModal): KnownBlock[] {
  const namespaceImplied = action.fields.some(({ control }) => control === 'workload' || control === 'pod');
  return action.fields.flatMap((field) => {
    const block = fieldBlock(field, initial.fields?.[field.name], namespaceImplied);
    return field.control === 'workload' && current ? [block, currentBlock(current)] : [block];
  });
}

function currentBlock(current: CurrentState): KnownBlock {
  const { kind, namespace, name, replicas, ready, updated, autoscaler, problem } = current;
  const lines = [
    `*Now:* ${kind} ${code(name)} in ${code(namespace)}: ${replicas} wanted, ${ready} ready, ${updated} up to date.`,
  ];
  if (problem) lines.push(`:warning: ${short(problem, 500)}`);
  if (autoscaler) {
    const { min, max } = autoscaler;
    lines.push(
      `:warning: The autoscaler ${code(autoscaler.name)} keeps it between ${min} and ${max} and will undo a manual change.`,
    );
  }
  const [block] = built(Section({ blockId: IDS.current.block, text: lines.join('\n') }));
  return block as KnownBlock;
}

/** What `private_metadata` of an action's modal says; undefined where it is not ours. */
export function readMetadata(metadata: unknown): ModalMetadata | undefined {
  const parsed = parseJson(metadata);
  if (!isRecord(parsed) || typeof parsed.action !== 'string' || !isRecord(parsed.context)) return undefined;
  const { channel, thread, namespace, workload, pod } = parsed.context;
  const context = { channel, thread, namespace, workload, pod };
  for (const value of Object.values(context)) if (value !== undefined && typeof value !== 'string') return undefined;
  return { action: parsed.action, context: context as ModalContext };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface RejectModal {
  requestId: string;
  revision: number;
  /** Plain text. */
  headline: string;
}

/** Asks why a request is rejected. private_metadata: `encodeRequest`, read with `decodeRequest`. */
export function rejectModal({ requestId, revision, headline }: RejectModal): ModalView {
  return {
    type: 'modal',
    callback_id: IDS.modal.reject,
    private_metadata: encodeRequest({ requestId, revision }),
    title: { type: 'plain_text', text: 'Reject' },
    submit: { type: 'plain_text', text: 'Reject' },
    close: { type: 'plain_text', text: 'Back' },
    blocks: [
      ...built(
        Section({ text: `*${short(headline, 400)}*\nNothing will be changed. The requester sees your reason.` }),
      ),
      reasonBlock({ required: false }),
    ],
  };
}
