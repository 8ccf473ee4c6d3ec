import { X509Certificate } from 'node:crypto';
import type { GatewayStatement, TrustList } from '../../trust/model.ts';
import type { Expiry } from '../pages/certificates.ts';
import type { Facts } from '../rules/needs.ts';

const expiryOf = (der: string): Date => new Date(new X509Certificate(Buffer.from(der, 'base64')).validTo);

export function certificatesOf(
  own: Pick<GatewayStatement, 'tlsCertificate' | 'signCertificate' | 'expiresAt'>,
): Facts['certificates'] {
  return [
    { name: 'tls', expiresAt: expiryOf(own.tlsCertificate) },
    { name: 'sign', expiresAt: expiryOf(own.signCertificate) },
    { name: 'statement', expiresAt: new Date(own.expiresAt) },
  ];
}

/** What ends a gateway's part in the exchange first, of each but our own; and what the registry itself stands on. */
export function othersExpiries(list: TrustList, ownServer: string): readonly Expiry[] {
  const gateways = list.gateways
    .filter(({ statement }) => statement.server !== ownServer)
    .map(({ statement }): Expiry => {
      const first = certificatesOf(statement).reduce((soonest, one) =>
        one.expiresAt < soonest.expiresAt ? one : soonest,
      );
      return { of: statement.server, name: statement.member.name, kind: first.name, expiresAt: first.expiresAt };
    });
  const authorities = list.caCertificates.map((der): Expiry => {
    const certificate = new X509Certificate(Buffer.from(der, 'base64'));
    return {
      of: certificate.subject.replaceAll('\n', ', '),
      kind: 'authority',
      expiresAt: new Date(certificate.validTo),
    };
  });
  const stamps = list.timestampAuthorities.map(
    (one): Expiry => ({ of: one.name, kind: 'timestamps', expiresAt: expiryOf(one.certificate) }),
  );
  return [...gateways, ...authorities, ...stamps];
}
