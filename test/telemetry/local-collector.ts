import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A span as OTLP's JSON has it, with its attributes as one object. */
export interface SentSpan {
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  name: string;
  /** 2: server, 3: client, 5: consumer. */
  kind: number;
  attributes: Record<string, unknown>;
  links: { traceId: string; spanId: string }[];
  isError: boolean;
}

export interface LocalCollector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  url: string;
  /** All that was sent so far. */
  spans: SentSpan[];
  /** The bodies as they were sent. */
  bodies: string[];
  /** Headers of each export. */
  headers: NodeJS.Dict<string | string[]>[];
  stop(): Promise<void>;
}

interface Value {
  stringValue?: string;
  intValue?: number | string;
}
interface Attribute {
  key: string;
  value: Value;
}
interface Export {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: {
      spans: (Omit<SentSpan, 'service' | 'attributes' | 'isError' | 'links'> & {
        attributes?: Attribute[];
        links?: SentSpan['links'];
        status?: { code?: number };
      })[];
    }[];
  }[];
}

/** What takes traces by OTLP over HTTP, as JSON. */
export async function startCollector(): Promise<LocalCollector> {
  const collected: Pick<LocalCollector, 'spans' | 'bodies' | 'headers'> = { spans: [], bodies: [], headers: [] };
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      collected.headers.push(request.headers);
      collected.bodies.push(body.toString());
      if (request.url === '/v1/traces') collected.spans.push(...spansIn(JSON.parse(body.toString())));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    ...collected,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => void server.close(done));
    },
  };
}

function spansIn({ resourceSpans }: Export): SentSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ attributes, links = [], status, parentSpanId, ...span }) => ({
        ...span,
        service: String(valuesOf(resource.attributes)['service.name']),
        parentSpanId: parentSpanId || undefined,
        attributes: valuesOf(attributes),
        links,
        isError: status?.code === 2,
      })),
    ),
  );
}

function valuesOf(attributes: Attribute[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));
}
