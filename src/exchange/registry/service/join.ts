import { openCheckpoint } from '../../../ledger/index.ts';
import type { Tx } from '../../../platform/index.ts';
import type { Acting } from '../../operators/audit.ts';
import { type JoinAnswer, type JoinRequest, parseJoinToken } from '../../trust/joining.ts';
import { type GatewayStatement, memberOf } from '../../trust/model.ts';
import { hashSecret } from '../model.ts';
import { joinConflict, requestRefused, tokenRefused } from '../problems.ts';
import { APPLICANT, actingFor, type Registry } from '../registry.ts';
import { revokeCertificate } from '../store/certificate.ts';
import * as store from '../store/member.ts';
import { insertRequest } from '../store/request.ts';
import { takeNextVersion } from '../store/trust-list.ts';
import {
  type Certified,
  certificateRow,
  certify,
  type GivenCertificates,
  keyHash,
  readTwoKeys,
  type TwoKeys,
} from './certify.ts';
import { publishIn } from './publish.ts';
import { signStatement } from './statement.ts';

/** Joined at once, or waiting for an operator under the id of its request. */
export type JoinOutcome = JoinAnswer | { readonly v: 1; readonly request: string; readonly state: 'waiting' };

/**
 * Lets a gateway in: spends its token and, where the token says so, certifies its two keys, signs its statement and
 * publishes the list that holds it; otherwise the request waits. One transaction: if the answer is lost on the way, the
 * token is spent, and the operator issues another. Throws Problems: 403 join-token, 422 join-request, 409 join-conflict.
 */
export async function joinGateway(registry: Registry, request: JoinRequest, now: Date): Promise<JoinOutcome> {
  const token = parseJoinToken(request.token);
  if (!token.ok) throw tokenRefused(token.error.detail);
  const { server, secret } = token.value;
  const keys = await readJoinKeys(request, server);
  const acting = actingFor(registry, 'registry.gateway-joined', now, APPLICANT);
  return registry.db.transaction(async (tx) => {
    const version = await takeNextVersion(tx); // first: joins take turns from here on
    const spent = await store.spendToken(tx, hashSecret(secret), server, now);
    if (spent === undefined) throw tokenRefused('the token is unknown, used already or expired; ask for another');
    await assertFree(tx, request, server, keys);
    if (spent.approval === 'wait') return putWaiting(tx, registry, { request, server, spent, keys, now, acting });
    const joined = await admit(tx, registry, { request, server, admitted: spent, keys, now });
    const list = await publishIn(tx, registry, version, now);
    await acting.record(tx, server, { version });
    return { v: 1, ...joined, trustList: list.jws };
  });
}

type Waiting = {
  readonly request: JoinRequest;
  readonly server: string;
  readonly spent: store.Spent;
  readonly keys: TwoKeys;
  readonly now: Date;
  readonly acting: Acting;
};

async function putWaiting(tx: Tx, registry: Registry, waiting: Waiting): Promise<JoinOutcome> {
  const { request, server, spent, keys, now, acting } = waiting;
  const id = registry.random(16).toString('hex');
  const { token: _spent, ...join } = request;
  const isNew = await insertRequest(tx, {
    id,
    kind: 'join',
    server,
    memberId: spent.member.id,
    signer: keyHash(keys.sign),
    signerKey: keys.sign.export({ type: 'spki', format: 'der' }),
    payload: { join, codes: spent.subsystems.map(({ code }) => code) },
    receivedAt: now,
  });
  if (!isNew) throw joinConflict(`A request of ${server} to join waits already; decide that one first.`);
  await acting.record(tx, server, { request: id, state: 'waiting' });
  return { v: 1, request: id, state: 'waiting' };
}

export type Admittance = {
  readonly request: Omit<JoinRequest, 'token'>;
  readonly server: string;
  readonly admitted: store.Admitted;
  readonly keys: TwoKeys;
  readonly now: Date;
  readonly given?: GivenCertificates | undefined;
};

/** In the transaction of the decision: certificates, statement, place. The caller publishes. */
export async function admit(
  tx: Tx,
  registry: Registry,
  { request, server, admitted, keys, now, given }: Admittance,
): Promise<Pick<JoinAnswer, 'tlsCertificate' | 'signCertificate' | 'statement'>> {
  const certified = await certify(tx, registry, { server, address: request.address }, keys, now, given);
  const made = statementOf(registry, request, server, admitted, certified);
  const statement = await signStatement(tx, registry, made, certified.ca, now);
  await store.putGateway(tx, {
    server,
    memberId: admitted.member.id,
    address: request.address,
    ledger: request.ledger,
    statement,
    joinedAt: now,
    expiresAt: certified.until,
  });
  await placeSubsystems(tx, server, admitted);
  // A gateway that joins anew has other keys: what the former ones sign from now on is nobody's word.
  for (const id of await store.supersedeCertificates(tx, server, now))
    await revokeCertificate(tx, id, 'superseded', now);
  await keepCertificates(tx, server, certified);
  return {
    tlsCertificate: certified.tls.toString('base64'),
    signCertificate: certified.sign.toString('base64'),
    statement,
  };
}

export async function keepCertificates(tx: Tx, server: string, certified: Certified): Promise<void> {
  for (const use of ['tls', 'sign'] as const) {
    await store.insertCertificate(tx, certificateRow(certified[use], server, use));
  }
}

export async function readJoinKeys(request: Omit<JoinRequest, 'token'>, server: string): Promise<TwoKeys> {
  const keys = await readTwoKeys(request, server);
  // The log's own signature over its empty tree: nobody can register a ledger key that somebody else holds.
  const proof = openCheckpoint(request.ledger.proof, request.ledger.vkey);
  if (!proof.ok) throw requestRefused('ledger', proof.error.detail);
  if (proof.value.origin !== request.ledger.name || proof.value.size !== 0) {
    throw requestRefused('ledger', 'the proof is not the empty checkpoint of the named log');
  }
  return keys;
}

export async function assertFree(
  tx: Tx,
  request: Omit<JoinRequest, 'token'>,
  server: string,
  keys: TwoKeys,
): Promise<void> {
  const { address, ledger } = request;
  const publicKeys = [keyHash(keys.tls), keyHash(keys.sign)];
  const taken = await store.isTaken(tx, { server, address, ledger, publicKeys });
  if (taken !== undefined) throw joinConflict(`The ${taken} is registered already; a gateway has its own.`);
}

async function placeSubsystems(tx: Tx, server: string, admitted: store.Admitted): Promise<void> {
  const codes = admitted.subsystems.map(({ code }) => code);
  const placed = await store.placeSubsystems(tx, admitted.member.id, codes, server);
  if (placed !== codes.length) throw joinConflict('One of the subsystems is behind another gateway of the member.');
}

function statementOf(
  registry: Registry,
  request: Omit<JoinRequest, 'token'>,
  server: string,
  admitted: store.Admitted,
  certified: Certified,
): GatewayStatement {
  return {
    v: 1,
    instance: registry.keys.anchor.instance,
    server,
    member: { id: memberOf(server), name: admitted.member.name },
    subsystems: admitted.subsystems,
    address: request.address,
    tlsCertificate: certified.tls.toString('base64'),
    signCertificate: certified.sign.toString('base64'),
    ledger: { name: request.ledger.name, vkey: request.ledger.vkey },
    issuedAt: certified.from.toISOString(),
    expiresAt: certified.until.toISOString(),
  };
}
