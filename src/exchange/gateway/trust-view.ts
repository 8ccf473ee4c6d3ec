import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { Fault } from '../message/fault.ts';
import { parseSubsystem } from '../message/identifiers.ts';
import type { ListedGroup, ListedMember, ListedWitness, Revocation } from '../trust/list-parts.ts';
import type { GatewayStatement, ListedGateway, TrustList, TrustSource } from '../trust/model.ts';

/** A gateway of the trust list with what a message needs of it, computed once a statement and not once a message. */
export type KnownGateway = {
  readonly statement: GatewayStatement;
  /** The statement as the registry signed it. */
  readonly jws: string;
  readonly signKey: KeyObject;
  readonly keyid: string;
  /** base64url SHA-256 of the TLS certificate; the thumbprint is the same in hexadecimal. */
  readonly tlsId: string;
  readonly tlsThumbprint: string;
  readonly validFrom: number;
  readonly validUntil: number;
  /** What it used before its renewal, good until then beside the present ones. */
  readonly former?: KnownKeys & { readonly until: number };
};

type KnownKeys = {
  readonly signKey: KeyObject;
  readonly keyid: string;
  readonly tlsId: string;
  readonly tlsThumbprint: string;
};

export type TrustView = {
  readonly list: TrustList;
  /** Of every authority, base64 DER: the instance's own and those of instances that it trusts. */
  readonly caCertificates: readonly string[];
  readonly caPems: readonly string[];
  /** Of this instance and of those that it trusts; of these only what passed the filter. */
  readonly bySubsystem: ReadonlyMap<string, KnownGateway>;
  readonly byServer: ReadonlyMap<string, KnownGateway>;
  /** Present and former certificates. */
  readonly byKeyid: ReadonlyMap<string, KnownGateway>;
  readonly byTls: ReadonlyMap<string, KnownGateway>;
  /** INSTANCE/CLASS/MEMBER */
  readonly members: ReadonlyMap<string, ListedMember>;
  readonly groups: ReadonlyMap<string, ListedGroup>;
  readonly witnesses: ReadonlyMap<string, ListedWitness>;
  /** Ids of certificates that no longer count. */
  readonly revoked: ReadonlyMap<string, Revocation>;
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
  const revoked = new Map(list.revocations.map((one) => [one.certificate, one]));
  const maps = {
    bySubsystem: new Map<string, KnownGateway>(),
    byServer: new Map<string, KnownGateway>(),
    byKeyid: new Map<string, KnownGateway>(),
    byTls: new Map<string, KnownGateway>(),
  };
  for (const listed of list.gateways) addGateway(maps, listed, revoked);
  for (const foreign of list.federated) {
    const passed = new Set(foreign.subsystems);
    // One of which no subsystem passed the filter is a stranger here, whatever its registry says.
    const known = foreign.gateways.filter(({ statement }) => subsystemsOf(statement).some((id) => passed.has(id)));
    for (const listed of known) addGateway(maps, listed, revoked, passed);
  }
  const caCertificates = [...list.caCertificates, ...list.federated.flatMap((one) => one.caCertificates)];
  return {
    list,
    caCertificates,
    caPems: caCertificates.map((der) => new X509Certificate(Buffer.from(der, 'base64')).toString()),
    ...maps,
    members: new Map(list.members.map((member) => [member.id, member])),
    groups: new Map(list.groups.map((group) => [group.code, group])),
    witnesses: new Map(list.witnesses.map((witness) => [witness.name, witness])),
    revoked,
  };
}

type Maps = Record<'bySubsystem' | 'byServer' | 'byKeyid' | 'byTls', Map<string, KnownGateway>>;

/** The registry leaves revoked gateways out; should a list hold one all the same, the revocation wins. */
function addGateway(
  maps: Maps,
  { statement, jws }: ListedGateway,
  revoked: ReadonlyMap<string, Revocation>,
  passed?: ReadonlySet<string>,
): void {
  const whole = knownGateway(statement, jws);
  const isRevoked = ({ tlsId, keyid }: KnownKeys) => revoked.has(tlsId) || revoked.has(keyid);
  if (isRevoked(whole)) return;
  const gateway = whole.former !== undefined && isRevoked(whole.former) ? withoutFormer(whole) : whole;
  for (const keys of [gateway, ...(gateway.former === undefined ? [] : [gateway.former])]) {
    maps.byKeyid.set(keys.keyid, gateway);
    maps.byTls.set(keys.tlsThumbprint, gateway);
  }
  maps.byServer.set(statement.server, gateway);
  for (const id of subsystemsOf(statement)) if (passed?.has(id) !== false) maps.bySubsystem.set(id, gateway);
}

function subsystemsOf(statement: GatewayStatement): readonly string[] {
  return statement.subsystems.map(({ code }) => `${statement.member.id}/${code}`);
}

const gateways = new WeakMap<GatewayStatement, KnownGateway>();

/** Once for each statement: a list that follows another takes over the statements that did not change. */
function knownGateway(statement: GatewayStatement, jws: string): KnownGateway {
  const made = gateways.get(statement);
  if (made !== undefined) return made;
  const { former } = statement;
  const gateway: KnownGateway = keysOf(statement, {
    statement,
    jws,
    // The statement's period is inside those of its certificates (`readStatement`).
    validFrom: Date.parse(statement.issuedAt),
    validUntil: Date.parse(statement.expiresAt),
    ...(former === undefined ? {} : { former: keysOf(former, { until: Date.parse(former.until) }) }),
  });
  gateways.set(statement, gateway);
  return gateway;
}

function withoutFormer({ statement, jws, validFrom, validUntil }: KnownGateway): KnownGateway {
  return keysOf(statement, { statement, jws, validFrom, validUntil });
}

/** The key is read out of its certificate when a message needs it first: of most gateways of a large list none ever does. */
function keysOf<T extends object>(
  from: { readonly tlsCertificate: string; readonly signCertificate: string },
  beside: T,
): T & KnownKeys {
  const sign = Buffer.from(from.signCertificate, 'base64');
  const tls = createHash('sha256').update(Buffer.from(from.tlsCertificate, 'base64')).digest();
  let signKey: KeyObject | undefined;
  return {
    ...beside,
    keyid: certificateKeyid(sign),
    tlsId: tls.toString('base64url'),
    tlsThumbprint: tls.toString('hex'),
    get signKey() {
      signKey ??= new X509Certificate(Buffer.from(from.signCertificate, 'base64')).publicKey;
      return signKey;
    },
  };
}

/** The key that the gateway signs with under this id: its present one, or until its end the one before. */
export function signKeyOf(gateway: KnownGateway, keyid: string, now: Date): KeyObject | undefined {
  if (keyid === gateway.keyid) return gateway.signKey;
  const { former } = gateway;
  return former?.keyid === keyid && now.getTime() < former.until ? former.signKey : undefined;
}

/** Whether the gateway may show this certificate now: its present one, or until its end the one before. */
export function showsOwnTls(gateway: KnownGateway, print: string, now: Date): boolean {
  if (print === gateway.tlsThumbprint) return true;
  const { former } = gateway;
  return former?.tlsThumbprint === print && now.getTime() < former.until;
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

const NO_GROUPS: ReadonlySet<string> = new Set();
const memberships = new WeakMap<TrustView, ReadonlyMap<string, ReadonlySet<string>>>();

/** Codes of the groups that a subsystem is in. */
export function groupsOf(view: TrustView, subsystem: string): ReadonlySet<string> {
  if (view.groups.size === 0) return NO_GROUPS;
  let known = memberships.get(view);
  if (known === undefined) {
    const codes = new Map<string, Set<string>>();
    for (const group of view.groups.values()) {
      for (const one of group.subsystems) codes.set(one, (codes.get(one) ?? new Set()).add(group.code));
    }
    known = codes;
    memberships.set(view, known);
  }
  return known.get(subsystem) ?? NO_GROUPS;
}
