import { createPrivateKey, createPublicKey, type JsonWebKey, KeyObject, sign } from 'node:crypto';
import { unwrap } from '../kernel/index.ts';
import { cosignedMessage, formatNote, signatureLine } from './note.ts';
import { formatVkey, type KeyKind, parseVkey } from './vkey.ts';

/** An Ed25519 private key: a key object, PKCS #8 as PEM, or a JWK. */
export type PrivateKey = KeyObject | string | JsonWebKey;

/** Signs the checkpoints of one log. `origin` is the log's name in its checkpoints, and the key's name. */
export type LogSigner = {
  readonly origin: string;
  readonly vkey: string;
  /** The signed note of a checkpoint's text; at once where the key is at hand. */
  sign(text: string): string | Promise<string>;
};

export type LocalLogSigner = Omit<LogSigner, 'sign'> & { sign(text: string): string };

/** An Ed25519 key that is somewhere else, such as in a token: it signs, and is never here. */
export type RemoteKey = { readonly publicKey: KeyObject; sign(data: Uint8Array): Promise<Buffer> };

/** Signs other logs' checkpoints after checking that they are consistent (C2SP tlog-cosignature). */
export type Witness = {
  readonly name: string;
  readonly vkey: string;
  /** A signature line, with its newline, to put below the checkpoint's others. `now` is cut to seconds. */
  cosign(text: string, now: Date): string;
};

/** Throws where the key is not Ed25519 or the origin cannot be a key name (no white space, no plus). */
export function logSigner(origin: string, privateKey: PrivateKey): LocalLogSigner {
  const { key, vkey, keyId } = openKey(origin, 'ed25519', privateKey);
  return {
    origin,
    vkey,
    sign(text) {
      const bytes = sign(null, Buffer.from(text), key);
      return formatNote({ text, signatures: [{ name: origin, keyId, bytes }] });
    },
  };
}

/** The same with a key that is somewhere else. */
export function remoteLogSigner(origin: string, key: RemoteKey): LogSigner {
  const vkey = formatVkey(origin, 'ed25519', key.publicKey);
  const { keyId } = unwrap(parseVkey(vkey));
  return {
    origin,
    vkey,
    async sign(text) {
      const bytes = await key.sign(Buffer.from(text));
      return formatNote({ text, signatures: [{ name: origin, keyId, bytes }] });
    },
  };
}

/** A witness must not use the key of a log, nor of another witness: its messages do not carry its name. */
export function openWitness(name: string, privateKey: PrivateKey): Witness {
  const { key, vkey, keyId } = openKey(name, 'cosignature', privateKey);
  return {
    name,
    vkey,
    cosign(text, now) {
      const time = Math.floor(now.getTime() / 1000);
      const stamp = Buffer.alloc(8);
      stamp.writeBigUInt64BE(BigInt(time));
      const signature = sign(null, Buffer.from(cosignedMessage(text, time)), key);
      return signatureLine({ name, keyId, bytes: Buffer.concat([stamp, signature]) });
    },
  };
}

function openKey(name: string, kind: KeyKind, privateKey: PrivateKey): { key: KeyObject; vkey: string; keyId: string } {
  const key = toKeyObject(privateKey);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`the key of ${name} is not Ed25519`);
  const vkey = formatVkey(name, kind, createPublicKey(key));
  return { key, vkey, keyId: unwrap(parseVkey(vkey)).keyId };
}

function toKeyObject(privateKey: PrivateKey): KeyObject {
  if (privateKey instanceof KeyObject) return privateKey;
  return createPrivateKey(typeof privateKey === 'string' ? privateKey : { key: privateKey, format: 'jwk' });
}
