import { createHmac, createPrivateKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '../../kernel/index.ts';
import { writeDurably } from '../../platform/index.ts';

export type SimulatorKeys = {
  readonly signing: JsonWebKey;
  readonly cookies: string;
  /** The subject of a person for one relying party: another party gets another, and none can be traced back. */
  subjectOf(clientId: string, nationalId: string): string;
};

/** Reads the keys of the folder, or makes them there with mode 0600. */
export async function openSimulatorKeys(folder: string, random: (size: number) => Buffer): Promise<SimulatorKeys> {
  const path = join(folder, 'simulator-keys.json');
  const text = await readFile(path, 'utf8').catch(noSuchFile);
  if (text === undefined) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const made = makeKeys(random);
    await writeDurably(`${path}.new`, path, JSON.stringify(made));
    return keysOf(made);
  }
  const parsed = parseJson(text);
  const value = parsed.ok ? (parsed.value as Partial<KeyFile> | null) : undefined;
  if (typeof value?.salt !== 'string' || typeof value.cookies !== 'string' || !isSigningKey(value.signing)) {
    throw new Error(`${path}: damaged; remove it, and the simulator makes new keys`);
  }
  return keysOf({ signing: value.signing, cookies: value.cookies, salt: value.salt });
}

type KeyFile = { readonly signing: JsonWebKey; readonly cookies: string; readonly salt: string };

function makeKeys(random: (size: number) => Buffer): KeyFile {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = privateKey.export({ format: 'jwk' });
  const signing = { ...jwk, use: 'sig', alg: 'ES256', kid: random(8).toString('hex') };
  return { signing, cookies: random(32).toString('hex'), salt: random(32).toString('hex') };
}

function keysOf(file: KeyFile): SimulatorKeys {
  return {
    signing: file.signing,
    cookies: file.cookies,
    subjectOf: (clientId, nationalId) =>
      createHmac('sha256', file.salt).update(`${clientId}\n${nationalId}`).digest('base64url'),
  };
}

function isSigningKey(value: unknown): value is JsonWebKey {
  try {
    return createPrivateKey({ key: value as JsonWebKey, format: 'jwk' }).asymmetricKeyType === 'ec';
  } catch {
    return false;
  }
}

function noSuchFile(cause: unknown): undefined {
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw cause;
}
