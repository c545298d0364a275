import type { ModalView } from '@slack/types';
import type { Action } from '../src/actions/action.ts';
import type { WorkloadKind } from '../src/kubernetes/cluster.ts';
import { fieldId, IDS } from './ids.ts';
import type { Choice } from './options.ts';

/** What a modal remembers of where it was opened; travels in private_metadata. */
export interface ModalContext {
  /** Where the request will be posted, if that is known. */
  channel?: string | undefined;
  thread?: string | undefined;
}

/** What the modal shows at first, by field name: a Choice for a select, true for a checkbox, else the text. */
export interface ModalInitial {
  fields?: Readonly<Record<string, Choice | string | number | boolean | undefined>> | undefined;
  reason?: string | undefined;
  channel?: string | undefined;
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
  reason: 'none' | 'optional' | 'required';
  /** Ask where the request should be posted. */
  channelChoice: boolean;
}

export interface ModalMetadata {
  action: string;
  context: ModalContext;
}

/** block_id of a field: where view_submission errors go. `reason` and `channel` name the two common fields. */
export function blockIdOf(field: string): string {
  if (field === 'reason') return IDS.reason.block;
  if (field === 'channel') return IDS.channel.block;
  return `block:${fieldId(field)}`;
}

/** The modal of any action. */
export function actionModal({ action, context }: ActionModal): ModalView {
  return {
    type: 'modal',
    callback_id: IDS.modal.action,
    private_metadata: JSON.stringify({ action: action.name, context } satisfies ModalMetadata),
    title: { type: 'plain_text', text: action.title },
    blocks: [],
  };
}

/** What `private_metadata` of an action's modal says; undefined where it is not ours. */
export function readMetadata(_metadata: unknown): ModalMetadata | undefined {
  return undefined;
}

export interface ModalValues {
  /** Raw input by field name, for the action's schema. Selects give their value (UID of a workload or pod). */
  input: Record<string, unknown>;
  /** The words shown for chosen options, by field name. */
  chosen: Record<string, Choice>;
  reason: string | undefined;
  channel: string | undefined;
}

/** `view.state.values` → what was entered. Total. */
export function readModal(_values: unknown, _action: Pick<Action, 'fields'>): ModalValues {
  return { input: {}, chosen: {}, reason: undefined, channel: undefined };
}

export interface RejectModal {
  requestId: string;
  revision: number;
  /** Plain text. */
  headline: string;
}

/** Asks why a request is rejected. private_metadata: `encodeRequest`. */
export function rejectModal({ requestId, revision }: RejectModal): ModalView {
  return {
    type: 'modal',
    callback_id: IDS.modal.reject,
    private_metadata: `${requestId}.${revision}`,
    title: { type: 'plain_text', text: 'Reject' },
    blocks: [],
  };
}

/** What was entered as *Reason*, in either modal; undefined where nothing was. */
export function readReason(_values: unknown): string | undefined {
  return undefined;
}
