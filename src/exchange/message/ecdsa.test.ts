import assert from 'node:assert/strict';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { isP256Signature, signP256 } from './ecdsa.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const raw = 'ieee-p1363' as const;

// Some numbers of 600 signatures begin with a zero byte, which is where the two forms differ in length.
test('signatures are those that Node itself accepts and makes in the raw form', () => {
  for (let n = 0; n < 600; n += 1) {
    const data = Buffer.from(`message ${n}`);
    const ours = signP256(data, privateKey);
    assert.equal(ours.length, 64);
    assert.ok(verify('sha256', data, { key: publicKey, dsaEncoding: raw }, ours));
    assert.ok(isP256Signature(data, publicKey, sign('sha256', data, { key: privateKey, dsaEncoding: raw })));
  }
});

test('64 bytes of anything are checked as Node checks them, and no other length is a signature', () => {
  const data = Buffer.from('message');
  const bytes = fc.uint8Array({ minLength: 64, maxLength: 64 });
  const edges = fc.constantFrom(0, 1, 0x7f, 0x80, 0xff).chain((byte) => fc.constant(new Uint8Array(64).fill(byte)));
  fc.assert(
    fc.property(fc.oneof(bytes, edges), (signature) => {
      const theirs = verify('sha256', data, { key: publicKey, dsaEncoding: raw }, signature);
      assert.equal(isP256Signature(data, publicKey, signature), theirs);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (signature) => {
      fc.pre(signature.length !== 64);
      assert.equal(isP256Signature(data, publicKey, signature), false);
    }),
  );
});

test('an altered bit is refused', () => {
  const data = Buffer.from('message');
  const good = signP256(data, privateKey);
  for (let bit = 0; bit < 512; bit += 1) {
    const altered = Buffer.from(good);
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.equal(isP256Signature(data, publicKey, altered), false);
  }
});
