import { z } from 'zod';
import { globs, matchSchema, ruleSchema, ruleShape } from './config-policy.ts';

/**
 * The configuration file's schema. A message says what would be right; the key and the value that was found are added
 * by config-problems.ts. The descriptions are also the README's table.
 */
const CHANNEL_ADVICE = 'a channel id like C0123456789 is needed; Slack shows it at the end of the channel’s details';
const channel = z.string(CHANNEL_ADVICE).regex(/^[CG][A-Z0-9]{6,}$/, CHANNEL_ADVICE);

export const fileSchema = z.strictObject(
  {
    channels: z
      .strictObject(
        {
          requests: channel
            .optional()
            .describe('Where requests from shortcuts and Home go. Without it the modal asks.'),
          alerts: channel.optional().describe('Where incidents go. Without it they are off.'),
        },
        'channel ids under requests: and alerts: are needed',
      )
      .default({}),
    namespaces: globs('a-z0-9-', '"team-*"')
      .default(['*'])
      .describe('What opsbot watches and may touch: namespaces or patterns.'),
    policy: z
      .array(ruleSchema, 'a list of rules is needed')
      .readonly()
      .default([])
      .describe(
        'Rules; the first one that matches decides. Where none does, reading is allowed and a change needs one approval.',
      ),
  },
  'the keys channels:, namespaces: and policy: are needed',
);

export type FileConfig = z.output<typeof fileSchema>;

/** Keys by the last name on the way to them, for “did you mean”. */
export const KNOWN_KEYS: Record<string, readonly string[]> = {
  '': Object.keys(fileSchema.shape),
  channels: ['requests', 'alerts'],
  policy: Object.keys(ruleShape.shape),
  match: Object.keys(matchSchema.shape),
};
