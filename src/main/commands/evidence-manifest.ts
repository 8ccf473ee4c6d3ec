import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { writeDurably } from '../../platform/index.ts';

const MANIFEST = 'manifest.json';
/** The gateway's signature over the manifest. */
export const SEAL_FILE = 'manifest.seal';
/** The part of the ledger that the period fills: its head, then an entry a line. */
export const LEDGER_FILE = 'ledger.part';

export type Listed = {
  readonly exchange: string;
  readonly service: string;
  readonly at: string;
};

/**
 * What an export of a period wrote. It tells a folder that has lost or gained a file from a whole one. The gateway
 * signs it; which exchanges there were is told by the part of the ledger beside it, not by this list.
 */
export type Manifest = {
  readonly gateway: string;
  readonly from: string;
  readonly until: string;
  readonly service: string | null;
  readonly exchanges: readonly (Listed & { readonly sha256: string })[];
  /** Exchanges of the period that could not be had, and why. */
  readonly missing: readonly (Listed & { readonly reason: string })[];
  /** SHA-256 of the part of the ledger; absent in a manifest of before. */
  readonly ledger?: string;
};

export const fileOf = (exchange: string): string => `${exchange}.json`;

/** With the digest of each file as it lies there. Gives the digest of the manifest itself, which the gateway signs. */
export async function writeManifest(
  folder: string,
  manifest: Omit<Manifest, 'exchanges' | 'ledger'> & { readonly exchanges: readonly Listed[] },
): Promise<string> {
  const exchanges = [];
  for (const one of manifest.exchanges) {
    exchanges.push({ ...one, sha256: digestOf(await readFile(join(folder, fileOf(one.exchange)))) });
  }
  const ledger = await digestOfFile(join(folder, LEDGER_FILE));
  const path = join(folder, MANIFEST);
  const text = `${JSON.stringify({ ...manifest, exchanges, ledger }, null, 2)}\n`;
  await writeDurably(`${path}.new`, path, text);
  return digestOf(Buffer.from(text));
}

export const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64url');

export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('base64url');
}

export async function evidenceFiles(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.json') && name !== MANIFEST).sort();
}

export type ReadManifest = { readonly manifest: Manifest; readonly digest: string };

/** Undefined where there is none, as in a folder that somebody put together. Throws where it cannot be read. */
export async function readManifest(folder: string): Promise<ReadManifest | undefined> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const manifest = JSON.parse(text) as Partial<Manifest> | null;
  if (!Array.isArray(manifest?.exchanges)) throw new Error('it lists no exchanges');
  const missing = Array.isArray(manifest.missing) ? manifest.missing : [];
  return { manifest: { ...manifest, missing } as Manifest, digest: digestOf(Buffer.from(text)) };
}

/** A line for each file that is gone, was added, or is not the one that was exported. */
export async function differences(folder: string, manifest: Manifest): Promise<readonly string[]> {
  const lines: string[] = [];
  const left = new Set(await evidenceFiles(folder));
  for (const { exchange, sha256 } of manifest.exchanges) {
    const name = fileOf(exchange);
    if (!left.delete(name)) lines.push(`missing: ${name}`);
    // A manifest of before had no digests.
    else if (sha256 !== undefined && digestOf(await readFile(join(folder, name))) !== sha256)
      lines.push(`altered: ${name}`);
  }
  return [...lines, ...[...left].map((name) => `not in the manifest: ${name}`)];
}
