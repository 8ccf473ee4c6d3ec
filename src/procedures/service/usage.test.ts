import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { onEachDatabase } from '../../../test/support/database.ts';
import { actor, openTestPortal, type TestPortal } from '../../../test/support/portal.ts';
import { FILED_AT } from '../../../test/support/procedures.ts';
import type { Database } from '../../platform/index.ts';
import { whoUsedMyData } from './usage.ts';

const member = (id: string) => ({ id, name: { ar: id, fr: id }, service: `MA/GOV/${id}/registry/findUsage` });
const MEMBERS = ['DGSN', 'CIVIL', 'LIAR'].map(member);
const USE = {
  logtime: '2026-11-20T08:00:00.000Z',
  exchange: 'x-1',
  client: 'MA/GOV/PORTAL/wasl',
  clientName: { ar: 'البوابة', fr: 'Portail' },
  service: 'MA/GOV/DGSN/identity/person-record',
  agreement: 'agreement-1',
  purposeText: { ar: 'تسليم شهادة', fr: 'Certificat' },
  legalBasis: { text: { ar: 'القانون', fr: 'Loi' }, ref: 'law-55-19' },
  fields: ['/fullName', 7],
};

onEachDatabase(['ledger', 'procedures'], (_name, open) => {
  let db: Database;
  let portal: TestPortal;
  before(async () => {
    db = await open();
    portal = await openTestPortal(db, FILED_AT);
  });
  after(() => db.close());

  test('each member is asked about the person; one that is down, and one that answers nonsense, are named', async () => {
    portal.answers
      .set('MA/GOV/DGSN/registry/findUsage', { usages: [USE, null, 'x', { service: 1 }, { ...USE, logtime: 'soon' }] })
      .set('MA/GOV/LIAR/registry/findUsage', { usages: 'many' });
    const { members, accesses } = await whoUsedMyData({ ...portal.deps, members: MEMBERS }, actor('amina'));
    assert.deepEqual(new Set(portal.asked.map(({ subject }) => subject)), new Set(['AB123456']));
    assert.deepEqual(
      members.map((one) => [one.member.id, one.usages?.length]),
      [
        ['DGSN', 1],
        ['CIVIL', undefined],
        ['LIAR', undefined],
      ],
    );
    const [use] = members[0]?.usages ?? [];
    assert.deepEqual([use?.service, use?.fields, use?.legalBasis?.ref], [USE.service, ['/fullName'], 'law-55-19']);
    assert.deepEqual(accesses, []);
  });

  test('what a member sends beside the form is left out, line by line, without a fault', async () => {
    const odd = {
      ...USE,
      clientName: 'Portal',
      legalBasis: { text: { ar: 1, fr: 2 }, ref: {} },
      fields: {},
      purposeText: [],
    };
    const flood = Array.from({ length: 5_000 }, () => USE);
    portal.answers.set('MA/GOV/DGSN/registry/findUsage', { usages: [odd, ...flood] });
    const { members } = await whoUsedMyData({ ...portal.deps, members: MEMBERS.slice(0, 1) }, actor('amina'));
    const usages = members[0]?.usages ?? [];
    const { clientName, legalBasis, purpose, fields } = usages[0] ?? {};
    assert.deepEqual([clientName, legalBasis, purpose, fields], [undefined, undefined, undefined, []]);
    assert.equal(usages.length, 500);
  });
});
