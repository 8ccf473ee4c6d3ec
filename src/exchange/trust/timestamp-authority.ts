import Type, { type Static } from 'typebox';
import { type Json, ok, type Result } from '../../kernel/index.ts';
import {
  codeSchema,
  digestSchema,
  instantSchema,
  isInstant,
  lineSchema,
  type ShapeRefusal,
  shapeParser,
  shapeRefusal,
  strict,
} from './shape.ts';

/**
 * What the registry vouches for about one timestamp authority, for as long as the list that it stands in: its name, and
 * the certificate that signs its tokens or has issued the one that does. It travels as a compact JWS of the type
 * `wasl-timestamp-authority`, so that evidence may carry it without the list.
 */
const statementSchema = Type.Object(
  {
    v: Type.Literal(1),
    instance: codeSchema,
    name: lineSchema(200),
    /** base64url SHA-256 of the certificate's DER. */
    certificate: digestSchema,
    issuedAt: instantSchema,
    expiresAt: instantSchema,
  },
  strict,
);

export type TsaStatement = Static<typeof statementSchema>;

const check = shapeParser(statementSchema);

/** A statement's content; its signature is for whoever has the anchor to check. */
export function parseTsaStatement(value: Json): Result<TsaStatement, ShapeRefusal> {
  const shape = check(value);
  if (!shape.ok) return shape;
  const { issuedAt, expiresAt } = shape.value;
  const isSound = isInstant(issuedAt) && isInstant(expiresAt) && issuedAt < expiresAt;
  return isSound ? ok(shape.value) : shapeRefusal('/expiresAt must be an instant after issuedAt');
}
