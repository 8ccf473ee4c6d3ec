import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** An authenticator in letters (WebAuthn 6): it does what real ones do, and on demand what they never would. */
export type SoftAuthenticator = {
  readonly id: string;
  register(challenge: string, lie?: Lie): object;
  answer(challenge: string, lie?: Lie): object;
};

export type Lie = {
  readonly origin?: string;
  readonly rpId?: string;
  /** Leaves out that the user was verified. */
  readonly unverified?: boolean;
  readonly counter?: number;
  readonly key?: KeyObject;
  readonly type?: string;
};

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest();
const base64url = (bytes: Buffer) => bytes.toString('base64url');

export function softAuthenticator(home: { readonly origin: string; readonly rpId: string }): SoftAuthenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credentialId = randomBytes(32);
  let counter = 0;

  const clientData = (type: string, challenge: string, lie: Lie) =>
    Buffer.from(
      JSON.stringify({ type: lie.type ?? type, challenge, origin: lie.origin ?? home.origin, crossOrigin: false }),
    );

  const authData = (flags: number, lie: Lie, credential = Buffer.alloc(0)) => {
    counter += 1;
    const verified = lie.unverified === true ? 0 : USER_VERIFIED;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(lie.counter ?? counter);
    const head = Buffer.from([USER_PRESENT | verified | flags]);
    return Buffer.concat([sha256(lie.rpId ?? home.rpId), head, count, credential]);
  };

  return {
    id: base64url(credentialId),
    register(challenge, lie = {}) {
      const length = Buffer.from([0, credentialId.length]);
      const credential = Buffer.concat([Buffer.alloc(16), length, credentialId, coseKey(publicKey)]);
      const attestation = attestationOf(authData(HAS_CREDENTIAL, lie, credential));
      const client = clientData('webauthn.create', challenge, lie);
      return envelope({
        clientDataJSON: base64url(client),
        attestationObject: base64url(attestation),
        transports: ['internal'],
      });
    },
    answer(challenge, lie = {}) {
      const client = clientData('webauthn.get', challenge, lie);
      const data = authData(0, lie);
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), lie.key ?? privateKey);
      return envelope({
        clientDataJSON: base64url(client),
        authenticatorData: base64url(data),
        signature: base64url(signature),
      });
    },
  };

  function envelope(response: object): object {
    const id = base64url(credentialId);
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
  }
}

/** RFC 9053: an ES256 key as a CBOR map. */
function coseKey(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const head = Buffer.from('a5010203262001215820', 'hex');
  return Buffer.concat([head, Buffer.from(x, 'base64url'), Buffer.from('225820', 'hex'), Buffer.from(y, 'base64url')]);
}

/** `{fmt: "none", attStmt: {}, authData}` in CBOR. */
function attestationOf(authData: Buffer): Buffer {
  const head = Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex');
  return Buffer.concat([head, Buffer.from([authData.length]), authData]);
}
