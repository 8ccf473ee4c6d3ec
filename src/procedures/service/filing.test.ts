import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { sql } from 'kysely';
import { onEachDatabase } from '../../../test/support/database.ts';
import { actor, LEDGER_SIGNER, openTestPortal, type TestPortal } from '../../../test/support/portal.ts';
import { AMINA, FILED_AT, MESSAGE, RESIDENCE_ANSWERS } from '../../../test/support/procedures.ts';
import { canonicalJson, type Json, Problem, unwrap } from '../../kernel/index.ts';
import { readCheckpoint, readEntries, verifyLog } from '../../ledger/index.ts';
import type { Database } from '../../platform/index.ts';
import { loadDossier } from './change.ts';
import { fetchDocuments } from './fetching.ts';
import {
  acknowledge,
  appealOwn,
  dossiersOf,
  draftOf,
  fileOwn,
  keepAnswers,
  ownDossier,
  startDossier,
  withdrawOwn,
} from './filing.ts';

const RESIDENCE = 'certificat-residence';
const amina = actor('amina');
const isProblem = (status: number) => (cause: unknown) => cause instanceof Problem && cause.status === status;

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

  async function aDraft(answers: object = RESIDENCE_ANSWERS): Promise<string> {
    const { id } = unwrap(await startDossier(portal.deps, amina, RESIDENCE));
    unwrap(await acknowledge(portal.deps, amina, id));
    await fetchDocuments(portal.deps, id);
    unwrap(await keepAnswers(portal.deps, amina, id, { ...RESIDENCE_ANSWERS, ...answers }));
    return id;
  }

  async function lastNumber(): Promise<number> {
    const { rows } = await sql<{ last: number }>`select coalesce(max(last), 0)::int as last from number_sequence
      where kind = 'R'`.execute(db.read);
    return rows[0]?.last ?? 0;
  }

  const leaves = async () => {
    const verified = unwrap(await verifyLog(db.read, 'acts', LEDGER_SIGNER.vkey));
    assert.ok((await readCheckpoint(db.read, 'acts')).length > 0);
    const entries = await readEntries(db.read, 'acts', 0, verified.size);
    return entries.map((entry) => Buffer.from(entry).toString('utf8'));
  };

  describe('filing', () => {
    test('gives a receipt number and the deadline of the law at once, and the draft is gone', async () => {
      const id = await aDraft();
      const filed = unwrap(await fileOwn(portal.deps, amina, id));
      assert.match(filed.dossier.filing?.number ?? '', /^R-2026-\d{6}-\w$/);
      assert.equal(filed.row.deadline_on, '2027-01-22');
      const [row] = await dossiersOf(portal.deps, amina);
      assert.deepEqual([row?.id, row?.status], [id, 'filed']);
      assert.equal(await draftOf(portal.deps, amina, RESIDENCE), undefined);
    });

    test('two clicks at once are one filing with one receipt, and a third gets the same', async () => {
      const id = await aDraft();
      const both = await Promise.all([fileOwn(portal.deps, amina, id), fileOwn(portal.deps, amina, id)]);
      const numbers = [...both, await fileOwn(portal.deps, amina, id)].map(
        (outcome) => unwrap(outcome).dossier.filing?.number,
      );
      assert.equal(new Set(numbers).size, 1);
      const { rows } = await sql`select 1 from dossier_event where dossier_id = ${id} and kind = 'filed'`.execute(
        db.read,
      );
      assert.equal(rows.length, 1);
    });

    test('a request that is incomplete is refused and takes no receipt number', async () => {
      const { id } = unwrap(await startDossier(portal.deps, amina, RESIDENCE));
      const before = await lastNumber();
      const refused = await fileOwn(portal.deps, amina, id);
      assert.equal(refused.ok ? 'filed' : refused.error.kind, 'form-errors');
      assert.equal(await lastNumber(), before);
    });

    test('is not there for another person, nor is an address that is no identifier', async () => {
      const id = await aDraft();
      await assert.rejects(ownDossier(portal.deps, actor('karim'), id), isProblem(404));
      await assert.rejects(fileOwn(portal.deps, actor('karim'), id), isProblem(404));
      for (const wrong of ['', 'nothing-here', 'a\u0000b', '\ud800', 'x'.repeat(5_000)])
        await assert.rejects(loadDossier(portal.deps, wrong), isProblem(404));
    });
  });

  describe('the ledger of acts', () => {
    test('has one leaf for each event, in order, which commits to the event as it is stored', async () => {
      const id = await aDraft();
      unwrap(await fileOwn(portal.deps, amina, id));
      const { rows } = await sql<{ kind: string; content: Json; salt: Buffer }>`select kind, content, salt
        from dossier_event where dossier_id = ${id} order by revision`.execute(db.read);
      const mine = (await leaves()).map((leaf) => JSON.parse(leaf)).filter((leaf) => leaf.dossier === id);
      assert.deepEqual(
        mine.map(({ kind, commitment }) => ({ kind, commitment })),
        rows.map(({ kind, content, salt }) => ({
          kind,
          commitment: createHash('sha256').update(salt).update(canonicalJson(content)).digest('base64url'),
        })),
      );
    });

    test('says nothing about the person', async () => {
      const id = await aDraft();
      unwrap(await fileOwn(portal.deps, amina, id));
      const text = (await leaves()).join('\n');
      const known = [...Object.values(AMINA), 'amina', RESIDENCE_ANSWERS.address, RESIDENCE_ANSWERS.phone];
      for (const word of known) assert.ok(!text.includes(String(word)), `a leaf holds ${word}`);
    });

    test('and the dossier change together or not at all', async () => {
      const id = await aDraft();
      const before = await loadDossier(portal.deps, id);
      const broken = { ...portal.deps, ledger: { ...portal.deps.ledger, name: 'no-such-log' } };
      await assert.rejects(fileOwn(broken, amina, id));
      const now = await loadDossier(portal.deps, id);
      assert.deepEqual([now.row, now.dossier], [before.row, before.dossier]);
      unwrap(await fileOwn(portal.deps, amina, id));
    });

    test('events are never changed nor removed, whoever asks the database', async () => {
      const id = await aDraft();
      await assert.rejects(sql`update dossier_event set kind = 'x' where dossier_id = ${id}`.execute(db.read));
      await assert.rejects(sql`delete from dossier_event where dossier_id = ${id}`.execute(db.read));
      await assert.rejects(sql`truncate dossier_event cascade`.execute(db.read));
    });
  });

  describe('after filing', () => {
    test('the applicant withdraws once, and a reason may hold whatever a browser can send', async () => {
      const id = await aDraft();
      unwrap(await fileOwn(portal.deps, amina, id));
      const ended = unwrap(await withdrawOwn(portal.deps, amina, id, 'no longer\u0000 needed \u202e'));
      assert.equal(ended.row.status, 'withdrawn');
      const again = await withdrawOwn(portal.deps, amina, id, '');
      assert.equal(again.ok ? 'withdrawn' : again.error.kind, 'ended');
    });

    test('appeals only against an answer or a silence that there is', async () => {
      const id = await aDraft();
      unwrap(await fileOwn(portal.deps, amina, id));
      const early = await appealOwn(portal.deps, amina, id, MESSAGE);
      assert.equal(early.ok ? 'appealed' : early.error.kind, 'nothing-to-appeal');
      portal.setClock('2027-02-01T10:00:00.000Z');
      const late = unwrap(await appealOwn(portal.deps, amina, id, `${MESSAGE}\u0000`));
      assert.equal(late.dossier.appeal?.against, 'silence');
    });
  });
});
