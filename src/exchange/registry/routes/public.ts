import { X509Certificate } from 'node:crypto';
import { type Clock, invalid, notFound } from '../../../kernel/index.ts';
import type { Route } from '../../../platform/index.ts';
import { parseJoinRequest } from '../../trust/joining.ts';
import type { Registry } from '../registry.ts';
import { currentCrl } from '../service/certificate.ts';
import { joinGateway } from '../service/join.ts';
import { currentTrustList } from '../service/publish.ts';
import { receiveRequest, tellStatus } from '../service/request.ts';
import { servedList } from '../service/served-list.ts';
import { readWitnessPolicy } from '../service/witness-policy.ts';
import { listUpdates } from '../store/anchor.ts';
import { findArchived } from '../store/statement.ts';
import { catalogueRoutes } from './catalogue.ts';

/** Everybody may call these: the list and the anchor are public, and joining is authorised by its token. */
export function registryRoutes(registry: Registry, clock: Clock): readonly Route<'public'>[] {
  return [
    {
      id: 'exchange.trust-list.read',
      method: 'GET',
      url: '/trust-list',
      access: 'public',
      audit: null,
      rate: 'api',
      async handle(request) {
        const now = clock();
        const { tag, gzip } = await servedList(registry, now);
        // Pollers come every minute; a cache between must not hand out a list that a new version has replaced. The tag is
        // a weak one: it stands for the text, compressed or not.
        const headers = { 'cache-control': 'no-cache', etag: `W/${tag}`, vary: 'accept-encoding' };
        if (request.headers['if-none-match']?.replace(/^W\//, '') === tag)
          return { kind: 'text', status: 304, body: '', headers };
        const contentType = 'application/jose';
        if (/\bgzip\b/.test(request.headers['accept-encoding'] ?? ''))
          return { kind: 'bytes', body: await gzip, contentType, headers: { ...headers, 'content-encoding': 'gzip' } };
        return { kind: 'text', body: (await currentTrustList(registry, now)).jws, contentType, headers };
      },
    },
    {
      id: 'exchange.anchor.read',
      method: 'GET',
      url: '/anchor',
      access: 'public',
      audit: null,
      rate: 'api',
      handle: async () => ({ kind: 'json', body: registry.keys.anchor }),
    },
    {
      id: 'exchange.gateway.join',
      method: 'POST',
      url: '/join',
      access: 'public',
      audit: 'registry.gateway-joined',
      rate: 'form',
      bodyLimit: 32_768,
      async handle(request) {
        const parsed = parseJoinRequest(request.body);
        if (!parsed.ok) throw invalid(parsed.error.detail);
        const answer = await joinGateway(registry, parsed.value, clock());
        const status = 'statement' in answer ? 201 : 202;
        return { kind: 'json', status, body: answer, headers: { 'cache-control': 'no-store' } };
      },
    },
    ...keyRoutes(registry, clock),
    ...catalogueRoutes(registry, clock),
    ...requestRoutes(registry, clock),
  ];
}

const READ = { method: 'GET', access: 'public', audit: null, rate: 'api' } as const;

/** What proves itself: keys and their chain, authorities, revocations, statements of before. */
function keyRoutes(registry: Registry, clock: Clock): readonly Route<'public'>[] {
  const { db } = registry;
  return [
    {
      ...READ,
      id: 'exchange.anchor.chain',
      url: '/anchor/updates',
      handle: async () => ({ kind: 'json', body: (await listUpdates(db.read)).map(({ jws }) => jws) }),
    },
    {
      ...READ,
      id: 'exchange.anchor.first',
      url: '/anchor/first',
      handle: async () => ({ kind: 'json', body: registry.firstAnchor }),
    },
    {
      ...READ,
      id: 'exchange.witness-policy.read',
      url: '/witness-policy',
      async handle() {
        const { policy } = await readWitnessPolicy(db.read, registry.keys.anchor.instance);
        return { kind: 'json', body: policy };
      },
    },
    {
      ...READ,
      id: 'exchange.authority.read',
      url: '/ca',
      handle: async () => ({
        kind: 'text',
        body: new X509Certificate(registry.keys.authority.certificate).toString(),
        contentType: 'application/x-pem-file',
      }),
    },
    {
      ...READ,
      id: 'exchange.crl.read',
      url: '/crl',
      // RFC 2585, section 4.2. Made anew each minute at most: who asks often gets the same one.
      handle: async () => ({
        kind: 'bytes',
        body: await currentCrl(registry, clock()),
        contentType: 'application/pkix-crl',
        headers: { 'cache-control': 'public, max-age=60' },
      }),
    },
    {
      ...READ,
      id: 'exchange.statement.read',
      url: '/statements/:keyid',
      async handle(request) {
        const { keyid } = request.params as { readonly keyid: string };
        const found = await findArchived(db.read, keyid.slice(0, 100));
        if (found === undefined) throw notFound('No gateway ever had a signing certificate of this id here.');
        return { kind: 'json', body: { statement: found.jws, ca: found.ca.toString('base64') } };
      },
    },
  ];
}

/** Authorised by their signatures. */
function requestRoutes(registry: Registry, clock: Clock): readonly Route<'public'>[] {
  const signed = { method: 'POST', access: 'public', rate: 'form', bodyLimit: 32_768 } as const;
  return [
    {
      ...signed,
      id: 'exchange.request.make',
      url: '/requests',
      audit: 'registry.requested',
      async handle(request) {
        const told = await receiveRequest(registry, signedTextOf(request.body), clock());
        return { kind: 'json', status: 202, body: told, headers: { 'cache-control': 'no-store' } };
      },
    },
    {
      ...signed,
      id: 'exchange.request.status',
      url: '/requests/status',
      audit: null,
      rate: 'api',
      async handle(request) {
        const told = await tellStatus(registry, signedTextOf(request.body), clock());
        return { kind: 'json', body: told, headers: { 'cache-control': 'no-store' } };
      },
    },
  ];
}

function signedTextOf(body: unknown): string {
  const text = (body as { readonly request?: unknown } | null | undefined)?.request;
  if (typeof text !== 'string')
    throw invalid('Send {"request": "…"}, a compact JWS.', [{ field: '/request', message: 'must be text' }]);
  return text;
}
