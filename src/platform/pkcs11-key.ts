import { createPublicKey, type KeyObject, randomBytes, verify } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { loadPkcs11, NOT_OUR_SESSION, type Pkcs11Module, pkcs11Code, pkcs11Words } from './pkcs11-module.ts';
import type { Pkcs11Uri } from './pkcs11-uri.ts';

/** What keeps a token's key from being used, in one line with its remedy. */
export class TokenRefusal extends Error {
  override readonly name = 'TokenRefusal';
}

/** An Ed25519 key that never leaves its token. */
export type TokenKey = {
  readonly publicKey: KeyObject;
  /** 64 bytes. Throws TokenRefusal while the token is away, has lost its key or refuses the PIN. */
  sign(data: Uint8Array): Promise<Buffer>;
  close(): Promise<void>;
};

const CKO = { public: 2, private: 3 } as const;
const CKA = { class: 0x0, label: 0x3, id: 0x102, keyType: 0x100, ecPoint: 0x181 } as const;
const CKK_EC_EDWARDS = 0x40;
const CKM_EDDSA = 0x1057;
const CKF_SERIAL_SESSION = 4;
const CKU_USER = 1;
const CKR_PIN = { incorrect: 0xa0, locked: 0xa4 } as const;
const SIGNATURE_BYTES = 64;

type Session = { readonly handle: Buffer; readonly key: Buffer; readonly publicKey: KeyObject };

/**
 * Opens the token, logs in and finds the key pair. A session that is lost is opened anew at the next signature: a token
 * that was pulled out and put back needs nobody. One signature at a time: a session holds one operation.
 */
export async function openTokenKey(uri: Pkcs11Uri): Promise<TokenKey> {
  const module = await loadPkcs11(uri.modulePath);
  const login = pinLogin(module, uri);
  let session: Session | undefined = await openSession(module, uri, login);
  const { publicKey } = session;
  const rawKey = rawPublic(publicKey);

  async function reopened(): Promise<Session> {
    const opened = await openSession(module, uri, login).catch(async (cause: unknown) => {
      if (cause instanceof PinRefused) throw cause;
      // Some modules see a token that was put back only when they begin anew.
      restart(module, uri);
      return openSession(module, uri, login);
    });
    if (!rawPublic(opened.publicKey).equals(rawKey)) {
      module.closeSession(opened.handle);
      throw new TokenRefusal(`the token ${uri.token} holds another key under the name ${uri.object} than before`);
    }
    return opened;
  }

  async function signOnce(data: Uint8Array): Promise<Buffer> {
    session ??= await reopened();
    const { handle, key } = session;
    try {
      const signature = await module.sign(handle, key, CKM_EDDSA, Buffer.from(data), SIGNATURE_BYTES);
      // A checkpoint that does not verify would be committed, and could not be taken back.
      if (verify(null, data, publicKey, signature)) return signature;
      throw new TokenRefusal(`the token ${uri.token} gave a wrong signature`);
    } catch (cause) {
      session = undefined;
      module.closeSession(handle);
      throw cause instanceof TokenRefusal ? cause : refusalOf(cause, uri);
    }
  }

  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine.catch(() => {});
    return mine;
  };
  return {
    publicKey,
    sign: (data) => inTurn(() => signOnce(data).catch(() => signOnce(data))),
    close: () =>
      inTurn(async () => {
        if (session !== undefined) module.closeSession(session.handle);
        session = undefined;
      }),
  };
}

function restart(module: Pkcs11Module, uri: Pkcs11Uri): void {
  try {
    module.restart();
  } catch (cause) {
    throw refusalOf(cause, uri);
  }
}

class PinRefused extends TokenRefusal {}

type Login = (session: Buffer) => Promise<void>;

/** A wrong PIN is not tried twice: after some wrong ones a token locks itself. Another PIN in the file is tried. */
function pinLogin(module: Pkcs11Module, uri: Pkcs11Uri): Login {
  let refused: string | undefined;
  return async (session) => {
    const pin = await readPin(uri.pinFile);
    if (pin === refused)
      throw new PinRefused(`the PIN in ${uri.pinFile} was refused by the token ${uri.token}; correct it`);
    try {
      module.login(session, CKU_USER, pin);
    } catch (cause) {
      const code = pkcs11Code(cause);
      if (code === CKR_PIN.incorrect) refused = pin;
      if (code === CKR_PIN.locked)
        throw new PinRefused(`the token ${uri.token} has locked its PIN; its security officer must set a new one`);
      if (code === CKR_PIN.incorrect)
        throw new PinRefused(`the PIN in ${uri.pinFile} was refused by the token ${uri.token}; correct it`);
      throw cause;
    }
  };
}

async function readPin(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new TokenRefusal(`the file with the PIN, ${path}, is not there`);
  if ((found.mode & 0o077) !== 0) throw new TokenRefusal(`${path} can be read by others; run: chmod 600 ${path}`);
  return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
}

async function openSession(module: Pkcs11Module, uri: Pkcs11Uri, login: Login): Promise<Session> {
  let handle: Buffer | undefined;
  try {
    handle = module.openSession(slotOf(module, uri), CKF_SERIAL_SESSION);
    await login(handle);
    const key = onlyKey(module, handle, uri, 'private');
    const publicKey = publicKeyOf(module.attribute(handle, onlyKey(module, handle, uri, 'public'), CKA.ecPoint), uri);
    // Two objects of one name need not be one pair.
    const challenge = randomBytes(32);
    const answer = await module.sign(handle, key, CKM_EDDSA, challenge, SIGNATURE_BYTES);
    if (!verify(null, challenge, publicKey, answer))
      throw new TokenRefusal(`the private and the public key ${uri.object} in the token ${uri.token} are not one pair`);
    return { handle, key, publicKey };
  } catch (cause) {
    if (handle !== undefined) module.closeSession(handle);
    throw cause instanceof TokenRefusal ? cause : refusalOf(cause, uri);
  }
}

function slotOf(module: Pkcs11Module, { token, serial }: Pkcs11Uri): Buffer {
  const found = module.tokens().filter((one) => one.label === token && (serial === undefined || one.serial === serial));
  const [only, ...others] = found;
  if (only === undefined) throw new TokenRefusal(`there is no token "${token}"; is it plugged in, is its name right?`);
  if (others.length > 0) throw new TokenRefusal(`several tokens are named "${token}"; add ;serial=… to the URI`);
  return only.slot;
}

function onlyKey(
  module: Pkcs11Module,
  session: Buffer,
  { token, object, id }: Pkcs11Uri,
  kind: keyof typeof CKO,
): Buffer {
  const template = [
    { type: CKA.class, value: CKO[kind] },
    { type: CKA.keyType, value: CKK_EC_EDWARDS },
    { type: CKA.label, value: object },
    ...(id === undefined ? [] : [{ type: CKA.id, value: id }]),
  ];
  const [only, ...others] = module.find(session, template);
  if (only === undefined)
    throw new TokenRefusal(
      `the token "${token}" has no ${kind} Ed25519 key "${object}"; make it with pkcs11-tool --keypairgen --key-type EC:edwards25519`,
    );
  if (others.length > 0)
    throw new TokenRefusal(`the token "${token}" has several ${kind} keys "${object}"; add ;id=%… to the URI`);
  return only;
}

/** CKA_EC_POINT: the 32 bytes, in an OCTET STRING or, as PKCS#11 3.0 has it too, without. */
function publicKeyOf(point: Buffer, { object }: Pkcs11Uri): KeyObject {
  const raw = point.length === 34 && point[0] === 0x04 && point[1] === 32 ? point.subarray(2) : point;
  if (raw.length !== 32) throw new TokenRefusal(`the public key ${object} is not one of Ed25519`);
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
}

function rawPublic(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
}

function refusalOf(cause: unknown, { token }: Pkcs11Uri): TokenRefusal {
  const code = pkcs11Code(cause);
  const why = code !== undefined && NOT_OUR_SESSION.has(code) ? 'is away or has ended the session' : 'does not sign';
  return new TokenRefusal(`the token "${token}" ${why}: ${pkcs11Words(cause)}`, { cause });
}
