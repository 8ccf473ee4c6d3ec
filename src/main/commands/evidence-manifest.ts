import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../platform/index.ts';

const MANIFEST = 'manifest.json';

export type Listed = {
  readonly exchange: string;
  readonly service: string;
  readonly at: string;
  /** Absent in a manifest of before, which had answered ones only. */
  readonly outcome?: 'answered' | 'refused' | 'open';
};

/**
 * What an export of a period wrote. It tells a folder that has lost or gained a file from a whole one; it is not signed,
 * so it tells accidents and not fraud: what each file proves rests on the file alone.
 */
export type Manifest = {
  readonly gateway: string;
  readonly from: string;
  readonly until: string;
  readonly service: string | null;
  readonly exchanges: readonly (Listed & { readonly sha256: string })[];
  /** Exchanges of the period that could not be had, and why. */
  readonly missing: readonly (Listed & { readonly reason: string })[];
};

export const fileOf = (exchange: string): string => `${exchange}.json`;

/** With the digest of each file as it lies there. */
export async function writeManifest(
  folder: string,
  manifest: Omit<Manifest, 'exchanges'> & { readonly exchanges: readonly Listed[] },
): Promise<void> {
  const exchanges = [];
  for (const one of manifest.exchanges) {
    exchanges.push({ ...one, sha256: digestOf(await readFile(join(folder, fileOf(one.exchange)))) });
  }
  const path = join(folder, MANIFEST);
  await writeDurably(`${path}.new`, path, `${JSON.stringify({ ...manifest, exchanges }, null, 2)}\n`);
}

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64url');

export async function evidenceFiles(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.json') && name !== MANIFEST).sort();
}

/** Undefined where there is none, as in a folder that somebody put together. Throws where it cannot be read. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const manifest = JSON.parse(text) as Partial<Manifest> | null;
  if (Array.isArray(manifest?.exchanges)) return { missing: [], ...manifest } as Manifest;
  throw new Error('it lists no exchanges');
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
