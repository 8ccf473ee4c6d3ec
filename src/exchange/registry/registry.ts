import type { LogSigner } from '../../ledger/index.ts';
import type { Database } from '../../platform/index.ts';
import { type Acting, actingAs } from '../operators/audit.ts';
import type { OperatorEventName } from '../operators/events.ts';
import { type Actor, COMMAND } from '../operators/model.ts';
import type { TrustAnchor } from '../trust/anchor.ts';
import type { RegistryKeys } from './keys.ts';

export type RegistrySettings = {
  /** How long gateways go on while the registry is down. A list is renewed at half of it. */
  readonly trustListHours: number;
  readonly certificateDays: number;
  readonly tokenHours: number;
  /** How long a gateway's former certificates count beside the renewed ones. */
  readonly overlapHours: number;
  /** Whether a gateway that asks with its good key gets new certificates without an operator. */
  readonly autoRenew: boolean;
};

export const REGISTRY_DEFAULTS: RegistrySettings = {
  trustListHours: 24,
  certificateDays: 365,
  tokenHours: 24,
  overlapHours: 24,
  autoRenew: true,
};

export type Registry = {
  readonly db: Database;
  readonly dir: string;
  /** The present ones: a rotation puts others in their place. */
  readonly keys: RegistryKeys;
  /** Before every rotation: where the chain of keys begins. */
  readonly firstAnchor: TrustAnchor;
  readonly settings: RegistrySettings;
  /** Where every change has its entry. */
  readonly ledger: { readonly name: string; readonly signer: LogSigner };
  /** Cryptographically strong bytes. */
  readonly random: (size: number) => Buffer;
  readonly replaceKeys: (keys: RegistryKeys) => void;
};

/** `hours` may be a fraction. */
export function hoursAfter(now: Date, hours: number): Date {
  return new Date(now.getTime() + hours * 3_600_000);
}

/** Who acts where no operator's request did: the command line, an applicant, or the registry's own rule. */
export function actingFor(registry: Registry, event: OperatorEventName, now: Date, actor: Actor = COMMAND): Acting {
  const { db, ledger, random } = registry;
  return actingAs({ db, ledger, random, clock: () => now }, actor, event);
}

export const APPLICANT: Actor = { id: 'applicant', name: 'applicant', roles: [], via: 'nobody' };
