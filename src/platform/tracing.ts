import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import type { Log } from './logs.ts';
import { parseTraceparent, readTracestate, type TraceHeaders, type TraceParent } from './trace-context.ts';

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

/** OpenTelemetry's libraries as they are used here. */
type Kit = {
  readonly api: typeof import('@opentelemetry/api');
  readonly tracer: Tracer;
  readonly provider: { shutdown(): Promise<void> };
  readonly here: AsyncLocalStorage<Here>;
  readonly ratio: number;
  newSpanId(): string;
  /** The id of the next span that is started. */
  reserve(spanId: string | undefined): void;
};

/**
 * Traces by OpenTelemetry's own libraries, which are loaded here and nowhere before: who does not trace does not pay.
 * A collector that is slow or away costs spans, never messages: what does not fit the queue is dropped.
 */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const kit = await openKit(options);
  const { here } = kit;
  const spanHere = () => here.getStore()?.span;
  return {
    isOn: true,
    serve: (served, work) => serve(kit, served, work),
    step(name, work) {
      const at = here.getStore();
      return at?.context === undefined ? work() : follow(kit, kit.tracer.startSpan(name, {}, at.context), work);
    },
    onward() {
      const at = here.getStore();
      if (at === undefined) return undefined;
      return at.span === undefined ? {} : carry(kit.newSpanId(), at);
    },
    call: (name, attributes, work, carried) => call(kit, name, attributes, work, carried),
    note: (attributes) => void spanHere()?.setAttributes({ ...attributes }),
    fail(type, status, isOurs) {
      spanHere()?.setAttributes({ 'error.type': type, 'http.response.status_code': status });
      if (isOurs) spanHere()?.setStatus({ code: kit.api.SpanStatusCode.ERROR });
    },
    ids: () => spanHere()?.spanContext(),
    close: () => closeWithin(kit.provider, 2_000),
  };
}

async function openKit({ url, ratio, serviceName, serviceInstance }: TracingOptions): Promise<Kit> {
  const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
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
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: 5_000 });
  const batches = { maxQueueSize: 4_096, scheduledDelayMillis: 1_000, exportTimeoutMillis: 5_000 };
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.instance.id': serviceInstance }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter, ...batches })],
    idGenerator,
  });
  return {
    ...{ api, provider, ratio, tracer: provider.getTracer('wasl'), here: new AsyncLocalStorage<Here>() },
    newSpanId: () => random.generateSpanId(),
    reserve(spanId) {
      reserved = spanId;
    },
  };
}

async function closeWithin(provider: Kit['provider'], ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([provider.shutdown().catch(() => {}), patience]);
  clearTimeout(timer);
}

/** A traceparent that cannot be read, or stands twice, is as none, and the tracestate beside it counts no more. */
function serve<T>(kit: Kit, { name, kind, came, attributes = {} }: Served, work: () => Promise<T>): Promise<T> {
  const { api, here, tracer, ratio } = kit;
  const parent = came.traceparent === undefined ? undefined : parseTraceparent(came.traceparent);
  const untold = () => (came.traceparent !== undefined && parent === undefined ? here.run({}, work) : work());
  if (parent?.isSampled === false || (parent === undefined && ratio === 0)) return untold();
  const state = parent === undefined ? undefined : readTracestate(came.tracestate);
  const root = parent === undefined ? api.ROOT_CONTEXT : remote(kit, parent, state);
  const kinds = { server: api.SpanKind.SERVER, producer: api.SpanKind.PRODUCER, consumer: api.SpanKind.CONSUMER };
  const span = tracer.startSpan(name, { kind: kinds[kind], attributes }, root);
  if (!span.isRecording()) return untold();
  const at = { span, context: api.trace.setSpan(root, span), tracestate: state };
  return here.run(at, () => follow(kit, span, work));
}

function remote({ api }: Kit, { traceId, spanId }: TraceParent, state: string | undefined): Context {
  return api.trace.setSpanContext(api.ROOT_CONTEXT, {
    ...{ traceId, spanId, traceFlags: api.TraceFlags.SAMPLED, isRemote: true },
    ...(state === undefined ? {} : { traceState: api.createTraceState(state) }),
  });
}

function call<T>(
  kit: Kit,
  name: string,
  attributes: SpanAttributes,
  work: (carried: TraceHeaders | undefined) => Promise<T>,
  carried: TraceHeaders | undefined,
): Promise<T> {
  const at = kit.here.getStore();
  if (at?.context === undefined) return work(undefined);
  const headers = carried?.traceparent === undefined ? carry(kit.newSpanId(), at) : carried;
  kit.reserve(headers.traceparent?.split('-')[2]);
  const kind = kit.api.SpanKind.CLIENT;
  const span = kit.tracer.startSpan(name, { kind, attributes: { ...attributes } }, at.context);
  return follow(kit, span, () => work(headers));
}

function carry(spanId: string, { span, tracestate }: Here): TraceHeaders {
  return { traceparent: `00-${span?.spanContext().traceId}-${spanId}-01`, tracestate };
}

/** Ends the span with the work, which may be awaited or not. */
function follow<T>({ api }: Kit, span: Span, work: () => T): T {
  const ERROR = { code: api.SpanStatusCode.ERROR };
  const ended = <R>(result: R): R => {
    const status = statusOf(result);
    if (status !== undefined) span.setAttribute('http.response.status_code', status);
    if (status !== undefined && status >= 500) span.setStatus(ERROR);
    span.end();
    return result;
  };
  const broken = (cause: unknown): never => {
    // Its name only: a message may hold what was sent.
    span.setAttribute('error.type', nameOf(cause)).setStatus(ERROR).end();
    throw cause;
  };
  let result: T;
  try {
    result = work();
  } catch (cause) {
    return broken(cause);
  }
  return result instanceof Promise ? (result.then(ended, broken) as T) : ended(result);
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
