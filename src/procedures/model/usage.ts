import type { LocalText } from '../../kernel/index.ts';

/** A member whose gateway can say what it answered about a person. */
export type UsageMember = { readonly id: string; readonly name: LocalText; readonly service: string };

/** One use of a person's data as the member that answered it tells it. */
export type Usage = {
  readonly at: string;
  readonly exchange: string;
  readonly client: string;
  readonly clientName: LocalText | undefined;
  readonly service: string;
  readonly agreement: string | undefined;
  readonly purpose: LocalText | undefined;
  readonly legalBasis: { readonly text: LocalText; readonly ref: string } | undefined;
  readonly fields: readonly string[];
};

export const CONTEST_REASONS = ['not-mine', 'no-consent', 'wrong-purpose', 'too-much', 'other'] as const;
export type ContestReason = (typeof CONTEST_REASONS)[number];

/** What the person contests at a member, and what came of it, as the member tells it. */
export type Contest = {
  readonly number: string;
  readonly exchange: string;
  readonly openedAt: string;
  readonly state: 'open' | 'upheld' | 'rejected';
  readonly answer: string | undefined;
};

/** `usages` is undefined where the member did not answer. */
export type MemberUsages = {
  readonly member: UsageMember;
  readonly usages: readonly Usage[] | undefined;
  readonly contests: readonly Contest[];
};

/** A member in an address: MA-GOV-DGSN. */
export function memberKey(member: Pick<UsageMember, 'id'>): string {
  return member.id.replaceAll('/', '-');
}
export type OwnAccess = { readonly at: Date; readonly office: string; readonly receiptNumber: string | undefined };
export type DataUse = { readonly members: readonly MemberUsages[]; readonly accesses: readonly OwnAccess[] };
