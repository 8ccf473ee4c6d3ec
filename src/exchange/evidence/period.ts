import Type, { type Static } from 'typebox';
import { decodeBase64, type Json, ok, parseJson, type Result } from '../../kernel/index.ts';
import { leafHash, openCheckpoint, openRange } from '../../ledger/index.ts';
import { certificateId, readAuthority } from '../trust/certificate.ts';
import { verifyJws } from '../trust/jws.ts';
import {
  type GatewayStatement,
  isInstant,
  jwsSchema,
  lineSchema,
  type ShapeRefusal,
  shapeParser,
  shapeRefusal,
  vkeySchema,
} from '../trust/model.ts';
import { readStatement } from '../trust/rules.ts';
import { type Anchors, readJudge } from './anchors.ts';

/**
 * The evidence of a period beside its files: the gateway's word for the list of them, and the part of its ledger that the
 * period fills. From the part it follows which exchanges there were, whatever the list says (ADR 0040).
 */
const closed = { additionalProperties: false } as const;
const hash = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' });
const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

const headSchema = Type.Object(
  {
    v: Type.Literal(1),
    log: lineSchema(200),
    vkey: vkeySchema,
    first: count,
    end: count,
    size: count,
    checkpoint: Type.String({ maxLength: 20_000 }),
    left: Type.Array(hash, { maxItems: 63 }),
    right: Type.Array(hash, { maxItems: 63 }),
  },
  closed,
);
export type PeriodHead = Readonly<Static<typeof headSchema>>;
const checkHead = shapeParser(headSchema);

const wordSchema = Type.Object(
  {
    v: Type.Literal(1),
    by: lineSchema(300),
    at: Type.String({ maxLength: 24 }),
    /** base64url SHA-256 of the manifest's bytes. */
    manifest: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
  },
  closed,
);
const checkWord = shapeParser(wordSchema);
const sealSchema = Type.Object({ jws: jwsSchema, statement: jwsSchema, ca: Type.String({ maxLength: 8000 }) }, closed);
const checkSeal = shapeParser(sealSchema);

export type SealedBy = { readonly statement: GatewayStatement; readonly at: string };

/** The gateway's signature over the manifest, under its own registry's word for it. */
export function readPeriodSeal(text: string, manifest: string, anchors: Anchors): Result<SealedBy, ShapeRefusal> {
  const json = parseJson(text, { maxChars: 200_000, maxDepth: 3 });
  if (!json.ok) return shapeRefusal(json.error.detail);
  const shape = checkSeal(json.value);
  if (!shape.ok) return shape;
  const { jws, statement, ca } = shape.value;
  const judge = readJudge(statement, anchors);
  if (!judge.ok) return shapeRefusal(judge.error.detail);
  const { instance, keys } = judge.value;
  const authority = readAuthority(ca);
  if (!authority.ok) return shapeRefusal(`the authority ${authority.error.detail}`);
  const authorities = new Map([[certificateId(authority.value.raw), authority.value]]);
  const vouched = readStatement(statement, instance, keys, authorities);
  if (!vouched.ok) return shapeRefusal(`the statement ${vouched.error.detail}`);
  const keyid = certificateId(vouched.value.sign.raw);
  const signed = verifyJws(jws, 'wasl-evidence-period', (kid) =>
    kid === keyid ? vouched.value.sign.publicKey : undefined,
  );
  if (!signed.ok) return shapeRefusal(signed.error.detail);
  const word = checkWord(signed.value.payload);
  if (!word.ok || !isInstant(word.value.at)) return shapeRefusal('it says something else than the word for a list');
  const { by, at, manifest: digest } = word.value;
  if (by !== vouched.value.statement.server) return shapeRefusal(`it is of ${by}, its key of another`);
  if (digest !== manifest) return shapeRefusal('it is over another manifest');
  return ok({ statement: vouched.value.statement, at });
}

/** One entry as far as a list of exchanges needs it; undefined for what is none: events, acts of operators. */
export type PeriodEntry = {
  readonly index: number;
  readonly at: string | undefined;
  readonly message: { readonly exchange: string; readonly service: string; readonly kind: string } | undefined;
};

export type PeriodReader = {
  /** The head's line has been read. */
  readonly head: PeriodHead;
  entry(line: string): PeriodEntry;
  /** What is wrong with the part as a whole; undefined where it is the ledger's. */
  close(): string | undefined;
};

/** The part of the ledger, line by line: its head, then each entry as it stands in the log. */
export function openPeriod(headLine: string, vkey: string): Result<PeriodReader, ShapeRefusal> {
  const json = parseJson(headLine, { maxChars: 60_000, maxDepth: 3 });
  if (!json.ok) return shapeRefusal(json.error.detail);
  const shape = checkHead(json.value);
  if (!shape.ok) return shape;
  const head = shape.value;
  if (head.vkey !== vkey) return shapeRefusal('its key is not the one that the registry vouches for');
  const checkpoint = openCheckpoint(head.checkpoint, vkey);
  if (!checkpoint.ok) return shapeRefusal(checkpoint.error.detail);
  const { size, root, origin } = checkpoint.value;
  if (size !== head.size) return shapeRefusal(`the checkpoint of ${origin} is of ${size} entries, not of ${head.size}`);
  const hashes = (list: readonly string[]) => list.map((text) => decodeBase64(text) ?? Buffer.alloc(0));
  const range = openRange(head.first, hashes(head.left));
  if (range === undefined) return shapeRefusal('its left edge does not fit its first entry');
  let index = head.first;
  return ok({
    head,
    entry(line) {
      range.add(leafHash(Buffer.from(line)));
      index += 1;
      return entryOf(index - 1, line);
    },
    close() {
      if (index !== head.end) return `it holds ${index - head.first} entries, ${head.end - head.first} are due`;
      const found = range.root(size, hashes(head.right));
      return found?.equals(root) === true ? undefined : `its entries do not lead to the root that ${origin} signed`;
    },
  });
}

function entryOf(index: number, line: string): PeriodEntry {
  const json = parseJson(line, { maxChars: 70_000, maxDepth: 16 });
  const value: Readonly<Record<string, Json>> =
    json.ok && typeof json.value === 'object' && json.value !== null && !Array.isArray(json.value)
      ? (json.value as Readonly<Record<string, Json>>)
      : {};
  const text = (name: string) => (typeof value[name] === 'string' ? value[name] : undefined);
  const [at, kind, exchange, service] = [text('at'), text('kind'), text('exchange'), text('service')];
  const isMessage = kind === 'request' || kind === 'response' || kind === 'refusal';
  const message =
    isMessage && exchange !== undefined && service !== undefined ? { exchange, service, kind } : undefined;
  return { index, at, message };
}
