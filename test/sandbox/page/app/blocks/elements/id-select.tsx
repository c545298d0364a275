import { useChannels, usePeople } from '../../people.ts';
import { useSlice } from '../../store.ts';
import { enteredId } from '../entered.ts';
import { useSurface } from '../surface.ts';
import { wordsOf } from '../text/plain-text.ts';
import type { Choice } from './choice.ts';
import type { ElementProps } from './element-props.ts';
import { emptyingOf } from './emptying-of.ts';
import { nameOf } from './name-of.ts';
import { type OfferedConversation, offersConversation } from './offers-conversation.ts';
import { Select } from './select.tsx';
import { useAddress } from './use-address.ts';
import { useChosen } from './use-chosen.ts';

/** A select of people. */
export function UserSelect(props: ElementProps) {
  const choices = usePeople().map(({ id, name, realName }) => ({ value: id, label: name, description: realName }));
  return <IdSelect {...props} choices={choices} placeholder="Select someone" />;
}

/** A select of channels. */
export function ChannelSelect(props: ElementProps) {
  const channels = useChannels().filter(({ kind }) => kind === 'channel');
  return <IdSelect {...props} choices={channels.map(channelChoice)} placeholder="Select a channel" />;
}

/** A select of channels and direct messages, of those kinds that the app wants. */
export function ConversationSelect(props: ElementProps) {
  const people = usePeople();
  const app = useSlice('app')?.user;
  const choices = useChannels()
    .filter((channel) => offersConversation(props.element, channel, app))
    .map((channel) =>
      channel.kind === 'channel'
        ? channelChoice(channel)
        : { value: channel.id, label: people.find(({ id }) => id === channel.with)?.name ?? channel.name },
    );
  return <IdSelect {...props} choices={choices} placeholder="Select a conversation" />;
}

const channelChoice = ({ id, name }: OfferedConversation): Choice => ({ value: id, label: `# ${name}` });

interface IdSelectProps extends ElementProps {
  choices: Choice[];
  placeholder: string;
}

function IdSelect({ choices, placeholder, ...props }: IdSelectProps) {
  const { block, element } = props;
  const { entered } = useSurface();
  const known = enteredId(entered, useAddress(props), element) ?? null;
  const { shown, choose, dialog } = useChosen(props, known, (id) => id);
  return (
    <div>
      <Select
        groups={[{ label: undefined, items: choices }]}
        chosen={choices.find(({ value }) => value === shown) ?? (shown ? { value: shown, label: shown } : null)}
        onChoose={(choice) => choose(choice?.value ?? null)}
        name={nameOf(props)}
        placeholder={wordsOf(element.placeholder) || placeholder}
        emptying={emptyingOf(block)}
      />
      {dialog}
    </div>
  );
}
