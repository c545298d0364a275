import type { ComponentType } from 'react';
import { Unknown } from '../unknown.tsx';
import { CheckBoxes, RadioButtons } from './boxes.tsx';
import { ButtonElement } from './button-element.tsx';
import type { ElementProps } from './element-props.ts';
import { ChannelSelect, ConversationSelect, UserSelect } from './id-select.tsx';
import { MomentInput } from './moment-input.tsx';
import { NumberInput } from './number-input.tsx';
import { Overflow } from './overflow.tsx';
import { ExternalSelect, StaticSelect } from './selects.tsx';
import { TextInput } from './text-input.tsx';

const VIEWS: Record<string, ComponentType<ElementProps>> = {
  button: ButtonElement,
  overflow: Overflow,
  static_select: StaticSelect,
  multi_static_select: StaticSelect,
  external_select: ExternalSelect,
  multi_external_select: ExternalSelect,
  users_select: UserSelect,
  channels_select: ChannelSelect,
  conversations_select: ConversationSelect,
  plain_text_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  number_input: NumberInput,
  checkboxes: CheckBoxes,
  radio_buttons: RadioButtons,
  datepicker: MomentInput,
  timepicker: MomentInput,
};

/** One element that a person can act on. */
export function ElementView(props: ElementProps) {
  const View = VIEWS[props.element.type];
  return View ? <View {...props} /> : <Unknown what="An element" type={props.element.type} />;
}
