import type { KeyObject } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { decodeBase64url, err, ok, parseJson, type Result } from '../../kernel/index.ts';
import { signJws, verifyJws } from './jws.ts';
import { keyIdOf } from './requesting.ts';
import {
  codeSchema,
  instantSchema,
  lineSchema,
  type ShapeRefusal,
  serverIdSchema,
  shapeParser,
  strict,
} from './shape.ts';

/** What a gateway serves, said by itself: the public catalogue is made of these. */
const listingSchema = Type.Object(
  {
    v: Type.Literal(1),
    instance: codeSchema,
    server: serverIdSchema,
    issuedAt: instantSchema,
    services: Type.Array(
      Type.Object(
        {
          service: lineSchema(500),
          title: Type.String({ maxLength: 500 }),
          endpoints: Type.Array(
            Type.Object({ method: Type.String({ maxLength: 7 }), path: Type.String({ maxLength: 500 }) }, strict),
            { maxItems: 2_000 },
          ),
          /** The OpenAPI description without addresses, where there is one that is not too long. */
          contentType: Type.Optional(Type.Union([Type.Literal('application/json'), Type.Literal('application/yaml')])),
          text: Type.Optional(Type.String({ maxLength: 200_000 })),
        },
        strict,
      ),
      { maxItems: 500 },
    ),
  },
  strict,
);

export type ServiceListing = Static<typeof listingSchema>;
export type ListedService = ServiceListing['services'][number];

export const LISTING_MAX_CHARS = 1_500_000;

export function signListing(key: KeyObject, listing: ServiceListing): string {
  return signJws({ kid: keyIdOf(key), key }, 'wasl-services', listing);
}

/** The key that a listing says it is signed with; not verified. */
export function claimedListingKey(jws: string): string | undefined {
  const [head = ''] = jws.split('.', 1);
  const bytes = head.length > 1_000 ? undefined : decodeBase64url(head);
  const json = bytes === undefined ? undefined : parseJson(bytes.toString('utf8'), { maxChars: 1_000, maxDepth: 2 });
  const kid = json?.ok ? (json.value as { readonly kid?: unknown } | null)?.kid : undefined;
  return typeof kid === 'string' && /^[A-Za-z0-9_-]{43}$/.test(kid) ? kid : undefined;
}

const check = shapeParser(listingSchema);

export function openListing(jws: string, key: KeyObject): Result<ServiceListing, ShapeRefusal> {
  const signed = verifyJws(jws, 'wasl-services', () => key, [], LISTING_MAX_CHARS);
  if (!signed.ok) return err({ kind: 'shape', detail: signed.error.detail });
  const shape = check(signed.value.payload);
  return shape.ok ? ok(shape.value) : shape;
}
