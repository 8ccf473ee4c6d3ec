import Type, { type Static } from 'typebox';
import { err, type Json, ok, parseJson, type Result } from '../../kernel/index.ts';
import { decodeUtf8 } from '../trust/jws.ts';
import { codeSchema, jwsSchema, lineSchema, type ShapeRefusal, shapeParser, shapeRefusal } from '../trust/model.ts';
import {
  type EvidenceEntry,
  type EvidenceFormRefusal,
  type EvidenceMessage,
  type EvidenceSealer,
  type EvidenceTimestamp,
  encodingFault,
  entrySchema,
  hasOddSealer,
  messageSchema,
  readCanonicalFile,
  sealerSchema,
  text,
  timestampSchema,
} from './model.ts';

/**
 * The file about an exchange that was refused, or has no answer. What is known may be one side's only, so every part but
 * the signed request may be absent, and the verifier says what follows from those that are there, and what does not.
 */
export const FAILURE_FORMAT = 'wasl-evidence/2';

const closed = { additionalProperties: false } as const;

const halfSchema = Type.Object(
  {
    /** As in the other format; a side may be named by these two alone, where it signed something and its ledger is not here. */
    statement: jwsSchema,
    ca: text(8000),
    checkpoint: Type.Optional(text(20_000)),
    request: Type.Optional(entrySchema),
    refusal: Type.Optional(entrySchema),
    timestamp: Type.Optional(timestampSchema),
  },
  closed,
);

const fileSchema = Type.Object(
  {
    format: Type.Literal(FAILURE_FORMAT),
    instance: codeSchema,
    exchange: lineSchema(100),
    personalData: Type.Boolean(),
    request: messageSchema,
    /** The provider's gateway's signed answer that it refuses. */
    refusal: Type.Optional(messageSchema),
    consumer: halfSchema,
    provider: Type.Optional(halfSchema),
    sealer: Type.Optional(sealerSchema),
    seal: jwsSchema,
  },
  closed,
);

const givenSchema = Type.Object({ half: halfSchema, refusal: Type.Optional(messageSchema) }, closed);

export type FailureHalf = {
  readonly statement: string;
  readonly ca: string;
  readonly checkpoint?: string;
  readonly request?: EvidenceEntry;
  readonly refusal?: EvidenceEntry;
  readonly timestamp?: EvidenceTimestamp;
};
export type FailureFile = {
  readonly format: typeof FAILURE_FORMAT;
  readonly instance: string;
  readonly exchange: string;
  readonly personalData: boolean;
  readonly request: EvidenceMessage;
  readonly refusal?: EvidenceMessage;
  readonly consumer: FailureHalf;
  readonly provider?: FailureHalf;
  readonly sealer?: EvidenceSealer;
  readonly seal: string;
};
/** What one gateway gives the other towards such a file. */
export type GivenHalf = { readonly half: FailureHalf; readonly refusal?: EvidenceMessage };

const checkFile = shapeParser(fileSchema);
const checkGiven = shapeParser(givenSchema);

/** The file says its format; each verifier is as strict as if there were no other. */
export function isFailureFile(bytes: Uint8Array): boolean {
  const source = bytes.length > 200_000 ? undefined : decodeUtf8(bytes);
  const json = source === undefined ? undefined : parseJson(source, { maxChars: 200_000, maxDepth: 6 });
  const value = json?.ok === true ? json.value : undefined;
  return typeof value === 'object' && value !== null && 'format' in value && value['format'] === FAILURE_FORMAT;
}

/** As strict as `parseEvidence`: one content has one spelling, and no part stands there that leads to nothing. */
export function parseFailure(bytes: Uint8Array): Result<FailureFile, EvidenceFormRefusal> {
  const json = readCanonicalFile(bytes);
  if (!json.ok) return json;
  const shape = checkFile(json.value);
  if (!shape.ok) return refuse(shape.error.detail);
  const file: Static<typeof fileSchema> = shape.value;
  for (const name of ['consumer', 'provider'] as const) {
    const fault = file[name] === undefined ? undefined : halfFault(file[name] as FailureHalf);
    if (fault !== undefined) return refuse(`/${name}/${fault}`);
  }
  const { consumer, provider } = file;
  if (consumer.checkpoint === undefined && provider?.checkpoint === undefined)
    return refuse('no ledger is in the file');
  if (provider !== undefined && provider.checkpoint === undefined && file.refusal === undefined)
    return refuse('/provider is of nobody who signed or entered anything');
  if (provider === undefined && file.refusal !== undefined) return refuse('/refusal is signed by nobody in the file');
  return hasOddSealer(file) ? refuse('/sealer/ca is not base64') : ok(file as FailureFile);
}

/** As a gateway answers it to the other. */
export function parseGivenHalf(value: Json): Result<GivenHalf, ShapeRefusal> {
  const shape = checkGiven(value);
  if (!shape.ok) return shape;
  const given = shape.value as GivenHalf;
  const fault = halfFault(given.half);
  return fault === undefined ? ok(given) : shapeRefusal(fault);
}

function halfFault({ request, refusal, ...side }: FailureHalf): string | undefined {
  const hasEntries = request !== undefined || refusal !== undefined;
  if (hasEntries !== (side.checkpoint !== undefined))
    return 'checkpoint must stand where there are entries, and only there';
  if (side.timestamp !== undefined && side.checkpoint === undefined) return 'timestamp is over no checkpoint';
  return encodingFault(side, { request, refusal });
}

function refuse(detail: string): Result<never, EvidenceFormRefusal> {
  return err({ kind: 'form', detail });
}
