import Type, { type Static } from 'typebox';
import { ok, type Result } from '../../kernel/index.ts';
import { anchorSchema, parseAnchorValue } from '../trust/anchor.ts';
import {
  codeSchema,
  httpUrlSchema,
  memberIdSchema,
  type ShapeRefusal,
  serverIdSchema,
  shapeParser,
  strict,
} from '../trust/shape.ts';

/** Which of another instance's subsystems are let in: each list that is not empty narrows. */
export const filterSchema = Type.Object(
  {
    classes: Type.Array(codeSchema, { maxItems: 100, default: [] }),
    members: Type.Array(memberIdSchema, { maxItems: 1000, default: [] }),
    subsystems: Type.Array(serverIdSchema, { maxItems: 1000, default: [] }),
  },
  strict,
);
export type FederationFilter = Static<typeof filterSchema>;

export const federationSchema = Type.Object({ url: httpUrlSchema, anchor: anchorSchema, filter: filterSchema }, strict);
export type FederationBody = Static<typeof federationSchema>;

const check = shapeParser(federationSchema);

export function parseFederation(value: unknown): Result<FederationBody, ShapeRefusal> {
  const shape = check(value);
  if (!shape.ok) return shape;
  const anchor = parseAnchorValue(shape.value.anchor);
  return anchor.ok ? ok(shape.value) : anchor;
}

/** `id` is INSTANCE/CLASS/MEMBER/SUBSYSTEM. */
export function passesFilter(filter: FederationFilter, id: string): boolean {
  const [, memberClass = ''] = id.split('/');
  const narrows = (list: readonly string[], value: string) => list.length === 0 || list.includes(value);
  return (
    narrows(filter.classes, memberClass) &&
    narrows(filter.members, id.split('/', 3).join('/')) &&
    narrows(filter.subsystems, id)
  );
}
