import Type, { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { err, ok, type Result } from '../../kernel/index.ts';

export type ShapeRefusal = { readonly kind: 'shape'; readonly detail: string };

// Narrower than X-Road's identifier set: what needs no percent-encoding in a path and no escape in a certificate
// or in a ledger's note has one spelling everywhere. A first letter or digit leaves no dot segments.
const CODE = '[A-Za-z0-9][A-Za-z0-9._-]{0,63}';
export const pattern = (text: string, maxLength: number) => Type.String({ pattern: `^${text}$`, maxLength });
export const strict = { additionalProperties: false } as const;

export const codeSchema = pattern(CODE, 64);
export const memberIdSchema = pattern(`${CODE}/${CODE}/${CODE}`, 194);
/** INSTANCE/CLASS/MEMBER/SERVERCODE, and in the same form INSTANCE/CLASS/MEMBER/SUBSYSTEM. */
export const serverIdSchema = pattern(`${CODE}/${CODE}/${CODE}/${CODE}`, 259);
export const addressSchema = Type.String({ minLength: 10, maxLength: 300 });
/** One line that a terminal or a page can show as it is: no control characters, none that turn the direction or show nothing. */
export const lineSchema = (maxLength: number) =>
  pattern('[^\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff]+', maxLength);
const name = lineSchema(200);
export const localTextSchema = Type.Object({ ar: name, fr: name, en: Type.Optional(name) }, strict);
export const subsystemSchema = Type.Object({ code: codeSchema, name: localTextSchema }, strict);
export const subsystemsSchema = Type.Array(subsystemSchema, { minItems: 1, maxItems: 100 });
export const instantSchema = pattern('\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z', 24);
export const derSchema = Type.String({ minLength: 4, maxLength: 8000 });
export const jwsSchema = pattern('[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{86}', 40_000);
// C2SP signed-note: name + "+" + 8 hex digits + "+" + base64 of the algorithm's byte and the key.
export const vkeySchema = pattern('[^\\s+]{1,200}\\+[0-9a-f]{8}\\+[A-Za-z0-9+/]{40,50}={0,2}', 300);
/** base64url SHA-256, such as a certificate's id. */
export const digestSchema = pattern('[A-Za-z0-9_-]{43}', 43);
export const httpUrlSchema = pattern('https?://[!-~]{1,500}', 510);

/** A parser of one shape, closed to unknown members; the refusal names the first member that is wrong. */
export function shapeParser<S extends TSchema>(schema: S): (value: unknown) => Result<Static<S>, ShapeRefusal> {
  const compiled = Compile(schema);
  return (value) => {
    if (compiled.Check(value)) return ok(value as Static<S>);
    const first = compiled.Errors(value)[0];
    return shapeRefusal(first === undefined ? 'wrong shape' : `${first.instancePath || '/'} ${first.message}`);
  };
}

export function shapeRefusal(detail: string): Result<never, ShapeRefusal> {
  return err({ kind: 'shape', detail });
}

/** True when the text is an instant that exists, in the one spelling that `toISOString` gives it. */
export function isInstant(text: string): boolean {
  const instantMs = Date.parse(text);
  return !Number.isNaN(instantMs) && new Date(instantMs).toISOString() === text;
}
