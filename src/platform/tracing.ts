import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context, Span } from '@opentelemetry/api';
import type { Log } from './logs.ts';
import { parseTraceparent, readTracestate, type TraceHeaders } from './trace-context.ts';

/** Names as OpenTelemetry's semantic conventions have them. Never a target, a query or anything of a person. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export type Served = {
  readonly name: string;
  /** `producer` and `consumer` are of events: nobody waits at the other end. */
  readonly kind: 'server' | 'producer' | 'consumer';
  /** What came with the request. */
  readonly came: TraceHeaders;
  readonly attributes?: SpanAttributes;
};

/** What of a trace is told: each does its work and nothing else where the trace is not sampled, or none is taken. */
export type Tracing = {
  readonly isOn: boolean;
  /** Work for a request that came in. Its spans belong to the caller's trace, or begin one where the ratio takes it. */
  serve<T>(served: Served, work: () => Promise<T>): Promise<T>;
  /** A part of the work, which may be awaited or not. */
  step<T>(name: string, work: () => T): T;
  /**
   * The headers of the call that comes next, for who signs or hashes them before it is made: none where those that
   * came may pass as they are.
   */
  onward(): TraceHeaders | undefined;
  /** A call of another system. `carried` are the headers of `onward` where they were taken before. */
  call<T>(
    name: string,
    attributes: SpanAttributes,
    work: (carried: TraceHeaders | undefined) => Promise<T>,
    carried?: TraceHeaders,
  ): Promise<T>;
  /** About the request that is served. */
  note(attributes: SpanAttributes): void;
  /** The request that is served is refused; `isOurs` where the caller is not to blame. */
  fail(type: string, status: number, isOurs: boolean): void;
  ids(): { readonly traceId: string; readonly spanId: string } | undefined;
  /** Sends what waits, for two seconds at most. */
  close(): Promise<void>;
};

export const NO_TRACING: Tracing = {
  isOn: false,
  serve: (_served, work) => work(),
  step: (_name, work) => work(),
  onward: () => undefined,
  call: (_name, _attributes, work) => work(undefined),
  note() {},
  fail() {},
  ids: () => undefined,
  async close() {},
};

export type TracingOptions = {
  /** Where spans are sent as OTLP over HTTP, with its path. */
  readonly url: string;
  /** Of the traces that begin here, from 0 to 1. Those that came sampled are always told of. */
  readonly ratio: number;
  readonly serviceName: string;
  readonly serviceInstance: string;
};

type Here = { readonly span?: Span; readonly context?: Context; readonly tracestate?: string | undefined };

/**
 * Traces by OpenTelemetry's own libraries, which are loaded here and nowhere before: who does not trace does not pay.
 * A collector that is slow or away costs spans, never messages: what does not fit the queue is dropped.
 */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const { trace, SpanKind, SpanStatusCode, ROOT_CONTEXT, TraceFlags } = api;
  const exporter = new OTLPTraceExporter({ url: options.url, timeoutMillis: 5_000 });
  const random = new sdk.RandomIdGenerator();
  let reserved: string | undefined;
  const idGenerator = {
    generateTraceId: () => random.generateTraceId(),
    generateSpanId() {
      const id = reserved ?? random.generateSpanId();
      reserved = undefined;
      return id;
    },
  };
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({
      'service.name': options.serviceName,
      'service.instance.id': options.serviceInstance,
    }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(options.ratio) }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter,
        maxQueueSize: 4_096,
        scheduledDelayMillis: 1_000,
        exportTimeoutMillis: 5_000,
      }),
    ],
    idGenerator,
  });
  const tracer = provider.getTracer('wasl');
  const here = new AsyncLocalStorage<Here>();
  const kinds = { server: SpanKind.SERVER, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER };

  /** A traceparent that cannot be read, or stands twice, is as none, and the tracestate beside it counts no more. */
  function parentOf({ traceparent, tracestate }: TraceHeaders) {
    const parent = traceparent === undefined ? undefined : parseTraceparent(traceparent);
    return { parent, isBroken: traceparent !== undefined && parent === undefined, state: readTracestate(tracestate) };
  }

  function carry(spanId: string, { span, tracestate }: Here): TraceHeaders {
    return { traceparent: `00-${span?.spanContext().traceId}-${spanId}-01`, tracestate };
  }

  function ended<T>(span: Span, result: T): T {
    const status = statusOf(result);
    if (status !== undefined) {
      span.setAttribute('http.response.status_code', status);
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
    return result;
  }

  function broken(span: Span, cause: unknown): never {
    // Its name only: a message may hold what was sent.
    span.setAttribute('error.type', nameOf(cause)).setStatus({ code: SpanStatusCode.ERROR }).end();
    throw cause;
  }

  function follow<T>(span: Span, work: () => T): T {
    let result: T;
    try {
      result = work();
    } catch (cause) {
      return broken(span, cause);
    }
    if (!(result instanceof Promise)) return ended(span, result);
    return result.then(
      (value) => ended(span, value),
      (cause) => broken(span, cause),
    ) as T;
  }

  return {
    isOn: true,
    serve(served, work) {
      const { parent, isBroken, state } = parentOf(served.came);
      if (parent?.isSampled === false || (parent === undefined && options.ratio === 0)) {
        return isBroken ? here.run({}, work) : work();
      }
      const root =
        parent === undefined
          ? ROOT_CONTEXT
          : trace.setSpanContext(ROOT_CONTEXT, {
              traceId: parent.traceId,
              spanId: parent.spanId,
              traceFlags: TraceFlags.SAMPLED,
              isRemote: true,
              ...(state === undefined ? {} : { traceState: api.createTraceState(state) }),
            });
      const span = tracer.startSpan(
        served.name,
        { kind: kinds[served.kind], attributes: served.attributes ?? {} },
        root,
      );
      if (!span.isRecording()) return isBroken ? here.run({}, work) : work();
      const tracestate = parent === undefined ? undefined : state;
      return here.run({ span, context: trace.setSpan(root, span), tracestate }, () => follow(span, work));
    },
    step(name, work) {
      const at = here.getStore();
      if (at?.context === undefined) return work();
      return follow(tracer.startSpan(name, {}, at.context), work);
    },
    onward() {
      const at = here.getStore();
      if (at === undefined) return undefined;
      return at.span === undefined ? {} : carry(random.generateSpanId(), at);
    },
    call(name, attributes, work, carried) {
      const at = here.getStore();
      if (at?.context === undefined) return work(undefined);
      const headers = carried?.traceparent === undefined ? carry(random.generateSpanId(), at) : carried;
      reserved = headers.traceparent?.split('-')[2];
      const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes: { ...attributes } }, at.context);
      return follow(span, () => work(headers));
    },
    note: (attributes) => void here.getStore()?.span?.setAttributes({ ...attributes }),
    fail(type, status, isOurs) {
      const span = here.getStore()?.span;
      span?.setAttributes({ 'error.type': type, 'http.response.status_code': status });
      if (isOurs) span?.setStatus({ code: SpanStatusCode.ERROR });
    },
    ids: () => here.getStore()?.span?.spanContext(),
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise((resolve) => {
        timer = setTimeout(resolve, 2_000);
      });
      await Promise.race([provider.shutdown().catch(() => {}), patience]);
      clearTimeout(timer);
    },
  };
}

function statusOf(result: unknown): number | undefined {
  if (result === null || typeof result !== 'object' || !('status' in result)) return undefined;
  return typeof result.status === 'number' ? result.status : undefined;
}

function nameOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown';
  if ('slug' in cause) return String(cause.slug);
  return 'code' in cause ? String(cause.code) : cause.name;
}

/** Lines about a request whose trace is told of name it, so that one finds the other. */
export function tracedLog(log: Log, tracing: Tracing): Log {
  if (!tracing.isOn) return log;
  const traced = (fields: object = {}): object => {
    const ids = tracing.ids();
    return ids === undefined ? fields : { ...fields, trace_id: ids.traceId, span_id: ids.spanId };
  };
  return {
    info: (event, fields) => log.info(event, traced(fields)),
    warn: (event, fields, cause) => log.warn(event, traced(fields), cause),
    error: (event, fields, cause) => log.error(event, traced(fields), cause),
    child: (fields) => tracedLog(log.child(fields), tracing),
  };
}
