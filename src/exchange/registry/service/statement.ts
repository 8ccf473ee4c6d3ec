import { X509Certificate } from 'node:crypto';
import { decodeBase64url, parseJson } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import { certificateId } from '../../trust/certificate.ts';
import { signJws } from '../../trust/jws.ts';
import { type GatewayStatement, parseGatewayStatement } from '../../trust/model.ts';
import type { Registry } from '../registry.ts';
import { listAuthorities } from '../store/part.ts';
import * as store from '../store/statement.ts';

/** Signs a statement, keeps it in the archive and gives the text. `ca` is the DER of the authority it names. */
export async function signStatement(
  tx: Tx,
  registry: Registry,
  statement: GatewayStatement,
  ca: Buffer,
  now: Date,
): Promise<string> {
  const jws = signJws(registry.keys.signer, 'wasl-gateway', statement, { ca: certificateId(ca) });
  const keyid = certificateId(Buffer.from(statement.signCertificate, 'base64'));
  await store.archiveStatement(tx, { keyid, jws, ca, signedAt: now });
  return jws;
}

/**
 * Says the same of a gateway anew, with a part of it changed. `issuedAt` stays: it says since when the registry
 * vouches for these keys, and evidence of messages in between must go on to hold.
 */
export async function reissueStatement(
  tx: Tx,
  registry: Registry,
  server: string,
  changed: Partial<GatewayStatement>,
  now: Date,
): Promise<void> {
  const held = await store.findStatement(tx, server);
  if (held === undefined) return;
  const { statement, ca } = openOwnStatement(held);
  const { former, ...rest } = { ...statement, ...changed };
  const isOver = former === undefined || new Date(former.until) <= now;
  const next: GatewayStatement = isOver ? rest : { ...rest, former };
  const authority = await authorityOf(tx, registry, ca);
  await store.replaceStatement(tx, server, await signStatement(tx, registry, next, authority, now));
}

/** What we signed ourselves and kept in our own database: its form is known. */
export function openOwnStatement(jws: string): { readonly statement: GatewayStatement; readonly ca: string } {
  const part = (nth: number) => {
    const json = parseJson(decodeBase64url(jws.split('.')[nth] ?? '')?.toString('utf8') ?? '');
    if (!json.ok) throw new Error('a stored statement cannot be read');
    return json.value;
  };
  const statement = parseGatewayStatement(part(1));
  if (!statement.ok) throw new Error(`a stored statement cannot be read: ${statement.error.detail}`);
  const header = part(0) as { readonly ca?: unknown };
  return { statement: statement.value, ca: String(header.ca) };
}

async function authorityOf(tx: Tx, registry: Registry, id: string): Promise<Buffer> {
  const own = registry.keys.authority.certificate;
  const all = [own, ...(await listAuthorities(tx)).map(({ der }) => der)];
  const found = all.find((der) => certificateId(der) === id);
  if (found === undefined) throw new Error(`the authority ${id} of a gateway is not among the registry's`);
  return found;
}

/** Until when both of a gateway's certificates last, which is how long the statement can. */
export function endOf(certificates: readonly Buffer[]): Date {
  const ends = certificates.map((der) => new X509Certificate(der).validToDate.getTime());
  return new Date(Math.min(...ends));
}
