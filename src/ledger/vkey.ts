import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import { decodeBase64, err, ok, type Result } from '../kernel/index.ts';

/** Verifier keys of C2SP signed-note: `NAME+KEYID+BASE64`, the key of a log (type 1) or of a cosigner (type 4). */

export type KeyKind = 'ed25519' | 'cosignature';

export type VerifierKey = {
  readonly name: string;
  /** Eight lowercase hexadecimal digits. Tells keys apart; it is too short to prove anything. */
  readonly keyId: string;
  readonly kind: KeyKind;
  readonly publicKey: KeyObject;
};

export type KeyRefusal = { readonly kind: 'malformed-key'; readonly detail: string };

const TYPE_BYTES: Readonly<Record<KeyKind, number>> = { ed25519: 0x01, cosignature: 0x04 };
const PUBLIC_KEY_BYTES = 32;

/** Non-empty, without white space or plus: those end a name in notes and keys. */
export function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\s\p{Cc}+]/u.test(name);
}

/** The verifier key as text. `publicKey` is Ed25519; throws where the name cannot stand in a key. */
export function formatVkey(name: string, kind: KeyKind, publicKey: KeyObject): string {
  if (!isKeyName(name)) throw new Error(`not a key name: ${JSON.stringify(name)}`);
  const material = keyMaterial(kind, publicKey);
  return `${name}+${keyIdOf(name, material)}+${material.toString('base64')}`;
}

export function parseVkey(text: string): Result<VerifierKey, KeyRefusal> {
  const [, name = '', keyId = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  if (!isKeyName(name)) return refused('expected NAME+KEYID+BASE64');
  const material = decodeBase64(encoded);
  const kind = kindOf(material?.[0]);
  if (material?.length !== 1 + PUBLIC_KEY_BYTES || kind === undefined) {
    return refused('expected the base64 of a type (1 or 4) and an Ed25519 public key');
  }
  if (keyIdOf(name, material) !== keyId) return refused(`the key id ${keyId} is not that of this name and key`);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: material.subarray(1).toString('base64url') };
  return ok({ name, keyId, kind, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) });
}

/** SHA-256(name || newline || type || public key), its first four bytes. */
function keyIdOf(name: string, material: Buffer): string {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), material])).slice(0, 8);
}

function keyMaterial(kind: KeyKind, publicKey: KeyObject): Buffer {
  const { crv, x } = publicKey.export({ format: 'jwk' });
  if (crv !== 'Ed25519' || x === undefined) throw new Error('the key is not Ed25519');
  return Buffer.concat([Buffer.of(TYPE_BYTES[kind]), Buffer.from(x, 'base64url')]);
}

function kindOf(type: number | undefined): KeyKind | undefined {
  if (type === TYPE_BYTES.ed25519) return 'ed25519';
  if (type === TYPE_BYTES.cosignature) return 'cosignature';
  return undefined;
}

const refused = (detail: string) => err<KeyRefusal>({ kind: 'malformed-key', detail });
