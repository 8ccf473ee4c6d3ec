import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { onEachDatabase } from '../../../test/support/database.ts';
import { actor, openTestPortal, type TestPortal } from '../../../test/support/portal.ts';
import { FILED_AT, MESSAGE, RESIDENCE_ANSWERS } from '../../../test/support/procedures.ts';
import { unwrap } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import { loadDossier } from './change.ts';
import { fetchDocuments } from './fetching.ts';
import { acknowledge, fileOwn, keepAnswers, startDossier } from './filing.ts';
import { decideOn, sweepClocks } from './processing.ts';
import { issuedOf } from './verifying.ts';

const amina = actor('amina');
const paper = (id: string) => [{ id, name: `${id}.pdf`, mediaType: 'application/pdf', bytes: 9 }];
const ASSOCIATION = {
  associationName: 'جمعية النخيل',
  purpose: 'Planter des palmiers.',
  seat: 'Tata',
  province: '04.421',
  foundedOn: '2026-10-01',
  statutes: paper('statutes'),
  members: paper('members'),
  foundingDeclaration: true,
  phone: '+212612345678',
};

onEachDatabase(['ledger', 'procedures'], (_name, open) => {
  let db: Database;
  let portal: TestPortal;
  before(async () => {
    db = await open();
    portal = await openTestPortal(db, FILED_AT);
  });
  after(() => db.close());

  async function aFiled(procedure: string, answers: object): Promise<string> {
    const { id } = unwrap(await startDossier(portal.deps, amina, procedure));
    unwrap(await acknowledge(portal.deps, amina, id));
    await fetchDocuments(portal.deps, id);
    unwrap(await keepAnswers(portal.deps, amina, id, { ...answers }));
    unwrap(await fileOwn(portal.deps, amina, id));
    return id;
  }

  test('silence is acceptance where the law says so, on its day, with its certificate, and once', async () => {
    const declared = await aFiled('declaration-association', ASSOCIATION);
    const broken = await aFiled('declaration-association', { ...ASSOCIATION, seat: 'Assa' });
    const residence = await aFiled('certificat-residence', RESIDENCE_ANSWERS);
    const office = (await loadDossier(portal.deps, declared)).row.office;

    portal.setClock('2027-01-22T12:00:00.000Z');
    assert.equal(await sweepClocks(portal.deps), 0, 'the last day is the authority’s');

    portal.setClock('2027-02-15T12:00:00.000Z');
    const late = await decideOn(portal.deps, actor('said', [office]), declared, {
      kind: 'refuse',
      ground: 'declaration-incomplete',
      reason: MESSAGE,
    });
    assert.equal(late.ok ? 'refused' : late.error.kind, 'accepted-by-silence');

    let failures = 0;
    const { render, printable } = portal.deps.pdf;
    const pdf = {
      printable,
      render: async (...given: Parameters<typeof render>) => {
        if (!JSON.stringify(given[0].inputs).includes('Assa')) return render(...given);
        failures += 1;
        throw new Error('the typesetter refuses');
      },
    };
    assert.equal(await sweepClocks({ ...portal.deps, pdf }), 1, 'one that fails does not keep back the others');
    assert.ok(failures > 0);
    const { row, dossier } = await loadDossier(portal.deps, declared);
    assert.deepEqual([row.status, dossier.decision?.kind], ['accepted', 'accepted-by-silence']);
    assert.ok((await issuedOf(portal.deps, declared)) !== undefined);

    assert.equal(await sweepClocks(portal.deps), 1, 'the one that failed is taken up again');
    assert.equal((await loadDossier(portal.deps, broken)).row.status, 'accepted');
    assert.equal(await sweepClocks(portal.deps), 0);
    assert.equal((await loadDossier(portal.deps, residence)).row.status, 'filed', 'elsewhere silence gives nothing');
  });
});
