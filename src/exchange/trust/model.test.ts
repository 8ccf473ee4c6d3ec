import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { aGateway, anInstance } from '../../../test/support/evidence.ts';
import type { Json } from '../../kernel/index.ts';
import {
  type GatewayStatement,
  isInstant,
  parseAddress,
  parseAnchor,
  parseGatewayStatement,
  parseTrustListPayload,
  type TrustAnchor,
} from './model.ts';

let statement: GatewayStatement;
let anchor: TrustAnchor;
before(async () => {
  const instance = await anInstance();
  anchor = instance.anchor;
  statement = (await aGateway(instance, 'DGSN', 'identity')).statement;
});

const parse = (replace: object) => {
  const result = parseGatewayStatement({ ...statement, ...replace } as unknown as Json);
  return result.ok ? 'accepted' : result.error.detail;
};

describe('a gateway’s statement', () => {
  it('is accepted as the registry writes it', () => assert.equal(parse({}), 'accepted'));

  it('is refused when a member is missing, unknown or of another kind', () => {
    for (const key of Object.keys(statement)) {
      const { [key as 'v']: _, ...rest } = statement;
      assert.equal(parseGatewayStatement(rest as unknown as Json).ok, false, key);
      assert.notEqual(parse({ [key]: [] }), 'accepted', key);
    }
    assert.match(parse({ more: 1 }), /more/);
    for (const value of [null, 1, 'x', []]) assert.equal(parseGatewayStatement(value).ok, false);
  });

  it('is refused when its names do not belong together', () => {
    assert.match(parse({ server: 'MA-TEST/GOV/OTHER/gw1' }), /not of the member/);
    assert.match(parse({ instance: 'FR' }), /not of the instance/);
    assert.match(parse({ ledger: { ...statement.ledger, name: 'other' } }), /vkey is not of/);
    assert.match(parse({ subsystems: [...statement.subsystems, ...statement.subsystems] }), /twice/);
    assert.match(parse({ signCertificate: statement.tlsCertificate }), /TLS as well/);
  });

  it('is refused when a name could pass for another on a page or in a path', () => {
    const name = (ar: string) => ({ member: { ...statement.member, name: { ...statement.member.name, ar } } });
    assert.notEqual(parse(name('a\u202eb')), 'accepted');
    assert.notEqual(parse(name('a\u0000b')), 'accepted');
    for (const server of [
      'MA-TEST/GOV/DGSN/..',
      'MA-TEST/GOV/DGSN/a%2Fb',
      'MA-TEST/GOV/DGSN/a b',
      'MA-TEST/GOV/DGSN/gw1\n',
    ]) {
      assert.notEqual(parse({ server }), 'accepted', server);
    }
  });

  it('is refused when its period is upside down or no instant', () => {
    assert.match(parse({ expiresAt: statement.issuedAt }), /after issuedAt/);
    assert.notEqual(parse({ expiresAt: '2026-13-01T00:00:00.000Z' }), 'accepted');
    assert.notEqual(parse({ issuedAt: '2026-02-30T00:00:00.000Z' }), 'accepted');
  });
});

describe('an address', () => {
  it('has one spelling: https, host, port and nothing else', () => {
    assert.deepEqual(parseAddress('https://gw.example:5500'), { host: 'gw.example', port: 5500 });
    assert.deepEqual(parseAddress('https://127.0.0.1:443'), { host: '127.0.0.1', port: 443 });
    assert.deepEqual(parseAddress('https://[::1]:443'), { host: '::1', port: 443 });
    for (const text of [
      'http://a:1',
      'https://a',
      'https://a:0',
      'https://a:65536',
      'https://a:01',
      'https://A:1',
      'https://u@a:1',
      'https://a:1/',
      'https://a:1?x',
      'https://a:1#x',
      'https://0x7f000001:1',
      'https://127.1:1',
      'https://a:1 ',
      'https://a\\b:1',
    ]) {
      assert.equal(parseAddress(text), undefined, text);
    }
  });
});

describe('an anchor file', () => {
  it('is read as it was written', () => {
    const read = parseAnchor(JSON.stringify(anchor));
    assert.deepEqual(read.ok ? read.value : undefined, anchor);
  });

  it('is refused with no key, a private key, one key twice, or anything that is no anchor', () => {
    const [key] = anchor.keys;
    for (const content of [
      { ...anchor, keys: [] },
      { ...anchor, keys: [{ ...key, d: 'x' }] },
      { ...anchor, keys: [key, key] },
      { ...anchor, v: 2 },
      { ...anchor, more: true },
      [],
      null,
    ]) {
      assert.equal(parseAnchor(JSON.stringify(content)).ok, false);
    }
    assert.equal(parseAnchor('{').ok, false);
    assert.equal(parseAnchor('['.repeat(30_000)).ok, false);
  });
});

describe('parsers of what comes from outside', () => {
  it('answer any JSON without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.equal(parseGatewayStatement(value as Json).ok, false);
        assert.equal(parseTrustListPayload(value as Json).ok, false);
        assert.equal(parseAnchor(JSON.stringify(value)).ok, false);
      }),
      { numRuns: 200 },
    );
  });

  it('know an instant from what only looks like one', () => {
    assert.ok(isInstant('2026-03-02T09:00:00.000Z'));
    for (const text of ['2026-03-02T09:00:00Z', '2026-03-02T24:00:00.000Z', '2026-02-29T09:00:00.000Z', 'now', '']) {
      assert.equal(isInstant(text), false, text);
    }
  });
});
