import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { AT, aGateway, anInstance, type Gateway, type Instance } from '../../../test/support/evidence.ts';
import type { ListedGateway, TrustList } from '../trust/model.ts';
import { signKeyOf, trustView } from './trust-view.ts';

let instance: Instance;
let first: Gateway;
let second: Gateway;
let renewed: ListedGateway;
const UNTIL = new Date(AT.getTime() + 3_600_000).toISOString();
before(async () => {
  instance = await anInstance();
  first = await aGateway(instance, 'ADD', 'portal');
  second = await aGateway(instance, 'DGSN', 'identity');
  const { tlsCertificate, signCertificate } = second.statement;
  const after = await aGateway(instance, 'DGSN', 'identity', {
    former: { tlsCertificate, signCertificate, until: UNTIL },
  });
  renewed = { statement: after.statement, jws: after.jws };
});

const aList = (gateways: readonly ListedGateway[], revoked: readonly string[] = []): TrustList => ({
  v: 1,
  instance: 'MA-TEST',
  version: 1,
  issuedAt: AT.toISOString(),
  expiresAt: UNTIL,
  caCertificates: [instance.authority.certificate.toString('base64')],
  gateways,
  members: [],
  groups: [],
  witnesses: [],
  timestampAuthorities: [],
  revocations: revoked.map((certificate) => ({ certificate, at: AT.toISOString(), reason: 'key-compromise' })),
  federated: [],
});
const viewOf = (list: TrustList) => trustView({ current: () => ({ ok: true, value: list }) }, AT);
const listed = ({ statement, jws }: Gateway): ListedGateway => ({ statement, jws });

describe('the view of a trust list', () => {
  it('finds a gateway by its subsystem, certificates and name, with the key of its signing certificate', () => {
    const view = viewOf(aList([listed(first), listed(second)]));
    const found = view.bySubsystem.get('MA-TEST/GOV/ADD/portal');
    assert.equal(found, view.byKeyid.get(first.keyid));
    assert.equal(found, view.byServer.get(first.statement.server));
    assert.equal(found, view.byTls.get(found?.tlsThumbprint ?? ''));
    const key = found?.signKey.export({ format: 'jwk' });
    const { x, y } = first.signKey.export({ format: 'jwk' });
    assert.deepEqual([key?.x, key?.y], [x, y]);
    assert.equal(found?.signKey, found?.signKey);
  });

  it('takes a gateway over from the list before, and follows what that list says of its certificates', () => {
    const before = viewOf(aList([listed(first), renewed]));
    const known = before.byServer.get(second.statement.server);
    assert.ok(known !== undefined && signKeyOf(known, second.keyid, AT) !== undefined);
    const after = viewOf(aList([listed(first), renewed]));
    assert.equal(after.byServer.get(second.statement.server), known);
    const formerRevoked = viewOf(aList([listed(first), renewed], [second.keyid]));
    const without = formerRevoked.byServer.get(second.statement.server);
    assert.ok(without !== undefined && without.former === undefined);
    assert.equal(formerRevoked.byKeyid.has(second.keyid), false);
    assert.equal(signKeyOf(without, second.keyid, AT), undefined);
    assert.equal(viewOf(aList([listed(first)], [first.keyid])).byServer.size, 0);
    assert.equal(viewOf(aList([listed(first), renewed])).byKeyid.has(second.keyid), true);
  });
});
