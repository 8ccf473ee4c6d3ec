import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeBase64, decodeBase64url, parseJson } from '../../kernel/index.ts';
import { writeDurably } from '../../platform/index.ts';
import type { TrustAnchor } from './anchor.ts';
import { certificateId, readAuthority } from './certificate.ts';
import { callRegistry } from './fetch.ts';
import { anchorKeys } from './jws.ts';
import type { ArchivedStatement, TrustList } from './model.ts';
import { readStatement } from './rules.ts';

const fileOf = (dir: string, keyid: string): string => join(dir, 'statements', `${keyid}.json`);

/** Keeps every statement of the former list whose signing certificate the next one does not name any more. */
export async function archiveDropped(dir: string, former: TrustList, next: TrustList): Promise<void> {
  const stays = new Set(next.gateways.map(({ statement }) => statement.signCertificate));
  for (const { statement, jws } of former.gateways) {
    if (stays.has(statement.signCertificate)) continue;
    const ca = former.caCertificates.find((der) => certificateId(Buffer.from(der, 'base64')) === authorityIdOf(jws));
    if (ca === undefined) continue;
    await mkdir(join(dir, 'statements'), { recursive: true, mode: 0o700 });
    const path = fileOf(dir, certificateId(Buffer.from(statement.signCertificate, 'base64')));
    await writeDurably(`${path}.new`, path, JSON.stringify({ statement: jws, ca } satisfies ArchivedStatement));
  }
}

/** From the disk or from the registry, and in both cases only what the anchor's keys, also retired ones, signed. */
export async function findArchivedStatement(
  options: { readonly dir: string; readonly registry: string | (() => Promise<string>) },
  anchor: TrustAnchor,
  keyid: string,
): Promise<ArchivedStatement | undefined> {
  if (!/^[A-Za-z0-9_-]{43}$/.test(keyid)) return undefined;
  const kept = await readFile(fileOf(options.dir, keyid), 'utf8').catch(() => undefined);
  const found = kept === undefined ? undefined : readArchived(kept, anchor, keyid);
  if (found !== undefined || typeof options.registry !== 'string') return found;
  const answer = await callRegistry(options.registry, `/statements/${keyid}`).catch(() => undefined);
  return answer?.status === 200 ? readArchived(answer.text, anchor, keyid) : undefined;
}

function readArchived(text: string, anchor: TrustAnchor, keyid: string): ArchivedStatement | undefined {
  const json = parseJson(text, { maxChars: 60_000, maxDepth: 3 });
  if (!json.ok || typeof json.value !== 'object' || json.value === null) return undefined;
  const { statement, ca } = json.value as { readonly statement?: unknown; readonly ca?: unknown };
  if (typeof statement !== 'string' || typeof ca !== 'string' || decodeBase64(ca) === undefined) return undefined;
  const [keys, authority] = [anchorKeys(anchor), readAuthority(ca)];
  if (!keys.ok || !authority.ok) return undefined;
  const authorities = new Map([[certificateId(authority.value.raw), authority.value]]);
  const read = readStatement(statement, anchor.instance, keys.value, authorities);
  return read.ok && certificateId(read.value.sign.raw) === keyid ? { statement, ca } : undefined;
}

function authorityIdOf(jws: string): string | undefined {
  const header = parseJson(decodeBase64url(jws.split('.', 1)[0] ?? '')?.toString('utf8') ?? '');
  const ca = header.ok ? (header.value as { readonly ca?: unknown } | null)?.ca : undefined;
  return typeof ca === 'string' ? ca : undefined;
}
