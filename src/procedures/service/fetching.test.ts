import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { sql } from 'kysely';
import { onEachDatabase } from '../../../test/support/database.ts';
import { actor, BIRTH, IDENTITY, OFFICE, openTestPortal, type TestPortal } from '../../../test/support/portal.ts';
import { FILED_AT, IDENTITY_DATA, RESIDENCE_ANSWERS } from '../../../test/support/procedures.ts';
import { unwrap } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import { loadDossier } from './change.ts';
import { type AwaitedFetch, FETCH_JOB, fetchAwaited, fetchDocuments, resumeAwaited } from './fetching.ts';
import { acknowledge, fileOwn, keepAnswers, startDossier } from './filing.ts';
import { decideOn } from './processing.ts';

const amina = actor('amina');

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

  async function aDraft(procedure = 'certificat-residence'): Promise<string> {
    const { id } = unwrap(await startDossier(portal.deps, amina, procedure));
    unwrap(await acknowledge(portal.deps, amina, id));
    return id;
  }

  async function filedWithoutBirth(): Promise<string> {
    portal.answers.set(BIRTH, 'unavailable');
    const id = await aDraft();
    await fetchDocuments(portal.deps, id);
    unwrap(await keepAnswers(portal.deps, amina, id, RESIDENCE_ANSWERS));
    unwrap(await fileOwn(portal.deps, amina, id));
    return id;
  }

  /** What the queue does when the pause of the waiting job is over. */
  async function runJob(): Promise<number | undefined> {
    const job = portal.jobs.shift();
    if (job === undefined) return undefined;
    assert.equal(job.name, FETCH_JOB);
    await fetchAwaited(portal.deps, job.data as AwaitedFetch);
    return job.options.startAfterSeconds;
  }

  const states = async (id: string) => {
    const { documents } = (await loadDossier(portal.deps, id)).dossier;
    return Object.fromEntries(Object.entries(documents).map(([document, { status }]) => [document, status]));
  };
  const events = async (id: string) => {
    const { rows } = await sql<{ kind: string }>`select kind from dossier_event where dossier_id = ${id}
      order by revision`.execute(db.read);
    return rows.map(({ kind }) => kind);
  };

  describe('documents that administrations hold', () => {
    test('are asked for only after the citizen has read what is asked, with purpose, person and request', async () => {
      const { id } = unwrap(await startDossier(portal.deps, amina, 'certificat-residence'));
      await fetchDocuments(portal.deps, id);
      assert.deepEqual(portal.asked, []);
      unwrap(await acknowledge(portal.deps, amina, id));
      await fetchDocuments(portal.deps, id);
      assert.deepEqual(portal.asked.map(({ service }) => service).sort(), [BIRTH, IDENTITY]);
      for (const { purpose, subject, issue, path } of portal.asked)
        assert.deepEqual([purpose, subject, issue, path], ['residence-certificate', 'AB123456', id, '/AB123456']);
      assert.deepEqual(await states(id), { identity: 'obtained', birth: 'obtained' });
      assert.deepEqual(portal.jobs, []);
    });

    test('fill empty fields and are not asked for again', async () => {
      const id = await aDraft();
      const { dossier } = await fetchDocuments(portal.deps, id);
      assert.equal(dossier.answers['address'], IDENTITY_DATA.address.line.ar);
      const before = await events(id);
      await fetchDocuments(portal.deps, id);
      assert.equal(portal.asked.length, 2);
      assert.deepEqual(await events(id), before);
    });

    test('bring no more than the fields that the citizen was told, and nothing that the database cannot hold', async () => {
      portal.answers.set(IDENTITY, {
        ...IDENTITY_DATA,
        religion: 'none of ours',
        fullName: { ar: 'ا\u0000', fr: '\ud800' },
      });
      const id = await aDraft();
      const { identity } = (await fetchDocuments(portal.deps, id)).dossier.documents;
      assert.ok(identity?.status === 'obtained');
      assert.deepEqual(identity.data, { ...IDENTITY_DATA, fullName: { ar: 'ا', fr: '\ufffd' } });
    });

    test('that are refused or not found say so, and no job asks again', async () => {
      portal.answers.set(IDENTITY, 'refused').set(BIRTH, 'not-found');
      const id = await aDraft();
      await fetchDocuments(portal.deps, id);
      assert.deepEqual(await states(id), { identity: 'refused', birth: 'not-found' });
      assert.deepEqual(portal.jobs, []);
    });
  });

  describe('a source that is down', () => {
    test('leaves its document awaited, and one job that comes back later each time', async () => {
      portal.answers.set(BIRTH, 'unavailable').set(IDENTITY, 'not-found');
      const id = await aDraft();
      await fetchDocuments(portal.deps, id);
      await fetchDocuments(portal.deps, id);
      assert.deepEqual(await states(id), { identity: 'not-found', birth: 'awaited' });
      const before = await events(id);
      portal.asked.length = 0;
      const pauses: (number | undefined)[] = [];
      for (let run = 0; run < 20; run += 1) {
        pauses.push(await runJob());
        assert.equal(portal.jobs.length, 1);
      }
      assert.deepEqual(pauses.slice(0, 5), [10, 10, 15, 23, 34]);
      assert.equal(pauses.at(-1), 3600);
      assert.deepEqual(new Set(portal.asked.map(({ service }) => service)), new Set([BIRTH]));
      assert.deepEqual(await events(id), before, 'waiting writes nothing');
    });

    test('does not stop filing: the receipt says awaited, and what comes later is noted on the dossier', async () => {
      const id = await filedWithoutBirth();
      const { items } = (await loadDossier(portal.deps, id)).dossier.filing ?? {};
      assert.equal(items?.find(({ document }) => document === 'birth')?.outcome, 'awaited');
      await runJob();
      portal.answers.set(BIRTH, { fullName: { ar: 'ا', fr: 'A' } });
      await runJob();
      assert.deepEqual(await states(id), { identity: 'obtained', birth: 'obtained' });
      assert.equal((await events(id)).at(-1), 'document-obtained');
      assert.deepEqual(portal.jobs, []);
    });

    test('is asked again even when its job was lost', async () => {
      const id = await filedWithoutBirth();
      portal.jobs.length = 0;
      await resumeAwaited(portal.deps);
      await resumeAwaited(portal.deps);
      assert.equal(portal.jobs.filter(({ data }) => (data as AwaitedFetch).dossier === id).length, 1);
      portal.jobs.splice(0, portal.jobs.length, ...portal.jobs.filter(({ options }) => options.key === id));
      portal.answers.set(BIRTH, { fullName: { ar: 'ا', fr: 'A' } });
      await runJob();
      await resumeAwaited(portal.deps);
      assert.ok(!portal.jobs.some(({ options }) => options.key === id));
    });

    test('is no longer asked once the request has ended, nor for ever for a draft', async () => {
      const id = await filedWithoutBirth();
      const job = portal.jobs.at(-1);
      const agent = actor('said', [OFFICE]);
      unwrap(
        await decideOn(portal.deps, agent, id, {
          kind: 'refuse',
          ground: 'address-not-established',
          reason: 'x'.repeat(30),
        }),
      );
      portal.asked.length = 0;
      await fetchAwaited(portal.deps, job?.data as AwaitedFetch);
      assert.deepEqual(portal.asked, []);
      portal.jobs.length = 0;
      const draft = await aDraft();
      await fetchDocuments(portal.deps, draft);
      let runs = 0;
      for (; portal.jobs.length > 0 && runs < 100; runs += 1) await runJob();
      assert.equal(runs, 30);
    });
  });

  describe('a certificate that was issued here', () => {
    async function anIssued(): Promise<string> {
      const id = await aDraft();
      await fetchDocuments(portal.deps, id);
      unwrap(await keepAnswers(portal.deps, amina, id, RESIDENCE_ANSWERS));
      unwrap(await fileOwn(portal.deps, amina, id));
      unwrap(await decideOn(portal.deps, actor('said', [OFFICE]), id, { kind: 'accept', remark: '' }));
      return id;
    }
    const residenceOf = async () => {
      const id = await aDraft('renouvellement-cnie');
      return (await fetchDocuments(portal.deps, id)).dossier.documents['residence'];
    };

    test('serves the next request without asking anybody, as long as it stands', async () => {
      await sql`update attestation set status = 'revoked'`.execute(db.read);
      assert.equal((await residenceOf())?.status, 'not-found');
      const issued = await anIssued();
      const found = await residenceOf();
      assert.deepEqual([found?.status, found?.reference], ['obtained', issued]);
      await sql`update attestation set status = 'replaced' where dossier_id = ${issued}`.execute(db.read);
      assert.equal((await residenceOf())?.status, 'not-found');
    });
  });
});
