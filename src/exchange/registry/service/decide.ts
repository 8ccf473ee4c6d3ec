import { notFound } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import type { Acting } from '../../operators/audit.ts';
import { certificateId } from '../../trust/certificate.ts';
import type { JoinRequest } from '../../trust/joining.ts';
import type { GatewayStatement } from '../../trust/model.ts';
import type { MemberRequestBody } from '../../trust/requesting.ts';
import { joinConflict, requestDecided } from '../problems.ts';
import { actingFor, hoursAfter, type Registry } from '../registry.ts';
import * as directory from '../store/directory.ts';
import * as members from '../store/member.ts';
import * as store from '../store/request.ts';
import { findStatement, serversOf } from '../store/statement.ts';
import type { RequestKind } from '../views.ts';
import { certify, type GivenCertificates, keyHash, readTwoKeys } from './certify.ts';
import { change } from './change.ts';
import { admit, assertFree, keepCertificates, readJoinKeys } from './join.ts';
import { reissueSubsystems, removeIn } from './member.ts';
import { endOf, openOwnStatement, signStatement } from './statement.ts';

export type Approval = {
  readonly reason?: string | undefined;
  /** Of an outside authority, instead of our own making. */
  readonly certificates?: GivenCertificates | undefined;
};

/**
 * Grants a request: what it asks for, the decision, the list that shows it and the entry in the ledger are one
 * transaction. Of two operators who decide at once the second gets 409 request-decided, which says who was first.
 */
export async function approveRequest(
  registry: Registry,
  acting: Acting,
  id: string,
  approval: Approval,
  now: Date,
): Promise<store.RequestRow> {
  const target = await targetOf(registry, id);
  await change(registry, acting, now, target, async (tx) => {
    const row = await lockWaiting(tx, id);
    const answer = await CARRY_OUT[row.kind](tx, registry, { row, approval, now });
    const decision = { state: 'approved', at: now, by: acting.actor.id, reason: approval.reason ?? null } as const;
    if (!(await store.decideRequest(tx, id, { ...decision, answer }))) throw await decided(tx, id);
  });
  return needRequest(registry, id);
}

export async function refuseRequest(
  registry: Registry,
  acting: Acting,
  id: string,
  reason: string,
  now: Date,
): Promise<store.RequestRow> {
  const target = await targetOf(registry, id);
  await registry.db.transaction(async (tx) => {
    const decision = { state: 'refused', at: now, by: acting.actor.id, reason, answer: null } as const;
    if (!(await store.decideRequest(tx, id, decision))) throw await decided(tx, id);
    await acting.record(tx, target, { reason });
  });
  return needRequest(registry, id);
}

const RULE = { id: 'rule', name: 'rule', roles: [], via: 'nobody' } as const;

/** Where the registry's settings decide. A refusal on the way leaves the request waiting, for an operator to see. */
export async function decideByRule(registry: Registry, id: string, now: Date): Promise<void> {
  await approveRequest(registry, actingFor(registry, 'registry.request-approved', now, RULE), id, {}, now);
}

async function targetOf(registry: Registry, id: string): Promise<string> {
  const row = await needRequest(registry, id);
  return `${row.kind} ${row.server} ${id}`;
}

async function needRequest(registry: Registry, id: string): Promise<store.RequestRow> {
  const row = await store.findRequest(registry.db.read, id);
  if (row === undefined) throw notFound('There is no request of this id.');
  return row;
}

async function lockWaiting(tx: Tx, id: string): Promise<store.RequestRow> {
  // Deciders take turns on the registry's row (`change`), so what is read here stays until the end.
  const row = await store.findRequest(tx, id);
  if (row === undefined) throw notFound('There is no request of this id.');
  if (row.state !== 'waiting') throw await decided(tx, id);
  return row;
}

async function decided(tx: Tx, id: string) {
  const row = await store.findRequest(tx, id);
  return requestDecided({
    state: row?.state ?? 'decided',
    decidedBy: await store.nameOfOperator(tx, row?.decidedBy ?? ''),
    decidedAt: row?.decidedAt?.toISOString() ?? '',
  });
}

type Granting = { readonly row: store.RequestRow; readonly approval: Approval; readonly now: Date };
type CarryOut = (tx: Tx, registry: Registry, granting: Granting) => Promise<object>;

const CARRY_OUT: Readonly<Record<RequestKind, CarryOut>> = {
  join: async (tx, registry, { row, approval, now }) => {
    const { join, codes } = row.payload as { join: Omit<JoinRequest, 'token'>; codes: readonly string[] };
    const keys = await readJoinKeys(join, row.server);
    await assertFree(tx, join, row.server, keys);
    const admitted = await members.findAdmitted(tx, row.memberId, codes);
    const given = approval.certificates;
    return { v: 1, ...(await admit(tx, registry, { request: join, server: row.server, admitted, keys, now, given })) };
  },
  subsystem: async (tx, registry, { row, now }) => {
    const subsystem = row.payload as MemberRequestBody<'subsystem'>;
    const server = await directory.putSubsystem(tx, row.memberId, subsystem, row.server);
    if (server !== row.server) throw joinConflict(`${subsystem.code} is behind ${server}.`);
    await reissueSubsystems(tx, registry, row.server, now);
    return {};
  },
  gateway: async (tx, registry, { row, now }) => {
    const { code, subsystems, secretHash } = row.payload as MemberRequestBody<'gateway'>;
    const server = `${row.memberId}/${code}`;
    if ((await serversOf(tx)).includes(server)) throw joinConflict(`${server} takes part already.`);
    const expiresAt = hoursAfter(now, registry.settings.tokenHours);
    const hash = Buffer.from(secretHash, 'base64url');
    const token = { hash, server, memberId: row.memberId, codes: subsystems, issuedAt: now, expiresAt };
    await members.insertToken(tx, { ...token, approval: 'auto' });
    return { server, expiresAt: expiresAt.toISOString() };
  },
  renew: renewIn,
  leave: async (tx, _registry, { row, now }) => {
    await removeIn(tx, row.server, now);
    return {};
  },
};

/**
 * New certificates for new keys. The former ones stand beside them for the overlap: peers that hold the older list
 * still meet a certificate that they know, those with the newer one know both.
 */
async function renewIn(tx: Tx, registry: Registry, { row, approval, now }: Granting): Promise<object> {
  const held = await findStatement(tx, row.server);
  if (held === undefined) throw notFound(`There is no gateway ${row.server}.`);
  const { statement } = openOwnStatement(held);
  const keys = await readTwoKeys(row.payload as MemberRequestBody<'renew'>, row.server);
  const taken = await members.isTaken(tx, { ...statement, publicKeys: [keyHash(keys.tls), keyHash(keys.sign)] });
  if (taken !== undefined) throw joinConflict(`The ${taken} is registered already; renew with new keys.`);
  const certified = await certify(tx, registry, statement, keys, now, approval.certificates);
  const { former: _before, ...rest } = statement;
  const made = {
    ...rest,
    tlsCertificate: certified.tls.toString('base64'),
    signCertificate: certified.sign.toString('base64'),
    ...(isSameAuthority(held, certified.ca) ? { former: formerOf(registry, statement, now) } : {}),
    issuedAt: certified.from.toISOString(),
    expiresAt: certified.until.toISOString(),
  };
  const jws = await signStatement(tx, registry, made, certified.ca, now);
  await members.supersedeCertificates(tx, row.server, now);
  await keepCertificates(tx, row.server, certified);
  const { server, memberId } = row;
  const { address, ledger } = statement;
  await members.putGateway(tx, {
    server,
    memberId,
    address,
    ledger,
    statement: jws,
    joinedAt: now,
    expiresAt: certified.until,
  });
  return { v: 1, tlsCertificate: made.tlsCertificate, signCertificate: made.signCertificate, statement: jws };
}

/** What the other end of a message may still meet: at most until the former certificates end themselves. */
function formerOf(registry: Registry, statement: GatewayStatement, now: Date): NonNullable<GatewayStatement['former']> {
  const { tlsCertificate, signCertificate } = statement;
  const ders = [tlsCertificate, signCertificate].map((base64) => Buffer.from(base64, 'base64'));
  const until = Math.min(hoursAfter(now, registry.settings.overlapHours).getTime(), endOf(ders).getTime());
  return { tlsCertificate, signCertificate, until: new Date(until).toISOString() };
}

/** Only one authority stands in a statement's header; where it changes, the change is at once. */
function isSameAuthority(held: string, ca: Buffer): boolean {
  return openOwnStatement(held).ca === certificateId(ca);
}
