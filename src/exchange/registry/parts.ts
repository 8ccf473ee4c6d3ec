import Type, { type Static } from 'typebox';
import { ok, type Result } from '../../kernel/index.ts';
import { readCertificate } from '../trust/certificate.ts';
import {
  codeSchema,
  derSchema,
  httpUrlSchema,
  lineSchema,
  localTextSchema,
  type ShapeRefusal,
  serverIdSchema,
  shapeParser,
  shapeRefusal,
  strict,
  vkeySchema,
} from '../trust/shape.ts';

/** What operators put into the trust list beside members. The code is in the address, the rest in the body. */
export const groupSchema = Type.Object(
  { name: localTextSchema, subsystems: Type.Array(serverIdSchema, { maxItems: 20_000, uniqueItems: true }) },
  strict,
);
export const witnessSchema = Type.Object({ vkey: vkeySchema, url: httpUrlSchema }, strict);
export const tsaSchema = Type.Object({ url: httpUrlSchema, certificate: derSchema }, strict);

const isCode = shapeParser(codeSchema);
const isName = shapeParser(lineSchema(200));
const checkGroup = shapeParser(groupSchema);
const checkWitness = shapeParser(witnessSchema);
const checkTsa = shapeParser(tsaSchema);

export type Part<B> = B & { readonly code: string };

export function parseGroup(code: string, body: unknown): Result<Part<Static<typeof groupSchema>>, ShapeRefusal> {
  if (!isCode(code).ok) return shapeRefusal('code must be letters, digits, dots, dashes and underscores');
  const shape = checkGroup(body);
  return shape.ok ? ok({ code, ...shape.value }) : shape;
}

/** A witness is named after its key (C2SP signed-note): the vkey begins with the name. */
export function parseWitness(
  name: string,
  body: unknown,
): Result<Static<typeof witnessSchema> & { readonly name: string }, ShapeRefusal> {
  const shape = checkWitness(body);
  if (!shape.ok) return shape;
  if (shape.value.vkey.split('+', 1)[0] !== name) return shapeRefusal('/vkey is not of the named witness');
  // C2SP tlog-cosignature: the algorithm's byte of a witness is 4.
  const bytes = Buffer.from(/^[^+]+\+[^+]+\+(.*)$/.exec(shape.value.vkey)?.[1] ?? '', 'base64');
  if (bytes[0] !== 4 || bytes.length !== 33) return shapeRefusal('/vkey is not that of a witness (algorithm 0x04)');
  return ok({ name, ...shape.value });
}

export function parseTsa(
  name: string,
  body: unknown,
): Result<Static<typeof tsaSchema> & { readonly name: string }, ShapeRefusal> {
  if (!isName(name).ok) return shapeRefusal('name must be one line');
  const shape = checkTsa(body);
  if (!shape.ok) return shape;
  return isDerCertificate(shape.value.certificate)
    ? ok({ name, ...shape.value })
    : shapeRefusal('/certificate is not one certificate, base64 DER');
}

/** Timestamp authorities use RSA as well as elliptic curves: only the form is checked. */
function isDerCertificate(base64: string): boolean {
  const read = readCertificate(base64);
  return read.ok || read.error.detail === 'does not hold a P-256 key';
}
