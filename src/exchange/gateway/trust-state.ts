import type { FaultSlug } from '../message/fault.ts';
import type { RefusedList } from '../trust/model.ts';
import type { GatewayContext } from './model.ts';

/** By what name an operator is told of a trust list that was refused. */
export const LIST_FAULTS = {
  anchor: 'trust-anchor-refused',
  forged: 'trust-list-forged',
  shape: 'trust-list-malformed',
  statement: 'trust-list-malformed',
  expired: 'trust-list-stale',
  'not-yet': 'trust-list-not-yet-valid',
  'rolled-back': 'trust-list-rolled-back',
  equivocation: 'trust-list-equivocal',
  unreachable: 'registry-unreachable',
} as const satisfies Readonly<Record<RefusedList['kind'], FaultSlug>>;

/** What an operator must know of the trust list: the one in force, and why a newer one was not taken. */
export type TrustState = {
  readonly list?: { readonly version: number; readonly issuedAt: string; readonly expiresAt: string };
  readonly problem?: string;
  readonly refused?: { readonly fault: FaultSlug; readonly detail: string; readonly at: string };
};

export function trustState({ trust, clock }: Pick<GatewayContext, 'trust' | 'clock'>): TrustState {
  const current = trust.current(clock());
  const refused = trust.refused?.();
  return {
    ...(current.ok ? { list: pick(current.value) } : { problem: current.error.detail }),
    ...(refused === undefined
      ? {}
      : { refused: { fault: LIST_FAULTS[refused.kind], detail: refused.detail, at: refused.at.toISOString() } }),
  };
}

const pick = ({ version, issuedAt, expiresAt }: { version: number; issuedAt: string; expiresAt: string }) => ({
  version,
  issuedAt,
  expiresAt,
});

/** What `/health/ready` says where no list is in force: that, and by its name why no newer one was taken. */
export function trustMissing(context: Pick<GatewayContext, 'trust' | 'clock'>): string | undefined {
  const { problem, refused } = trustState(context);
  if (problem === undefined) return undefined;
  return refused === undefined ? problem : `${problem}; ${refused.fault}: ${refused.detail}`;
}
