import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseTraceparent, readTracestate } from './trace-context.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

test('a traceparent gives its trace, its span and whether it is sampled', () => {
  const at = (flags: string) => parseTraceparent(`00-${TRACE}-${SPAN}-${flags}`);
  assert.deepEqual(at('01'), { traceId: TRACE, spanId: SPAN, isSampled: true });
  assert.equal(at('00')?.isSampled, false);
  assert.equal(at('03')?.isSampled, true);
});

test('a version to come is read as far as version 00 goes', () => {
  assert.equal(parseTraceparent(`cc-${TRACE}-${SPAN}-01-what-comes`)?.traceId, TRACE);
  assert.equal(parseTraceparent(`cc-${TRACE}-${SPAN}-01.what`), undefined);
});

for (const [what, text] of [
  ['a version that is none', `ff-${TRACE}-${SPAN}-01`],
  ['more behind version 00', `00-${TRACE}-${SPAN}-01-x`],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['capital letters', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['a trace that is too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
  ['two of them', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
  ['nothing', ''],
] as const) {
  test(`a traceparent with ${what} begins the trace anew`, () => assert.equal(parseTraceparent(text), undefined));
}

test('a tracestate keeps the order of its members, and is left out whole where one of them is none', () => {
  assert.equal(readTracestate(' a=1 , b@c=x y,,'), 'a=1,b@c=x y');
  for (const bad of ['a', 'a=1,a=2', 'A=1', `a=${'x'.repeat(600)}`, 'a=é', '', ',']) {
    assert.equal(readTracestate(bad), undefined, bad);
  }
  assert.equal(readTracestate(Array.from({ length: 33 }, (_, n) => `k${n}=1`).join(',')), undefined);
});

test('anything at all is read or refused, never thrown at', () => {
  fc.assert(fc.property(fc.string(), (text) => void [parseTraceparent(text), readTracestate(text)]));
});
