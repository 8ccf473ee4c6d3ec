import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Agreement, type DecisionInput, decide } from './agreement.ts';

const NOW = new Date('2026-03-02T09:00:00Z');

function anAgreement(parts: Partial<Agreement> = {}): Agreement {
  return {
    id: 'residence',
    version: 1,
    client: 'MA/GOV/ADD/portal',
    service: 'MA/GOV/DGSN/identity/persons',
    endpoints: [{ method: 'GET', path: '/*' }],
    purposes: [{ code: 'residence', text: { ar: 'شهادة السكنى', fr: 'certificat de résidence' } }],
    legalBasis: { text: { ar: 'القانون 55.19', fr: 'loi 55-19' }, ref: '55-19/7' },
    fields: ['/name'],
    validFrom: '2026-01-01T00:00:00.000Z',
    validUntil: '2027-01-01T00:00:00.000Z',
    status: 'active',
    ...parts,
  };
}

const aRequest = (parts: Partial<DecisionInput> = {}): DecisionInput => ({
  client: 'MA/GOV/ADD/portal',
  service: 'MA/GOV/DGSN/identity/persons',
  method: 'GET',
  path: '/AB123',
  purpose: 'residence',
  agreement: undefined,
  ...parts,
});

const refusal = (input: DecisionInput, agreements: readonly Agreement[], now = NOW) => {
  const decision = decide(input, agreements, now);
  return decision.ok ? 'granted' : decision.error.kind;
};

test('an agreement that covers the request grants it, with its purpose', () => {
  const agreement = anAgreement();
  assert.deepEqual(decide(aRequest(), [agreement], NOW), { ok: true, value: { agreement, purpose: 'residence' } });
});

test('without an agreement between the two nothing is granted', () => {
  assert.equal(refusal(aRequest(), []), 'no-agreement');
  assert.equal(refusal(aRequest(), [anAgreement({ client: 'MA/GOV/ADD/other' })]), 'no-agreement');
  assert.equal(refusal(aRequest(), [anAgreement({ service: 'MA/GOV/DGSN/identity/other' })]), 'no-agreement');
  assert.equal(refusal(aRequest({ agreement: 'another' }), [anAgreement()]), 'no-agreement');
});

test('an agreement holds from its first instant and no longer at its last', () => {
  const agreement = anAgreement();
  const at = (text: string) => refusal(aRequest(), [agreement], new Date(text));
  assert.equal(at('2025-12-31T23:59:59.999Z'), 'agreement-not-valid');
  assert.equal(at('2026-01-01T00:00:00.000Z'), 'granted');
  assert.equal(at('2026-12-31T23:59:59.999Z'), 'granted');
  assert.equal(at('2027-01-01T00:00:00.000Z'), 'agreement-not-valid');
});

test('a suspended or ended agreement grants nothing', () => {
  assert.equal(refusal(aRequest(), [anAgreement({ status: 'suspended' })]), 'agreement-not-valid');
  assert.equal(refusal(aRequest(), [anAgreement({ status: 'ended' })]), 'agreement-not-valid');
});

test('a method or a path outside the endpoints is refused', () => {
  assert.equal(refusal(aRequest({ method: 'POST' }), [anAgreement()]), 'endpoint-not-agreed');
  assert.equal(refusal(aRequest({ path: '/AB123/photo' }), [anAgreement()]), 'endpoint-not-agreed');
  assert.equal(
    refusal(aRequest({ method: 'POST' }), [anAgreement({ endpoints: [{ method: '*', path: '/**' }] })]),
    'granted',
  );
});

test('another purpose than the agreed ones is refused', () => {
  assert.equal(refusal(aRequest({ purpose: 'curiosity' }), [anAgreement()]), 'purpose-not-agreed');
});

test('a client that names no purpose has the only one there is, and none where there are two', () => {
  const [purpose] = anAgreement().purposes;
  assert.ok(purpose);
  assert.equal(refusal(aRequest({ purpose: undefined }), [anAgreement()]), 'granted');
  const two = anAgreement({ purposes: [purpose, { ...purpose, code: 'tax' }] });
  assert.equal(refusal(aRequest({ purpose: undefined }), [two]), 'purpose-not-agreed');
});

const agreements = fc.array(
  fc.record({
    id: fc.constantFrom('a', 'b'),
    client: fc.constantFrom('MA/GOV/ADD/portal', 'MA/GOV/ADD/other'),
    status: fc.constantFrom('active', 'suspended', 'ended'),
    validUntil: fc.constantFrom('2026-02-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'),
    endpoints: fc.array(
      fc.record({ method: fc.constantFrom('GET', 'POST', '*'), path: fc.constantFrom('/*', '/**', '/x') }),
      { maxLength: 2 },
    ),
    purposes: fc
      .uniqueArray(fc.constantFrom('residence', 'tax'), { minLength: 1, maxLength: 2 })
      .map((codes) => codes.map((code) => ({ code, text: { ar: code, fr: code } }))),
  }),
  { maxLength: 4 },
);
const requests = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  path: fc.constantFrom('/AB123', '/x', '/a/b'),
  purpose: fc.constantFrom('residence', 'tax', 'other', undefined),
  agreement: fc.constantFrom('a', 'b', undefined),
});

test('adding a denial never grants: what is taken away from an agreement only refuses more', () => {
  const taking = fc.constantFrom<(one: Agreement) => Agreement>(
    (one) => ({ ...one, status: 'suspended' }),
    (one) => ({ ...one, validUntil: '2026-02-01T00:00:00.000Z' }),
    (one) => ({ ...one, endpoints: one.endpoints.slice(1) }),
    (one) => ({ ...one, client: 'MA/GOV/ADD/nobody' }),
  );
  fc.assert(
    fc.property(agreements, requests, fc.nat(3), taking, (parts, request, which, take) => {
      const before = parts.map((one) => anAgreement(one));
      const after = before.map((one, at) => (at === which ? take(one) : one));
      if (refusal(aRequest(request), after) === 'granted') assert.equal(refusal(aRequest(request), before), 'granted');
    }),
  );
});

test('what is granted is covered by the agreement that is named, in full', () => {
  fc.assert(
    fc.property(agreements, requests, (parts, request) => {
      const decision = decide(
        aRequest(request),
        parts.map((one) => anAgreement(one)),
        NOW,
      );
      if (!decision.ok) return;
      const { agreement, purpose } = decision.value;
      assert.equal(agreement.client, 'MA/GOV/ADD/portal');
      assert.equal(agreement.status, 'active');
      assert.ok(Date.parse(agreement.validUntil) > NOW.getTime());
      assert.ok(agreement.endpoints.some(({ method }) => method === '*' || method === request.method));
      assert.ok(agreement.purposes.some(({ code }) => code === purpose));
      if (request.purpose !== undefined) assert.equal(purpose, request.purpose);
    }),
  );
});
