import Type, { type Static } from 'typebox';
import { decodeBase64, decodeBase64url, err, type Json, ok, parseJson, type Result } from '../../kernel/index.ts';
import { canonicalText, decodeUtf8 } from '../trust/jws.ts';
import {
  codeSchema,
  isInstant,
  jwsSchema,
  lineSchema,
  type ShapeRefusal,
  shapeParser,
  shapeRefusal,
} from '../trust/model.ts';

/**
 * The file that proves one exchange to somebody who has only it and the trust anchor. It is canonical JSON (RFC 8785)
 * and a newline. Everything in it was signed by somebody: the messages by the two gateways, the gateways' statements
 * by the registry, the ledger entries by the ledgers, and the whole by the gateway that exported it.
 *
 * The signature bases hold what travelled in headers and in the address, a person's number among it. That is why
 * the file is made for the two parties and the person only, and says so itself in `personalData`.
 */
export const EVIDENCE_FORMAT = 'wasl-evidence/1';

const closed = { additionalProperties: false } as const;
export const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });

/** One signed message (RFC 9421): what was signed, and the values of its two signature headers. */
export const messageSchema = Type.Object(
  { base: text(20_000), signatureInput: text(2000), signature: text(200) },
  closed,
);

/** One message in one side's ledger. */
export const entrySchema = Type.Object(
  {
    /** The ledger's entry as it is, canonical JSON. */
    leaf: text(4000),
    /** base64url, 16 bytes */
    salt: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }),
    index: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    /** base64, 32 bytes each (RFC 6962 section 2.1.1) */
    proof: Type.Array(Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' }), { maxItems: 63 }),
  },
  closed,
);

/** An RFC 3161 token over the bytes of the side's checkpoint. What both sides would say alike, only the consumer's does. */
export const timestampSchema = Type.Object(
  {
    /** DER, base64, with no certificates in it. */
    token: text(12_000),
    /** The registry's word of that time for the authority, compact JWS. */
    authority: Type.Optional(jwsSchema),
    /** base64 DER, from the signer's certificate to the one that the word names, which may be the signer's own. */
    chain: Type.Array(text(8000), { maxItems: 4 }),
  },
  closed,
);

const sideSchema = Type.Object(
  {
    /** The registry's statement about this side's gateway, compact JWS. */
    statement: jwsSchema,
    /** The authority that the statement names in its header, base64 DER. */
    ca: text(8000),
    /** Signed note of a tree that holds both entries. */
    checkpoint: text(20_000),
    request: entrySchema,
    response: entrySchema,
    timestamp: Type.Optional(timestampSchema),
  },
  closed,
);

/** The registry's statement on the key of the seal, where its gateway signed the exchange with a former one. */
export const sealerSchema = Type.Object(
  {
    statement: jwsSchema,
    /** Where it is not that of the gateway's half. */
    ca: Type.Optional(text(8000)),
  },
  closed,
);

const fileSchema = Type.Object(
  {
    format: Type.Literal(EVIDENCE_FORMAT),
    instance: codeSchema,
    exchange: lineSchema(100),
    personalData: Type.Boolean(),
    request: messageSchema,
    response: messageSchema,
    consumer: sideSchema,
    provider: sideSchema,
    sealer: Type.Optional(sealerSchema),
    seal: jwsSchema,
  },
  closed,
);

export type EvidenceMessage = Readonly<Static<typeof messageSchema>>;
export type EvidenceSealer = Readonly<Static<typeof sealerSchema>>;
export type EvidenceEntry = Omit<Readonly<Static<typeof entrySchema>>, 'proof'> & { readonly proof: readonly string[] };
export type EvidenceTimestamp = Omit<Readonly<Static<typeof timestampSchema>>, 'chain'> & {
  readonly chain: readonly string[];
};
export type EvidenceSide = Omit<Readonly<Static<typeof sideSchema>>, 'request' | 'response' | 'timestamp'> & {
  readonly request: EvidenceEntry;
  readonly response: EvidenceEntry;
  readonly timestamp?: EvidenceTimestamp;
};
export type EvidenceFile = {
  readonly format: typeof EVIDENCE_FORMAT;
  readonly instance: string;
  readonly exchange: string;
  readonly personalData: boolean;
  readonly request: EvidenceMessage;
  readonly response: EvidenceMessage;
  readonly consumer: EvidenceSide;
  readonly provider: EvidenceSide;
  readonly sealer?: EvidenceSealer;
  readonly seal: string;
};
export type EvidenceContent = Omit<EvidenceFile, 'seal'>;

export type EvidenceFormRefusal = { readonly kind: 'form'; readonly detail: string };

const checkFile = shapeParser(fileSchema);
const checkSide = shapeParser(sideSchema);
const MAX_BYTES = 200_000;

/**
 * Reads a file strictly: one content has one spelling. Bytes that are not exactly what this content serialises to
 * are refused, so neither white space, member order, escapes nor base64's spare bits leave room for a change.
 */
export function parseEvidence(bytes: Uint8Array): Result<EvidenceFile, EvidenceFormRefusal> {
  const json = readCanonicalFile(bytes);
  if (!json.ok) return json;
  const shape = checkFile(json.value);
  if (!shape.ok) return refuse(shape.error.detail);
  for (const name of ['consumer', 'provider'] as const) {
    const fault = sideFault(shape.value[name]);
    if (fault !== undefined) return refuse(`/${name}/${fault}`);
  }
  return hasOddSealer(shape.value) ? refuse('/sealer/ca is not base64') : ok(shape.value);
}

export function hasOddSealer({ sealer }: { readonly sealer?: EvidenceSealer }): boolean {
  return sealer?.ca !== undefined && decodeBase64(sealer.ca) === undefined;
}

/** The content of a file that is spelled in the one way that its content has. */
export function readCanonicalFile(bytes: Uint8Array): Result<Json, EvidenceFormRefusal> {
  if (bytes.length > MAX_BYTES) return refuse(`the file has ${bytes.length} bytes, more than ${MAX_BYTES}`);
  const source = decodeUtf8(bytes);
  if (source === undefined) return refuse('the file is not UTF-8');
  const json = parseJson(source, { maxChars: MAX_BYTES, maxDepth: 6 });
  if (!json.ok) return refuse(json.error.detail);
  const canonical = canonicalText(json.value);
  if (canonical === undefined || `${canonical}\n` !== source) {
    return refuse('the file is not canonical JSON (RFC 8785) and one newline');
  }
  return json;
}

/** One side as a gateway answers it to the other. */
export function parseEvidenceSide(value: Json): Result<EvidenceSide, ShapeRefusal> {
  const shape = checkSide(value);
  if (!shape.ok) return shape;
  const fault = sideFault(shape.value);
  return fault === undefined ? ok(shape.value) : shapeRefusal(fault);
}

function sideFault({ request, response, ...side }: EvidenceSide): string | undefined {
  return encodingFault(side, { request, response });
}

/** What is base64 in a side must be spelled as it encodes. */
export function encodingFault(
  side: Pick<EvidenceSide, 'ca' | 'timestamp'>,
  entries: Readonly<Record<string, EvidenceEntry | undefined>>,
): string | undefined {
  if (decodeBase64(side.ca) === undefined) return 'ca is not base64';
  const { token, chain = [] } = side.timestamp ?? {};
  if ([...(token === undefined ? [] : [token]), ...chain].some((one) => decodeBase64(one) === undefined)) {
    return 'timestamp is not base64';
  }
  for (const [name, entry] of Object.entries(entries)) {
    if (entry === undefined) continue;
    const { salt, proof } = entry;
    if (decodeBase64url(salt) === undefined) return `${name}/salt is not base64url`;
    if (proof.some((hash) => decodeBase64(hash) === undefined)) return `${name}/proof is not base64`;
  }
  return undefined;
}

/** A ledger entry about one message, public: it names organisations and commits to the message, no more. */
const leafSchema = Type.Object(
  {
    v: Type.Literal(1),
    kind: Type.Union([Type.Literal('request'), Type.Literal('response'), Type.Literal('refusal')]),
    exchange: lineSchema(100),
    at: Type.String({ maxLength: 24 }),
    client: lineSchema(1000),
    service: lineSchema(1000),
    agreement: Type.Optional(lineSchema(200)),
    purpose: Type.Optional(lineSchema(200)),
    status: Type.Optional(Type.Integer({ minimum: 100, maximum: 999 })),
    fault: Type.Optional(lineSchema(100)),
    commitment: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
  },
  closed,
);

export type EvidenceLeaf = Readonly<Static<typeof leafSchema>>;

const checkLeaf = shapeParser(leafSchema);

export function parseLeaf(source: string): Result<EvidenceLeaf, EvidenceFormRefusal> {
  const json = parseJson(source, { maxChars: 4000, maxDepth: 2 });
  if (!json.ok) return refuse(json.error.detail);
  if (canonicalText(json.value) !== source) return refuse('is not canonical JSON');
  const shape = checkLeaf(json.value);
  if (!shape.ok) return refuse(shape.error.detail);
  return isInstant(shape.value.at) ? ok(shape.value) : refuse('/at is not an instant');
}

function refuse(detail: string): Result<never, EvidenceFormRefusal> {
  return err({ kind: 'form', detail });
}
