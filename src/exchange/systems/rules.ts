import { X509Certificate } from 'node:crypto';
import { err, ok, type Result } from '../../kernel/index.ts';
import type { Arrival, InformationSystem, ServiceTrust, SystemCertificate } from './model.ts';
import { thumbprintOf } from './model.ts';

export type ConnectionRefusal = {
  readonly slug: 'client-plaintext' | 'client-certificate-missing' | 'client-certificate-unknown';
  readonly detail: string;
  /** X-Road's sentence, which adapters may look for. */
  readonly xRoadMessage: string;
};

/**
 * Whether a subsystem may speak by the connection that it came with. A certificate counts by being the very one that
 * the operator registered, as in X-Road: not by who issued it, nor by its dates, which no authority vouches for here.
 */
export function judgeConnection(
  { subsystem, connection, certificates }: InformationSystem,
  { isEncrypted, certificate }: Arrival,
): Result<true, ConnectionRefusal> {
  const who = `Client (SUBSYSTEM:${subsystem})`;
  if (connection === 'http') return ok(true);
  if (connection === 'https') {
    if (isEncrypted) return ok(true);
    const xRoadMessage = `${who} specifies HTTPS NO AUTH but client made plaintext connection`;
    return refuse('client-plaintext', `${subsystem} calls over TLS only.`, xRoadMessage);
  }
  if (certificate === undefined) {
    const xRoadMessage = `${who} specifies HTTPS but did not supply TLS certificate`;
    if (!isEncrypted) return refuse('client-plaintext', `${subsystem} calls over mutual TLS only.`, xRoadMessage);
    return refuse('client-certificate-missing', `${subsystem} must show its certificate.`, xRoadMessage);
  }
  const known = certificates.filter(({ usedBy }) => usedBy === 'client');
  if (known.some(({ der }) => der.equals(certificate))) return ok(true);
  const detail = `The certificate ${thumbprintOf(certificate)} is not registered for ${subsystem}.`;
  const why = known.length === 0 ? 'has no IS certificates' : 'TLS certificate does not match any IS certificates';
  return refuse('client-certificate-unknown', detail, `${who} ${why}`);
}

function refuse(
  slug: ConnectionRefusal['slug'],
  detail: string,
  xRoadMessage: string,
): Result<never, ConnectionRefusal> {
  return err({ slug, detail, xRoadMessage });
}

/** Undefined where nothing is registered: then the public authorities decide, and the name in the address. */
export function serviceTrustOf(certificates: readonly SystemCertificate[]): ServiceTrust | undefined {
  const registered = certificates.filter(({ usedBy }) => usedBy === 'service');
  if (registered.length === 0) return undefined;
  const read = registered.map(({ der, thumbprint }) => ({ thumbprint, certificate: new X509Certificate(der) }));
  return {
    id: read.map(({ thumbprint }) => thumbprint).join(' '),
    // One that its service made for itself often says that it is an authority; it counts as itself all the same.
    pins: new Set(read.map(({ thumbprint }) => thumbprint)),
    authorityPems: read.filter(({ certificate }) => certificate.ca).map(({ certificate }) => certificate.toString()),
  };
}
