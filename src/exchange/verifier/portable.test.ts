import assert from 'node:assert/strict';
import {
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify,
  webcrypto,
  X509Certificate,
} from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { AT, anEvidenceFile, aWorld, sealerOf, type World } from '../../../test/support/evidence.ts';
import { AUTHORITY_NAME, aStampedFile, stampedParts } from '../../../test/support/stamped.ts';
import { type CertificateName, startAuthority, type TestAuthority } from '../../../test/support/tsa.ts';
import { buildEvidence } from '../evidence/build.ts';
import { judgeEvidence, judgeTimestamps } from '../evidence/judge.ts';
import { Bytes } from './browser/bytes.ts';
import * as portable from './browser/crypto.ts';
import type * as entry from './browser/entry.ts';
import { subtle } from './browser/subtle.ts';
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
  it('proves the same of a whole file, in the same words', async () => {
    const here = judgeEvidence(bytes, anchor);
    assert.equal(here.ok, true);
    assert.deepEqual(bundled.judgeEvidence(new Uint8Array(bytes), anchor), here);
    const file = { name: 'proof.json', bytes };
    for (const language of ['ar', 'fr', 'en'] as const) {
      const given = { file, anchors: [{ text: anchor, isOwn: true }] };
      assert.equal(await bundled.resultMarkup(given, language), await resultMarkup(given, language));
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
    assert.doesNotMatch(script, /crypto\.subtle/, 'a page over plain HTTP has none');
    assert.doesNotMatch(script, /\b(fetch|XMLHttpRequest|WebSocket|sendBeacon|importScripts)\s*\(/);
  });
});

/** Tokens of OpenSSL's, by the key of each kind that an authority has, checked by the bundle and by Node. */
describe('the timestamps of a file in a browser', () => {
  let authority: TestAuthority;
  before(async () => {
    authority = await startAuthority();
  });
  after(() => authority.close());

  const both = async (file: Uint8Array, required = false) => {
    const here = await judgeTimestamps(file, anchor, required);
    assert.deepEqual(await bundled.judgeTimestamps(new Uint8Array(file), anchor, required), here);
    return here.ok ? here.value : here.error.detail;
  };

  it('say the same as Node’s, by RSA, by ECDSA, and through an issuer that the registry named', async () => {
    const kinds: readonly (readonly [CertificateName, CertificateName])[] = [
      ['rsa', 'rsa'],
      ['ec', 'ec'],
      ['issued', 'ca'],
    ];
    for (const [signer, named] of kinds) {
      const file = await aStampedFile(world, { authority, signer, named });
      const report = await both(file, true);
      assert.ok(typeof report === 'object', String(report));
      assert.equal(report.consumer?.authority, AUTHORITY_NAME);
      assert.equal(report.provider?.authority, AUTHORITY_NAME);
    }
    assert.match(String(await both(bytes, true)), /consumer has no timestamp, and one is demanded/);
    const half = await aStampedFile(world, { authority, signer: 'ec', sides: ['consumer'] });
    assert.equal(typeof (await both(half)), 'object');
    assert.match(String(await both(half, true)), /provider has no timestamp, and one is demanded/);
  });

  it('are refused as Node refuses them, whatever byte of the token was changed and sealed again', async () => {
    for (const signer of ['rsa', 'ec'] as const) {
      const parts = await stampedParts(world, { authority, signer, sides: ['consumer'] });
      const stamp = parts.consumer.timestamp ?? assert.fail();
      const token = Buffer.from(stamp.token, 'base64');
      let refused = 0;
      for (let at = 0; at < token.length; at += 23) {
        const altered = Buffer.from(token);
        altered[at] = (altered[at] ?? 0) ^ 1;
        const timestamp = { ...stamp, token: altered.toString('base64') };
        const file = buildEvidence(
          { ...parts, consumer: { ...parts.consumer, timestamp } },
          sealerOf(world.consumer),
          AT,
        );
        assert.equal(judgeEvidence(file, anchor).ok, true);
        if (typeof (await both(file)) === 'string') refused += 1;
      }
      assert.ok(refused > 20, `${refused} changes were refused`);
    }
  });

  it('are told as the last step, and refuse the file where one is wrong or wanting', async () => {
    const given = { file: { name: 'proof.json', bytes }, anchors: [{ text: anchor, isOwn: true }] };
    assert.match(await bundled.resultMarkup(given, 'en'), /bears no timestamp in this file/);
    const demanded = await bundled.resultMarkup({ ...given, timestamps: true }, 'en');
    assert.match(demanded, /This file proves nothing/);
    assert.match(demanded, /A timestamp is wrong, or absent though one is demanded/);
    const file = await aStampedFile(world, { authority, signer: 'ec' });
    const stamped = { ...given, file: { name: 'proof.json', bytes: file }, timestamps: true };
    assert.match(await bundled.resultMarkup(stamped, 'fr'), /selon l’autorité d’horodatage « Horodatage national »/);
    assert.equal(await bundled.resultMarkup(stamped, 'ar'), await resultMarkup(stamped, 'ar'));
  });
});

describe('the WebCrypto that stands in for a browser’s', () => {
  const curves = ['P-256', 'P-384', 'P-521'] as const;
  const hashes = ['SHA-256', 'SHA-384', 'SHA-512'] as const;
  const data = new TextEncoder().encode('what existed');

  it('knows the signatures that Node’s makes with each curve, length and digest, and no other', async () => {
    const algorithms = hashes.flatMap((hash) => [
      ...curves.map((namedCurve) => ({ name: 'ECDSA', namedCurve, hash })),
      ...[2048, 3072].map((modulusLength) => ({ name: 'RSASSA-PKCS1-v1_5', modulusLength, hash })),
    ]);
    for (const algorithm of algorithms) {
      const given = 'modulusLength' in algorithm ? { ...algorithm, publicExponent: Uint8Array.of(1, 0, 1) } : algorithm;
      const pair = (await webcrypto.subtle.generateKey(given, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
      const signature = new Uint8Array(await webcrypto.subtle.sign(algorithm, pair.privateKey, data));
      const key = await subtle.importKey(
        'spki',
        new Uint8Array(await webcrypto.subtle.exportKey('spki', pair.publicKey)),
        algorithm,
      );
      assert.equal(await subtle.verify(algorithm, key, signature, data), true, JSON.stringify(algorithm));
      assert.equal(key.algorithm.modulusLength, 'modulusLength' in algorithm ? algorithm.modulusLength : undefined);
      for (const at of [0, 7, signature.length - 1]) {
        const altered = Uint8Array.from(signature);
        altered[at] = (altered[at] ?? 0) ^ 1;
        assert.equal(await subtle.verify(algorithm, key, altered, data), false);
      }
      assert.equal(await subtle.verify(algorithm, key, signature.subarray(1), data), false);
      assert.equal(await subtle.verify(algorithm, key, Uint8Array.of(0, ...signature), data), false);
      assert.equal(await subtle.verify(algorithm, key, signature, data.subarray(1)), false);
      const other = hashes.find((hash) => hash !== algorithm.hash) ?? 'SHA-256';
      assert.equal(await subtle.verify({ ...algorithm, hash: other }, key, signature, data), false);
    }
  });

  it('makes the digests that Node makes', async () => {
    for (const name of ['SHA-1', ...hashes] as const)
      assert.deepEqual(await subtle.digest(name, data), new Uint8Array(await webcrypto.subtle.digest(name, data)));
  });

  it('takes what is no key for none, as Node does', async () => {
    const ecdsa = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' } as const;
    const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const offCurve = Buffer.from(spki);
    offCurve[offCurve.length - 1] = (offCurve.at(-1) ?? 0) ^ 1;
    for (const [der, algorithm] of [
      [offCurve, ecdsa],
      [spki.subarray(0, 40), ecdsa],
      [spki, rsa],
      [Buffer.from('3000', 'hex'), rsa],
    ] as const) {
      await assert.rejects(subtle.importKey('spki', der, algorithm));
      await assert.rejects(webcrypto.subtle.importKey('spki', der, algorithm, false, ['verify']));
    }
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
