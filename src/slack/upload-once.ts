import type { Reading } from '../actions/action.ts';
import { UnavailableError } from '../errors.ts';
import { findPost, type Where } from './post-once.ts';
import type { Showing } from './showing.ts';
import { callSlack } from './slack-errors.ts';

/** ms for the file itself. */
const UPLOAD_TIMEOUT_MS = 30_000;

/**
 * Uploads a read's answer as a file. Files carry no metadata, so the file's id is stored before the upload is completed
 * (which is what makes it appear); after a crash the file is looked for by that id.
 */
export async function uploadOnce(showing: Showing, where: Where, { filename, headline, body }: Reading): Promise<void> {
  const { slack, surface } = showing;
  const { fileId } = surface;
  if (
    fileId !== undefined &&
    (await findPost(showing, where, ({ files }) => files?.some((f) => f.id === fileId) ?? false))
  ) {
    return;
  }
  const content = Buffer.from(body, 'utf8');
  const place = await callSlack(() => slack.files.getUploadURLExternal({ filename, length: content.byteLength }));
  const { upload_url: url, file_id: id } = place;
  if (!url || !id) throw new Error('files.getUploadURLExternal answered without an address');
  await showing.save({ fileId: id });
  await send(url, content);
  await callSlack(() =>
    slack.files.completeUploadExternal({
      files: [{ id, title: headline.slice(0, 200) }],
      channel_id: where.channel,
      ...(where.thread === undefined ? {} : { thread_ts: where.thread }),
    }),
  );
}

async function send(url: string, content: Buffer): Promise<void> {
  const problem = (cause: unknown) =>
    new UnavailableError('Slack did not take the file.', { advice: 'Try again in a moment.', cause });
  const response = await fetch(url, {
    method: 'POST',
    body: new Uint8Array(content),
    headers: { 'content-type': 'application/octet-stream' },
    signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw problem(error);
  });
  await response.body?.cancel();
  if (!response.ok) throw problem(new Error(`status ${response.status}`));
}
