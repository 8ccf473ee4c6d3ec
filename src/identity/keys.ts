import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { writeDurably } from '../platform/index.ts';

/**
 * One secret of 32 bytes in a file, and from it one key for each purpose (HKDF, RFC 5869), so that a leak of one
 * use says nothing about another. Losing the file loses the national identity numbers; who reads it can read them.
 */
export type IdentityKeys = {
  /** AES-256-GCM; `nonce` is 12 bytes never used before with this key; `purpose` must be given again to open. */
  seal(plain: string, purpose: string, nonce: Buffer): Buffer;
  /** Undefined when the bytes were not sealed here for this purpose. */
  open(sealed: Buffer, purpose: string): string | undefined;
  /** HMAC-SHA-256: finds a number without being able to read it, and without the key nobody can try numbers out. */
  blindIndex(nationalId: string): Buffer;
  csrfToken(sessionToken: Buffer): string;
};

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function identityKeys(secret: Buffer): IdentityKeys {
  if (secret.length !== 32) throw new Error('the secret of identities has 32 bytes');
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `wasl identity ${purpose}`, 32));
  const sealing = derive('sealing');
  const indexing = derive('national id index');
  const csrf = derive('csrf');
  return {
    seal(plain, purpose, nonce) {
      if (nonce.length !== NONCE_BYTES) throw new Error(`a nonce has ${NONCE_BYTES} bytes`);
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce).setAAD(Buffer.from(purpose));
      const letters = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), letters]);
    },
    open: (sealed, purpose) => openSealed(sealing, sealed, purpose),
    blindIndex: (nationalId) => createHmac('sha256', indexing).update(nationalId).digest(),
    csrfToken: (sessionToken) => createHmac('sha256', csrf).update(sessionToken).digest('base64url'),
  };
}

function openSealed(key: Buffer, sealed: Buffer, purpose: string): string | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(purpose))
    .setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    const letters = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([letters, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

/** What the table keeps in place of a token. A hash without salt is enough for 256 random bits. */
export function tokenHash(token: Buffer): Buffer {
  return createHash('sha256').update(token).digest();
}

/** In a time that does not tell how many letters were right. */
export function isSameText(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/**
 * Reads the secret from its file. Where there is none it is made from `fresh` (32 random bytes); without `fresh` that
 * is an error. A file that others may read is refused: it would have to be taken for known.
 */
export async function openIdentityKeys(path: string, fresh?: Buffer): Promise<IdentityKeys> {
  const found = await stat(path).catch(noSuchFile);
  if (found === undefined) {
    if (fresh === undefined)
      throw new Error(`${path}: there is no key file for identities; make one of 32 random bytes`);
    await writeDurably(`${path}.new`, path, fresh);
    return identityKeys(fresh);
  }
  if ((found.mode & 0o077) !== 0) {
    throw new Error(
      `${path}: others can read the key of identities; run "chmod 600 ${path}" and think of replacing it`,
    );
  }
  const secret = await readFile(path);
  if (secret.length !== 32)
    throw new Error(`${path}: the key of identities has 32 bytes, this file has ${secret.length}`);
  return identityKeys(secret);
}

function noSuchFile(cause: unknown): undefined {
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw cause;
}
