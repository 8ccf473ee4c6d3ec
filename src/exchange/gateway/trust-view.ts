import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { Fault } from '../message/fault.ts';
import { parseSubsystem } from '../message/identifiers.ts';
import type { GatewayStatement, TrustList, TrustSource } from '../trust/model.ts';

/** A gateway of the trust list with what a message needs of it, computed once a list and not once a message. */
export type KnownGateway = {
  readonly statement: GatewayStatement;
  readonly signKey: KeyObject;
  readonly keyid: string;
  readonly tlsThumbprint: string;
  readonly validFrom: number;
  readonly validUntil: number;
};

export type TrustView = {
  readonly list: TrustList;
  readonly caPems: readonly string[];
  readonly bySubsystem: ReadonlyMap<string, KnownGateway>;
  readonly byKeyid: ReadonlyMap<string, KnownGateway>;
  readonly byTls: ReadonlyMap<string, KnownGateway>;
};

const views = new WeakMap<TrustList, TrustView>();

/** Throws Fault `trust-list-expired` where there is none in force: a gateway without trust passes nothing on. */
export function trustView(source: TrustSource, now: Date): TrustView {
  const current = source.current(now);
  if (!current.ok) throw new Fault('trust-list-expired', current.error.detail);
  const known = views.get(current.value);
  if (known !== undefined) return known;
  const view = buildView(current.value);
  views.set(current.value, view);
  return view;
}

function buildView(list: TrustList): TrustView {
  const bySubsystem = new Map<string, KnownGateway>();
  const byKeyid = new Map<string, KnownGateway>();
  const byTls = new Map<string, KnownGateway>();
  for (const { statement } of list.gateways) {
    const gateway = knownGateway(statement);
    byKeyid.set(gateway.keyid, gateway);
    byTls.set(gateway.tlsThumbprint, gateway);
    for (const subsystem of statement.subsystems) bySubsystem.set(`${statement.member.id}/${subsystem.code}`, gateway);
  }
  const caPems = list.caCertificates.map((der) => new X509Certificate(Buffer.from(der, 'base64')).toString());
  return { list, caPems, bySubsystem, byKeyid, byTls };
}

function knownGateway(statement: GatewayStatement): KnownGateway {
  const sign = new X509Certificate(Buffer.from(statement.signCertificate, 'base64'));
  return {
    statement,
    signKey: sign.publicKey,
    keyid: certificateKeyid(sign.raw),
    tlsThumbprint: thumbprint(Buffer.from(statement.tlsCertificate, 'base64')),
    validFrom: Math.max(Date.parse(sign.validFrom), Date.parse(statement.issuedAt)),
    validUntil: Math.min(Date.parse(sign.validTo), Date.parse(statement.expiresAt)),
  };
}

/** The `keyid` of message signatures: SHA-256 of the sign certificate's DER. */
export function certificateKeyid(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('base64url');
}

export function thumbprint(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex');
}

export function isInForce(gateway: KnownGateway, now: Date): boolean {
  return gateway.validFrom <= now.getTime() && now.getTime() < gateway.validUntil;
}

/** The gateway that serves a subsystem, by its identifier as written on the wire; undefined where there is none. */
export function gatewayOf(view: TrustView, subsystem: string): KnownGateway | undefined {
  const direct = view.bySubsystem.get(subsystem);
  if (direct !== undefined) return direct;
  const parsed = parseSubsystem(subsystem);
  if (!parsed.ok) return undefined;
  const { instance, memberClass, memberCode, subsystem: code } = parsed.value;
  return view.bySubsystem.get(`${instance}/${memberClass}/${memberCode}/${code}`);
}
