import { z } from 'zod';
import { incidentMatchSchema, incidentRuleShape, incidentsSchema, incidentsShape } from './config-incidents.ts';
import { matchSchema, ruleSchema, ruleShape } from './config-policy.ts';
import { channel, globs } from './config-values.ts';

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
        },
        'channel ids under requests: and alerts: are needed',
      )
      .default({}),
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
  },
  'the keys channels:, namespaces:, actions:, policy: and incidents: are needed',
);

export type FileConfig = z.output<typeof fileSchema>;

/** Keys by the names on the way to them, for “did you mean”. */
export const KNOWN_KEYS: Record<string, readonly string[]> = {
  '': Object.keys(fileSchema.shape),
  channels: ['requests', 'alerts'],
  policy: Object.keys(ruleShape.shape),
  'policy.match': Object.keys(matchSchema.shape),
  incidents: Object.keys(incidentsShape.shape),
  'incidents.rules': Object.keys(incidentRuleShape.shape),
  'incidents.rules.match': Object.keys(incidentMatchSchema.shape),
};
