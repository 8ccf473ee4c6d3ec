import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, randomBytes, sign, verify, X509Certificate } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { anEvidenceFile, aWorld, type World } from '../../../test/support/evidence.ts';
import { judgeEvidence } from '../evidence/judge.ts';
import { Bytes } from './browser/bytes.ts';
import * as portable from './browser/crypto.ts';
import type * as entry from './browser/entry.ts';
import { bundleVerifier } from './bundle.ts';
import { kindOf, resultMarkup } from './result.ts';

/** The bundle that the page runs, beside the same sources on Node's own cryptography. */
let bundled: typeof entry;
let world: World;
let bytes: Buffer;
let anchor: string;

before(async () => {
  const module = await bundleVerifier('module');
  bundled = (await import(`data:text/javascript;base64,${Buffer.from(module).toString('base64')}`)) as typeof entry;
  world = await aWorld();
  bytes = anEvidenceFile(world);
  anchor = JSON.stringify(world.instance.anchor);
});

const stepOf = (result: ReturnType<typeof judgeEvidence>) => (result.ok ? 'accepted' : result.error.step);

describe('the verifier in a browser', () => {
  it('proves the same of a whole file, in the same words', () => {
    const here = judgeEvidence(bytes, anchor);
    assert.equal(here.ok, true);
    assert.deepEqual(bundled.judgeEvidence(new Uint8Array(bytes), anchor), here);
    const file = { name: 'proof.json', bytes };
    for (const language of ['ar', 'fr', 'en'] as const) {
      const given = { file, anchor: { text: anchor, isOwn: true } };
      assert.equal(bundled.resultMarkup(given, language), resultMarkup(given, language));
    }
  });

  it('refuses at the same step as Node whatever letter was changed', () => {
    const text = bytes.toString();
    const stride = process.env['WASL_TEST_LONG'] === '1' ? 7 : 151;
    let refused = 0;
    for (let at = 0; at < text.length; at += stride) {
      const put = text[at] === 'a' ? 'b' : 'a';
      const altered = Buffer.from(text.slice(0, at) + put + text.slice(at + 1));
      const [here, there] = [
        stepOf(judgeEvidence(altered, anchor)),
        stepOf(bundled.judgeEvidence(new Uint8Array(altered), anchor)),
      ];
      assert.equal(there, here, `at ${at}: ${text.slice(at - 20, at + 20)}`);
      if (here !== 'accepted') refused += 1;
    }
    assert.ok(refused > 70, `${refused} changes were refused`);
  });

  it('reads hostile bytes, anchors and policies without a fault, and as Node does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), fc.string(), (file, anchorText, policy) => {
        assert.deepEqual(bundled.judgeEvidence(file, anchorText, policy), judgeEvidence(file, anchorText, policy));
        assert.equal(bundled.kindOf(file), kindOf(file));
      }),
    );
  });

  it('is below 150 KB compressed', async () => {
    const script = await bundleVerifier('page');
    const compressed = brotliCompressSync(script).length;
    assert.ok(compressed < 150_000, `${compressed} bytes`);
    assert.doesNotMatch(script, /<\/script/i);
    // Neither of these may be reached: the policy would stop them, and the page would fail where Node does not.
    assert.doesNotMatch(script, /\b(fetch|XMLHttpRequest|WebSocket|sendBeacon|importScripts)\s*\(/);
  });
});

describe('the cryptography of the browser', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ed = generateKeyPairSync('ed25519');
  const portableKey = (key: typeof ec.publicKey) =>
    portable.createPublicKey({ key: key.export({ format: 'jwk' }) as { crv: string; x: string; y?: string } });

  it('knows the signatures that Node makes, and no others', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat({ max: 63 }), (data, at) => {
        const p1363 = sign('sha256', data, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' });
        const key = portableKey(ec.publicKey);
        const by = { key, dsaEncoding: 'ieee-p1363' } as const;
        assert.equal(portable.verify('sha256', data, by, p1363), true);
        assert.equal(portable.verify('sha256', data, key, sign('sha256', data, ec.privateKey)), true);
        const edSignature = sign(null, data, ed.privateKey);
        assert.equal(portable.verify(null, data, portableKey(ed.publicKey), edSignature), true);
        for (const [signature, check] of [
          [p1363, (s: Buffer) => portable.verify('sha256', data, by, s)],
          [edSignature, (s: Buffer) => portable.verify(null, data, portableKey(ed.publicKey), s)],
        ] as const) {
          const altered = Buffer.from(signature);
          altered[at] = (altered[at] ?? 0) ^ 1;
          assert.equal(check(altered), false);
          assert.equal(check(signature.subarray(1)), false);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('takes the high half of s as Node does, and refuses nothing but zero', () => {
    const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const data = Buffer.from('a message');
    const signature = sign('sha256', data, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' });
    const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
    const other = Buffer.concat([
      signature.subarray(0, 32),
      Buffer.from((n - s).toString(16).padStart(64, '0'), 'hex'),
    ]);
    const zero = Buffer.alloc(64);
    for (const given of [signature, other, zero]) {
      const node = verify('sha256', data, { key: ec.publicKey, dsaEncoding: 'ieee-p1363' }, given);
      const by = { key: portableKey(ec.publicKey), dsaEncoding: 'ieee-p1363' } as const;
      assert.equal(portable.verify('sha256', data, by, given), node);
    }
  });

  it('refuses coordinates that are no point of P-256, as Node does', () => {
    const { x, y } = ec.publicKey.export({ format: 'jwk' });
    const jwk = { kty: 'EC', crv: 'P-256', x: x ?? '', y: x ?? '' };
    assert.throws(() => createPublicKey({ key: jwk, format: 'jwk' }));
    assert.throws(() => portable.createPublicKey({ key: jwk }));
    assert.doesNotThrow(() => portable.createPublicKey({ key: { ...jwk, y: y ?? '' } }));
  });

  it('reads certificates as Node does', () => {
    const { statement } = world.provider;
    const [ca, tls, own] = [
      world.instance.authority.certificate,
      statement.tlsCertificate,
      statement.signCertificate,
    ].map((der) => (typeof der === 'string' ? Buffer.from(der, 'base64') : der)) as [Buffer, Buffer, Buffer];
    for (const der of [ca, tls, own]) {
      const [node, here] = [new X509Certificate(der), new portable.X509Certificate(der)];
      assert.equal(here.subject, node.subject);
      assert.equal(here.ca, node.ca);
      assert.deepEqual(here.validFromDate, node.validFromDate);
      assert.deepEqual(here.validToDate, node.validToDate);
      assert.deepEqual(here.keyUsage ?? [], node.keyUsage ?? []);
      assert.deepEqual(here.publicKey.export(), node.publicKey.export({ format: 'jwk' }));
      for (const issuer of [ca, tls]) {
        const [nodeIssuer, hereIssuer] = [new X509Certificate(issuer), new portable.X509Certificate(issuer)];
        assert.equal(here.checkIssued(hereIssuer), node.checkIssued(nodeIssuer));
        assert.equal(here.verify(hereIssuer.publicKey), node.verify(nodeIssuer.publicKey));
      }
    }
  });

  it('never takes an altered certificate for one of the authority', () => {
    const ca = new portable.X509Certificate(world.instance.authority.certificate);
    const der = Buffer.from(world.provider.statement.signCertificate, 'base64');
    fc.assert(
      fc.property(fc.nat({ max: der.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const altered = Buffer.from(der);
        altered[at] = (altered[at] ?? 0) ^ by;
        let isIssued = false;
        try {
          isIssued = new portable.X509Certificate(altered).verify(ca.publicKey);
        } catch {}
        assert.equal(isIssued, false);
      }),
    );
  });

  it('spells bytes as Buffer does', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        for (const encoding of ['hex', 'base64', 'base64url'] as const) {
          const text = Buffer.from(data).toString(encoding);
          assert.equal(new Bytes(data).toString(encoding), text);
          assert.deepEqual([...Bytes.from(text, encoding)], [...data]);
        }
        assert.equal(
          portable.hash('sha256', data),
          new Bytes(portable.createHash('sha256').update(data).digest() as Uint8Array).toString('hex'),
        );
      }),
    );
    assert.equal(Bytes.from('وصل').toString(), 'وصل');
    assert.equal(new Bytes(randomBytes(8)).readBigUInt64BE() >= 0n, true);
  });
});
