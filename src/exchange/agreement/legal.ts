import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { parseDocument } from 'yaml';
import { err, type FieldError, type LocalText, ok, type Result } from '../../kernel/index.ts';

const closed = { additionalProperties: false } as const;
const words = Type.String({ minLength: 1, maxLength: 500 });
const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

const textSchema = Type.Object(
  {
    code: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$' }),
    kind: Type.Union(['law', 'decree', 'order', 'convention', 'other'].map((kind) => Type.Literal(kind))),
    title: Type.Object({ ar: words, fr: words, en: Type.Optional(words) }, closed),
    promulgated: Type.Optional(Type.Object({ by: Type.Optional(words), on: Type.Optional(day) }, closed)),
    bulletin: Type.Optional(Type.Object({ number: Type.Optional(words), on: Type.Optional(day) }, closed)),
    certainty: Type.Union(['confirmed', 'single-source', 'unconfirmed'].map((word) => Type.Literal(word))),
  },
  closed,
);

/** A text by which data may be exchanged, and how far what is said of it was verified. */
export type LegalText = Readonly<Static<typeof textSchema>> & { readonly title: LocalText };

export type LegalRegister = ReadonlyMap<string, LegalText>;

/** A list of texts in YAML. The refusal names the place and what is wrong there. */
export function parseLegalRegister(source: string): Result<LegalRegister, string> {
  const document = parseDocument(source, { uniqueKeys: true });
  const [fault] = document.errors;
  if (fault !== undefined) return err(fault.message);
  const texts = plainOf(document);
  if (texts === undefined) return err('write each text out: references to another place are not read');
  const [error] = Value.Errors(Type.Array(textSchema, { minItems: 1, maxItems: 5_000 }), texts);
  if (error !== undefined) return err(`${error.instancePath || '/'} ${error.message}`);
  const register = new Map((texts as readonly LegalText[]).map((text) => [text.code, text]));
  if (register.size === (texts as readonly LegalText[]).length) return ok(register);
  return err('two texts have the same code');
}

/** Undefined where it has aliases, which can grow a small file without end. */
function plainOf(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return undefined;
  }
}

/** The text that a reference names, as CODE or CODE/ARTICLE. */
export function textOf(register: LegalRegister, ref: string): LegalText | undefined {
  return register.get(ref.split('/', 1)[0] ?? '');
}

/** Undefined where the reference names a text of the register, or there is none. */
export function basisError(register: LegalRegister | undefined, ref: string): FieldError | undefined {
  if (register === undefined || textOf(register, ref) !== undefined) return undefined;
  const codes = [...register.keys()].join(', ');
  return {
    field: '/legalBasis/ref',
    message: `names no text of the register; write CODE or CODE/ARTICLE with one of: ${codes}`,
  };
}
