import Type from 'typebox';
import type { LocalText } from '../../kernel/index.ts';
import { anchorSchema, type TrustAnchor } from './anchor.ts';
import {
  codeSchema,
  derSchema,
  digestSchema,
  httpUrlSchema,
  instantSchema,
  jwsSchema,
  lineSchema,
  localTextSchema,
  memberIdSchema,
  serverIdSchema,
  strict,
  subsystemSchema,
  vkeySchema,
} from './shape.ts';

/** A member of the instance, also while none of its gateways has joined. */
export type ListedMember = {
  /** INSTANCE/CLASS/MEMBER */
  id: string;
  name: LocalText;
  subsystems: readonly { code: string; name: LocalText }[];
};

/** Subsystems to which an agreement can be given together. */
export type ListedGroup = {
  code: string;
  name: LocalText /** INSTANCE/CLASS/MEMBER/SUBSYSTEM */;
  subsystems: readonly string[];
};

/** Who co-signs the checkpoints of the instance's ledgers (C2SP tlog-cosignature). */
export type ListedWitness = { name: string; vkey: string; url: string };

/**
 * An RFC 3161 authority; `certificate` is base64 DER, of the authority or of its issuer. `statement` is the registry's
 * word for it on its own, compact JWS: evidence carries it, so that who verifies needs no list.
 */
export type ListedTsa = { name: string; url: string; certificate: string; statement?: string };

/** A certificate that no longer counts. `certificate` is its id: base64url SHA-256 of the DER. */
export type Revocation = { certificate: string; at: string; reason: string };

export const REVOCATION_REASONS = [
  'key-compromise',
  'superseded',
  'cessation',
  'affiliation-changed',
  'unspecified',
] as const;
export type RevocationReason = (typeof REVOCATION_REASONS)[number];

/**
 * What this registry lets in of another one's list. The statements are the other registry's own, under its own
 * signature; `subsystems` are those that passed the filter, and no others count.
 */
export type FederatedPayload = {
  instance: string;
  anchor: TrustAnchor;
  caCertificates: readonly string[];
  gateways: readonly string[];
  subsystems: readonly string[];
  /** Of the other registry's list: the same holds for what is taken from it. */
  expiresAt: string;
};

export const membersSchema = Type.Array(
  Type.Object(
    { id: memberIdSchema, name: localTextSchema, subsystems: Type.Array(subsystemSchema, { maxItems: 1000 }) },
    strict,
  ),
  { maxItems: 20_000 },
);
export const groupsSchema = Type.Array(
  Type.Object(
    { code: codeSchema, name: localTextSchema, subsystems: Type.Array(serverIdSchema, { maxItems: 20_000 }) },
    strict,
  ),
  { maxItems: 2000 },
);
export const witnessesSchema = Type.Array(
  Type.Object({ name: lineSchema(200), vkey: vkeySchema, url: httpUrlSchema }, strict),
  { maxItems: 100 },
);
export const timestampAuthoritiesSchema = Type.Array(
  Type.Object(
    { name: lineSchema(200), url: httpUrlSchema, certificate: derSchema, statement: Type.Optional(jwsSchema) },
    strict,
  ),
  { maxItems: 20 },
);
export const revocationsSchema = Type.Array(
  Type.Object(
    {
      certificate: digestSchema,
      at: instantSchema,
      reason: Type.Union(REVOCATION_REASONS.map((one) => Type.Literal(one))),
    },
    strict,
  ),
  { maxItems: 100_000 },
);
export const federatedSchema = Type.Array(
  Type.Object(
    {
      instance: codeSchema,
      anchor: anchorSchema,
      caCertificates: Type.Array(derSchema, { minItems: 1, maxItems: 8 }),
      gateways: Type.Array(jwsSchema, { maxItems: 10_000 }),
      subsystems: Type.Array(serverIdSchema, { maxItems: 100_000 }),
      expiresAt: instantSchema,
    },
    strict,
  ),
  { maxItems: 50 },
);
