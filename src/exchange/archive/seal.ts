import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** STREAM pieces of the age format: 64 KiB, each authenticated with its number and whether it is the last. */
const PIECE = 65_536;
const NONCE = 16;
const TAG = 16;

/** One body in the age format (age-encryption.org/v1), piece by piece. */
export type Sealer = {
  readonly header: Buffer;
  /** What can be written so far; a body's last piece is known only at its end. */
  push(bytes: Buffer): Buffer[];
  end(): Buffer;
};

/**
 * The library makes the header for whatever kinds of recipient there are (X25519, post-quantum, hardware tags). The
 * payload, one HKDF and one AEAD of the standard, is sealed by OpenSSL: the library's own cipher is JavaScript and
 * holds the process up for a second with every 10 MiB. Throws where a recipient cannot be read.
 */
export async function openSealer(recipients: readonly string[]): Promise<Sealer> {
  const { header, fileKey } = await wrapNewKey(recipients);
  const salt = randomBytes(NONCE);
  const key = Buffer.from(hkdfSync('sha256', fileKey, salt, 'payload', 32));
  fileKey.fill(0);
  const held = Buffer.allocUnsafe(PIECE);
  const nonce = Buffer.alloc(12);
  let used = 0;
  let isBegun = false;

  const seal = (isLast: boolean): Buffer => {
    nonce[11] = isLast ? 1 : 0;
    const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG });
    const sealed = [cipher.update(held.subarray(0, used)), cipher.final(), cipher.getAuthTag()];
    // 2^48 pieces are more than any body has.
    nonce.writeUIntBE(nonce.readUIntBE(5, 6) + 1, 5, 6);
    used = 0;
    const front = isBegun ? [] : [salt];
    isBegun = true;
    return Buffer.concat([...front, ...sealed]);
  };
  return {
    header,
    push(bytes) {
      const out: Buffer[] = [];
      for (let at = 0; at < bytes.length; ) {
        if (used === PIECE) out.push(seal(false));
        const taken = bytes.copy(held, used, at);
        used += taken;
        at += taken;
      }
      return out;
    },
    end() {
      const last = seal(true);
      key.fill(0);
      return last;
    },
  };
}

/** An age file of nothing, with a listener among its recipients that is told the key and adds no stanza. */
async function wrapNewKey(recipients: readonly string[]): Promise<{ header: Buffer; fileKey: Buffer }> {
  if (recipients.length === 0) throw new Error('the archive has no recipient');
  // Brought when it is used: most gateways keep no bodies, and are to be light.
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  let fileKey: Buffer | undefined;
  encrypter.addRecipient({
    wrapFileKey(key) {
      fileKey = Buffer.from(key);
      return [];
    },
  });
  const empty = await encrypter.encrypt(new Uint8Array(0));
  if (fileKey === undefined) throw new Error('the library gave no key');
  return { header: Buffer.from(empty.subarray(0, empty.length - NONCE - TAG)), fileKey };
}
