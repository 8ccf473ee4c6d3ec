import { Readable } from 'node:stream';
import { Pool } from 'undici';
import { gatherPieces } from '../../platform/index.ts';
import type { Networks } from '../address/networks.ts';
import { Fault } from '../message/fault.ts';
import type { HeaderList } from '../message/headers.ts';
import { serviceConnect } from '../systems/connect.ts';
import type { ServiceTrust, TlsIdentity } from '../systems/model.ts';
import type { GatewayKeys } from '../trust/model.ts';
import { type LargeBody, resumed } from './large-body.ts';
import { brokenOff, TooSlow, WrongCertificate } from './peer-failure.ts';
import { type KnownGateway, type TrustView, thumbprint } from './trust-view.ts';
import type { HttpAnswer } from './wire.ts';

export type Outgoing = {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: HeaderList;
  readonly body: Buffer;
  readonly large?: LargeBody | undefined;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  /** Where an answer above `maxBodyBytes` may be passed on while it comes in. */
  readonly maxStreamBytes?: number;
};

/** An answer, and where it is too large to be held, what is still to come of it. */
export type PeerAnswer = HttpAnswer & { readonly rest?: AsyncIterable<Buffer>; trailers?(): HeaderList };

/** Kept connections to other gateways and to this member's own services. */
export type Peers = {
  toGateway(view: TrustView, gateway: KnownGateway, request: Outgoing): Promise<PeerAnswer>;
  /** `trust` says what the service must show where it speaks TLS. */
  toService(origin: string, trust: ServiceTrust | undefined, request: Outgoing): Promise<PeerAnswer>;
  close(): Promise<void>;
};

export function openPeers(
  keys: () => GatewayKeys,
  networks: () => Networks,
  identity: () => TlsIdentity | undefined = () => undefined,
  connections = 64,
): Peers {
  const gateways = new Map<
    string,
    { readonly pool: Pool; readonly ca: string; readonly tls: string; readonly own: string }
  >();
  const services = new Map<string, { readonly pool: Pool; readonly own: string }>();

  /** A new pool when either end's certificate or the authorities have changed; the old one ends its work and closes. */
  function gatewayPool(view: TrustView, gateway: KnownGateway): Pool {
    const { address } = gateway.statement;
    const ca = view.caPems.join('\n');
    const own = keys().tlsCertPem;
    const known = gateways.get(address);
    const tls = gateway.tlsThumbprint;
    if (known !== undefined && known.ca === ca && known.tls === tls && known.own === own) return known.pool;
    void known?.pool.close();
    const pool = new Pool(address, { connections, pipelining: 1, connect: tlsTo(keys(), view, gateway) });
    gateways.set(address, { pool, ca, tls, own });
    return pool;
  }

  /** A new pool when what the service must show or what is shown to it has changed. */
  function servicePool(origin: string, wanted: ServiceTrust | undefined): Pool {
    const shown = identity();
    const [trust, own] = [wanted?.id ?? '', shown?.certPem ?? ''];
    // Subsystems that register different certificates for one address never share a connection.
    const name = `${origin} ${trust}`;
    const known = services.get(name);
    if (known !== undefined && known.own === own) return known.pool;
    void known?.pool.close();
    const connect = serviceConnect(networks, shown, wanted);
    const pool = new Pool(origin, { connections, pipelining: 1, connect });
    services.set(name, { pool, own });
    return pool;
  }

  return {
    toGateway: (view, gateway, request) => send(gatewayPool(view, gateway), request),
    toService: (origin, trust, request) => send(servicePool(origin, trust), request),
    async close() {
      const pools = [...services.values(), ...gateways.values()];
      await Promise.all(pools.map(({ pool }) => pool.close()));
    },
  };
}

/** TLS 1.3 with our certificate, to the one certificate that the trust list names for the peer and no other. */
function tlsTo(keys: GatewayKeys, view: TrustView, gateway: KnownGateway): NonNullable<Pool.Options['connect']> {
  // While a peer renews, it may still show the certificate that it had; the list says both.
  const prints = [gateway.tlsThumbprint, gateway.former?.tlsThumbprint];
  return {
    key: keys.tlsKeyPem,
    cert: keys.tlsCertPem,
    ca: [...view.caPems],
    minVersion: 'TLSv1.3',
    timeout: 10_000,
    checkServerIdentity: (_host: string, certificate: { raw: Buffer }) =>
      prints.includes(thumbprint(certificate.raw))
        ? undefined
        : new WrongCertificate('the peer shows another certificate'),
  };
}

async function send(pool: Pool, request: Outgoing): Promise<PeerAnswer> {
  const from = performance.now();
  const { statusCode, headers, body, trailers } = await pool.request({
    method: request.method as 'GET',
    path: request.target,
    headers: headersOf(request),
    body: bodyOf(request),
    headersTimeout: request.timeoutMs,
    bodyTimeout: request.timeoutMs,
  });
  const head = { status: statusCode, headers: toList(headers), body: NO_BODY };
  const isOpen = (request.maxStreamBytes ?? 0) > request.maxBodyBytes;
  // To HEAD, and with 204 and 304, the header is about what is not sent (RFC 9110 sections 6.6.2 and 9.3.2).
  const hasBody = request.method !== 'HEAD' && statusCode !== 204 && statusCode !== 304;
  if (isOpen && hasBody && headers['trailer'] !== undefined) {
    return { ...head, rest: body, trailers: () => toList(trailers) };
  }
  const pieces = gatherPieces();
  let size = 0;
  const iterator: AsyncIterator<Buffer> = body[Symbol.asyncIterator]();
  const piece = () => iterator.next().catch(brokenOff);
  for (let next = await piece(); next.done !== true; next = await piece()) {
    const chunk = next.value;
    size += chunk.length;
    if (isOpen && size > request.maxBodyBytes) return { ...head, rest: resumed([...pieces.parts(), chunk], iterator) };
    // undici's own limit begins anew with each piece: a trickle would hold the message for ever.
    if (performance.now() - from > 2 * request.timeoutMs) {
      body.destroy();
      throw new TooSlow();
    }
    if (size > request.maxBodyBytes) {
      body.destroy();
      throw new Fault('body-too-large', `The answer is larger than ${request.maxBodyBytes} bytes.`);
    }
    pieces.add(chunk);
  }
  return { ...head, body: pieces.whole() };
}

const NO_BODY = Buffer.alloc(0);

function bodyOf({ body, large }: Outgoing): Buffer | Readable | null {
  if (large !== undefined) return Readable.from(large.chunks(), { objectMode: false });
  return body.length === 0 ? null : body;
}

/** A large body whose length is known says so: not every service takes chunks. */
function headersOf({ headers, large }: Outgoing): string[] {
  const flat: string[] = headers.flat();
  return large?.size === undefined ? flat : [...flat, 'content-length', String(large.size)];
}

function toList(headers: Record<string, string | string[] | undefined>): HeaderList {
  const list: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') list.push([name, value]);
    else for (const one of value ?? []) list.push([name, one]);
  }
  return list;
}
