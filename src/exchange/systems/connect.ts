import type { TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import { guardedConnect } from '../address/connect.ts';
import type { Networks } from '../address/networks.ts';
import { type ServiceTrust, type TlsIdentity, thumbprintOf } from './model.ts';

/** A service showed a certificate that its subsystem has not registered. */
export class CertificateRefused extends Error {
  override readonly name = 'CertificateRefused';
  readonly code = 'WASL_CERTIFICATE_REFUSED';
}

/**
 * How the gateway connects to a service: with its own certificate where the service asks for one, and to nobody but
 * who shows what `trust` names, or without it, what the public authorities and the address's name say.
 */
export function serviceConnect(
  networks: () => Networks,
  identity: TlsIdentity | undefined,
  trust: ServiceTrust | undefined,
): buildConnector.connector {
  const own = identity === undefined ? {} : { key: identity.keyPem, cert: identity.certPem };
  if (trust === undefined) return guardedConnect(networks, own);
  // A session that is taken up again would pass by a certificate that was removed meanwhile.
  const ca = [...trust.authorityPems];
  const connect = guardedConnect(networks, { ...own, ca, rejectUnauthorized: false, maxCachedSessions: 0 });
  return (target, callback) => {
    connect(target, (fault, socket) => {
      if (fault !== null) return callback(fault, null);
      if (target.protocol !== 'https:' || isTrusted(socket as TLSSocket, trust)) return callback(null, socket);
      // Nothing of the message has been written yet.
      socket.destroy();
      callback(new CertificateRefused(`${target.hostname} shows a certificate that is not registered`), null);
    });
  };
}

function isTrusted(socket: TLSSocket, trust: ServiceTrust): boolean {
  if (socket.authorized) return true;
  const { raw } = socket.getPeerCertificate();
  return raw !== undefined && trust.pins.has(thumbprintOf(raw));
}

const PUBLIC_REFUSAL =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_ALTNAME_INVALID|INVALID_CA|HOSTNAME_MISMATCH)/;

/** Whether a call failed for the certificate that the service showed. */
export function isCertificateRefusal(cause: unknown): boolean {
  if (cause instanceof CertificateRefused) return true;
  return cause instanceof Error && 'code' in cause && PUBLIC_REFUSAL.test(String(cause.code));
}
