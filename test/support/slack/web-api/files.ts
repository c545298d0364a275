import { ApiError, withReasons } from '../api-error.ts';
import { checkContent } from '../content.ts';
import { post } from '../messages.ts';
import type { StoredFile } from '../state.ts';
import type { Channel, Json } from '../types.ts';
import { type Call, conversation, type Method, optionalText, structured, text } from './method.ts';

export function fileObject(file: StoredFile, channels: Map<string, Channel>): Json {
  const shares: Record<string, Record<string, Json[]>> = {};
  for (const { channel, ...share } of file.shares) {
    const kind = channels.get(channel)?.kind === 'channel' ? 'public' : 'private';
    shares[kind] = { ...shares[kind], [channel]: [...(shares[kind]?.[channel] ?? []), share] };
  }
  return {
    id: file.id,
    name: file.name,
    title: file.title,
    size: file.size,
    user: file.user,
    mimetype: 'text/plain',
    filetype: 'text',
    mode: 'snippet',
    url_private: `https://files.slack.com/files-pri/T0LOCAL-${file.id}/${file.name}`,
    permalink: `https://local.slack.com/files/${file.user}/${file.id}/${file.name}`,
    shares,
  };
}

const uploadUrl: Method = {
  scope: 'files:write',
  tier: 100,
  run({ world, caller, args }) {
    const name = text(args, 'filename');
    const size = Number(text(args, 'length'));
    if (!Number.isInteger(size) || size <= 0)
      throw withReasons('invalid_arguments', ['must be an integer [json-pointer:/length]']);
    const id = world.random.id('F');
    const file = {
      id,
      name,
      title: name,
      size,
      user: caller.user.id,
      content: Buffer.alloc(0),
      completed: false,
      shares: [],
    };
    world.state.files.set(id, file);
    return { upload_url: `${world.baseUrl()}/upload/${id}`, file_id: id };
  },
};

function uploaded({ world, args }: Call): StoredFile[] {
  const wanted = structured(args, 'files', 'invalid_arguments');
  if (!Array.isArray(wanted) || wanted.length === 0)
    throw withReasons('invalid_arguments', ['missing required field: files']);
  return (wanted as Json[]).map(({ id, title }) => {
    const file = world.state.files.get(String(id));
    if (!file || file.completed || file.content.length === 0) throw new ApiError('file_not_found');
    if (title !== undefined && title !== null) file.title = String(title);
    return file;
  });
}

const complete: Method = {
  scope: 'files:write',
  tier: 100,
  run(call) {
    const { world, caller, args } = call;
    const files = uploaded(call);
    const id = optionalText(args, 'channel_id') ?? optionalText(args, 'channels');
    const answer = () => ({ files: files.map(({ id: file, title }) => ({ id: file, title })) });
    const finish = () => {
      for (const file of files) file.completed = true;
    };
    if (id === undefined) {
      finish();
      return answer();
    }
    const channel = conversation({ ...call, args: { channel: id } });
    if (!channel.members.has(caller.user.id)) throw new ApiError('not_in_channel');
    if (channel.is_archived) throw new ApiError('is_archived');
    const thread = optionalText(args, 'thread_ts');
    if (thread !== undefined && !channel.messages.has(thread)) throw new ApiError('thread_not_found');
    const blocks = structured(args, 'blocks', 'invalid_blocks_format');
    const content = checkContent({ text: optionalText(args, 'initial_comment') ?? '', ...(blocks ? { blocks } : {}) });
    finish();
    const shown = files.map((file) => fileObject(file, world.state.channels));
    const { message } = post(world, channel, caller.user, { ...content, thread, files: shown, subtype: 'file_share' });
    const share = message.thread_ts ? { ts: message.ts, thread_ts: message.thread_ts } : { ts: message.ts };
    for (const file of files) file.shares.push({ channel: channel.id, ...share });
    return answer();
  },
};

const info: Method = {
  scope: 'files:read',
  tier: 100,
  run({ world, args }) {
    const file = world.state.files.get(text(args, 'file'));
    if (!file?.completed) throw new ApiError('file_not_found');
    return { file: fileObject(file, world.state.channels) };
  },
};

export const fileMethods: Record<string, Method> = {
  'files.getUploadURLExternal': uploadUrl,
  'files.completeUploadExternal': complete,
  'files.info': info,
};
