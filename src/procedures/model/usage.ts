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

export type MemberUsages = { readonly member: UsageMember; readonly usages: readonly Usage[] | undefined };
export type OwnAccess = { readonly at: Date; readonly office: string; readonly receiptNumber: string | undefined };
export type DataUse = { readonly members: readonly MemberUsages[]; readonly accesses: readonly OwnAccess[] };
