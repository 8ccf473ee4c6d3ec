import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rights } from '../gateway/rights.ts';
import type { TrustView } from '../gateway/trust-view.ts';
import { type Agreement, type AgreementRefusal, type DecisionInput, decide } from '../message/agreement.ts';
import { type AskedCall, explainCall } from './explain.ts';
import { OUTCOMES, REASONS } from './texts/explain.ts';

const NOW = new Date('2026-03-02T09:00:00Z');
const CLIENT = 'MA/GOV/ADD/portal';
const SERVICE = 'MA/GOV/DGSN/identity/persons';
const view = { groups: new Map() } as unknown as TrustView;

const anAgreement = (parts: Partial<Agreement> = {}): Agreement => ({
  id: 'residence',
  version: 1,
  client: CLIENT,
  service: SERVICE,
  endpoints: [{ method: 'GET', path: '/*' }],
  purposes: [{ code: 'residence', text: { ar: 'شهادة السكنى', fr: 'certificat de résidence' } }],
  legalBasis: { text: { ar: 'القانون 55.19', fr: 'loi 55-19' }, ref: '55-19/7' },
  fields: ['/name'],
  validFrom: '2026-01-01T00:00:00.000Z',
  validUntil: '2027-01-01T00:00:00.000Z',
  status: 'active',
  ...parts,
});
const two = ['one', 'two'].map((code) => ({ code, text: { ar: code, fr: code } }));
const aCall = (parts: Partial<AskedCall> = {}): AskedCall => ({
  client: CLIENT,
  service: SERVICE,
  method: 'GET',
  path: '/AB123',
  purpose: undefined,
  agreement: undefined,
  query: {},
  headers: {},
  ...parts,
});

type Case = { readonly agreement?: Partial<Agreement>; readonly call?: Partial<AskedCall> };

/** How each reason comes about, and which refusal the client's system gets. */
const CASES: Readonly<Record<keyof typeof REASONS, Case & { readonly refusal: AgreementRefusal['kind'] }>> = {
  'other-agreement': { call: { agreement: 'another' }, refusal: 'no-agreement' },
  'other-client': { call: { client: 'MA/GOV/ADD/other' }, refusal: 'no-agreement' },
  'not-in-group': { agreement: { client: 'GROUP:communes' }, refusal: 'no-agreement' },
  draft: { agreement: { status: 'draft' }, refusal: 'agreement-not-valid' },
  offered: { agreement: { status: 'offered' }, refusal: 'agreement-not-valid' },
  declined: { agreement: { status: 'declined', reason: 'too many fields' }, refusal: 'agreement-not-valid' },
  unsigned: { agreement: { isSigned: false }, refusal: 'agreement-not-valid' },
  suspended: { agreement: { status: 'suspended', reason: 'audit' }, refusal: 'agreement-not-valid' },
  ended: { agreement: { endsAt: '2026-03-01T00:00:00.000Z' }, refusal: 'agreement-not-valid' },
  early: { agreement: { validFrom: '2026-04-01T00:00:00.000Z' }, refusal: 'agreement-not-valid' },
  late: { agreement: { validUntil: '2026-02-01T00:00:00.000Z' }, refusal: 'agreement-not-valid' },
  endpoint: { call: { method: 'POST' }, refusal: 'endpoint-not-agreed' },
  'purpose-unstated': { agreement: { purposes: two }, refusal: 'purpose-not-agreed' },
  'purpose-other': { call: { purpose: 'marketing' }, refusal: 'purpose-not-agreed' },
  condition: { agreement: { terms: { condition: 'time.hour < 3' } }, refusal: 'condition-not-met' },
  'condition-failed': { agreement: { terms: { condition: 'headers["x-a"] == "1"' } }, refusal: 'condition-not-met' },
};

function rightsOf(agreements: readonly Agreement[], enabled = true): Rights {
  const entry = { service: SERVICE, url: 'http://127.0.0.1', timeoutMs: 1, enabled, notice: '' };
  return { agreements, byService: new Map([[SERVICE, agreements]]), services: new Map([[SERVICE, entry]]) };
}

for (const [reason, { agreement, call, refusal }] of Object.entries(CASES)) {
  test(`a no for the reason "${reason}" is told by its own sentence in three languages`, () => {
    const held = [anAgreement(agreement)];
    const asked = aCall(call);
    const told = explainCall(rightsOf(held), view, asked, NOW);
    assert.equal(told.allowed, false);
    assert.equal(told.steps.at(-1)?.why, reason);
    const words = REASONS[reason as keyof typeof REASONS];
    for (const language of ['ar', 'fr', 'en'] as const) {
      assert.ok(told.text[language].startsWith(words[language]), told.text[language]);
      const given = agreement?.reason;
      if (given !== undefined) assert.ok(told.text[language].endsWith(given));
    }
    const input: DecisionInput = { ...asked, facts: () => ({ query: {}, headers: {} }) };
    const decided = decide(input, held, NOW);
    assert.equal(decided.ok ? 'allowed' : decided.error.kind, refusal);
  });
}

test('all reasons and outcomes say something different, in every language', () => {
  for (const language of ['ar', 'fr', 'en'] as const) {
    const sentences = [...Object.values(REASONS), ...Object.values(OUTCOMES)].map((words) => words[language]);
    assert.equal(new Set(sentences).size, sentences.length);
    assert.ok(sentences.every((sentence) => sentence.length > 10));
  }
});

test('a yes names its agreement, version, purpose and text', () => {
  const told = explainCall(rightsOf([anAgreement({ version: 3 })]), view, aCall(), NOW);
  assert.deepEqual(
    [told.allowed, told.agreement, told.version, told.purpose, told.legalBasis?.ref],
    [true, 'residence', 3, 'residence', '55-19/7'],
  );
});

test('what is no question of the agreement has its sentence too', () => {
  const text = (rights: Rights, call: Partial<AskedCall> = {}) => explainCall(rights, view, aCall(call), NOW).text;
  assert.equal(text(rightsOf([]), { service: `${SERVICE}x` }), OUTCOMES.noService);
  assert.equal(text(rightsOf([]), { path: '/../x' }), OUTCOMES.badPath);
  assert.equal(text(rightsOf([])), OUTCOMES.noAgreement);
  assert.equal(text(rightsOf([anAgreement()], false)), OUTCOMES.disabled);
});

test('of two versions the one that is suspended is named, not the one that it replaced', () => {
  const held = [anAgreement({ status: 'ended' }), anAgreement({ version: 2, status: 'suspended', reason: 'audit' })];
  assert.equal(explainCall(rightsOf(held), view, aCall(), NOW).text.en, `${REASONS.suspended.en} Reason: audit`);
  const decided = decide(aCall(), held, NOW);
  assert.match(decided.ok ? '' : decided.error.detail, /residence is suspended/);
});
