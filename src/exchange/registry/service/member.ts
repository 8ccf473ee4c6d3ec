import { type LocalText, notFound } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import type { Acting } from '../../operators/audit.ts';
import { lookAlikeOf } from '../model.ts';
import { inUse, joinConflict } from '../problems.ts';
import type { Registry } from '../registry.ts';
import { findCurrent, revokeCertificate } from '../store/certificate.ts';
import * as directory from '../store/directory.ts';
import { memberIds } from '../store/member.ts';
import { serversOf } from '../store/statement.ts';
import { change } from './change.ts';
import { reissueStatement } from './statement.ts';

/** Registers a member, or renames it: its gateways' statements say the new name from then on. */
export function putMember(registry: Registry, acting: Acting, id: string, name: LocalText, now: Date): Promise<void> {
  return change(registry, acting, now, id, async (tx) => {
    await refuseLookAlike(tx, id);
    await directory.putMember(tx, id, name, now);
    await reissueOf(tx, registry, { id, name }, now);
  });
}

/** Throws a Problem (409) where another member could be taken for this one. */
export async function refuseLookAlike(tx: Tx, id: string): Promise<void> {
  const other = lookAlikeOf(id, await memberIds(tx));
  if (other !== undefined) throw joinConflict(`${id} looks like ${other}; choose a code that nobody takes for it.`);
}

/** The member's gateways say its present name. */
export async function reissueOf(
  tx: Tx,
  registry: Registry,
  member: { readonly id: string; readonly name: LocalText },
  now: Date,
): Promise<void> {
  for (const server of await serversOf(tx, member.id)) await reissueStatement(tx, registry, server, { member }, now);
}

/** A member leaves: with all its gateways, whose certificates are revoked. */
export function removeMember(registry: Registry, acting: Acting, id: string, now: Date): Promise<void> {
  return change(registry, acting, now, id, async (tx) => {
    if (!(await directory.leaveMember(tx, id, now))) throw notFound(`There is no member ${id}.`);
    for (const server of await serversOf(tx, id)) await removeIn(tx, server, now);
  });
}

export function removeGateway(registry: Registry, acting: Acting, server: string, now: Date): Promise<void> {
  return change(registry, acting, now, server, async (tx) => {
    if (!(await serversOf(tx)).includes(server)) throw notFound(`There is no gateway ${server}.`);
    await removeIn(tx, server, now);
  });
}

/** In the transaction of the decision. What the gateway signs from now on is nobody's word. */
export async function removeIn(tx: Tx, server: string, now: Date): Promise<void> {
  await directory.leaveGateway(tx, server, now);
  for (const { id } of await findCurrent(tx, server)) await revokeCertificate(tx, id, 'cessation', now);
}

export function putSubsystem(
  registry: Registry,
  acting: Acting,
  member: string,
  subsystem: { readonly code: string; readonly name: LocalText },
  now: Date,
): Promise<void> {
  return change(registry, acting, now, `${member}/${subsystem.code}`, async (tx) => {
    if (!(await directory.hasMember(tx, member))) throw notFound(`There is no member ${member}.`);
    const server = await directory.putSubsystem(tx, member, subsystem, null);
    if (server !== null) await reissueSubsystems(tx, registry, server, now);
  });
}

/** A subsystem that a gateway serves is taken from its statement; the last one stays, or the gateway would have none. */
export function removeSubsystem(
  registry: Registry,
  acting: Acting,
  member: string,
  code: string,
  now: Date,
): Promise<void> {
  return change(registry, acting, now, `${member}/${code}`, async (tx) => {
    const removed = await directory.removeSubsystem(tx, member, code);
    if (removed === undefined) throw notFound(`There is no subsystem ${member}/${code}.`);
    if (removed.server === null) return;
    if ((await directory.subsystemsBehind(tx, removed.server)).length === 0)
      throw inUse(`${code} is the only subsystem of ${removed.server}; remove the gateway instead.`);
    await reissueSubsystems(tx, registry, removed.server, now);
  });
}

export async function reissueSubsystems(tx: Tx, registry: Registry, server: string, now: Date): Promise<void> {
  const subsystems = await directory.subsystemsBehind(tx, server);
  await reissueStatement(tx, registry, server, { subsystems }, now);
}
