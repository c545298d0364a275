/** A page in Prometheus' text format (0.0.4), read strictly: what Prometheus would not take, or take wrongly, throws. */
export interface Family {
  name: string;
  type: string;
  help: string;
  samples: Sample[];
}

export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

export interface Exposition {
  families: ReadonlyMap<string, Family>;
  /** All of that name whose labels include these. */
  samples(name: string, labels?: Record<string, string>): Sample[];
  /** Their sum; 0 where there are none. */
  sum(name: string, labels?: Record<string, string>): number;
  /** The one sample. Throws where there is none, or more than one. */
  value(name: string, labels?: Record<string, string>): number;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const SAMPLE = /^([^\s{]+)(?:\{(.*)\})? (\S+)$/;
const PAIR = /^([^=,]+)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/;
/** Prometheus takes Inf and NaN in any case. */
const VALUE = /^(?:[+-]?Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i;
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];

export function parseExposition(text: string): Exposition {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  let family: Family | undefined;
  let help: string | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('# HELP ')) {
      help = line;
    } else if (line.startsWith('# TYPE ')) {
      family = familyIn(help ?? '', line);
      if (families.has(family.name)) throw new Error(`told twice: ${line}`);
      families.set(family.name, family);
    } else if (line !== '') {
      addSample(line, family, seen);
    }
  }
  for (const one of families.values()) check(one);
  return expositionOf(families);
}

function familyIn(helpLine: string, typeLine: string): Family {
  const [, name = '', type = ''] = /^# TYPE (\S+) (\S+)$/.exec(typeLine) ?? [];
  const [, helped, help = ''] = /^# HELP (\S+) (.+)$/.exec(helpLine) ?? [];
  if (!NAME.test(name) || !TYPES.includes(type) || helped !== name)
    throw new Error(`no name, type or help: ${typeLine}`);
  return { name, type, help, samples: [] };
}

function addSample(line: string, family: Family | undefined, seen: Set<string>): void {
  const sample = sampleIn(line);
  if (family === undefined || !belongs(sample, family)) throw new Error(`not in its family: ${line}`);
  const series = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
  if (seen.has(series)) throw new Error(`told twice: ${line}`);
  seen.add(series);
  family.samples.push(sample);
}

function expositionOf(families: ReadonlyMap<string, Family>): Exposition {
  const all = [...families.values()].flatMap(({ samples }) => samples);
  const samples = (name: string, labels: Record<string, string> = {}) =>
    all.filter(
      (sample) =>
        sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
  return {
    families,
    samples,
    sum: (name, labels) => samples(name, labels).reduce((sum, { value }) => sum + value, 0),
    value(name, labels) {
      const [found, ...others] = samples(name, labels);
      if (found === undefined || others.length > 0) {
        throw new Error(`${others.length + (found ? 1 : 0)} samples of ${name} ${JSON.stringify(labels)}`);
      }
      return found.value;
    },
  };
}

function sampleIn(line: string): Sample {
  const [, name = '', inside = '', value = ''] = SAMPLE.exec(line) ?? [];
  if (!NAME.test(name) || !VALUE.test(value)) throw new Error(`not a sample: ${line}`);
  const labels: Record<string, string> = {};
  for (let rest = inside; rest !== ''; ) {
    const [whole, label = '', text = ''] = PAIR.exec(rest) ?? [];
    if (whole === undefined || !LABEL.test(label) || label in labels) throw new Error(`not labels: ${line}`);
    labels[label] = text.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped));
    rest = rest.slice(whole.length);
  }
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) };
}

function belongs({ name, labels }: Sample, family: Family): boolean {
  if (family.type !== 'histogram') return name === family.name && !('le' in labels);
  const suffix = name.startsWith(family.name) ? name.slice(family.name.length) : '';
  return suffix === '_bucket' ? 'le' in labels : (suffix === '_sum' || suffix === '_count') && !('le' in labels);
}

function check({ name, type, samples }: Family): void {
  if (type === 'counter') {
    if (!name.endsWith('_total')) throw new Error(`a counter’s name ends in _total: ${name}`);
    if (samples.some(({ value }) => !(value >= 0))) throw new Error(`a counter below 0: ${name}`);
  }
  if (type === 'histogram') checkHistogram(name, samples);
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  const series = Map.groupBy(samples, ({ labels: { le: _, ...labels } }) => JSON.stringify(labels));
  for (const [labels, all] of series) {
    const buckets = all.filter((sample) => sample.name.endsWith('_bucket'));
    const count = all.find((sample) => sample.name.endsWith('_count'))?.value;
    const bounds = buckets.map((bucket) => Number(bucket.labels.le?.replace('Inf', 'Infinity')));
    const isRising = (numbers: readonly number[]) => numbers.every((n, i) => i === 0 || n >= (numbers[i - 1] ?? 0));
    if (bounds.at(-1) !== Number.POSITIVE_INFINITY || !isRising(bounds))
      throw new Error(`buckets of ${name} ${labels}`);
    if (!isRising(buckets.map(({ value }) => value)) || buckets.at(-1)?.value !== count) {
      throw new Error(`counts of ${name} ${labels}`);
    }
    if (!all.some((sample) => sample.name.endsWith('_sum'))) throw new Error(`no sum of ${name} ${labels}`);
  }
}
