import { decoded, type Given } from './config-connections.ts';

/**
 * Whether traces are sent, and how: the usual OTEL variables, as far as the packages do not read them by themselves (they
 * read endpoint, headers, timeout, certificates and what names the service). Often a platform sets these for all pods: what is
 * wrong with them is a warning, never a reason not to start.
 */
export interface TracingConfig {
  /** False where the endpoint is no address: then there is nothing but the warning. */
  canSend: boolean;
  sampler: SamplerConfig;
  /** How spans are gathered before they are sent; what is absent is the packages' default. */
  batch: BatchConfig;
  /** What is wrong with the variables, one sentence each. */
  warnings: readonly string[];
}

export interface SamplerConfig {
  /** Of the traces that begin here: none, all, or this part of them, from 0 to 1. */
  ratio: number;
  /** Whether what began elsewhere is decided there. */
  isParentBased: boolean;
}

export interface BatchConfig {
  scheduledDelayMillis?: number | undefined;
  exportTimeoutMillis?: number | undefined;
  maxQueueSize?: number | undefined;
  maxExportBatchSize?: number | undefined;
}

const DEFAULT_SAMPLER = 'parentbased_always_on';
const SAMPLERS = ['always_on', 'always_off', 'traceidratio'].flatMap((name) => [name, `parentbased_${name}`]);

/** Undefined where no traces are to be sent: no endpoint is set, or they are turned off. */
export function tracingOf(given: Given): TracingConfig | undefined {
  const endpoint = given.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? given.OTEL_EXPORTER_OTLP_ENDPOINT;
  const isOff = given.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || given.OTEL_TRACES_EXPORTER === 'none';
  if (isOff || endpoint === undefined) return undefined;
  const warnings: string[] = [];
  const warn = (problem: string) => void warnings.push(problem);
  checkExporter(given, warn);
  const canSend = /^https?:$/.test(URL.parse(endpoint)?.protocol ?? '');
  if (!canSend) warn('OTEL_EXPORTER_OTLP_ENDPOINT: no traces are sent; a URL like http://collector:4318 is needed.');
  return { canSend, sampler: samplerOf(given, warn), batch: batchOf(given, warn), warnings };
}

/** Shorter ones name a tenant or the like, in characters: they are ordinary words, which the log may need. */
const SHORTEST_KEY = 16;

/** The keys among the headers that go with each export. */
export function headerSecretsIn(given: Given): string[] {
  const lists = [given.OTEL_EXPORTER_OTLP_HEADERS, given.OTEL_EXPORTER_OTLP_TRACES_HEADERS];
  return lists
    .flatMap((list) => (list ?? '').split(','))
    .map((pair) => pair.slice(pair.indexOf('=') + 1).trim())
    .flatMap((value) => [value, decoded(value)])
    .filter((value, index, all) => value.length >= SHORTEST_KEY && all.indexOf(value) === index);
}

type Warn = (problem: string) => void;

function checkExporter(given: Given, warn: Warn): void {
  const exporter = given.OTEL_TRACES_EXPORTER ?? 'otlp';
  if (exporter !== 'otlp') warn(`OTEL_TRACES_EXPORTER ("${exporter}"): opsbot sends traces by otlp only.`);
  const protocol = given.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? given.OTEL_EXPORTER_OTLP_PROTOCOL;
  if (protocol === 'grpc') {
    warn(
      'OTEL_EXPORTER_OTLP_PROTOCOL (grpc): opsbot sends http/json; the endpoint has to be the one for HTTP (port 4318).',
    );
  }
}

function samplerOf(given: Given, warn: Warn): SamplerConfig {
  const named = given.OTEL_TRACES_SAMPLER ?? DEFAULT_SAMPLER;
  if (!SAMPLERS.includes(named)) {
    warn(`OTEL_TRACES_SAMPLER ("${named}"): one of ${SAMPLERS.join(', ')} is needed; all traces are sent.`);
  }
  const name = SAMPLERS.includes(named) ? named : DEFAULT_SAMPLER;
  return { isParentBased: name.startsWith('parentbased_'), ratio: ratioOf(name, given.OTEL_TRACES_SAMPLER_ARG, warn) };
}

function ratioOf(sampler: string, argument: string | undefined, warn: Warn): number {
  if (sampler.endsWith('always_off')) return 0;
  if (sampler.endsWith('always_on') || argument === undefined) return 1;
  const ratio = Number(argument);
  if (ratio >= 0 && ratio <= 1) return ratio;
  warn(`OTEL_TRACES_SAMPLER_ARG ("${argument}"): a number from 0 to 1 is needed; all traces are sent.`);
  return 1;
}

function batchOf(given: Given, warn: Warn): BatchConfig {
  const number = (name: string) => {
    const text = given[name];
    if (text === undefined || /^[1-9]\d{0,8}$/.test(text)) return text === undefined ? undefined : Number(text);
    warn(`${name} ("${text}"): a whole number above 0 is needed; the default is used.`);
    return undefined;
  };
  return {
    scheduledDelayMillis: number('OTEL_BSP_SCHEDULE_DELAY'),
    exportTimeoutMillis: number('OTEL_BSP_EXPORT_TIMEOUT'),
    maxQueueSize: number('OTEL_BSP_MAX_QUEUE_SIZE'),
    maxExportBatchSize: number('OTEL_BSP_MAX_EXPORT_BATCH_SIZE'),
  };
}
