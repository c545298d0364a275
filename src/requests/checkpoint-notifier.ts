import type { Checkpoint } from './checkpoint.ts';

/** What a channel is told of the audit log. */
export interface CheckpointNotice {
  channel: string;
  checkpoint: Checkpoint;
  /** The last one that this channel has got. */
  previous: Checkpoint | undefined;
}

/** Where it is kept in mind that the post is under way: after a crash or a lost answer it is looked for first. */
export interface Posting {
  readonly posting?: string | undefined;
  save(change: { posting: string | undefined }): Promise<void>;
}

/** What the audit log's keeper calls; implemented in src/slack. */
export interface CheckpointNotifier {
  /**
   * Posts it, or finds that it is there. `refused`: Slack takes no message there, which is logged. RateLimited and
   * UnavailableError: to be tried again.
   */
  post(notice: CheckpointNotice, posting: Posting): Promise<'posted' | 'refused'>;
}
