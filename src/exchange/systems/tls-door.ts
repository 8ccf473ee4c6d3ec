import type { IncomingMessage, Server } from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { InternalTls } from './internal-tls.ts';
import type { Arrival } from './model.ts';

export type TlsDoorOptions = {
  readonly tls: InternalTls;
  /** The own door without TLS: what comes in here is answered there. */
  readonly plain: Server;
  readonly refuseUnparsed: (error: Error, socket: Duplex) => void;
};

/**
 * The own door over TLS. A client's certificate is asked for and taken as it is: it proves that the client holds its
 * key, and who that is the operator has registered. TLS 1.2 is let in, since adapters of ten years ago speak it.
 */
export function openTlsDoor({ tls, plain, refuseUnparsed }: TlsDoorOptions): Server {
  const secure = () => ({ key: tls.current().keyPem, cert: tls.current().certPem, minVersion: 'TLSv1.2' as const });
  const { headersTimeout, requestTimeout, keepAliveTimeout, maxHeaderSize } = plain as Server & {
    readonly maxHeaderSize?: number;
  };
  const door = https.createServer(
    {
      ...secure(),
      requestCert: true,
      rejectUnauthorized: false,
      // Until TLS stands nothing is asked: the handshake may take as long as the head after it.
      ...{ handshakeTimeout: headersTimeout, connectionsCheckingInterval: Math.min(5_000, headersTimeout) },
      ...{ headersTimeout, requestTimeout, keepAliveTimeout, maxHeaderSize: maxHeaderSize ?? 32_768 },
    },
    (request, response) => plain.emit('request', request, response),
  );
  door.on('clientError', refuseUnparsed);
  tls.onChange(() => door.setSecureContext(secure()));
  return door;
}

const shown = new WeakMap<TLSSocket, Buffer>();

export function arrivalOf({ socket }: Pick<IncomingMessage, 'socket'>): Arrival {
  if (!(socket instanceof TLSSocket)) return { isEncrypted: false, certificate: undefined };
  const known = shown.get(socket);
  if (known !== undefined) return { isEncrypted: true, certificate: known };
  const { raw } = socket.getPeerCertificate();
  if (raw !== undefined) shown.set(socket, raw);
  return { isEncrypted: true, certificate: raw };
}
