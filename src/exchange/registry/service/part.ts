import { X509Certificate } from 'node:crypto';
import { invalid, notFound, type Result } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import type { Acting } from '../../operators/audit.ts';
import { certificateId, readAuthority } from '../../trust/certificate.ts';
import { parseGroup, parseTsa, parseWitness } from '../parts.ts';
import { inUse } from '../problems.ts';
import type { Registry } from '../registry.ts';
import * as directory from '../store/directory.ts';
import * as store from '../store/part.ts';
import { findStatement, serversOf } from '../store/statement.ts';
import { change } from './change.ts';
import { openOwnStatement } from './statement.ts';
import { requireQuorum } from './witness-policy.ts';

const PARSERS: Readonly<
  Record<store.PartKind, (code: string, body: unknown) => Result<object, { readonly detail: string }>>
> = { group: parseGroup, witness: parseWitness, 'timestamp-authority': parseTsa };

/** Adds a group, a witness or a timestamp authority, or changes it. */
export async function putPart(
  registry: Registry,
  acting: Acting,
  one: { readonly kind: store.PartKind; readonly code: string; readonly body: unknown },
  now: Date,
): Promise<object> {
  const parsed = PARSERS[one.kind](one.code, one.body);
  if (!parsed.ok) throw invalid(parsed.error.detail);
  const part = parsed.value;
  await change(registry, acting, now, `${one.kind} ${one.code}`, async (tx) => {
    if (one.kind === 'group') await requireSubsystems(tx, (part as { subsystems: readonly string[] }).subsystems);
    await store.putPart(tx, one.kind, one.code, part);
    if (one.kind === 'witness') await requireQuorum(tx, registry.keys.anchor.instance);
  });
  return part;
}

async function requireSubsystems(tx: Tx, ids: readonly string[]): Promise<void> {
  const known = await directory.subsystemIds(tx);
  const unknown = ids.find((id) => !known.has(id));
  if (unknown !== undefined) throw invalid(`/subsystems names ${unknown}, which is not registered.`);
}

export function removePart(
  registry: Registry,
  acting: Acting,
  kind: store.PartKind,
  code: string,
  now: Date,
): Promise<void> {
  return change(registry, acting, now, `${kind} ${code}`, async (tx) => {
    if (!(await store.removePart(tx, kind, code))) throw notFound(`There is no ${kind} ${code}.`);
    if (kind === 'witness') await requireQuorum(tx, registry.keys.anchor.instance);
  });
}

/** An outside authority whose certificates count from now on: self-signed, P-256. Gives its id. */
export async function putAuthority(
  registry: Registry,
  acting: Acting,
  name: string,
  pem: string,
  now: Date,
): Promise<string> {
  const der = derOf(pem);
  const read = der === undefined ? undefined : readAuthority(der.toString('base64'));
  if (der === undefined || read === undefined) throw invalid('/certificate is not one PEM certificate.');
  if (!read.ok) throw invalid(`/certificate ${read.error.detail}.`);
  const id = certificateId(der);
  await change(registry, acting, now, id, (tx) => store.putAuthority(tx, { id, name, der }, now));
  return id;
}

export function removeAuthority(registry: Registry, acting: Acting, id: string, now: Date): Promise<void> {
  return change(registry, acting, now, id, async (tx) => {
    for (const server of await serversOf(tx)) {
      const held = await findStatement(tx, server);
      if (held !== undefined && openOwnStatement(held).ca === id)
        throw inUse(`${server} has certificates of this authority; renew or remove it first.`);
    }
    if (!(await store.removeAuthority(tx, id, now))) throw notFound('There is no outside authority of this id.');
  });
}

function derOf(pem: string): Buffer | undefined {
  try {
    return new X509Certificate(pem).raw;
  } catch {
    return undefined;
  }
}
