import type { X509Certificate } from 'node:crypto';
import { err, ok, type Result } from '../../kernel/index.ts';
import { certificateId, coversPeriod, readAuthority, readGatewayCertificate } from './certificate.ts';
import { type AnchorKeys, activeKey, anchorFingerprint, anchorKeys, jwsSteps, verifyJws } from './jws.ts';
import type { FederatedPayload } from './list-parts.ts';
import {
  type FederatedInstance,
  type GatewayStatement,
  type ListedGateway,
  parseGatewayStatement,
  parseTrustListPayload,
  type TrustAnchor,
  type TrustList,
} from './model.ts';
import { inOneGo, type Steps } from './steps.ts';

export type TrustRefusal = {
  readonly kind: 'anchor' | 'forged' | 'shape' | 'statement' | 'expired' | 'not-yet' | 'rolled-back' | 'equivocation';
  readonly detail: string;
};

/** A statement whose signature, period and certificates were checked. `ca` is the id of the issuing authority. */
export type VerifiedStatement = {
  readonly statement: GatewayStatement;
  readonly tls: X509Certificate;
  readonly sign: X509Certificate;
  readonly ca: string;
};

/** What a gateway holds already: a newer list must follow it. */
export type HeldList = {
  readonly version: number;
  readonly jws: string;
  /** What this process read out of `jws` under the same anchor: its statements need no second verification. */
  readonly list?: TrustList;
};

const CLOCK_SKEW_MS = 300_000;
const MAX_LIST_CHARS = 100_000_000;

/**
 * The whole gate for a trust list that comes from the network: authentic, of now, and not older than `held`.
 * A registry (or somebody between) that shows an old list to hide a revocation is refused, and so is one that
 * shows two different lists under one version.
 */
export function parseTrustList(
  jws: string,
  anchor: TrustAnchor,
  now: Date,
  held?: HeldList,
): Result<TrustList, TrustRefusal> {
  return inOneGo(trustListSteps(jws, anchor, now, held));
}

/** `parseTrustList`, for a process that has other things to do as well. */
export function* trustListSteps(
  jws: string,
  anchor: TrustAnchor,
  now: Date,
  held?: HeldList,
): Steps<Result<TrustList, TrustRefusal>> {
  const read = yield* readingSteps(jws, anchor, held?.list);
  if (!read.ok) return read;
  const list = read.value;
  if (held !== undefined && list.version < held.version) {
    return refuse('rolled-back', `version ${list.version} is older than version ${held.version}, which is held`);
  }
  if (held !== undefined && list.version === held.version && jws !== held.jws) {
    return refuse('equivocation', `another list was seen under version ${list.version}`);
  }
  if (Date.parse(list.issuedAt) > now.getTime() + CLOCK_SKEW_MS) {
    return refuse('not-yet', `issued at ${list.issuedAt}, which is still to come`);
  }
  return listHasExpired(list, now) ? refuse('expired', `expired at ${list.expiresAt}`) : read;
}

export function listHasExpired(list: TrustList, now: Date): boolean {
  return Date.parse(list.expiresAt) <= now.getTime();
}

/**
 * Authenticity alone: signed by the anchor's key, every statement signed too and its certificates in order. That is
 * 0.7 ms a gateway (measured), so what the `known` list has proved is taken over, and a running gateway takes it in steps.
 */
export function readTrustList(jws: string, anchor: TrustAnchor, known?: TrustList): Result<TrustList, TrustRefusal> {
  return inOneGo(readingSteps(jws, anchor, known));
}

export function* readingSteps(
  jws: string,
  anchor: TrustAnchor,
  known?: TrustList,
): Steps<Result<TrustList, TrustRefusal>> {
  const keys = anchorKeys(anchor);
  if (!keys.ok) return refuse('anchor', keys.error.detail);
  const signed = yield* jwsSteps(jws, 'wasl-trust-list', (kid) => activeKey(keys.value, kid), [], MAX_LIST_CHARS);
  if (!signed.ok) return refuse('forged', signed.error.detail);
  yield;
  const shape = parseTrustListPayload(signed.value.payload);
  if (!shape.ok) return refuse('shape', shape.error.detail);
  yield;
  const payload = shape.value;
  if (payload.instance !== anchor.instance) {
    return refuse('forged', `is of the instance ${payload.instance}, the anchor is of ${anchor.instance}`);
  }
  const gateways = yield* gatewaySteps(payload, keys.value, known);
  if (!gateways.ok) return gateways;
  const federated = yield* federatedSteps(payload.federated, known?.federated ?? []);
  if (!federated.ok) return federated;
  return ok({ ...payload, gateways: gateways.value, federated: federated.value });
}

/** Each under its own anchor, which our registry vouches for by having signed this list. */
function* federatedSteps(
  parts: readonly FederatedPayload[],
  known: readonly FederatedInstance[],
): Steps<Result<readonly FederatedInstance[], TrustRefusal>> {
  const read: FederatedInstance[] = [];
  for (const part of parts) {
    const keys = anchorKeys(part.anchor);
    if (!keys.ok || part.anchor.instance !== part.instance)
      return refuse('shape', `/federated ${part.instance} anchor`);
    const before = known.find(({ instance, anchor }) => instance === part.instance && isSame(anchor, part.anchor));
    const gateways = yield* gatewaySteps(part, keys.value, before);
    if (!gateways.ok) return refuse(gateways.error.kind, `/federated ${part.instance} ${gateways.error.detail}`);
    read.push({ ...part, gateways: gateways.value });
  }
  return ok(read);
}

const isSame = (a: TrustAnchor, b: TrustAnchor): boolean => anchorFingerprint(a) === anchorFingerprint(b);

function readAuthorities(list: readonly string[]): Result<ReadonlyMap<string, X509Certificate>, TrustRefusal> {
  const authorities = new Map<string, X509Certificate>();
  for (const [index, base64] of list.entries()) {
    const ca = readAuthority(base64);
    if (!ca.ok) return refuse('shape', `/caCertificates/${index} ${ca.error.detail}`);
    authorities.set(certificateId(ca.value.raw), ca.value);
  }
  return ok(authorities);
}

type Sealed = {
  readonly instance: string;
  readonly caCertificates: readonly string[];
  readonly gateways: readonly string[];
};

/** Gateways that are read in one step: some 10 ms where none was known. */
const STEP = 16;

function* gatewaySteps(
  list: Sealed,
  keys: AnchorKeys,
  known: { readonly caCertificates: readonly string[]; readonly gateways: readonly ListedGateway[] } | undefined,
): Steps<Result<readonly ListedGateway[], TrustRefusal>> {
  const authorities = readAuthorities(list.caCertificates);
  if (!authorities.ok) return authorities;
  const sameAuthorities = known?.caCertificates.join() === list.caCertificates.join();
  const proved = new Map(sameAuthorities ? known?.gateways.map((one) => [one.jws, one.statement]) : []);
  const gateways: ListedGateway[] = [];
  const taken = new Set<string>();
  for (const [index, jws] of list.gateways.entries()) {
    if (index % STEP === 0) yield;
    const held = proved.get(jws);
    const read = held ? ok({ statement: held }) : readListed(jws, list.instance, keys, authorities.value);
    if (!read.ok) return refuse(read.error.kind, `/gateways/${index} ${read.error.detail}`);
    const { statement } = read.value;
    // One answer to "who is this?": a name, key or subsystem that two gateways share would leave it to the order.
    for (const claim of claimsOf(statement)) {
      if (taken.has(claim)) return refuse('statement', `/gateways/${index} ${claim} is another gateway's already`);
      taken.add(claim);
    }
    gateways.push({ statement, jws });
  }
  return ok(gateways);
}

function claimsOf(statement: GatewayStatement): readonly string[] {
  return [
    `server ${statement.server}`,
    `ledger ${statement.ledger.name}`,
    `vkey ${statement.ledger.vkey}`,
    `certificate ${statement.tlsCertificate}`,
    `certificate ${statement.signCertificate}`,
    ...(statement.former === undefined
      ? []
      : [`certificate ${statement.former.tlsCertificate}`, `certificate ${statement.former.signCertificate}`]),
    ...statement.subsystems.map(({ code }) => `subsystem ${statement.member.id}/${code}`),
  ];
}

/** A list holds what its registry vouches for now: nothing that was signed with a key it has laid down. */
function readListed(
  jws: string,
  instance: string,
  keys: AnchorKeys,
  authorities: ReadonlyMap<string, X509Certificate>,
): Result<VerifiedStatement, TrustRefusal> {
  const current = new Map([...keys].filter(([, { retiredAt }]) => retiredAt === undefined));
  return readStatement(jws, instance, current, authorities);
}

/**
 * One gateway's statement, on its own. The authority is bound by the signed header: `ca` is the SHA-256 of the
 * certificate that issued both of the gateway's, so an evidence file may carry that certificate and needs no list.
 */
export function readStatement(
  jws: string,
  instance: string,
  keys: AnchorKeys,
  authorities: ReadonlyMap<string, X509Certificate>,
): Result<VerifiedStatement, TrustRefusal> {
  const signed = verifyJws(jws, 'wasl-gateway', (kid) => keys.get(kid)?.key, ['ca']);
  if (!signed.ok) return refuse('forged', signed.error.detail);
  const shape = parseGatewayStatement(signed.value.payload);
  if (!shape.ok) return refuse('shape', shape.error.detail);
  if (shape.value.instance !== instance) return refuse('statement', `is of the instance ${shape.value.instance}`);
  const { kid = '', ca = '' } = signed.value.header;
  const retiredAt = keys.get(kid)?.retiredAt;
  // Evidence outlives keys: what was signed before the key was laid down stays true.
  if (retiredAt !== undefined && shape.value.issuedAt >= retiredAt) {
    return refuse('forged', `is signed with the key ${kid}, which was laid down at ${retiredAt}`);
  }
  const authority = authorities.get(ca);
  if (authority === undefined) return refuse('statement', `the authority ${ca} is not among those given`);
  return checkCertificates(shape.value, authority);
}

function checkCertificates(
  statement: GatewayStatement,
  authority: X509Certificate,
): Result<VerifiedStatement, TrustRefusal> {
  const { server } = statement;
  const tls = readGatewayCertificate(statement.tlsCertificate, authority, { server, use: 'tls' });
  if (!tls.ok) return refuse('statement', `the TLS certificate ${tls.error.detail}`);
  const sign = readGatewayCertificate(statement.signCertificate, authority, { server, use: 'sign' });
  if (!sign.ok) return refuse('statement', `the signing certificate ${sign.error.detail}`);
  const from = new Date(statement.issuedAt);
  const until = new Date(statement.expiresAt);
  // The statement's period is inside each certificate's: who checks the one need not check the others.
  if (![tls.value, sign.value, authority].every((certificate) => coversPeriod(certificate, from, until))) {
    return refuse('statement', 'its period is not inside that of its certificates');
  }
  const former = checkFormer(statement, authority);
  return former.ok ? ok({ statement, tls: tls.value, sign: sign.value, ca: certificateId(authority.raw) }) : former;
}

/** The certificates before a renewal are of the same gateway and authority, and last at least as long as is said. */
function checkFormer(statement: GatewayStatement, authority: X509Certificate): Result<true, TrustRefusal> {
  const { server, former } = statement;
  if (former === undefined) return ok(true);
  for (const [use, base64] of [
    ['tls', former.tlsCertificate],
    ['sign', former.signCertificate],
  ] as const) {
    const read = readGatewayCertificate(base64, authority, { server, use });
    if (!read.ok) return refuse('statement', `the former ${use} certificate ${read.error.detail}`);
    if (read.value.validToDate < new Date(former.until)) {
      return refuse('statement', `the former ${use} certificate ends before ${former.until}`);
    }
  }
  return ok(true);
}

function refuse(kind: TrustRefusal['kind'], detail: string): Result<never, TrustRefusal> {
  return err({ kind, detail });
}
