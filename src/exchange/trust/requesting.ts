import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { decodeBase64url, ok, parseJson, type Result } from '../../kernel/index.ts';
import { signJws } from './jws.ts';
import {
  codeSchema,
  digestSchema,
  instantSchema,
  localTextSchema,
  pattern,
  type ShapeRefusal,
  serverIdSchema,
  shapeParser,
  shapeRefusal,
  strict,
} from './shape.ts';

/** What a member asks of its registry, signed with the key of its gateway's signing certificate. */
const csr = Type.String({ minLength: 1, maxLength: 4000 });
const hexId = pattern('[0-9a-f]{32}', 32);

const bodies = {
  subsystem: Type.Object({ code: codeSchema, name: localTextSchema }, strict),
  /** `secretHash` is SHA-256 of the secret that the new gateway's token will hold: the secret itself stays here. */
  gateway: Type.Object(
    { code: codeSchema, subsystems: Type.Array(codeSchema, { minItems: 1, maxItems: 100 }), secretHash: digestSchema },
    strict,
  ),
  renew: Type.Object({ tlsCsr: csr, signCsr: csr }, strict),
  leave: Type.Object({}, strict),
  status: Type.Object({ request: hexId }, strict),
};

const envelope = <K extends keyof typeof bodies>(kind: K) =>
  Type.Object(
    {
      v: Type.Literal(1),
      /** The applicant's own choice: who sends one twice is refused. */
      id: hexId,
      instance: codeSchema,
      server: serverIdSchema,
      kind: Type.Literal(kind),
      issuedAt: instantSchema,
      body: bodies[kind],
    },
    strict,
  );

const memberRequestSchema = Type.Union([
  envelope('subsystem'),
  envelope('gateway'),
  envelope('renew'),
  envelope('leave'),
  envelope('status'),
]);

export type MemberRequest = Static<typeof memberRequestSchema>;
export type MemberRequestKind = MemberRequest['kind'];
export type MemberRequestBody<K extends MemberRequestKind> = Extract<MemberRequest, { kind: K }>['body'];

const check = shapeParser(memberRequestSchema);

export function parseMemberRequest(value: unknown): Result<MemberRequest, ShapeRefusal> {
  return check(value);
}

/** base64url SHA-256 of the SubjectPublicKeyInfo: the `kid` of requests. */
export function keyIdOf(key: KeyObject): string {
  const spki = (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('base64url');
}

export function signMemberRequest(key: KeyObject, request: MemberRequest): string {
  return signJws({ kid: keyIdOf(key), key }, 'wasl-request', request);
}

/** The key that a request says it is signed with; not verified. Undefined for what is no JWS at all. */
export function claimedKey(jws: string): string | undefined {
  const head = jws.length > 20_000 ? undefined : decodeBase64url(jws.split('.', 1)[0] ?? '');
  const json = head === undefined ? undefined : parseJson(head.toString('utf8'), { maxChars: 2000, maxDepth: 2 });
  const kid = json?.ok ? (json.value as { readonly kid?: unknown } | null)?.kid : undefined;
  return typeof kid === 'string' && /^[A-Za-z0-9_-]{43}$/.test(kid) ? kid : undefined;
}

const stateSchema = Type.Object(
  {
    v: Type.Literal(1),
    id: hexId,
    kind: Type.String({ maxLength: 20 }),
    state: Type.Union([Type.Literal('waiting'), Type.Literal('approved'), Type.Literal('refused')]),
    reason: Type.Optional(Type.String({ maxLength: 1000 })),
    /** What an approval brings: certificates and statement of a join or a renewal. */
    answer: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  strict,
);
export type RequestStatus = Static<typeof stateSchema>;

const checkState = shapeParser(stateSchema);

export function parseRequestStatus(value: unknown): Result<RequestStatus, ShapeRefusal> {
  const shape = checkState(value);
  return shape.ok ? ok(shape.value) : shapeRefusal(shape.error.detail);
}
