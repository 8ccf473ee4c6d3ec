import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { decodeBase64url, err, type Json, ok, parseJson, type Result } from '../../kernel/index.ts';
import { type JwsType, signJws, verifyJws } from '../trust/jws.ts';
import type { DocumentRefusal, DocumentSigner, KeyFinder } from './document.ts';
import type { Party } from './model.ts';

const actSchema = Type.Object(
  {
    act: Type.Union([Type.Literal('decline'), Type.Literal('suspend'), Type.Literal('resume'), Type.Literal('end')]),
    /** INST/CLASS/MEMBER/SERVERCODE of the gateway that provides the service. */
    provider: Type.String({ minLength: 1, maxLength: 500 }),
    agreement: Type.String({ pattern: '^[A-Za-z0-9._-]{1,80}$' }),
    /** Of a refusal: the version that is refused. The other acts are on the agreement. */
    version: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    /** Counts its party's acts on this agreement. */
    number: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    reason: Type.String({ maxLength: 1_000 }),
    endsAt: Type.Optional(Type.String({ format: 'date-time' })),
    at: Type.String({ format: 'date-time' }),
  },
  { additionalProperties: false },
);

/** An act on an agreement as its party signs it for the other side. */
export type ActDocument = Readonly<Static<typeof actSchema>>;

const ACTS_OF: Readonly<Record<Party, readonly ActDocument['act'][]>> = {
  provider: ['suspend', 'resume', 'end'],
  client: ['decline', 'end'],
};

export function signAct({ keyid, key }: DocumentSigner, party: Party, act: ActDocument): string {
  return signJws({ kid: keyid, key }, 'wasl-agreement-act', act, { party });
}

export function readSignedAct(
  jws: string,
  keyOf: KeyFinder,
): Result<{ readonly party: Party; readonly act: ActDocument }, DocumentRefusal> {
  const refuse = (detail: string) => err<DocumentRefusal>({ kind: 'document', detail });
  const read = verifyJws(jws, 'wasl-agreement-act', keyOf, ['party']);
  if (!read.ok) return refuse(read.error.detail);
  const { party } = read.value.header;
  const act: unknown = read.value.payload;
  const [fault] = Value.Errors(actSchema, act);
  if (fault !== undefined) return refuse(`${fault.instancePath || '/'} ${fault.message}`);
  const given = act as ActDocument;
  if (party !== 'provider' && party !== 'client') return refuse('the party is neither side');
  if (!ACTS_OF[party].includes(given.act)) return refuse(`it is not for the ${party} to ${given.act} an agreement`);
  if ((given.act === 'decline') !== (given.version !== undefined))
    return refuse('a refusal names a version, nothing else does');
  if ((given.act === 'end') !== (given.endsAt !== undefined))
    return refuse('an end names its instant, nothing else does');
  return ok({ party, act: given });
}

/** What a JWS says it is, before anything of it is verified. */
export function typeOf(jws: string): string | undefined {
  const typ = (jsonOf(jws.slice(0, 2_000).split('.')[0] ?? '') as { readonly typ?: Json } | undefined)?.typ;
  return typeof typ === 'string' ? typ : undefined;
}

/**
 * The same words under the key that this gateway signs with now: what waited over a renewal of the key would come
 * with a signature that the other side no longer knows.
 */
export function signedNow(jws: string, { keyid, key }: DocumentSigner): string {
  const [head = '', body = ''] = jws.split('.');
  const header = jsonOf(head) as Readonly<Record<string, string>> | undefined;
  const payload = jsonOf(body);
  if (header === undefined || header['kid'] === keyid || typeof payload !== 'object' || payload === null) return jws;
  const { kid: _kid, alg: _alg, typ, ...extra } = header;
  return signJws({ kid: keyid, key }, typ as JwsType, payload, extra);
}

function jsonOf(part: string): Json | undefined {
  const json = parseJson(decodeBase64url(part)?.toString('utf8') ?? '', { maxChars: 100_000, maxDepth: 8 });
  return json.ok ? json.value : undefined;
}
