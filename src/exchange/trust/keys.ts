import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GatewayKeys, LedgerToken } from './model.ts';
import { ECDSA_P256, x509Library } from './x509.ts';

/** A gateway's new secrets, not certified yet. */
export type DraftKeys = {
  readonly tlsKey: KeyObject;
  readonly signKey: KeyObject;
  readonly ledgerKey: KeyObject | LedgerToken;
  /** PKCS#10, PEM */
  readonly tlsCsr: string;
  /** PKCS#10, PEM */
  readonly signCsr: string;
};

const FOLDER = 'keys';
const DRAFT = 'keys.new';
const LEDGER_KEY = 'ledger-key.pem';
const LEDGER_TOKEN = 'ledger-key.pkcs11';

/**
 * Makes two P-256 keys and, the first time, an Ed25519 key, and writes them to the disk before anything is certified:
 * a key that the registry vouches for must not be lost with the process that made it. A gateway that joins anew keeps
 * its ledger's key: a log that went on under another would no longer be the log that others hold checkpoints of. Where
 * that key is in a token, only the token's name is written.
 */
export async function draftGatewayKeys(dir: string, server: string, token?: LedgerToken): Promise<DraftKeys> {
  const draft = join(dir, DRAFT);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  const tlsKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const signKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const held = await readLedgerKey(join(dir, FOLDER)).catch(ignoreMissing);
  const ledgerKey = held ?? token ?? generateKeyPairSync('ed25519').privateKey;
  await writeSecret(join(draft, 'tls-key.pem'), pemOf(tlsKey));
  await writeSecret(join(draft, 'sign-key.pem'), pemOf(signKey));
  if ('pkcs11' in ledgerKey) await writeSecret(join(draft, LEDGER_TOKEN), `${ledgerKey.pkcs11}\n`);
  else await writeSecret(join(draft, LEDGER_KEY), pemOf(ledgerKey));
  const [tlsCsr, signCsr] = await Promise.all([createCsr(tlsKey, server), createCsr(signKey, server)]);
  return { tlsKey, signKey, ledgerKey, tlsCsr, signCsr };
}

/** The signing key that was drafted and is not certified yet. */
export async function draftedSignKey(dir: string): Promise<KeyObject> {
  return createPrivateKey(await readSecret(join(dir, DRAFT, 'sign-key.pem')));
}

export function draftedLedgerKey(dir: string): Promise<KeyObject | LedgerToken> {
  return readLedgerKey(join(dir, DRAFT));
}

/** The token that holds the key of a gateway which has joined from this folder, or is about to; undefined where none does. */
export async function keptLedgerToken(dir: string): Promise<LedgerToken | undefined> {
  for (const folder of [FOLDER, DRAFT]) {
    const key = await readLedgerKey(join(dir, folder)).catch(ignoreMissing);
    if (key !== undefined) return 'pkcs11' in key ? key : undefined;
  }
  return undefined;
}

/** The key, or the token that it is in. */
async function readLedgerKey(folder: string): Promise<KeyObject | LedgerToken> {
  const uri = await readSecret(join(folder, LEDGER_TOKEN)).catch(ignoreMissing);
  return uri === undefined ? createPrivateKey(await readSecret(join(folder, LEDGER_KEY))) : { pkcs11: uri.trim() };
}

/** Puts the certificates (DER) beside the drafted keys and makes the whole folder the one that is loaded. */
export async function keepGatewayKeys(
  dir: string,
  certificates: { readonly tls: Buffer; readonly sign: Buffer },
): Promise<void> {
  const draft = join(dir, DRAFT);
  await writeSecret(join(draft, 'tls.pem'), new X509Certificate(certificates.tls).toString());
  await writeSecret(join(draft, 'sign.pem'), new X509Certificate(certificates.sign).toString());
  await bringAlong(join(dir, FOLDER), draft);
  // The former keys of a gateway that joins anew stay under another name until the new ones are in place.
  const former = join(dir, 'keys.former');
  await rm(former, { recursive: true, force: true });
  await rename(join(dir, FOLDER), former).catch(ignoreMissing);
  await rename(draft, join(dir, FOLDER));
  await rm(former, { recursive: true, force: true });
}

/** Other secrets of the gateway that are kept in the same folder outlive its certificates. */
async function bringAlong(from: string, to: string): Promise<void> {
  const [held = [], made] = await Promise.all([readdir(from).catch(ignoreMissing), readdir(to)]);
  for (const name of held.filter((one) => !made.includes(one))) await copyFile(join(from, name), join(to, name));
}

/** Undefined where no gateway has joined from this folder. Throws where a file is damaged or readable by others. */
export async function loadGatewayKeys(dir: string): Promise<GatewayKeys | undefined> {
  const folder = join(dir, FOLDER);
  const exists = await stat(folder).catch(ignoreMissing);
  if (exists === undefined) return undefined;
  const [tlsKeyPem, tlsCertPem, signKeyPem, signCertPem, ledgerKey] = await Promise.all([
    readSecret(join(folder, 'tls-key.pem')),
    readSecret(join(folder, 'tls.pem')),
    readSecret(join(folder, 'sign-key.pem')),
    readSecret(join(folder, 'sign.pem')),
    readLedgerKey(folder),
  ]);
  const signKey = createPrivateKey(signKeyPem);
  const isWhole =
    new X509Certificate(tlsCertPem).checkPrivateKey(createPrivateKey(tlsKeyPem)) &&
    new X509Certificate(signCertPem).checkPrivateKey(signKey) &&
    ('pkcs11' in ledgerKey || ledgerKey.asymmetricKeyType === 'ed25519');
  if (!isWhole) throw new Error(`the keys in ${folder} do not fit their certificates; restore the folder or join anew`);
  return { tlsKeyPem, tlsCertPem, signCertPem, signKey, ledgerKey };
}

async function createCsr(key: KeyObject, server: string): Promise<string> {
  const { Pkcs10CertificateRequestGenerator } = await x509Library();
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [server] }],
    keys: {
      privateKey: key.toCryptoKey(ECDSA_P256, false, ['sign']),
      publicKey: createPublicKey(key).toCryptoKey(ECDSA_P256, true, ['verify']),
    },
    signingAlgorithm: ECDSA_P256,
  });
  return `${request.toString('pem')}\n`;
}

function writeSecret(path: string, text: string): Promise<void> {
  return writeFile(path, text, { mode: 0o600, flush: true });
}

async function readSecret(path: string): Promise<string> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) throw new Error(`${path} can be read by others; run: chmod 600 ${path}`);
  return readFile(path, 'utf8');
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

function ignoreMissing(cause: unknown): undefined {
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw cause;
}
