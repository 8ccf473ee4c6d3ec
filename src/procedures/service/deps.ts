import type { KeyObject } from 'node:crypto';
import type { Clock, Json, Result } from '../../kernel/index.ts';
import type { LogSigner } from '../../ledger/index.ts';
import type { Database, Files, Jobs, Log, Pdf } from '../../platform/index.ts';
import type { UsageMember } from '../model/usage.ts';
import type { Catalogue } from '../rules/catalogue.ts';

/** Who acts, as sign-in vouches for them. */
export type Actor = {
  readonly personId: string;
  readonly name: { readonly ar: string; readonly fr: string };
  readonly birthDate: string;
  readonly offices: readonly string[];
};

/** One question to an administration over the exchange; an X-Road client behind it. */
export type CallExchange = (input: {
  readonly service: string;
  readonly path: string;
  /** With its `?`. */
  readonly query?: string;
  readonly method?: 'GET' | 'POST';
  readonly body?: Json;
  readonly purpose?: string;
  readonly subject?: string;
  readonly issue?: string;
  readonly timeoutMs?: number;
}) => Promise<
  Result<
    {
      readonly status: number;
      readonly json: Json | undefined;
      readonly exchangeId: string;
      readonly agreement: string | undefined;
    },
    { readonly kind: 'unavailable' | 'refused' | 'not-found' | 'invalid'; readonly detail: string }
  >
>;

export type ProceduresDeps = {
  readonly db: Database;
  readonly catalogue: Catalogue;
  readonly callExchange: CallExchange;
  /** Who takes part, as the exchange lists it; undefined where the portal's own gateway does not say. */
  readonly listMembers: () => Promise<readonly UsageMember[] | undefined>;
  readonly nationalIdOf: (personId: string) => Promise<string | undefined>;
  readonly log: Log;
  readonly ledger: { readonly name: string; readonly signer: LogSigner };
  readonly files: Files;
  readonly jobs: Jobs;
  readonly pdf: Pdf;
  /** P-256; signs attestations (ES256). */
  readonly sealing: { readonly kid: string; readonly key: KeyObject };
  readonly clock: Clock;
  readonly newId: () => string;
  readonly randomBytes: (size: number) => Buffer;
  readonly baseUrl: () => string;
  /** Marks receipts and certificates as specimens. */
  readonly demonstration: boolean;
};
