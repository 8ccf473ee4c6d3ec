import type { Database } from '../../platform/index.ts';
import type { RegistryKeys } from './keys.ts';

export type RegistrySettings = {
  /** How long gateways go on while the registry is down. A list is renewed at half of it. */
  readonly trustListHours: number;
  readonly certificateDays: number;
  readonly tokenHours: number;
};

export const REGISTRY_DEFAULTS: RegistrySettings = { trustListHours: 24, certificateDays: 365, tokenHours: 24 };

export type Registry = {
  readonly db: Database;
  readonly keys: RegistryKeys;
  readonly settings: RegistrySettings;
  /** Cryptographically strong bytes. */
  readonly random: (size: number) => Buffer;
};

/** `hours` may be a fraction. */
export function hoursAfter(now: Date, hours: number): Date {
  return new Date(now.getTime() + hours * 3_600_000);
}
