import { z } from 'zod';
import { auditSchema, auditShape } from './config-audit.ts';
import { incidentMatchSchema, incidentRuleShape, incidentsSchema, incidentsShape } from './config-incidents.ts';
import { matchSchema, ruleSchema, ruleShape } from './config-policy.ts';
import { channel, channels, globs, workspaces } from './config-values.ts';

const ACTIONS_ADVICE = 'names of actions like [scale, logs] are needed';
const actionNames = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(z.string(ACTIONS_ADVICE), ACTIONS_ADVICE).readonly(),
);

/**
 * The configuration file's schema. A message says what would be right; the key and the value that was found are added
 * by config-problems.ts. The descriptions are also the README's table.
 */
export const fileSchema = z.strictObject(
  {
    channels: z
      .strictObject(
        {
          requests: channel
            .optional()
            .describe('Where requests from shortcuts and Home go. Without it the modal asks.'),
          alerts: channel
            .optional()
            .describe('Where incidents go that no rule sends elsewhere. Without it they go nowhere.'),
          allowed: channels
            .optional()
            .describe(
              'The only channels that opsbot works in, beside those that other keys name, direct messages and Home. Without it all that it is invited to.',
            ),
        },
        'channel ids under requests:, alerts: and allowed: are needed',
      )
      .default({}),
    workspaces: workspaces
      .optional()
      .describe('Workspaces that opsbot may serve: with the bot token of any other it does not start.'),
    namespaces: globs('a-z0-9-', '"team-*"')
      .default(['*'])
      .describe('What opsbot watches and may touch: namespaces or patterns.'),
    actions: actionNames
      .optional()
      .describe('What opsbot can do: names of actions; `[]` for watching alone. Without it all of them.'),
    policy: z
      .array(ruleSchema, 'a list of rules is needed')
      .readonly()
      .default([])
      .describe(
        'Rules; the first one that matches decides. Where none does, reading is allowed and a change needs one approval.',
      ),
    incidents: incidentsSchema.prefault({}),
    audit: auditSchema.prefault({}),
  },
  'the keys channels:, workspaces:, namespaces:, actions:, policy:, incidents: and audit: are needed',
);

export type FileConfig = z.output<typeof fileSchema>;

/** Keys by the names on the way to them, for “did you mean”. */
export const KNOWN_KEYS: Record<string, readonly string[]> = {
  '': Object.keys(fileSchema.shape),
  channels: ['requests', 'alerts', 'allowed'],
  policy: Object.keys(ruleShape.shape),
  'policy.match': Object.keys(matchSchema.shape),
  incidents: Object.keys(incidentsShape.shape),
  'incidents.rules': Object.keys(incidentRuleShape.shape),
  'incidents.rules.match': Object.keys(incidentMatchSchema.shape),
  audit: Object.keys(auditShape.shape),
};
