/** What an operator has to know now, from facts; the page puts it in words. */
export type Need =
  | { readonly kind: 'no-trust-list'; readonly detail: string }
  | { readonly kind: 'trust-list-old'; readonly expiresAt: Date }
  | { readonly kind: 'not-listed' }
  | { readonly kind: 'certificate-expires'; readonly name: CertificateName; readonly expiresAt: Date }
  | { readonly kind: 'agreement-expires'; readonly id: string; readonly expiresAt: Date }
  | { readonly kind: 'agreement-waits'; readonly id: string }
  | { readonly kind: 'contests-wait'; readonly count: number }
  | { readonly kind: 'service-disabled'; readonly service: string }
  | { readonly kind: 'failures'; readonly count: number; readonly of: number };

export type CertificateName = 'tls' | 'sign' | 'statement';

export type Facts = {
  readonly trust:
    | { readonly ok: true; readonly issuedAt: Date; readonly expiresAt: Date; readonly isListed: boolean }
    | { readonly ok: false; readonly detail: string };
  readonly certificates: readonly { readonly name: CertificateName; readonly expiresAt: Date }[];
  readonly agreements: readonly { readonly id: string; readonly status: string; readonly validUntil: Date }[];
  readonly waiting: readonly string[];
  /** Of persons, without an answer. */
  readonly openContests: number;
  readonly services: readonly { readonly service: string; readonly enabled: boolean }[];
  /** Of the last hour. */
  readonly traffic: { readonly answered: number; readonly failed: number; readonly refused: number };
};

const DAY_MS = 86_400_000;
export const WARN_DAYS = 30;

/** The gravest first; the order of the page. */
export function needsOf(facts: Facts, now: Date): readonly Need[] {
  const isSoon = (date: Date) => date.getTime() - now.getTime() < WARN_DAYS * DAY_MS;
  const { failed, answered } = facts.traffic;
  return [
    ...trustNeeds(facts, now),
    ...facts.certificates
      .filter(({ expiresAt }) => isSoon(expiresAt))
      .map((one): Need => ({ kind: 'certificate-expires', ...one })),
    ...(failed > 0 && failed * 10 > failed + answered
      ? [{ kind: 'failures', count: failed, of: failed + answered } as const]
      : []),
    ...(facts.openContests > 0 ? [{ kind: 'contests-wait', count: facts.openContests } as const] : []),
    ...facts.waiting.map((id): Need => ({ kind: 'agreement-waits', id })),
    ...facts.agreements
      .filter((one) => one.status === 'active' && isSoon(one.validUntil) && one.validUntil > now)
      .map((one): Need => ({ kind: 'agreement-expires', id: one.id, expiresAt: one.validUntil })),
    ...facts.services
      .filter((one) => !one.enabled)
      .map((one): Need => ({ kind: 'service-disabled', service: one.service })),
  ];
}

/** A registry renews its list at half of its life; past three quarters something keeps the new one away. */
function trustNeeds({ trust }: Facts, now: Date): readonly Need[] {
  if (!trust.ok) return [{ kind: 'no-trust-list', detail: trust.detail }];
  const life = trust.expiresAt.getTime() - trust.issuedAt.getTime();
  const age = now.getTime() - trust.issuedAt.getTime();
  return [
    ...(trust.isListed ? [] : [{ kind: 'not-listed' } as const]),
    ...(age > life * 0.75 ? [{ kind: 'trust-list-old', expiresAt: trust.expiresAt } as const] : []),
  ];
}
