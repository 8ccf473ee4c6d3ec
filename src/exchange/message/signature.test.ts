import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { HeaderList } from './headers.ts';
import {
  contentDigest,
  isSignatureOf,
  type RequestFacts,
  type SignedParts,
  signatureBase,
  signRequest,
  signResponse,
  verifyRequest,
  verifyResponse,
} from './signature.ts';

const NOW = new Date('2026-03-02T09:00:00Z');
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const others = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const keyid = 'k'.repeat(43);
const keyOf = (id: string): KeyObject | undefined => (id === keyid ? keys.publicKey : undefined);
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

const BODY = Buffer.from('{"a":1}');
const FACTS: RequestFacts = {
  method: 'POST',
  targetUri: 'https://127.0.0.1:5500/r1/MA/GOV/DGSN/identity/persons/AB123?x=1',
  headers: [
    ['Content-Type', 'application/json'],
    ['X-Road-Client', 'MA/GOV/ADD/portal'],
    ['X-Road-Id', 'MA-1'],
    ['x-road-request-id', '5d3b8c1e-6a52-4c39-9b57-2f0f3f6f9a10'],
    ['Wasl-Purpose', 'residence'],
    ['Wasl-Subject', 'AB123'],
    ['Accept', 'application/json'],
  ],
};

const aSigned = (facts = FACTS, body = BODY) =>
  signRequest(facts, contentDigest(body), { keyid, key: keys.privateKey }, NOW, 'nonce-nonce');

function proven(headers: HeaderList, signed: SignedParts, body = BODY): HeaderList {
  return [
    ...headers,
    ['content-digest', contentDigest(body)],
    ['signature-input', signed.input],
    ['signature', signed.signature],
  ];
}

const receive = (headers: HeaderList, more: { facts?: Partial<RequestFacts>; body?: Buffer; now?: Date } = {}) => {
  const result = verifyRequest({ ...FACTS, ...more.facts, headers }, more.body ?? BODY, keyOf, more.now ?? NOW);
  return result.ok ? 'accepted' : result.error.kind;
};

test('RFC 9421 B.2.4: the published signature is good for the base that we build', () => {
  const key = createPublicKey(
    '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf\nw0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==\n-----END PUBLIC KEY-----',
  );
  const digest = 'sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:';
  const base = signatureBase(
    [
      ['"@status"', '200'],
      ['"content-type"', 'application/json'],
      ['"content-digest"', digest],
      ['"content-length"', '23'],
    ],
    '("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256"',
  );
  const signature = Buffer.from(
    'wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==',
    'base64',
  );
  assert.equal(isSignatureOf(base, signature, key), true);
  assert.equal(isSignatureOf(base.replace('200', '201'), signature, key), false);
});

test('RFC 9530: an empty body has a digest too', () => {
  assert.equal(contentDigest(Buffer.alloc(0)), 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:');
});

test('a request signed by the profile is accepted', () => {
  assert.equal(receive(proven(FACTS.headers, aSigned())), 'accepted');
});

test('the signature covers the method, the target, the body and every header of identity that is there', () => {
  const covered = /^wasl=\(([^)]*)\)/.exec(aSigned().input)?.[1];
  assert.equal(
    covered,
    '"@method" "@target-uri" "content-digest" "content-type" "x-road-client" "x-road-id" "x-road-request-id" "wasl-purpose" "wasl-subject"',
  );
});

describe('an altered message is refused:', () => {
  const headers = proven(FACTS.headers, aSigned());
  const replaced = (name: string, value: string): HeaderList =>
    headers.map(([one, old]) => [one, one.toLowerCase() === name ? value : old]);

  test('another method', () => assert.equal(receive(headers, { facts: { method: 'PUT' } }), 'wrong'));
  test('another target', () =>
    assert.equal(receive(headers, { facts: { targetUri: `${FACTS.targetUri}&y=2` } }), 'wrong'));
  test('another body', () => assert.equal(receive(headers, { body: Buffer.from('{"a":2}') }), 'digest'));
  test('another body with its own digest', () => {
    const body = Buffer.from('{"a":2}');
    assert.equal(receive(replaced('content-digest', contentDigest(body)), { body }), 'wrong');
  });
  for (const name of [
    'content-type',
    'x-road-client',
    'x-road-id',
    'x-road-request-id',
    'wasl-purpose',
    'wasl-subject',
  ]) {
    test(`another ${name}`, () => assert.equal(receive(replaced(name, 'MA/GOV/ADD/other')), 'wrong'));
    test(`${name} taken away`, () =>
      assert.equal(receive(headers.filter(([one]) => one.toLowerCase() !== name)), 'coverage'));
    test(`${name} twice`, () => assert.equal(receive([...headers, [name, 'x']]), 'coverage'));
  }
  test('an identity header added', () => assert.equal(receive([...headers, ['x-road-userid', 'MA1']]), 'coverage'));
  test('no digest', () => assert.equal(receive(headers.filter(([one]) => one !== 'content-digest')), 'missing'));
  test('no signature', () => assert.equal(receive(headers.filter(([one]) => one !== 'signature')), 'missing'));
  test('a second signature beside it', () => {
    assert.equal(receive([...headers, ['signature', 'other=:AAAA:'], ['signature-input', 'other=()']]), 'malformed');
  });
  test('a second label in the same header', () => {
    const input = aSigned().input;
    assert.equal(receive(replaced('signature-input', `${input}, other=();created=1`)), 'malformed');
  });
  test('another algorithm', () => {
    const input = aSigned().input.replace('ecdsa-p256-sha256', 'hmac-sha256');
    assert.equal(receive(replaced('signature-input', input)), 'malformed');
  });
  test('the tag of a response', () => {
    const input = aSigned().input.replace('wasl-request', 'wasl-response');
    assert.equal(receive(replaced('signature-input', input)), 'malformed');
  });
  test('a key that nobody vouches for', () => {
    const input = aSigned().input.replace(keyid, 'x'.repeat(43));
    assert.equal(receive(replaced('signature-input', input)), 'unknown-key');
  });
  test('a good signature of another key', () => {
    const forged = signRequest(FACTS, contentDigest(BODY), { keyid, key: others.privateKey }, NOW, 'nonce-nonce');
    assert.equal(receive(proven(FACTS.headers, forged)), 'wrong');
  });
});

test('a signature is good from a minute before it was made until a minute after its five', () => {
  const headers = proven(FACTS.headers, aSigned());
  assert.equal(receive(headers, { now: later(-61) }), 'not-yet');
  assert.equal(receive(headers, { now: later(-60) }), 'accepted');
  assert.equal(receive(headers, { now: later(360) }), 'accepted');
  assert.equal(receive(headers, { now: later(361) }), 'expired');
});

test('a signature that would live longer, or backwards, is refused', () => {
  const created = NOW.getTime() / 1000;
  const signed = aSigned();
  for (const expires of [created + 301, created, created - 1]) {
    const input = signed.input.replace(/expires=\d+/, `expires=${expires}`);
    assert.equal(receive(proven(FACTS.headers, { ...signed, input })), 'malformed');
  }
});

test('any one bit of the signature turned is refused', () => {
  const signed = aSigned();
  const bytes = Buffer.from(signed.signature.slice('wasl=:'.length, -1), 'base64');
  fc.assert(
    fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
      const turned = Buffer.from(bytes);
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const signature = `wasl=:${turned.toString('base64')}:`;
      assert.equal(receive(proven(FACTS.headers, { ...signed, signature })), 'wrong');
    }),
    { numRuns: 60 },
  );
});

describe('a response', () => {
  const request = { method: FACTS.method, targetUri: FACTS.targetUri, signature: aSigned().signature };
  const headers: HeaderList = [
    ['content-type', 'application/json'],
    ['x-road-id', 'MA-1'],
    ['x-road-request-id', '5d3b8c1e-6a52-4c39-9b57-2f0f3f6f9a10'],
    ['x-road-request-hash', 'hash'],
    ['wasl-agreement', 'residence'],
  ];
  const signed = signResponse(
    { status: 200, headers },
    contentDigest(BODY),
    request,
    { keyid, key: keys.privateKey },
    NOW,
    'nonce-nonce',
  );
  const receiveIt = (to = request, status = 200, given = headers, body = BODY) => {
    const result = verifyResponse({ status, headers: proven(given, signed, body) }, body, to, keyOf, NOW);
    return result.ok ? 'accepted' : result.error.kind;
  };

  test('is accepted as the answer to its request', () => assert.equal(receiveIt(), 'accepted'));
  test('is refused as the answer to another request', () => {
    const other = aSigned({ ...FACTS, headers: FACTS.headers.slice(0, -1) }).signature;
    assert.equal(receiveIt({ ...request, signature: other }), 'wrong');
  });
  test('is refused with another status', () => assert.equal(receiveIt(request, 404), 'wrong'));
  test('is refused with another body', () =>
    assert.equal(receiveIt(request, 200, headers, Buffer.from('{}')), 'wrong'));
  test('is refused without its agreement', () =>
    assert.equal(receiveIt(request, 200, headers.slice(0, -1)), 'coverage'));
  test('is refused with an error that was not signed', () =>
    assert.equal(receiveIt(request, 200, [...headers, ['x-road-error', 'x']]), 'coverage'));
});
