import { type Clock, invalid } from '../../kernel/index.ts';
import type { Route } from '../../platform/index.ts';
import { parseJoinRequest } from '../trust/joining.ts';
import type { Registry } from './registry.ts';
import { joinGateway } from './service/join.ts';
import { currentTrustList } from './service/publish.ts';

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
      async handle() {
        const list = await currentTrustList(registry, clock());
        // Pollers come every minute; a cache between must not hand out a list that a new version has replaced.
        const headers = { 'cache-control': 'no-cache', etag: `"${list.version}"` };
        return { kind: 'text', body: list.jws, contentType: 'application/jose', headers };
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
      audit: 'exchange.gateway.joined',
      rate: 'form',
      bodyLimit: 32_768,
      async handle(request) {
        const parsed = parseJoinRequest(request.body);
        if (!parsed.ok) throw invalid(parsed.error.detail);
        const answer = await joinGateway(registry, parsed.value, clock());
        return { kind: 'json', status: 201, body: answer, headers: { 'cache-control': 'no-store' } };
      },
    },
  ];
}
