import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { sql } from 'kysely';
import { onEachDatabase } from '../../../test/support/database.ts';
import { actor, OFFICE, openTestPortal, type TestPortal } from '../../../test/support/portal.ts';
import { AMINA, FILED_AT, MESSAGE, RESIDENCE_ANSWERS } from '../../../test/support/procedures.ts';
import { Problem, type Result, unwrap } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import type { IntendedDecision } from '../rules/decision.ts';
import type { Refusal } from '../rules/refusal.ts';
import type { Loaded } from './change.ts';
import { fetchDocuments } from './fetching.ts';
import { acknowledge, completeOwn, fileOwn, keepAnswers, startDossier } from './filing.ts';
import { askCompletion, assignToSelf, decideOn, dossierForAgent, extend, inboxOf } from './processing.ts';
import { ownAccesses } from './usage.ts';
import { issuedOf, keySet, publicView } from './verifying.ts';

const amina = actor('amina');
const agent = actor('said', [OFFICE]);
const ACCEPT: IntendedDecision = { kind: 'accept', remark: '' };
const REFUSE: IntendedDecision = { kind: 'refuse', ground: 'address-not-established', reason: MESSAGE };
const OPEN = { status: 'open', mineOnly: false, number: undefined, sort: 'deadline', limit: 50, offset: 0 } as const;
const isProblem = (status: number) => (cause: unknown) => cause instanceof Problem && cause.status === status;
const kindOf = (outcome: Result<Loaded, Refusal>) => (outcome.ok ? outcome.value.row.status : outcome.error.kind);

onEachDatabase(['ledger', 'procedures'], (_name, open) => {
  let db: Database;
  let portal: TestPortal;
  before(async () => {
    db = await open();
  });
  after(() => db.close());
  beforeEach(async () => {
    portal = await openTestPortal(db, FILED_AT);
  });

  async function aFiled(applicant = amina): Promise<string> {
    const { id } = unwrap(await startDossier(portal.deps, applicant, 'certificat-residence'));
    unwrap(await acknowledge(portal.deps, applicant, id));
    await fetchDocuments(portal.deps, id);
    unwrap(await keepAnswers(portal.deps, applicant, id, RESIDENCE_ANSWERS));
    unwrap(await fileOwn(portal.deps, applicant, id));
    return id;
  }
  const inboxIds = async (who: typeof agent, filter: Partial<Parameters<typeof inboxOf>[2]> = {}) =>
    (await inboxOf(portal.deps, who, { ...OPEN, ...filter })).rows.map(({ id }) => id);

  describe('an agent', () => {
    test('finds the requests of their offices, and neither drafts nor requests of others nor their own', async () => {
      const [filed, own] = [await aFiled(), await aFiled(actor('karim'))];
      const { id: draft } = unwrap(await startDossier(portal.deps, amina, 'certificat-residence'));
      const found = await inboxIds(actor('karim', [OFFICE]));
      assert.deepEqual([found.includes(filed), found.includes(own), found.includes(draft)], [true, false, false]);
      assert.deepEqual(await inboxIds(actor('said', ['another-office'])), []);
      assert.deepEqual(await inboxIds(actor('said')), []);
    });

    test('finds a request by its number as people type it, and nothing by what is no number', async () => {
      const id = await aFiled();
      const number = unwrap(await dossierForAgent(portal.deps, agent, id)).dossier.filing?.number ?? '';
      assert.deepEqual(await inboxIds(agent, { number: ` ${number} ` }), [id]);
      for (const wrong of ['R-2026', '%', 'a\u0000b']) assert.deepEqual(await inboxIds(agent, { number: wrong }), []);
    });

    test('of another office, and the applicant as agent, come to nothing', async () => {
      const id = await aFiled();
      const stranger = actor('said', ['another-office']);
      const self = actor('amina', [OFFICE]);
      await assert.rejects(dossierForAgent(portal.deps, stranger, id), isProblem(404));
      await assert.rejects(decideOn(portal.deps, stranger, id, ACCEPT), isProblem(404));
      await assert.rejects(assignToSelf(portal.deps, stranger, id), isProblem(404));
      assert.equal(kindOf(await dossierForAgent(portal.deps, self, id)), 'own-dossier');
      for (const command of [ACCEPT, REFUSE])
        assert.equal(kindOf(await decideOn(portal.deps, self, id, command)), 'own-dossier');
    });

    test('leaves a trace with each look, which the applicant reads', async () => {
      const id = await aFiled();
      await dossierForAgent(portal.deps, agent, id);
      const accesses = await ownAccesses(portal.deps, amina);
      assert.equal(accesses.filter(({ receiptNumber }) => receiptNumber !== undefined)[0]?.office, OFFICE);
    });

    test('asks for a completion once; the clock stands still until the applicant has answered', async () => {
      const id = await aFiled();
      const command = {
        items: [{ kind: 'field', id: 'address', problem: 'incorrect' }],
        message: `${MESSAGE}\u0000`,
      } as const;
      unwrap(await askCompletion(portal.deps, agent, id, command));
      assert.equal(kindOf(await decideOn(portal.deps, agent, id, ACCEPT)), 'suspended');
      assert.equal(kindOf(await completeOwn(portal.deps, amina, id, RESIDENCE_ANSWERS)), 'filed');
      assert.equal(kindOf(await askCompletion(portal.deps, agent, id, command)), 'completion-already-requested');
      assert.equal(kindOf(await extend(portal.deps, agent, id, { days: 5, reason: MESSAGE })), 'not-extendable');
    });
  });

  describe('a decision', () => {
    test('is one, whoever and however many decide at once', async () => {
      const id = await aFiled();
      const outcomes = await Promise.allSettled([
        decideOn(portal.deps, agent, id, ACCEPT),
        decideOn(portal.deps, actor('nadia', [OFFICE]), id, ACCEPT),
        decideOn(portal.deps, actor('omar', [OFFICE]), id, REFUSE),
      ]);
      const kinds = outcomes.map((one) => (one.status === 'fulfilled' ? kindOf(one.value) : String(one.reason)));
      assert.equal(kinds.filter((kind) => kind === 'accepted' || kind === 'refused').length, 1, kinds.join());
      assert.equal(kinds.filter((kind) => kind === 'ended').length, 2, kinds.join());
      const { rows } = await sql`select 1 from dossier_event where dossier_id = ${id}
        and kind in ('accepted', 'refused')`.execute(db.read);
      assert.equal(rows.length, 1);
    });

    test('of refusal carries the ground, its text and the reasons; one without them takes no number', async () => {
      const id = await aFiled();
      const last = async () =>
        (
          await sql<{ last: number }>`select coalesce(max(last), 0)::int as last from number_sequence
          where kind = 'D'`.execute(db.read)
        ).rows[0]?.last;
      const before = await last();
      assert.equal(kindOf(await decideOn(portal.deps, agent, id, { ...REFUSE, reason: '…' })), 'reason-required');
      assert.equal(kindOf(await decideOn(portal.deps, agent, id, { ...REFUSE, ground: 'my-mood' })), 'unknown-ground');
      assert.equal(await last(), before);
      const { decision } = unwrap(await decideOn(portal.deps, agent, id, REFUSE)).dossier;
      assert.ok(decision?.kind === 'refused');
      assert.equal(decision.reason, MESSAGE);
      assert.ok(decision.legalReference.ar !== '' && decision.legalReference.fr !== '');
    });

    test('of acceptance issues a certificate that anyone verifies from the page’s address and the public keys', async () => {
      const id = await aFiled();
      unwrap(await decideOn(portal.deps, agent, id, { kind: 'accept', remark: 'vu\u0000' }));
      const issued = await issuedOf(portal.deps, id);
      assert.ok(issued !== undefined);
      assert.ok(issued.record.jws.length <= 1024, `${issued.record.jws.length} bytes`);
      assert.equal(Buffer.from(issued.page, 'base64url').length, 16);
      const keys = createLocalJWKSet(keySet(portal.deps) as JSONWebKeySet);
      const { payload, protectedHeader } = await compactVerify(issued.record.jws, keys);
      assert.equal(protectedHeader.alg, 'ES256');
      const sealed = JSON.parse(Buffer.from(payload).toString('utf8'));
      for (const language of ['ar', 'fr'] as const) {
        const bytes = await portal.deps.files.get(language === 'ar' ? issued.record.pdf_ar : issued.record.pdf_fr);
        assert.ok(bytes?.subarray(0, 5).toString() === '%PDF-');
        assert.equal(sealed.pdf[language], createHash('sha256').update(bytes).digest('base64url'));
      }
      const view = await publicView(portal.deps, issued.page);
      assert.ok(view?.kind === 'attestation');
      assert.deepEqual([view.number, view.status, view.holder], [issued.record.number, 'valid', 'A. A.']);
      const open = JSON.stringify({ ...view, procedure: undefined, sealed });
      for (const word of Object.values(AMINA)) assert.ok(!open.includes(word), `the public page holds ${word}`);
    });

    test('on what lasts some months is shown with its last day, and after it as expired', async () => {
      const answers = {
        name1: 'Atlas Wasl',
        name2: 'Wasl Atlas',
        name3: 'Wasl',
        namesDeclaration: true,
        requestKind: 'creation',
        activity: 'Conseil',
        address: 'Rabat',
        province: '04.421',
        phone: '+212612345678',
      };
      const { id, row } = unwrap(await startDossier(portal.deps, amina, 'certificat-negatif'));
      unwrap(await keepAnswers(portal.deps, amina, id, answers));
      unwrap(await fileOwn(portal.deps, amina, id));
      unwrap(await decideOn(portal.deps, actor('said', [row.office]), id, ACCEPT));
      const issued = await issuedOf(portal.deps, id);
      assert.ok(issued !== undefined);
      const statusOn = async (instant: string) => {
        portal.setClock(instant);
        const view = await publicView(portal.deps, issued.page);
        return view?.kind === 'attestation' ? [view.status, view.validUntil] : undefined;
      };
      assert.deepEqual(await statusOn('2027-02-23T20:00:00.000Z'), ['valid', '2027-02-23']);
      assert.deepEqual(await statusOn('2027-02-24T08:00:00.000Z'), ['expired', '2027-02-23']);
      const [, payload = ''] = issued.record.jws.split('.');
      const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
      assert.equal(exp, Date.parse('2027-02-24T00:00:00Z') / 1000);
    });

    test('that fails while the papers are made leaves nothing of itself', async () => {
      const id = await aFiled();
      const full = {
        put: () => Promise.reject(new Error('no space left')),
        get: portal.deps.files.get,
        remove: async () => {},
      };
      await assert.rejects(decideOn({ ...portal.deps, files: full }, agent, id, ACCEPT), /no space/);
      assert.equal(await issuedOf(portal.deps, id), undefined);
      assert.equal(kindOf(await decideOn(portal.deps, agent, id, ACCEPT)), 'accepted');
    });
  });
});
