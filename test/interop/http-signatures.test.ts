import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { createSigner, createVerifier, httpbis } from 'http-message-signatures';
import { isInnerList, parseDictionary } from 'structured-headers';
import type { HeaderList } from '../../src/exchange/message/headers.ts';
import {
  contentDigest,
  type RequestFacts,
  type SignedParts,
  signRequest,
  signResponse,
  verifyRequest,
  verifyResponse,
} from '../../src/exchange/message/signature.ts';

/**
 * Another implementation of RFC 9421 (npm http-message-signatures) and another of RFC 9651 (npm structured-headers)
 * read what we sign, and we read what it signs: the profile is a part of the standard and no dialect of it.
 */
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const KEYID = 'interop-'.padEnd(43, 'k');
const ALG = 'ecdsa-p256-sha256';
const NOW = new Date(Math.floor(Date.now() / 1000) * 1000);
const keyOf = (keyid: string) => (keyid === KEYID ? publicKey : undefined);
const ourKey = { keyid: KEYID, key: privateKey };
const theirVerifier = {
  keyLookup: async ({ keyid }: { keyid?: string }) =>
    keyid === KEYID ? { id: KEYID, algs: [ALG], verify: createVerifier(publicKey, ALG) } : null,
  all: true,
};
const theirKey = createSigner(privateKey, ALG, KEYID);

const BODY = Buffer.from('{"number":"AB123"}');
const ANSWER = Buffer.from('{"name":"أمينة"}');
const REQUEST: RequestFacts = {
  method: 'POST',
  targetUri: 'https://gw.dgsn.example:8443/r1/MA/GOV/DGSN/identity/sub%2Fcode/a%20b?lang=ar&x=%2F',
  headers: [
    ['Content-Type', 'application/json; charset="utf-8"'],
    ['X-Road-Client', 'MA/GOV/ADD/portal'],
    ['X-Road-Id', 'MA-5d3b8c1e-6a52-4c39-9b57-2f0f3f6f9a10'],
    ['x-road-request-id', 'f92591a3-6bf0-49b1-987b-0dd78c034cc3'],
    ['X-Road-UserId', 'MA12345'],
    ['X-Road-Issue', 'dossier 2026/118'],
    ['wasl-purpose', 'residence'],
    ['wasl-subject', 'AB123'],
  ],
};
const RESPONSE = {
  status: 200,
  headers: [
    ['content-type', 'application/json'],
    ['x-road-id', 'MA-5d3b8c1e-6a52-4c39-9b57-2f0f3f6f9a10'],
    ['x-road-request-id', 'f92591a3-6bf0-49b1-987b-0dd78c034cc3'],
    ['x-road-request-hash', Buffer.alloc(64, 7).toString('base64')],
    ['wasl-agreement', 'residence'],
  ],
} as const;

const ours = () => signRequest(REQUEST, contentDigest(BODY), ourKey, NOW, 'nonce-nonce');
const oursTo = (request: SignedParts) =>
  signResponse(RESPONSE, contentDigest(ANSWER), { ...REQUEST, signature: request.signature }, ourKey, NOW, 'nonce-two');

/** A signed message as that library takes it. */
const asTheirs = (headers: HeaderList, body: Buffer, signed?: SignedParts) => ({
  ...Object.fromEntries(headers),
  'content-digest': contentDigest(body),
  ...(signed === undefined ? {} : { 'signature-input': signed.input, signature: signed.signature }),
});
const theirRequest = (signed?: SignedParts) => ({
  method: REQUEST.method,
  url: REQUEST.targetUri,
  headers: asTheirs(REQUEST.headers, BODY, signed),
});

/** The components that Signature-Input covers, as that library wants them named. */
function coveredBy(input: string): string[] {
  const item = parseDictionary(input).get('wasl');
  assert.ok(item !== undefined && isInnerList(item));
  return item[0].map(([name, params]) => {
    const extra = [...params].map(([key, value]) => (value === true ? `;${key}` : `;${key}="${value}"`)).join('');
    return `"${name}"${extra}`;
  });
}

describe('our signatures, in the hands of http-message-signatures', () => {
  it('verify on a request', async () => {
    assert.equal(await httpbis.verifyMessage(theirVerifier, theirRequest(ours())), true);
  });

  it('verify on a response, bound to its request', async () => {
    const request = ours();
    const headers = asTheirs(RESPONSE.headers, ANSWER, oursTo(request));
    const verified = await httpbis.verifyMessage(theirVerifier, { status: 200, headers }, theirRequest(request));
    assert.equal(verified, true);
  });

  it('do not verify on another request, target or status', async () => {
    const request = ours();
    const altered = theirRequest(request);
    altered.url += '&more=1';
    assert.equal(await httpbis.verifyMessage(theirVerifier, altered), false);
    const headers = asTheirs(RESPONSE.headers, ANSWER, oursTo(request));
    const to = (status: number, target: SignedParts) =>
      httpbis.verifyMessage(theirVerifier, { status, headers }, theirRequest(target));
    assert.equal(await to(404, request), false);
    // ECDSA signs with a fresh number each time, so the same words signed again are another request.
    assert.equal(await to(200, ours()), false);
  });

  it('are over the same base, byte for byte', () => {
    const request = ours();
    const response = oursTo(request);
    const to = theirRequest(request);
    const answer = { status: 200, headers: asTheirs(RESPONSE.headers, ANSWER, response) };
    const theirs = {
      request: httpbis.createSignatureBase({ fields: coveredBy(request.input) }, to),
      response: httpbis.createSignatureBase({ fields: coveredBy(response.input) }, answer, to),
    };
    for (const [base, signed] of [
      [theirs.request, request],
      [theirs.response, response],
    ] as const) {
      const params = `"@signature-params": ${signed.input.slice('wasl='.length)}`;
      assert.equal(`${httpbis.formatSignatureBase(base)}\n${params}`, signed.base);
    }
  });
});

describe('signatures of http-message-signatures, by our profile', () => {
  const params = ['created', 'expires', 'nonce', 'keyid', 'alg', 'tag'];
  const config = (tag: string, fields: string[]) => ({
    name: 'wasl',
    key: theirKey,
    fields,
    params,
    paramValues: { created: NOW, expires: new Date(NOW.getTime() + 300_000), nonce: 'their-nonce', tag },
  });
  /** Its own spelling of the header names is kept; ours are compared without case. */
  const received = (headers: Record<string, string | string[]>): HeaderList =>
    Object.entries(headers).map(([name, value]) => [name, String(value)]);

  it('are accepted by our verifier of requests', async () => {
    const signed = await httpbis.signMessage(config('wasl-request', coveredBy(ours().input)), theirRequest());
    const verified = verifyRequest({ ...REQUEST, headers: received(signed.headers) }, BODY, keyOf, NOW);
    assert.equal(verified.ok, true, verified.ok ? '' : verified.error.detail);
  });

  it('are accepted by our verifier of responses', async () => {
    const request = ours();
    const fields = coveredBy(oursTo(request).input);
    const answer = { status: 200, headers: asTheirs(RESPONSE.headers, ANSWER) };
    const signed = await httpbis.signMessage(config('wasl-response', fields), answer, theirRequest(request));
    const to = { ...REQUEST, signature: request.signature };
    const verified = verifyResponse({ status: 200, headers: received(signed.headers) }, ANSWER, to, keyOf, NOW);
    assert.equal(verified.ok, true, verified.ok ? '' : verified.error.detail);
  });

  it('are refused where they leave a component out, though they verify by themselves', async () => {
    const fields = coveredBy(ours().input).filter((name) => name !== '"wasl-subject"');
    const signed = await httpbis.signMessage(config('wasl-request', fields), theirRequest());
    assert.equal(await httpbis.verifyMessage(theirVerifier, signed), true);
    const verified = verifyRequest({ ...REQUEST, headers: received(signed.headers) }, BODY, keyOf, NOW);
    assert.equal(verified.ok ? 'accepted' : verified.error.kind, 'coverage');
  });
});

describe('our headers, in the hands of structured-headers', () => {
  it('Signature-Input is a dictionary of one inner list with the parameters of the profile', () => {
    for (const [signed, tag] of [
      [ours(), 'wasl-request'],
      [oursTo(ours()), 'wasl-response'],
    ] as const) {
      const dictionary = parseDictionary(signed.input);
      assert.deepEqual([...dictionary.keys()], ['wasl']);
      const item = dictionary.get('wasl');
      assert.ok(item !== undefined && isInnerList(item));
      const created = NOW.getTime() / 1000;
      const { nonce, ...params } = Object.fromEntries(item[1]);
      assert.match(String(nonce), /^[\w-]{8,64}$/);
      assert.deepEqual(params, { created, expires: created + 300, keyid: KEYID, alg: ALG, tag });
    }
  });

  it('Signature is a dictionary of one byte sequence of 64 bytes, Content-Digest one of 32', () => {
    const bytesOf = (text: string, label: string): number => {
      const value = parseDictionary(text).get(label)?.[0];
      assert.ok(value instanceof ArrayBuffer);
      return value.byteLength;
    };
    assert.equal(bytesOf(ours().signature, 'wasl'), 64);
    assert.equal(bytesOf(contentDigest(BODY), 'sha-256'), 32);
  });
});
