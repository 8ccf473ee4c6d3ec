import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../platform/index.ts';

/** A secret of `size` bytes kept in `dir`, made at the first start. Losing the file loses what it hashed. */
export async function keptSecret(dir: string, name: string, size = 32): Promise<Buffer> {
  const path = join(dir, `${name}.secret`);
  if (!existsSync(path)) await keep(dir, path, randomBytes(size).toString('base64url'));
  return Buffer.from((await readFile(path, 'utf8')).trim(), 'base64url');
}

/** A private key kept as PKCS #8 in `dir`, made at the first start. */
export async function keptKey(dir: string, name: string, kind: 'ed25519' | 'p256'): Promise<KeyObject> {
  const path = join(dir, `${name}.pem`);
  if (!existsSync(path)) await keep(dir, path, newKey(kind).export({ type: 'pkcs8', format: 'pem' }) as string);
  return createPrivateKey(await readFile(path, 'utf8'));
}

function newKey(kind: 'ed25519' | 'p256'): KeyObject {
  if (kind === 'ed25519') return generateKeyPairSync('ed25519').privateKey;
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
}

async function keep(dir: string, path: string, text: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await writeDurably(`${path}.new`, path, `${text.trim()}\n`);
}
