import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export type CollectedSpan = {
  readonly service: string;
  readonly name: string;
  /** As OTLP numbers them: 1 internal, 2 server, 3 client, 4 producer. */
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
};

type OtlpAttribute = { readonly key: string; readonly value: Readonly<Record<string, unknown>> };
type OtlpSpan = Omit<CollectedSpan, 'service' | 'attributes' | 'isError'> & {
  readonly attributes: readonly OtlpAttribute[];
  readonly status?: { readonly code?: number };
};
type Otlp = {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
};

export type Collector = {
  readonly url: string;
  readonly spans: CollectedSpan[];
  /** What is sent to it, as text. */
  readonly texts: string[];
  /** Answers instead of taking the spans. */
  behave: ((response: ServerResponse) => void) | undefined;
  close(): Promise<void>;
};

/** A receiver of OTLP over HTTP as JSON, as any collector has one at /v1/traces. */
export async function startCollector(): Promise<Collector> {
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as Otlp;
    if (collector.behave !== undefined) return collector.behave(response);
    collector.texts.push(JSON.stringify(body));
    if (request.url === '/v1/traces') collector.spans.push(...read(body));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const collector: Collector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: [],
    texts: [],
    behave: undefined,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return collector;
}

function read(body: Otlp): readonly CollectedSpan[] {
  return body.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(plain(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) =>
      spans.map((one) => ({
        ...one,
        service,
        parentSpanId: one.parentSpanId ?? '',
        traceState: one.traceState ?? '',
        attributes: plain(one.attributes),
        isError: one.status?.code === 2,
      })),
    );
  });
}

function plain(attributes: readonly OtlpAttribute[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
