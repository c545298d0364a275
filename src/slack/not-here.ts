import { NotAllowedError } from '../errors.ts';

/** The configuration keeps opsbot out of this channel; `channels` are those that it is set up for, by id. */
export class NotHereError extends NotAllowedError {
  readonly channels: readonly string[];

  constructor(channels: readonly string[]) {
    super('opsbot is not set up for this channel.', { field: 'channel' });
    this.channels = channels;
  }
}
