import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { openTracing, parseTraceparent, type Tracing } from '../../src/platform/index.ts';
import { type CollectedSpan, type Collector, startCollector } from '../support/collector.ts';
import { openForTest } from '../support/database.ts';
import { CLIENT, SERVICE, type ServiceCall, sendRaw, startExchange, type TestExchange } from '../support/gateways.ts';

const hex = (bytes: number) => randomBytes(bytes).toString('hex');

/** Spans of both gateways at a collector over HTTP, as an operator sees them. */
describe('the trace of a message', () => {
  let collector: Collector;
  let tracings: readonly Tracing[];
  let all: TestExchange;
  before(async () => {
    collector = await startCollector();
    const open = (serviceName: string) =>
      openTracing({ url: `${collector.url}/v1/traces`, ratio: 0, serviceName, serviceInstance: 'test' });
    const [consumer, provider] = [await open('consumer'), await open('provider')];
    tracings = [consumer, provider];
    all = await startExchange(
      () => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]),
      {},
      { consumer, provider },
    );
  });
  after(async () => {
    await all.close();
    await Promise.all(tracings.map((one) => one.close()));
    await collector.close();
  });
  beforeEach(() => {
    collector.spans.length = 0;
    all.service.calls.length = 0;
    for (const { log } of [all.consumer, all.provider]) log.lines.length = 0;
  });

  const call = (headers: readonly (readonly [string, string])[], path = '/find') =>
    sendRaw(all.consumer.gateway.url, {
      path: `/r1/${SERVICE}${path}`,
      headers: [['x-road-client', CLIENT], ...headers],
    });
  const sampled = (traceId = hex(16), spanId = hex(8)) => ({ traceId, spanId, text: `00-${traceId}-${spanId}-01` });
  const headerAt = ({ headers }: ServiceCall, name: string): string | undefined => {
    const at = headers.findIndex((one, nth) => nth % 2 === 0 && one.toLowerCase() === name);
    return at === -1 ? undefined : headers[at + 1];
  };
  async function collected(traceId: string, count: number): Promise<readonly CollectedSpan[]> {
    const found = () => collector.spans.filter((one) => one.traceId === traceId);
    for (let tries = 0; tries < 400 && found().length < count; tries += 1)
      await new Promise((go) => setTimeout(go, 25));
    return found();
  }
  const only = (spans: readonly CollectedSpan[], service: string, kind: number): CollectedSpan => {
    const [one, ...more] = spans.filter((span) => span.service === service && span.kind === kind);
    assert.ok(one !== undefined && more.length === 0, `${service} ${kind}: ${more.length}`);
    return one;
  };

  it('is one, from the information system through both gateways to the service', async () => {
    const parent = sampled();
    const answer = await call([
      ['traceparent', parent.text],
      ['tracestate', 'a=1,b=2'],
    ]);
    assert.equal(answer.status, 200, answer.text);
    const spans = await collected(parent.traceId, 12);
    const [own, sent] = [only(spans, 'consumer', 2), only(spans, 'consumer', 3)];
    const [peer, called] = [only(spans, 'provider', 2), only(spans, 'provider', 3)];
    assert.equal(own.parentSpanId, parent.spanId);
    assert.equal(sent.parentSpanId, own.spanId);
    assert.equal(peer.parentSpanId, sent.spanId);
    assert.equal(called.parentSpanId, peer.spanId);
    assert.equal(
      headerAt(all.service.calls[0] as ServiceCall, 'traceparent'),
      `00-${parent.traceId}-${called.spanId}-01`,
    );
    assert.equal(headerAt(all.service.calls[0] as ServiceCall, 'tracestate'), 'a=1,b=2');
    const steps = (service: string) =>
      spans.filter((one) => one.service === service && one.kind === 1).map(({ name }) => name);
    assert.deepEqual(steps('consumer').sort(), ['keep', 'keep', 'sign']);
    assert.deepEqual(steps('provider').sort(), ['decide', 'keep', 'keep', 'reduce', 'verify']);
  });

  it('says who asks for what by the conventions’ names, and never for whom', async () => {
    const parent = sampled();
    await call(
      [
        ['traceparent', parent.text],
        ['wasl-subject', 'ZX98765'],
      ],
      '/find/ZX98765?name=Amina',
    );
    const spans = await collected(parent.traceId, 12);
    const own = only(spans, 'consumer', 2);
    assert.equal(own.name, 'GET /r1/{service}');
    assert.deepEqual(own.attributes, {
      'http.request.method': 'GET',
      'http.route': '/r1/{service}/{path}',
      'wasl.door': 'own',
      'wasl.service': SERVICE,
      'wasl.client': CLIENT,
      'wasl.exchange': own.attributes['wasl.exchange'],
      'http.response.status_code': 200,
    });
    assert.equal(only(spans, 'consumer', 3).attributes['wasl.peer'], all.provider.server);
    for (const text of collector.texts) assert.doesNotMatch(text, /ZX98765|Amina|أمينة/);
  });

  it('tells of a refusal at each gateway that knew of it, and log lines name the trace', async () => {
    const parent = sampled();
    await call([
      ['traceparent', parent.text],
      ['wasl-purpose', 'curiosity'],
      ['accept', 'application/problem+json'],
    ]);
    const spans = await collected(parent.traceId, 9);
    for (const service of ['consumer', 'provider']) {
      const { attributes, isError } = only(spans, service, 2);
      assert.equal(attributes['error.type'], 'purpose-not-agreed');
      assert.equal(attributes['http.response.status_code'], 403);
      assert.equal(isError, false);
    }
    const lines = [...all.consumer.log.lines, ...all.provider.log.lines].filter(({ event }) =>
      event.endsWith('.refused'),
    );
    assert.equal(lines.length, 2);
    for (const { fields } of lines) assert.equal((fields as { trace_id?: string }).trace_id, parent.traceId);
  });

  it('of a service that fails is an error of the provider', async () => {
    const parent = sampled();
    await call([['traceparent', parent.text]], '/cut');
    const spans = await collected(parent.traceId, 9);
    assert.equal(only(spans, 'provider', 2).attributes['error.type'], 'service-answer-cut');
    assert.equal(only(spans, 'provider', 2).isError, true);
    assert.equal(only(spans, 'provider', 3).isError, true);
  });

  it('that is not sampled passes as it came, and nothing is told of it', async () => {
    const text = `00-${hex(16)}-${hex(8)}-00`;
    assert.equal(
      (
        await call([
          ['traceparent', text],
          ['tracestate', 'a=1'],
        ])
      ).status,
      200,
    );
    assert.equal(headerAt(all.service.calls[0] as ServiceCall, 'traceparent'), text);
    assert.equal(headerAt(all.service.calls[0] as ServiceCall, 'tracestate'), 'a=1');
    assert.equal((await call([])).status, 200);
    assert.equal(headerAt(all.service.calls[1] as ServiceCall, 'traceparent'), undefined);
    const parent = sampled();
    await call([['traceparent', parent.text]]);
    await collected(parent.traceId, 12);
    assert.deepEqual(new Set(collector.spans.map((one) => one.traceId)), new Set([parent.traceId]));
  });

  it('begins anew where its traceparent cannot be read, and its tracestate is left out', async () => {
    const good = sampled().text;
    for (const bad of [
      [['traceparent', '00-zz-1-01']],
      [
        ['traceparent', good],
        ['traceparent', good],
      ],
    ] as const) {
      all.service.calls.length = 0;
      assert.equal((await call([...bad, ['tracestate', 'a=1']])).status, 200);
      assert.equal(headerAt(all.service.calls[0] as ServiceCall, 'traceparent'), undefined);
      assert.equal(headerAt(all.service.calls[0] as ServiceCall, 'tracestate'), undefined);
    }
  });

  it('does not hold a message when its collector is slow, fails or is away', async () => {
    for (const behave of [() => {}, (response: { destroy(): void }) => response.destroy()] as const) {
      collector.behave = behave;
      for (let nth = 0; nth < 10; nth += 1) {
        const answer = await call([['traceparent', sampled().text]]);
        assert.equal(answer.status, 200, answer.text);
      }
    }
    collector.behave = undefined;
  });
});

it('a trace begins at a gateway whose ratio takes it', async () => {
  const collector = await startCollector();
  const tracing = await openTracing({
    url: `${collector.url}/v1/traces`,
    ratio: 1,
    serviceName: 'x',
    serviceInstance: 'y',
  });
  const carried = await tracing.serve({ name: 'GET', kind: 'server', came: {} }, async () => tracing.onward());
  await tracing.close();
  await collector.close();
  assert.equal(parseTraceparent(carried?.traceparent ?? '')?.traceId, collector.spans[0]?.traceId);
  assert.equal(collector.spans[0]?.parentSpanId, '');
});
