import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { Problem } from '../../../kernel/index.ts';
import { openCheckpoint } from '../../../ledger/index.ts';
import type { Tx } from '../../../platform/index.ts';
import { certificateId } from '../../trust/certificate.ts';
import { type JoinAnswer, type JoinRequest, parseJoinToken } from '../../trust/joining.ts';
import { signJws } from '../../trust/jws.ts';
import { type GatewayStatement, memberOf, parseAddress } from '../../trust/model.ts';
import { issueCertificate, type Period, readCsr } from '../authority.ts';
import { hashSecret } from '../model.ts';
import { hoursAfter, type Registry } from '../registry.ts';
import * as store from '../store/member.ts';
import { takeNextVersion } from '../store/trust-list.ts';
import { publishIn } from './publish.ts';

/**
 * Lets a gateway in: spends its token, certifies its two keys, signs its statement and publishes the list that
 * holds it, in one transaction. If the answer is lost on the way, the token is spent: the operator issues another.
 * Throws Problems: 403 join-token, 422 join-request, 409 join-conflict.
 */
export async function joinGateway(registry: Registry, request: JoinRequest, now: Date): Promise<JoinAnswer> {
  const token = parseJoinToken(request.token);
  if (!token.ok) throw tokenRefused(token.error.detail);
  const { server, secret } = token.value;
  const keys = await readJoinKeys(request, server);
  return registry.db.transaction(async (tx) => {
    const version = await takeNextVersion(tx); // first: joins take turns from here on
    const admitted = await store.spendToken(tx, hashSecret(secret), server, now);
    if (admitted === undefined) throw tokenRefused('the token is unknown, used already or expired; ask for another');
    await assertFree(tx, request, server, keys);
    const certificates = await certify(registry, request, server, keys, now);
    const statement = signStatement(registry, request, server, admitted, certificates, now);
    await store.putGateway(tx, {
      server,
      memberId: admitted.member.id,
      address: request.address,
      ledger: request.ledger,
      statement,
      joinedAt: now,
      expiresAt: certificates.until,
    });
    await placeSubsystems(tx, server, admitted);
    await store.supersedeCertificates(tx, server, now);
    for (const use of ['tls', 'sign'] as const) {
      await store.insertCertificate(tx, certificateRow(certificates[use], server, use));
    }
    const list = await publishIn(tx, registry, version, now);
    return {
      v: 1,
      tlsCertificate: certificates.tls.toString('base64'),
      signCertificate: certificates.sign.toString('base64'),
      statement,
      trustList: list.jws,
    };
  });
}

/** The keys to certify, and their hashes under `tls` and `sign`. */
type JoinKeys = Readonly<Record<'tls' | 'sign', Buffer> & Record<'tlsKey' | 'signKey', KeyObject>>;

async function readJoinKeys(request: JoinRequest, server: string): Promise<JoinKeys> {
  const tls = await readCsr(request.tlsCsr, server);
  if (!tls.ok) throw requestRefused('tlsCsr', tls.error.detail);
  const sign = await readCsr(request.signCsr, server);
  if (!sign.ok) throw requestRefused('signCsr', sign.error.detail);
  const hashes = { tls: keyHash(tls.value), sign: keyHash(sign.value) };
  if (hashes.tls.equals(hashes.sign)) throw requestRefused('signCsr', 'holds the key that is for TLS; make two keys');
  // The log's own signature over its empty tree: nobody can register a ledger key that somebody else holds.
  const proof = openCheckpoint(request.ledger.proof, request.ledger.vkey);
  if (!proof.ok) throw requestRefused('ledger', proof.error.detail);
  if (proof.value.origin !== request.ledger.name || proof.value.size !== 0) {
    throw requestRefused('ledger', 'the proof is not the empty checkpoint of the named log');
  }
  return { ...hashes, tlsKey: tls.value, signKey: sign.value };
}

async function assertFree(tx: Tx, request: JoinRequest, server: string, keys: JoinKeys): Promise<void> {
  const { address, ledger } = request;
  const taken = await store.isTaken(tx, { server, address, ledger, publicKeys: [keys.tls, keys.sign] });
  if (taken !== undefined) throw joinConflict(`The ${taken} is registered already; a gateway has its own.`);
}

async function placeSubsystems(tx: Tx, server: string, admitted: store.Admitted): Promise<void> {
  const codes = admitted.subsystems.map(({ code }) => code);
  const placed = await store.placeSubsystems(tx, admitted.member.id, codes, server);
  if (placed !== codes.length) throw joinConflict('One of the subsystems is behind another gateway of the member.');
}

type Certified = { readonly tls: Buffer; readonly sign: Buffer; readonly until: Date };

async function certify(
  registry: Registry,
  request: JoinRequest,
  server: string,
  keys: JoinKeys,
  now: Date,
): Promise<Certified> {
  const { authority } = registry.keys;
  const host = parseAddress(request.address)?.host ?? '';
  // X.509 counts whole seconds. Five minutes back, for peers whose clocks are behind.
  const until = new Date(Math.floor(hoursAfter(now, registry.settings.certificateDays * 24).getTime() / 1000) * 1000);
  const period: Period = { from: new Date(now.getTime() - 300_000), until };
  const issue = (use: 'tls' | 'sign', publicKey: KeyObject) =>
    issueCertificate(authority, { publicKey, server, use, host }, period, registry.random(16));
  return { tls: await issue('tls', keys.tlsKey), sign: await issue('sign', keys.signKey), until };
}

function signStatement(
  registry: Registry,
  request: JoinRequest,
  server: string,
  admitted: store.Admitted,
  certificates: Certified,
  now: Date,
): string {
  const statement: GatewayStatement = {
    v: 1,
    instance: registry.keys.anchor.instance,
    server,
    member: { id: memberOf(server), name: admitted.member.name },
    subsystems: admitted.subsystems,
    address: request.address,
    tlsCertificate: certificates.tls.toString('base64'),
    signCertificate: certificates.sign.toString('base64'),
    ledger: { name: request.ledger.name, vkey: request.ledger.vkey },
    issuedAt: now.toISOString(),
    expiresAt: certificates.until.toISOString(),
  };
  const ca = certificateId(registry.keys.authority.certificate);
  return signJws(registry.keys.signer, 'wasl-gateway', statement, { ca });
}

function certificateRow(der: Buffer, server: string, use: 'tls' | 'sign'): store.CertificateRow {
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

function keyHash(key: KeyObject): Buffer {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
}

const tokenRefused = (detail: string): Problem =>
  new Problem(403, 'join-token', 'The token does not let you join', { detail });
const joinConflict = (detail: string): Problem =>
  new Problem(409, 'join-conflict', 'Another gateway has this already', { detail });
const requestRefused = (field: string, detail: string): Problem =>
  new Problem(422, 'join-request', 'The request to join cannot be accepted', {
    detail: `${field} ${detail}`,
    errors: [{ field, message: detail }],
  });
