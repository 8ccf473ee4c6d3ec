import { createHash } from 'node:crypto';
import Type from 'typebox';
import { type LocalText, ok, type Result } from '../../kernel/index.ts';
import {
  codeSchema,
  localTextSchema,
  memberIdSchema,
  type ShapeRefusal,
  shapeParser,
  shapeRefusal,
  subsystemsSchema,
} from '../trust/model.ts';

/** What an operator approves when letting a gateway join: who it is and what it may serve. */
export type Admission = {
  readonly member: { readonly id: string; readonly name: LocalText };
  /** The server's code inside the member. */
  readonly server: string;
  readonly subsystems: readonly { readonly code: string; readonly name: LocalText }[];
  /** Whether who comes with the token is let in at once, which is the default, or waits for an operator. */
  readonly approval?: 'auto' | 'wait' | undefined;
};

export const admissionSchema = Type.Object(
  {
    member: Type.Object({ id: memberIdSchema, name: localTextSchema }, { additionalProperties: false }),
    server: codeSchema,
    subsystems: subsystemsSchema,
    approval: Type.Optional(Type.Union([Type.Literal('auto'), Type.Literal('wait')])),
  },
  { additionalProperties: false },
);
const checkAdmission = shapeParser(admissionSchema);

/** RFC 5280 appendix A.1: ub-common-name. */
const MAX_COMMON_NAME = 64;

export function parseAdmission(value: unknown, instance: string): Result<Admission, ShapeRefusal> {
  const shape = checkAdmission(value);
  if (!shape.ok) return shape;
  const { member, server, subsystems } = shape.value;
  if (!member.id.startsWith(`${instance}/`)) return shapeRefusal(`/member/id is not of the instance ${instance}`);
  if (`${member.id}/${server}`.length > MAX_COMMON_NAME) {
    return shapeRefusal(`/server makes an identifier above ${MAX_COMMON_NAME} characters; shorten a code`);
  }
  if (new Set(subsystems.map(({ code }) => code)).size !== subsystems.length) {
    return shapeRefusal('/subsystems names one code twice');
  }
  return ok(shape.value);
}

/**
 * What an identifier looks like at a glance (after UTS 39's skeleton, for the letters that codes may have): two that look
 * alike are not two members, or an operator would sooner or later grant to the one what was meant for the other.
 */
export function skeletonOf(id: string): string {
  return id
    .toLowerCase()
    .replaceAll('o', '0')
    .replaceAll(/[il|]/g, '1')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll(/[._-]/g, '');
}

/** The one of `known` that `id` could be taken for; undefined where there is none, or it is registered itself. */
export function lookAlikeOf(id: string, known: readonly string[]): string | undefined {
  if (known.includes(id)) return undefined;
  const skeleton = skeletonOf(id);
  return known.find((one) => skeletonOf(one) === skeleton);
}

/** Only this is stored: who reads the database cannot join. A hash without salt is enough for 256 random bits. */
export function hashSecret(secret: Buffer): Buffer {
  return createHash('sha256').update(secret).digest();
}
