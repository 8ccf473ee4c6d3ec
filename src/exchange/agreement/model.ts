import type { Agreement } from '../message/agreement.ts';

/** What a version of an agreement is worth by its acts; its dates and conditions are asked beside it. */
export type VersionState = Agreement['status'];

/** One agreement over all its versions, as one side knows it. */
export type Life = {
  readonly versions: ReadonlyMap<number, VersionState>;
  /** Notice was given: from this instant on it has ended. */
  readonly endsAt: number | undefined;
};

export type Party = 'provider' | 'client';

/**
 * What is done to an agreement. `enact` puts a version in force on the provider's word alone, where no signatures are
 * asked for; `offer` and `sign` are the provider's and the client's signatures.
 */
export type LifeAct =
  | { readonly kind: 'draft'; readonly version: number }
  | { readonly kind: 'enact'; readonly version: number; readonly as: 'active' | 'suspended' | 'ended' }
  /** With a group there is nobody else to sign. */
  | { readonly kind: 'offer'; readonly version: number; readonly isWithGroup: boolean }
  | { readonly kind: 'decline'; readonly version: number }
  | { readonly kind: 'sign'; readonly version: number }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'end'; readonly at: number };

export type LifeRefusal = {
  readonly kind: 'unknown-version' | 'older-version' | 'wrong-state';
  readonly detail: string;
};

/** What must still reach another gateway, has reached it, or was refused there for good. */
export type Delivery = {
  readonly id: number;
  /** INST/CLASS/MEMBER/SERVERCODE */
  readonly peer: string;
  readonly agreement: string;
  readonly version: number | null;
  readonly kind: LifeAct['kind'] | 'proposal';
  readonly jws: string;
  readonly tries: number;
  readonly dueAt: Date;
  readonly refusedAt: Date | null;
  /** Of the last answer. */
  readonly status: number | null;
  readonly refusal: string;
};
