import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { anchorKeyOf } from '../trust/jws.ts';
import type { TrustAnchor } from '../trust/model.ts';
import { type Authority, createAuthorityCertificate } from './authority.ts';

/** The registry's secrets. They live in files of its own folder (0600) and never in the database. */
export type RegistryKeys = {
  readonly authority: Authority;
  readonly signer: { readonly kid: string; readonly key: KeyObject };
  readonly anchor: TrustAnchor;
  /** Of the registry's own ledger, Ed25519. */
  readonly ledgerKey: KeyObject;
};

const YEAR_MS = 365 * 86_400_000;

/** Reads the key files of `dir`, or makes them at the first start. */
export async function openRegistryKeys(
  dir: string,
  instance: string,
  now: Date,
  serial: Buffer,
): Promise<RegistryKeys> {
  const folder = join(dir, 'keys');
  const held = await readKeys(folder);
  if (held !== undefined) return describeKeys(held, instance, await openLedgerKey(folder));
  // Made whole beside its place and then renamed: a crash leaves no folder with half of the keys.
  const draft = join(dir, 'keys.new');
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  await makeKeys(draft, authorityName(instance), now, serial);
  await rename(draft, folder);
  const made = await readKeys(folder);
  if (made === undefined) throw new Error(`the keys in ${folder} cannot be read back`);
  return describeKeys(made, instance, await openLedgerKey(folder));
}

const LEDGER_KEY = 'ledger-key.pem';

/** Made apart from the others: registries of before have none. */
async function openLedgerKey(folder: string): Promise<KeyObject> {
  const path = join(folder, LEDGER_KEY);
  const held = await readFile(path, 'utf8').catch(ignoreMissing);
  if (held !== undefined) return createPrivateKey(held);
  const { privateKey } = generateKeyPairSync('ed25519');
  await writeKey(path, privateKey);
  return privateKey;
}

const nextKeyPath = (dir: string, sequence: number): string => join(dir, 'keys', `sign-key-${sequence}.pem`);

/**
 * A new signing key, on the disk before anybody hears of it. A crash after this line leaves a key that signs nothing;
 * the next attempt of the same sequence makes another in its place.
 */
export async function draftSigningKey(dir: string, sequence: number): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await writeKey(nextKeyPath(dir, sequence), privateKey);
  return privateKey;
}

/** The signing key of that place in the chain. Throws where the folder is older than the database. */
export async function readSigningKey(dir: string, sequence: number): Promise<KeyObject> {
  const text = await readFile(nextKeyPath(dir, sequence), 'utf8').catch(ignoreMissing);
  if (text === undefined)
    throw new Error(`${nextKeyPath(dir, sequence)} is missing; restore the registry's key folder`);
  return createPrivateKey(text);
}

async function writeKey(path: string, key: KeyObject): Promise<void> {
  await writeFile(`${path}.new`, pemOf(key), { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
}

function ignoreMissing(cause: unknown): undefined {
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw cause;
}

type KeyFiles = { readonly caKey: string; readonly caCertificate: string; readonly signKey: string };

async function readKeys(folder: string): Promise<KeyFiles | undefined> {
  try {
    const [caKey, caCertificate, signKey] = await Promise.all(
      ['ca-key.pem', 'ca.pem', 'sign-key.pem'].map((name) => readFile(join(folder, name), 'utf8')),
    );
    return { caKey: caKey ?? '', caCertificate: caCertificate ?? '', signKey: signKey ?? '' };
  } catch (cause) {
    return ignoreMissing(cause);
  }
}

async function makeKeys(folder: string, name: string, now: Date, serial: Buffer): Promise<void> {
  const ca = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const period = { from: new Date(now.getTime() - 300_000), until: new Date(now.getTime() + 10 * YEAR_MS) };
  const certificate = await createAuthorityCertificate(ca, name, period, serial);
  const files = {
    'ca-key.pem': pemOf(ca.privateKey),
    'ca.pem': new X509Certificate(certificate).toString(),
    'sign-key.pem': pemOf(signing.privateKey),
  };
  for (const [file, text] of Object.entries(files)) {
    await writeFile(join(folder, file), text, { mode: 0o600, flush: true });
  }
}

function describeKeys(files: KeyFiles, instance: string, ledgerKey: KeyObject): RegistryKeys {
  const certificate = new X509Certificate(files.caCertificate);
  const caKey = createPrivateKey(files.caKey);
  const key = createPrivateKey(files.signKey);
  const name = authorityName(instance);
  if (!certificate.checkPrivateKey(caKey) || certificate.subject !== `CN=${name}`) {
    throw new Error(`the registry's key files are not those of the instance ${instance}`);
  }
  const jwk = anchorKeyOf(createPublicKey(key));
  return {
    authority: { certificate: certificate.raw, key: caKey, name },
    signer: { kid: jwk.kid, key },
    anchor: { v: 1, instance, keys: [jwk] },
    ledgerKey,
  };
}

const authorityName = (instance: string): string => `${instance} exchange authority`;

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}
