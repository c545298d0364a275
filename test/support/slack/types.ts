/**
 * Slack's objects, as far as the local Slack reads them. Whatever an app sends is kept whole; only these fields are
 * looked at.
 */
export type Json = Record<string, unknown>;

export interface Text {
  type: string;
  text: string;
}

export interface Option {
  text: Text;
  value?: string;
  description?: Text;
}

export interface Confirm {
  title?: Text;
  text: Text;
  confirm?: Text;
  deny?: Text;
}

export interface Element {
  type: string;
  action_id?: string;
  text?: Text | string;
  value?: string;
  url?: string;
  style?: string;
  placeholder?: Text;
  options?: Option[];
  option_groups?: { label: Text; options: Option[] }[];
  initial_option?: Option;
  initial_options?: Option[];
  initial_value?: string;
  initial_user?: string;
  initial_conversation?: string;
  initial_channel?: string;
  initial_date?: string;
  initial_time?: string;
  min_query_length?: number;
  min_length?: number;
  max_length?: number;
  min_value?: string;
  max_value?: string;
  is_decimal_allowed?: boolean;
  dispatch_action_config?: { trigger_actions_on?: string[] };
  confirm?: Confirm;
  /** Of a mention in rich text. */
  user_id?: string;
  /** Of an emoji in rich text. */
  name?: string;
  alt_text?: string;
  elements?: Element[];
}

export interface Block {
  type: string;
  block_id?: string;
  text?: Text | string;
  fields?: Text[];
  accessory?: Element;
  elements?: Element[];
  element?: Element;
  label?: Text;
  hint?: Text;
  optional?: boolean;
  dispatch_action?: boolean;
  rows?: Json[][];
  title?: Text | string;
  subtitle?: Text;
  body?: Text;
  alt_text?: string;
}

export interface View {
  id: string;
  team_id: string;
  type: 'modal' | 'home';
  blocks: Block[];
  private_metadata: string;
  callback_id: string;
  external_id: string;
  state: { values: StateValues };
  hash: string;
  title: Text | null;
  submit: Text | null;
  close: Text | null;
  clear_on_close: boolean;
  notify_on_close: boolean;
  previous_view_id: string | null;
  root_view_id: string;
  app_id: string;
  bot_id: string;
  app_installed_team_id: string;
}

/** block_id → action_id → value, as Slack sends it. */
export type StateValues = Record<string, Record<string, Json>>;

export interface User {
  id: string;
  team_id: string;
  name: string;
  real_name: string;
  is_bot: boolean;
  is_restricted: boolean;
  is_ultra_restricted: boolean;
  is_stranger: boolean;
  deleted: boolean;
  email: string | undefined;
  /** Of a bot user. */
  app_id?: string;
  bot_id?: string;
}

export type ChannelKind = 'channel' | 'group' | 'im';

export interface Channel {
  id: string;
  name: string;
  kind: ChannelKind;
  is_archived: boolean;
  is_ext_shared: boolean;
  members: Set<string>;
  /** By ts, in the order of posting. */
  messages: Map<string, Message>;
}

/** Content beside a coloured bar; what it has without `blocks` is of the older form. */
export interface Attachment {
  id?: number;
  /** As Slack keeps it: without `#`. */
  color?: string;
  fallback?: string;
  text?: string;
  blocks?: Block[];
}

export interface Reaction {
  name: string;
  users: string[];
  count: number;
}

export interface Message {
  type: 'message';
  subtype?: string;
  ts: string;
  user: string;
  team: string;
  text: string;
  bot_id?: string;
  app_id?: string;
  bot_profile?: Json;
  client_msg_id?: string;
  /** Set where the author is of another workspace. */
  user_team?: string;
  source_team?: string;
  blocks?: Block[];
  attachments?: Attachment[];
  metadata?: { event_type: string; event_payload: Json };
  thread_ts?: string;
  parent_user_id?: string;
  edited?: { user: string; ts: string };
  files?: Json[];
  reactions?: Reaction[];
  reply_count?: number;
  latest_reply?: string;
}

/** A message that one person alone sees; Slack keeps no record of it that an app could ask for. */
export interface Ephemeral {
  channel: string;
  to: string;
  message: Message;
}

export interface Usergroup {
  id: string;
  handle: string;
  name: string;
  users: string[];
}

/** Names a message for a gesture. */
export interface MessageRef {
  channel: string;
  ts: string;
}

export interface Manifest {
  features?: {
    shortcuts?: { name: string; type: 'global' | 'message'; callback_id: string; description?: string }[];
    slash_commands?: { command: string; description?: string; usage_hint?: string; should_escape?: boolean }[];
  };
  oauth_config?: { scopes?: { bot?: string[]; bot_optional?: string[] } };
  settings?: { event_subscriptions?: { bot_events?: string[] } };
}
