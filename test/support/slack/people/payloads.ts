import { APP, TEAM } from '../fixtures.ts';
import { stateValues } from '../form.ts';
import type { Channel, Json } from '../types.ts';
import { filledView } from '../views.ts';
import type { Placed } from '../visible.ts';
import { issueHook, issueTrigger } from '../world.ts';
import { blocksOf, type Surface } from './looking.ts';
import { enteredOn, type Self } from './self.ts';

/** The parts that Slack's interaction payloads have in common. */
export function basePayload({ world, user }: Self, type: string): Json {
  return {
    type,
    user: { id: user.id, username: user.name, name: user.name, team_id: user.team_id },
    api_app_id: APP.id,
    token: 'local-verification-token',
    trigger_id: issueTrigger(world, user.id),
    team: { id: TEAM.id, domain: TEAM.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

export const channelPart = (channel: Channel) => ({
  id: channel.id,
  name: channel.kind === 'channel' ? channel.name : channel.kind === 'im' ? 'directmessage' : 'privategroup',
});

export function surfaceId(surface: Surface): string {
  return surface.kind === 'view' ? surface.view.id : `${surface.channel.id} ${surface.message.ts}`;
}

/** Where an interaction happened: the view with its state, or the message with a response_url. */
export function surfacePayload(self: Self, surface: Surface, { attachment }: Placed): Json {
  const { world, user } = self;
  const entered = enteredOn(self, surfaceId(surface));
  if (surface.kind === 'view') {
    return { container: { type: 'view', view_id: surface.view.id }, view: filledView(surface.view, entered) };
  }
  const { channel, message, ephemeral } = surface;
  const thread = message.thread_ts;
  return {
    container: {
      ...(attachment === undefined ? { type: 'message' } : { type: 'message_attachment', attachment_id: attachment }),
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: ephemeral,
      ...(attachment === undefined ? {} : { is_app_unfurl: false }),
      ...(thread ? { thread_ts: thread } : {}),
    },
    channel: channelPart(channel),
    ...(ephemeral ? {} : { message }),
    state: { values: stateValues(blocksOf(surface), entered) },
    response_url: issueHook(world, {
      channel: channel.id,
      user: user.id,
      ts: message.ts,
      thread: thread && thread !== message.ts ? thread : undefined,
    }),
  };
}
