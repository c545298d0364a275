import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { checkpointMessage } from '../../views/checkpoint.ts';
import type { CheckpointNotifier } from '../requests/checkpoint-notifier.ts';
import { postOnce } from './post-once.ts';
import { slackCode } from './slack-errors.ts';

/** There is one message about a checkpoint. */
const PART = 'post';

export function createCheckpointNotifier({ slack, log }: { slack: WebClient; log: Logger }): CheckpointNotifier {
  return {
    async post({ channel, checkpoint, previous }, posting) {
      const poster = {
        // Not the day: another opsbot may post in the same channel.
        subject: { type: 'checkpoint', id: checkpoint.head, since: checkpoint.at },
        surface: posting,
        save: posting.save,
        slack,
      } as const;
      try {
        await postOnce(poster, PART, { channel }, checkpointMessage(checkpoint, previous));
        return 'posted';
      } catch (err) {
        if (slackCode(err) === undefined) throw err;
        log.error({ err, channel }, 'Slack does not take the audit log’s checkpoint; the next one is tried again');
        return 'refused';
      }
    },
  };
}
