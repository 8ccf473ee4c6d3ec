import assert from 'node:assert/strict';
import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as jose from 'jose';
import { canonicalJson, type Json } from '../../kernel/index.ts';
import { anchorFingerprint, anchorKeyOf, anchorKeys, signJws, verifyJws } from './jws.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = anchorKeyOf(publicKey);
const signer = { kid: jwk.kid, key: privateKey };
const keyOf = (kid: string) => (kid === jwk.kid ? publicKey : undefined);
const verify = (text: string) => verifyJws(text, 'wasl-gateway', keyOf);
const b64 = (text: string) => Buffer.from(text).toString('base64url');
const detailOf = (text: string) => {
  const result = verify(text);
  return result.ok ? 'accepted' : result.error.detail;
};

describe('a compact JWS', () => {
  it('gives back what was signed', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), (payload) => {
        const poisoned = Object.keys(payload).some((key) => ['__proto__', 'constructor', 'prototype'].includes(key));
        fc.pre(
          !poisoned &&
            Object.entries(payload)
              .flat()
              .every((text) => typeof text !== 'string' || text.isWellFormed()),
        );
        const result = verify(signJws(signer, 'wasl-gateway', payload));
        assert.equal(canonicalJson(result.ok ? result.value.payload : null), canonicalJson(payload as Json));
      }),
      { numRuns: 50 },
    );
  });

  it('is what other JOSE software verifies, and theirs is verified here', async () => {
    const ours = await jose.compactVerify(signJws(signer, 'wasl-gateway', { a: 1 }), publicKey, {
      algorithms: ['ES256'],
    });
    assert.equal(new TextDecoder().decode(ours.payload), '{"a":1}');
    assert.equal(await jose.calculateJwkThumbprint(jwk), jwk.kid);
    const theirs = await new jose.CompactSign(Buffer.from('{"a":1}'))
      .setProtectedHeader({ alg: 'ES256', kid: jwk.kid, typ: 'wasl-gateway' })
      .sign(privateKey);
    assert.ok(verify(theirs).ok);
  });

  it('is refused when any letter of it is another', () => {
    const text = signJws(signer, 'wasl-gateway', { a: 'some payload' });
    for (let at = 0; at < text.length; at += 1) {
      const changed = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
      if (changed !== text) assert.notEqual(detailOf(changed), 'accepted', `${at}`);
    }
  });

  it('is refused with another algorithm, whatever the key', () => {
    const header = (alg: string) => b64(canonicalJson({ alg, kid: jwk.kid, typ: 'wasl-gateway' }));
    assert.match(detailOf(`${header('none')}.${b64('{}')}.`), /ES256/);
    const input = `${header('HS256')}.${b64('{}')}`;
    const secret = publicKey.export({ type: 'spki', format: 'pem' });
    assert.match(detailOf(`${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`), /ES256/);
  });

  it('is refused when it is of another type, has more in its header, or is not canonical', () => {
    assert.match(detailOf(signJws(signer, 'wasl-trust-list', {})), /type/);
    assert.match(detailOf(signJws(signer, 'wasl-gateway', {}, { jku: 'https://example.invalid' })), /header has/);
    assert.match(detailOf(signJws({ ...signer, kid: 'x' }, 'wasl-gateway', {})), /not known/);
    const text = signJws(signer, 'wasl-gateway', {});
    const [head, , tail] = text.split('.');
    assert.match(detailOf(`${b64('{"typ":"wasl-gateway","alg":"ES256","kid":"a"}')}.e30.${tail}`), /canonical/);
    assert.match(detailOf(`${head}.e30=.${tail}`), /signature/);
    for (const broken of ['', '..', 'a.b', `${text}.a`, `${text}=`, ` ${text}`, 'x'.repeat(200_000)]) {
      assert.notEqual(detailOf(broken), 'accepted');
    }
  });
});

describe('a trust anchor', () => {
  const anchor = { v: 1, instance: 'MA', keys: [jwk] } as const;

  it('gives its keys by their thumbprints', () => {
    const keys = anchorKeys(anchor);
    assert.ok(keys.ok && keys.value.get(jwk.kid)?.key.equals(createPublicKey(privateKey)));
  });

  it('is refused when a key is not the one that its kid names, or no point of the curve', () => {
    const [x, y] = [jwk.y, jwk.x];
    assert.equal(anchorKeys({ ...anchor, keys: [{ ...jwk, x, y }] }).ok, false);
    assert.equal(
      anchorKeys({ ...anchor, keys: [{ ...jwk, kid: jwk.kid.replace(/^./, (one) => (one === 'A' ? 'B' : 'A')) }] }).ok,
      false,
    );
  });

  it('has another fingerprint when anything in it is another', () => {
    assert.notEqual(anchorFingerprint(anchor), anchorFingerprint({ ...anchor, instance: 'MB' }));
  });
});
