import { z } from 'zod';
import { channel, clusters, duration, globs, namespaces, oneOrMore } from './config-values.ts';
import { nearest } from './nearest.ts';

/** The incidents' part of the configuration file: which of them go where, and when one is over. */
export const INCIDENT_KINDS = [
  'node-not-ready',
  'node-pressure',
  'oom-killed',
  'crash-loop',
  'image-pull',
  'config-error',
  'unschedulable',
  'job-failed',
  'rollout-stuck',
  'rollout-complete',
] as const;

export const INCIDENT_SEVERITIES = ['critical', 'warning', 'info'] as const;

/** One of these words or a list of them. */
function words<const Words extends readonly string[]>(known: Words) {
  const list = `one of ${known.join(', ')} is needed, or a list of them`;
  const word = z.enum(known, {
    error: ({ input }) => {
      const near = typeof input === 'string' ? nearest(input, known) : undefined;
      return near ? `there is no such word; did you mean ${near}?` : list;
    },
  });
  return oneOrMore(word, list);
}

const LABELS_ADVICE =
  'labels like { team: payments, tier: "front*" } are needed; a value that is a number, true or false in quotes';
const labelKey = z.string().regex(/^([a-z0-9.-]{1,253}\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/, LABELS_ADVICE);
const labelValue = z.string(LABELS_ADVICE).regex(/^[*\w.-]*$/, LABELS_ADVICE);

export const incidentMatchSchema = z.strictObject(
  {
    kind: words(INCIDENT_KINDS).optional().describe('Kinds of trouble, as in the table below.'),
    severity: words(INCIDENT_SEVERITIES).optional().describe('`critical`, `warning`, `info`.'),
    cluster: clusters,
    namespace: namespaces.describe('Namespaces. Trouble of a node is in none.'),
    workload: globs('a-z0-9.-', '"api-*"').optional().describe('Names of workloads, bare pods or nodes.'),
    labels: z
      .record(labelKey, labelValue, LABELS_ADVICE)
      .readonly()
      .optional()
      .describe('Labels that the pod, Job, Deployment or node in trouble has, with values or patterns.'),
  },
  'conditions like { severity: critical, namespace: "prod-*" } are needed, or {} for everything',
);

/** What becomes of the incidents that it matches. All conditions that are there must hold; of each, one pattern is enough. */
export interface IncidentRule {
  match: z.output<typeof incidentMatchSchema>;
  /** Undefined: they are ignored. */
  channel: string | undefined;
}

export const incidentRuleShape = z.strictObject(
  {
    match: incidentMatchSchema.describe('Which ones: all conditions must hold. `{}` matches everything.'),
    ignore: z
      .literal(true, 'true is needed; leave the key out where it does not apply')
      .optional()
      .describe('`true`: nobody hears of them.'),
    channel: channel.optional().describe('Where they go.'),
  },
  'a rule like { match: { severity: info }, ignore: true } is needed',
);

const ruleSchema = incidentRuleShape
  .refine((rule) => (rule.ignore === undefined) !== (rule.channel === undefined), {
    error: 'exactly one of ignore, channel is needed',
    // Also where single keys are wrong already: all problems are told at once.
    when: ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value),
  })
  .transform(({ match, channel: to }): IncidentRule => ({ match, channel: to }));

const STORM_ADVICE = 'a whole number from 1 to 100 is needed';

export const incidentsShape = z.strictObject(
  {
    rules: z
      .array(ruleSchema, 'a list of rules is needed')
      .readonly()
      .default([])
      .describe('Rules; the first one that matches decides. Where none does, `channels.alerts` gets it.'),
    pending: duration('1s', '1d')
      .prefault('5m')
      .describe('How long a pod may wait for a node before it is an incident. Default: `5m`.'),
    quiet: duration('1s', '1d')
      .prefault('3m')
      .describe('How long trouble has to be over before its message turns green. Default: `3m`.'),
    cooldown: duration('1s', '7d')
      .prefault('1h')
      .describe('A relapse within this time after that reopens the same thread. Default: `1h`.'),
    storm: z
      .int(STORM_ADVICE)
      .min(1, STORM_ADVICE)
      .max(100, STORM_ADVICE)
      .default(10)
      .describe(
        'Where more incidents than this are open at once in a channel, one message that sums them up comes first. Default: `10`.',
      ),
  },
  'the keys rules:, pending:, quiet:, cooldown: and storm: are needed',
);

export const incidentsSchema = incidentsShape.transform(({ rules, pending, quiet, cooldown, storm }) => ({
  rules,
  pendingMs: pending,
  quietMs: quiet,
  cooldownMs: cooldown,
  storm,
}));
