import assert from 'node:assert/strict';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { test } from 'node:test';
import { httpbis } from 'http-message-signatures';
import type { HeaderList } from '../../src/exchange/message/headers.ts';
import {
  contentDigest,
  type SignedParts,
  signRequest,
  signResponse,
  verifyRequest,
  verifyResponse,
} from '../../src/exchange/message/signature.ts';

/** Our signatures against somebody else's implementation of RFC 9421, both ways. */

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const keyid = 'k'.repeat(43);
const BODY = Buffer.from('{"a":1}');
const targetUri = 'https://127.0.0.1:5500/r1/MA/GOV/DGSN/identity/persons/AB%20123?x=1&y=%2F';
const given: HeaderList = [
  ['content-type', 'application/json; charset=utf-8'],
  ['x-road-client', 'MA/GOV/ADD/portal'],
  ['x-road-id', 'MA-1'],
  ['x-road-request-id', '5d3b8c1e-6a52-4c39-9b57-2f0f3f6f9a10'],
  ['x-road-userid', 'MA12'],
  ['wasl-purpose', 'residence'],
  ['wasl-subject', 'AB123'],
];
const answered: HeaderList = [
  ['content-type', 'application/json'],
  ['x-road-id', 'MA-1'],
  ['x-road-request-id', '5d3b8c1e-6a52-4c39-9b57-2f0f3f6f9a10'],
  ['x-road-request-hash', 'aGFzaA=='],
  ['wasl-agreement', 'residence'],
];

const withProof = (headers: HeaderList, signed: SignedParts): HeaderList => [
  ...headers,
  ['content-digest', contentDigest(BODY)],
  ['signature-input', signed.input],
  ['signature', signed.signature],
];
const asObject = (headers: HeaderList) => Object.fromEntries(headers);

const theirVerifier = {
  keyLookup: async () => ({
    id: keyid,
    algs: ['ecdsa-p256-sha256'],
    verify: async (data: Buffer, signature: Buffer) =>
      verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature),
  }),
  requiredParams: ['created', 'expires', 'nonce', 'keyid', 'alg', 'tag'],
};
const theirKey = {
  id: keyid,
  alg: 'ecdsa-p256-sha256',
  sign: async (data: Buffer) => sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
};
const params = ['created', 'expires', 'nonce', 'keyid', 'alg', 'tag'];

const ourRequest = () =>
  signRequest(
    { method: 'POST', targetUri, headers: given },
    contentDigest(BODY),
    { keyid, key: privateKey },
    new Date(),
    'nonce-of-test',
  );

test('the other implementation accepts a request that we signed, and not an altered one', async () => {
  const headers = asObject(withProof(given, ourRequest()));
  const check = (more: object) =>
    httpbis.verifyMessage(theirVerifier, { method: 'POST', url: targetUri, headers: { ...headers, ...more } });
  assert.equal(await check({}), true);
  assert.equal(await check({ 'wasl-purpose': 'curiosity' }), false);
});

test('the other implementation accepts a response that we bound to its request, and to no other', async () => {
  const request = ourRequest();
  const response = signResponse(
    { status: 200, headers: answered },
    contentDigest(BODY),
    { method: 'POST', targetUri, signature: request.signature },
    { keyid, key: privateKey },
    new Date(),
    'nonce-of-test',
  );
  const message = { status: 200, headers: asObject(withProof(answered, response)) };
  const sent = (signed: SignedParts) => ({
    method: 'POST',
    url: targetUri,
    headers: asObject(withProof(given, signed)),
  });
  assert.equal(await httpbis.verifyMessage(theirVerifier, message, sent(request)), true);
  assert.equal(await httpbis.verifyMessage(theirVerifier, message, sent(ourRequest())), false);
});

test('we accept a request that the other implementation signed by our profile', async () => {
  const headers = asObject([...given, ['content-digest', contentDigest(BODY)]]);
  const names = given.map(([name]) => name);
  const fields = ['@method', '@target-uri', 'content-digest', ...names];
  const paramValues = { created: new Date(), nonce: 'nonce-of-test', tag: 'wasl-request' };
  const signed = await httpbis.signMessage(
    { key: theirKey, name: 'wasl', fields, params, paramValues },
    { method: 'POST', url: targetUri, headers },
  );
  const list = Object.entries(signed.headers).map(([name, value]): [string, string] => [name, String(value)]);
  const verified = verifyRequest({ method: 'POST', targetUri, headers: list }, BODY, () => publicKey, new Date());
  assert.deepEqual(verified.ok ? 'accepted' : verified.error, 'accepted');
});

test('we accept a response that the other implementation signed by our profile', async () => {
  const request = ourRequest();
  const fields = [
    '@status',
    'content-digest',
    ...answered.map(([name]) => name),
    '"@method";req',
    '"@target-uri";req',
    '"signature";req;key="wasl"',
  ];
  const paramValues = { created: new Date(), nonce: 'nonce-of-test', tag: 'wasl-response' };
  const signed = await httpbis.signMessage(
    { key: theirKey, name: 'wasl', fields, params, paramValues },
    { status: 200, headers: asObject([...answered, ['content-digest', contentDigest(BODY)]]) },
    { method: 'POST', url: targetUri, headers: asObject(withProof(given, request)) },
  );
  const list = Object.entries(signed.headers).map(([name, value]): [string, string] => [name, String(value)]);
  const bound = { method: 'POST', targetUri, signature: request.signature };
  const verified = verifyResponse({ status: 200, headers: list }, BODY, bound, () => publicKey, new Date());
  assert.deepEqual(verified.ok ? 'accepted' : verified.error, 'accepted');
});
