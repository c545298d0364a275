import { hostname } from 'node:os';
import { DiagLogLevel, diag, type Link, ROOT_CONTEXT, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import type { SamplerConfig, TracingConfig } from '../config-tracing.ts';
import { sparingDiagnostics } from './trace-diagnostics.ts';
import { fromTraceparent, toTraceparent } from './trace-parent.ts';
import { DESCRIPTIONS, failureOf } from './trace-spans.ts';
import { channelOf, isScope, type Origin, spans, type Told, type UnderWay, WORK, type Work } from './work.ts';

/**
 * Traces of what people ask for, sent to a collector by OTLP. To be imported only where they are wanted: the packages
 * take memory.
 */
export interface Tracing {
  /** Sends what there is, for at most `FLUSH_MS`; nothing is traced after that. */
  stop(): Promise<void>;
}

/** In ms: a collector that is away must not hold up the end. */
const FLUSH_MS = 3_000;

export function startTracing({ canSend, sampler, batch, warnings }: TracingConfig, log: Logger): Tracing {
  const logger = log.child({ part: 'tracing' });
  for (const warning of warnings) logger.warn(warning);
  if (!canSend) return { stop: async () => undefined };
  diag.setLogger(sparingDiagnostics(logger, Date.now), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'opsbot', 'service.instance.id': hostname() }))
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: samplerOf(sampler),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter(), ...batch })],
  });
  const stops = WORK.map((work) => traceWork(work, provider));
  return {
    async stop() {
      for (const stop of stops) stop();
      await atMost(
        FLUSH_MS,
        provider.shutdown().catch(() => undefined),
      ); // the diagnostics have said why
    },
  };
}

function samplerOf({ ratio, isParentBased }: SamplerConfig): Sampler {
  const root = new TraceIdRatioBasedSampler(ratio);
  return isParentBased ? new ParentBasedSampler({ root }) : root;
}

/** A span for each piece of work of this kind. Gives the way to stop that. */
function traceWork<W extends Work>(work: W, provider: TracerProvider): () => void {
  const tracer = provider.getTracer('opsbot');
  const { kind, name, attributes } = DESCRIPTIONS[work];
  const begun = new WeakMap<object, { span: Span; underWay: UnderWay }>();

  function begin(told: Told<W>): UnderWay | undefined {
    const around = isScope(work) ? { traceparent: originOf(told).cause } : partOf(spans.getStore());
    // Watches, the Lease and the like go on for ever, and nobody asked for them.
    if (!around) return undefined;
    const parent = fromTraceparent(around.traceparent);
    const context = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
    const span = tracer.startSpan(name(told), { kind }, context);
    const underWay = { traceparent: toTraceparent(span.spanContext()), isFollowed: false };
    begun.set(told, { span, underWay });
    return underWay;
  }

  function finish(told: Told<W>): void {
    const { span, underWay } = begun.get(told) ?? {};
    if (!span) return;
    const failure = failureOf(work, told);
    // What is never ended is never sent.
    if (CAN_COME_TO_NOTHING.has(work) && !underWay?.isFollowed && failure === undefined) return;
    span.setAttributes(attributes(told));
    span.addLinks(linksOf(told, span.spanContext().traceId));
    if (failure !== undefined) span.setAttribute('error.type', failure).setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  }

  const channel = channelOf(work);
  const listeners = { start() {}, end() {}, asyncStart() {}, asyncEnd: finish, error() {} };
  channel.start.bindStore(spans, begin as (told: unknown) => UnderWay);
  channel.subscribe(listeners);
  return () => {
    channel.start.unbindStore(spans);
    channel.unsubscribe(listeners);
  };
}

/** A message that is none of our business, a deadline that was met: where nothing was done, nobody wants to see it. */
const CAN_COME_TO_NOTHING: ReadonlySet<Work> = new Set(['gesture', 'job']);

function partOf(around: UnderWay | undefined): UnderWay | undefined {
  if (around) around.isFollowed = true;
  return around;
}

const originOf = (told: object): Origin => told;

function linksOf(told: object, ownTrace: string): Link[] {
  return (originOf(told).links ?? []).flatMap((link) => {
    const context = fromTraceparent(link);
    return context && context.traceId !== ownTrace ? [{ context }] : [];
  });
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  await Promise.race([work, late.promise]);
  clearTimeout(timer);
}
