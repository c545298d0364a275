import { z } from 'zod';
import { channel, duration } from './config-values.ts';

/** The audit log's part of the configuration file: where its checkpoints go, and how long entries are kept. */
const FILE_ADVICE = 'stdout, or the path of a file that begins with /, is needed';

export const auditShape = z.strictObject(
  {
    channel: channel
      .optional()
      .describe('Where a checkpoint of the audit log is posted each day: what `audit verify` can hold the log to.'),
    file: z
      .string(FILE_ADVICE)
      .regex(/^(stdout|\/.*[^/])$/, FILE_ADVICE)
      .optional()
      .describe('`stdout`, or the path of a file: each day’s checkpoint is appended there as a line of JSON.'),
    keep: duration('1d', '3650d', '400d')
      .optional()
      .describe(
        'How long entries of the audit log are kept. Older ones are removed, where a checkpoint vouches for them. Without it none are.',
      ),
  },
  'the keys channel:, file: and keep: are needed',
);

export const auditSchema = auditShape
  .refine(({ channel: to, file, keep }) => keep === undefined || to !== undefined || file !== undefined, {
    path: ['keep'],
    error: 'channel: or file: is needed beside it: only entries that a checkpoint vouches for are removed',
  })
  .transform(({ channel: to, file, keep }) => ({ channel: to, file, keepMs: keep }));
