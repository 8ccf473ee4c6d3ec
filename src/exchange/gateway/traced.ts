import type { IncomingMessage } from 'node:http';
import { NO_TRACING, type TraceHeaders, type Tracing } from '../../platform/index.ts';
import { type HeaderList, lastOf, withoutHeaders } from '../message/headers.ts';
import type { Outgoing, Peers } from './peers.ts';
import { METHODS } from './wire.ts';

/** A span of either door; its name and attributes hold no target, which may name a person. */
export function servedAt(door: 'own' | 'peer', request: IncomingMessage) {
  const { method = '', headers } = request;
  const known = METHODS.has(method) ? method : '_OTHER';
  // Node joins repeated ones with a comma, which no traceparent holds: two are as none, and the trace begins anew.
  return {
    name: `${known} /r1/{service}`,
    kind: 'server' as const,
    came: { traceparent: textOf(headers['traceparent']), tracestate: textOf(headers['tracestate']) },
    attributes: { 'http.request.method': known, 'http.route': '/r1/{service}/{path}', 'wasl.door': door },
  };
}

const textOf = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(',') : value;

/**
 * The headers that go on with a message of ours, the trace's own among them: the request's hash covers what passes, so
 * they are known before the message is signed and not changed after. Where nobody traces, those that came pass.
 */
export function withTrace(headers: HeaderList, carried: TraceHeaders | undefined): HeaderList {
  if (carried === undefined) return headers;
  const { traceparent, tracestate } = carried;
  return [
    ...withoutHeaders(headers, ['traceparent', 'tracestate']),
    ...(traceparent === undefined ? [] : [['traceparent', traceparent] as const]),
    ...(tracestate === undefined ? [] : [['tracestate', tracestate] as const]),
  ];
}

/** Calls of other gateways and of services, each with its span. */
export function tracedPeers(peers: Peers, tracing: Tracing): Peers {
  if (tracing === NO_TRACING) return peers;
  const attributesOf = (address: string, { method }: Outgoing) => {
    const { hostname, port, protocol } = new URL(address);
    return {
      'http.request.method': method,
      'server.address': hostname,
      'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
    };
  };
  return {
    ...peers,
    toGateway(view, gateway, request) {
      const { address, server } = gateway.statement;
      const carried = { traceparent: lastOf(request.headers, 'traceparent') };
      const attributes = { ...attributesOf(address, request), 'wasl.peer': server };
      return tracing.call(request.method, attributes, () => peers.toGateway(view, gateway, request), carried);
    },
    toService: (origin, trust, request) =>
      tracing.call(request.method, attributesOf(origin, request), (carried) =>
        peers.toService(origin, trust, { ...request, headers: withTrace(request.headers, carried) }),
      ),
  };
}
