import Type from 'typebox';
import { decodeBase64url, ok, type Result } from '../../kernel/index.ts';
import {
  addressSchema,
  parseAddress,
  type ShapeRefusal,
  serverIdSchema,
  shapeParser,
  shapeRefusal,
  vkeySchema,
} from './model.ts';

/**
 * What the operator hands over: one line that names the server, the registry (by its anchor's fingerprint, so that
 * the first contact needs no other trust) and the secret. Form: `wasl1.SERVER.ANCHOR.SECRET`, each part base64url.
 */
export type JoinToken = { readonly server: string; readonly anchor: string; readonly secret: Buffer };

export const SECRET_BYTES = 32;

export function formatJoinToken(token: JoinToken): string {
  const server = Buffer.from(token.server).toString('base64url');
  return `wasl1.${server}.${token.anchor}.${token.secret.toString('base64url')}`;
}

const isServerId = shapeParser(serverIdSchema);

export function parseJoinToken(text: string): Result<JoinToken, ShapeRefusal> {
  const [tag, server64 = '', anchor = '', secret64 = '', ...rest] = text.length > 1000 ? [] : text.split('.');
  const server = decodeBase64url(server64)?.toString('utf8');
  const secret = decodeBase64url(secret64);
  const isWhole = tag === 'wasl1' && rest.length === 0 && secret?.length === SECRET_BYTES;
  if (!isWhole || server === undefined || decodeBase64url(anchor)?.length !== 32) {
    return shapeRefusal('the token is not one that a registry issued; copy the whole line');
  }
  return isServerId(server).ok ? ok({ server, anchor, secret }) : shapeRefusal('the token names no server');
}

/** What a gateway sends to join. */
export type JoinRequest = {
  readonly v: 1;
  readonly token: string;
  /** PKCS#10, PEM */
  readonly tlsCsr: string;
  /** PKCS#10, PEM */
  readonly signCsr: string;
  /** `proof` is the log's signed empty checkpoint: it shows that the sender holds the key of `vkey`. */
  readonly ledger: { readonly name: string; readonly vkey: string; readonly proof: string };
  /** https://host:port of the door for other gateways */
  readonly address: string;
};

const pem = Type.String({ minLength: 1, maxLength: 4000 });
const checkJoinRequest = shapeParser(
  Type.Object(
    {
      v: Type.Literal(1),
      token: Type.String({ minLength: 1, maxLength: 1000 }),
      tlsCsr: pem,
      signCsr: pem,
      ledger: Type.Object(
        {
          name: Type.String({ pattern: '^[!-*,-~]{1,200}$' }),
          vkey: vkeySchema,
          proof: Type.String({ minLength: 1, maxLength: 2000 }),
        },
        { additionalProperties: false },
      ),
      address: addressSchema,
    },
    { additionalProperties: false },
  ),
);

export function parseJoinRequest(value: unknown): Result<JoinRequest, ShapeRefusal> {
  const shape = checkJoinRequest(value);
  if (!shape.ok) return shape;
  if (parseAddress(shape.value.address) === undefined) {
    return shapeRefusal('/address must be https://host:port and no more');
  }
  return ok(shape.value);
}

/** What the registry answers: base64 DER certificates and the signed texts. */
export type JoinAnswer = {
  readonly v: 1;
  readonly tlsCertificate: string;
  readonly signCertificate: string;
  readonly statement: string;
  readonly trustList: string;
};

const base64 = Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength: 8000 });
const certifiedSchema = Type.Object(
  {
    v: Type.Literal(1),
    tlsCertificate: base64,
    signCertificate: base64,
    statement: Type.String({ maxLength: 40_000 }),
    trustList: Type.String({ maxLength: 40_000_000 }),
  },
  { additionalProperties: false },
);
const waitingSchema = Type.Object(
  { v: Type.Literal(1), request: Type.String({ pattern: '^[0-9a-f]{32}$' }), state: Type.Literal('waiting') },
  { additionalProperties: false },
);

/** Certificates, statement and list, of a join or a renewal that was granted. */
export const parseCertifiedAnswer: (value: unknown) => Result<JoinAnswer, ShapeRefusal> = shapeParser(certifiedSchema);

/** The answer of a registry where an operator has to decide first. */
export const parseWaitingAnswer = shapeParser(waitingSchema);
