import { Compile } from 'typebox/schema';
import { err, type Json, ok, type Result } from '../../kernel/index.ts';

/** Undefined where the data is as the schema says, else where it is not and why. */
export type SchemaCheck = (data: Json) => { readonly path: string; readonly message: string } | undefined;

const MOST_CHARS = 100_000;

/** JSON Schema (2020-12) of an event's data. What it refers to must stand in it: nothing is fetched. */
export function createSchemaCheck(schema: Readonly<Record<string, Json>>): Result<SchemaCheck, string> {
  const text = JSON.stringify(schema);
  if (text.length > MOST_CHARS) return err(`is longer than ${MOST_CHARS} characters`);
  const outside = /"\$(?:ref|dynamicRef)":"(?!#)/.exec(text);
  if (outside !== null) return err('refers to another document; write the definition under $defs');
  try {
    const validator = Compile(schema as Parameters<typeof Compile>[0]);
    // A schema that cannot be evaluated says so at its first use.
    validator.Errors(null);
    return ok((data) => {
      if (validator.Check(data)) return undefined;
      const [, errors] = validator.Errors(data);
      return { path: errors[0]?.instancePath ?? '', message: errors[0]?.message ?? 'is not as the schema says' };
    });
  } catch (cause) {
    return err(`cannot be read: ${cause instanceof Error ? cause.message.slice(0, 200) : 'it is no schema'}`);
  }
}
