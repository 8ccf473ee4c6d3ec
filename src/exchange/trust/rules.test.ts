import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { AT, aGateway, anInstance, type Gateway, type Instance } from '../../../test/support/evidence.ts';
import { signJws } from './jws.ts';
import type { TrustListPayload } from './model.ts';
import { parseTrustList } from './rules.ts';

let instance: Instance;
let first: Gateway;
let second: Gateway;
before(async () => {
  instance = await anInstance();
  first = await aGateway(instance, 'ADD', 'portal');
  second = await aGateway(instance, 'DGSN', 'identity', { address: 'https://127.0.0.1:9443' });
});

const aPayload = (replace: Partial<TrustListPayload> = {}): TrustListPayload => ({
  v: 1,
  instance: instance.anchor.instance,
  version: 7,
  issuedAt: AT.toISOString(),
  expiresAt: new Date(AT.getTime() + 86_400_000).toISOString(),
  caCertificates: [instance.authority.certificate.toString('base64')],
  gateways: [first.jws, second.jws],
  members: [],
  groups: [],
  witnesses: [],
  timestampAuthorities: [],
  revocations: [],
  federated: [],
  ...replace,
});
const kindOf = (replace: Partial<TrustListPayload>, signer = instance.signer) => {
  const result = parseTrustList(signJws(signer, 'wasl-trust-list', aPayload(replace)), instance.anchor, AT);
  return result.ok ? 'accepted' : `${result.error.kind}: ${result.error.detail}`;
};

describe('a trust list', () => {
  it('gives every gateway with its statement', () => {
    const list = parseTrustList(signJws(instance.signer, 'wasl-trust-list', aPayload()), instance.anchor, AT);
    assert.deepEqual(list.ok ? list.value.gateways.map((one) => one.statement) : [], [
      first.statement,
      second.statement,
    ]);
  });

  it('takes over from the held list only what is the same letter by letter under the same authorities', async () => {
    const held = parseTrustList(signJws(instance.signer, 'wasl-trust-list', aPayload()), instance.anchor, AT);
    assert.ok(held.ok);
    const jwsOf = (replace: Partial<TrustListPayload>) =>
      signJws(instance.signer, 'wasl-trust-list', aPayload({ version: 8, ...replace }));
    const next = (replace: Partial<TrustListPayload>) =>
      parseTrustList(jwsOf(replace), instance.anchor, AT, { version: 7, jws: '', list: held.value });
    const third = await aGateway(instance, 'CIVIL', 'registry');
    const grown = next({ gateways: [first.jws, second.jws, third.jws] });
    assert.deepEqual(grown.ok ? grown.value.gateways[2]?.statement : undefined, third.statement);
    assert.equal(next({ gateways: [first.jws, `${second.jws.slice(0, -2)}AA`] }).ok, false);
    assert.equal(next({ gateways: [first.jws, first.jws] }).ok, false);
    const other = await anInstance();
    assert.equal(next({ caCertificates: [other.authority.certificate.toString('base64')] }).ok, false);
  });

  it('is refused when it is not the registry’s, even with statements that are', async () => {
    const other = await anInstance();
    assert.match(kindOf({}, other.signer), /^forged/);
    assert.match(kindOf({}, { ...other.signer, kid: instance.signer.kid }), /^forged/);
    assert.match(kindOf({ instance: 'MA-OTHER' }), /^forged/);
  });

  it('is refused when a statement in it is another registry’s, or of another authority', async () => {
    const other = await anInstance();
    const stranger = await aGateway(other, 'EVIL', 'x');
    assert.match(kindOf({ gateways: [first.jws, stranger.jws] }), /^forged: \/gateways\/1/);
    assert.match(
      kindOf({ caCertificates: [other.authority.certificate.toString('base64')] }),
      /^statement: .*not among/,
    );
  });

  it('is refused when two gateways claim one subsystem, ledger or name', async () => {
    const again = await aGateway(instance, 'ADD', 'portal');
    assert.match(kindOf({ gateways: [first.jws, again.jws] }), /^statement: \/gateways\/1 server/);
    assert.match(kindOf({ gateways: [first.jws, first.jws] }), /^statement/);
    const thief = await aGateway(instance, 'THIEF', 'x', { ledger: first.statement.ledger });
    assert.match(kindOf({ gateways: [first.jws, thief.jws] }), /ledger .* another gateway's/);
  });

  it('is refused when a gateway’s certificate is an authority, serves another use, or is damaged', async () => {
    const ca = instance.authority.certificate.toString('base64');
    for (const replace of [
      { signCertificate: ca },
      { signCertificate: first.statement.tlsCertificate },
      { tlsCertificate: first.statement.signCertificate },
      { signCertificate: Buffer.concat([Buffer.from(ca, 'base64'), Buffer.of(0)]).toString('base64') },
      { signCertificate: 'AAAA' },
    ]) {
      const bad = await aGateway(instance, 'BAD', 'x', replace);
      assert.match(kindOf({ gateways: [bad.jws] }), /^statement: .*certificate/);
    }
  });

  it('is refused with an authority that is none', () => {
    assert.match(kindOf({ caCertificates: [first.statement.tlsCertificate] }), /^shape: .*self-signed authority/);
    assert.match(kindOf({ caCertificates: ['AAAA'] }), /^shape/);
  });
});
