import type * as Slack from '../../../../support/slack/types.ts';

/** Slack's objects with what only a client reads of them. */
export interface Confirm extends Slack.Confirm {
  style?: string;
}

export interface Element extends Slack.Element {
  multiline?: boolean;
  accessibility_label?: string;
  confirm?: Confirm;
  /** Of a conversations_select. */
  filter?: { include?: string[]; exclude_bot_users?: boolean };
  image_url?: string;
}

export interface Block extends Slack.Block {
  accessory?: Element;
  elements?: Element[];
  element?: Element;
  image_url?: string;
}
