import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { decodeBase64 } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import { certificateId, readAuthority, readGatewayCertificate } from '../../trust/certificate.ts';
import { parseAddress } from '../../trust/model.ts';
import { issueCertificate, type Period, readCsr } from '../authority.ts';
import { requestRefused } from '../problems.ts';
import { hoursAfter, type Registry } from '../registry.ts';
import type { CertificateRow } from '../store/member.ts';
import { listAuthorities } from '../store/part.ts';
import { endOf } from './statement.ts';

/** The keys to certify, and the hashes of their SubjectPublicKeyInfo. */
export type TwoKeys = { readonly tls: KeyObject; readonly sign: KeyObject };

export type Certified = {
  readonly tls: Buffer;
  readonly sign: Buffer;
  readonly ca: Buffer;
  readonly from: Date;
  readonly until: Date;
};

/** Certificates that an outside authority made, PEM, brought by an operator. */
export type GivenCertificates = { readonly tls: string; readonly sign: string };

export async function readTwoKeys(csrs: { tlsCsr: string; signCsr: string }, server: string): Promise<TwoKeys> {
  const tls = await readCsr(csrs.tlsCsr, server);
  if (!tls.ok) throw requestRefused('tlsCsr', tls.error.detail);
  const sign = await readCsr(csrs.signCsr, server);
  if (!sign.ok) throw requestRefused('signCsr', sign.error.detail);
  if (tls.value.equals(sign.value)) throw requestRefused('signCsr', 'holds the key that is for TLS; make two keys');
  return { tls: tls.value, sign: sign.value };
}

/** By our own authority, or as an outside one made them. */
export async function certify(
  tx: Tx,
  registry: Registry,
  gateway: { readonly server: string; readonly address: string },
  keys: TwoKeys,
  now: Date,
  given?: GivenCertificates,
): Promise<Certified> {
  if (given !== undefined) return takeGiven(tx, gateway.server, keys, given, now);
  const { authority } = registry.keys;
  const host = parseAddress(gateway.address)?.host ?? '';
  // X.509 counts whole seconds. Five minutes back, for peers whose clocks are behind.
  const until = new Date(Math.floor(hoursAfter(now, registry.settings.certificateDays * 24).getTime() / 1000) * 1000);
  const period: Period = { from: new Date(now.getTime() - 300_000), until };
  const issue = (use: 'tls' | 'sign') =>
    issueCertificate(
      authority,
      { publicKey: keys[use], server: gateway.server, use, host },
      period,
      registry.random(16),
    );
  return { tls: await issue('tls'), sign: await issue('sign'), ca: authority.certificate, from: now, until };
}

async function takeGiven(
  tx: Tx,
  server: string,
  keys: TwoKeys,
  given: GivenCertificates,
  now: Date,
): Promise<Certified> {
  const outside = await listAuthorities(tx);
  const tls = readGiven(given.tls, 'tls');
  const ca = outside.find(({ der }) => new X509Certificate(tls).checkIssued(new X509Certificate(der)));
  if (ca === undefined) throw requestRefused('certificates', 'were not issued by an authority that is registered here');
  const authority = readAuthority(ca.der.toString('base64'));
  if (!authority.ok) throw requestRefused('certificates', `are of an authority that ${authority.error.detail}`);
  const sign = readGiven(given.sign, 'sign');
  for (const [use, der] of [
    ['tls', tls],
    ['sign', sign],
  ] as const) {
    const read = readGatewayCertificate(der.toString('base64'), authority.value, { server, use });
    if (!read.ok) throw requestRefused(`certificates.${use}`, read.error.detail);
    if (!read.value.publicKey.equals(keys[use]))
      throw requestRefused(`certificates.${use}`, 'does not hold the key of the request');
  }
  const until = endOf([tls, sign, ca.der]);
  const starts = [tls, sign].map((der) => new X509Certificate(der).validFromDate.getTime());
  if (Math.max(...starts) > now.getTime() || until <= now)
    throw requestRefused('certificates', 'do not hold at this moment');
  return { tls, sign, ca: ca.der, from: now, until };
}

function readGiven(pem: string, use: string): Buffer {
  const base64 = /^\s*(?:[^-]*)-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/.exec(pem);
  const der = decodeBase64((base64?.[1] ?? '').replace(/\s/g, ''));
  if (der === undefined || der.length === 0) throw requestRefused(`certificates.${use}`, 'is not one PEM certificate');
  try {
    new X509Certificate(der);
  } catch {
    throw requestRefused(`certificates.${use}`, 'is not a certificate that can be read');
  }
  return der;
}

export function certificateRow(der: Buffer, server: string, use: 'tls' | 'sign'): CertificateRow {
  const certificate = new X509Certificate(der);
  return {
    id: certificateId(der),
    server,
    use,
    serial: certificate.serialNumber,
    publicKeyHash: keyHash(certificate.publicKey),
    der,
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
  };
}

export function keyHash(key: KeyObject): Buffer {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
}
