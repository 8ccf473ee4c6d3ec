import Type from 'typebox';
import { canonicalJson, decodeBase64url, ok, parseJson, type Result } from '../../kernel/index.ts';
import { codeSchema, instantSchema, pattern, type ShapeRefusal, shapeParser, shapeRefusal, strict } from './shape.ts';

/** The public key of a registry, as a JWK (RFC 7517) with a key id. */
export type AnchorKey = {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
  kid: string;
  alg: 'ES256';
  use: 'sig';
  /** Since then it signs nothing any more; what it signed before stays verifiable. */
  retiredAt?: string;
};

/** All that somebody must be given by hand to check what an instance signed. */
export type TrustAnchor = { v: 1; instance: string; keys: readonly AnchorKey[] };

const coordinate = pattern('[A-Za-z0-9_-]{43}', 43);
const anchorKeySchema = Type.Object(
  {
    kty: Type.Literal('EC'),
    crv: Type.Literal('P-256'),
    x: coordinate,
    y: coordinate,
    kid: pattern('[A-Za-z0-9_-]{1,64}', 64),
    alg: Type.Literal('ES256'),
    use: Type.Literal('sig'),
    retiredAt: Type.Optional(instantSchema),
  },
  strict,
);

export const anchorSchema = Type.Object(
  { v: Type.Literal(1), instance: codeSchema, keys: Type.Array(anchorKeySchema, { minItems: 1, maxItems: 64 }) },
  strict,
);

const checkAnchor = shapeParser(anchorSchema);

/** The anchor file, UTF-8 JSON. */
export function parseAnchor(text: string): Result<TrustAnchor, ShapeRefusal> {
  const json = parseJson(text, { maxChars: 20_000, maxDepth: 4 });
  if (!json.ok) return shapeRefusal(json.error.detail);
  return parseAnchorValue(json.value);
}

export function parseAnchorValue(value: unknown): Result<TrustAnchor, ShapeRefusal> {
  const shape = checkAnchor(value);
  if (!shape.ok) return shape;
  const { keys } = shape.value;
  if (new Set(keys.map(({ kid }) => kid)).size !== keys.length) return shapeRefusal('/keys names one kid twice');
  if (keys.some(({ x, y }) => decodeBase64url(x) === undefined || decodeBase64url(y) === undefined)) {
    return shapeRefusal('/keys must hold base64url coordinates');
  }
  return ok(shape.value);
}

/** The anchor file: canonical JSON and a newline. */
export function anchorText(anchor: TrustAnchor): string {
  return `${canonicalJson(anchor)}\n`;
}
