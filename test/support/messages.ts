import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { HeaderList } from '../../src/exchange/message/headers.ts';
import { contentDigest, type SigningKey, signRequest } from '../../src/exchange/message/signature.ts';
import { certificateId } from '../../src/exchange/trust/certificate.ts';
import { CLIENT, type RawRequest, SERVICE, type TestExchange, type TestGateway } from './gateways.ts';

export type MessageParts = {
  /** Whose certificate is shown, and whose key signs unless told. The consumer's. */
  readonly as?: TestGateway;
  readonly signedBy?: TestGateway;
  readonly client?: string;
  readonly service?: string;
  readonly method?: string;
  readonly at?: Date;
  /** What follows the service code. */
  readonly path?: string;
  readonly exchange?: string;
  readonly body?: Buffer;
  readonly purpose?: string;
  readonly headers?: HeaderList;
};

export type Message = Required<Pick<RawRequest, 'method' | 'path' | 'headers' | 'tls'>> & { readonly body: Buffer };

/** A message for the provider's door between gateways, signed by one who holds the keys of a gateway. */
export function aMessage(all: TestExchange, more: MessageParts = {}): Message {
  const as = more.as ?? all.consumer;
  const path = `/r1/${more.service ?? SERVICE}${more.path ?? '/find'}`;
  const body = more.body ?? Buffer.alloc(0);
  const method = more.method ?? 'POST';
  const headers: HeaderList = [
    ['x-road-client', more.client ?? CLIENT],
    ['x-road-id', 'MA-1'],
    ['x-road-request-id', more.exchange ?? randomUUID()],
    ['wasl-purpose', more.purpose ?? 'residence'],
    ...(more.headers ?? []),
  ];
  const digest = contentDigest(body);
  const facts = { method, targetUri: `${all.provider.address}${path}`, headers };
  const signed = signRequest(facts, digest, signingKeyOf(more.signedBy ?? as), more.at ?? new Date(), 'nonce-of-test');
  const proof: HeaderList = [
    ['content-digest', digest],
    ['signature-input', signed.input],
    ['signature', signed.signature],
  ];
  const tls = { key: as.keys.tlsKeyPem, cert: as.keys.tlsCertPem };
  return { method, path, headers: [...headers, ...proof], body, tls };
}

/** The key that the registry vouches for, as this gateway signs with it. */
export function signingKeyOf(one: Pick<TestGateway, 'trust' | 'server' | 'keys'>): SigningKey {
  const list = one.trust.current(new Date());
  assert.ok(list.ok);
  const own = list.value.gateways.find(({ statement }) => statement.server === one.server);
  const keyid = certificateId(Buffer.from(own?.statement.signCertificate ?? '', 'base64'));
  return { keyid, key: one.keys.signKey };
}
