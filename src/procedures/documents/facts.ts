import type { IsoDate, LocalText } from '../../kernel/index.ts';

/** A text in each language, or one that is the same in all (a name, a number). */
export type Words = LocalText | string;

/** Who issues the document, from the widest to the nearest: the State, the ministry, the office. */
export type Letterhead = readonly Words[];

export type DocumentItem = {
  readonly name: Words;
  /** Where it came from, who is to send it, or what is wrong with it. */
  readonly note?: Words;
};

/** What the receipt of law 55-19 holds; its exact fields are not public, the list is the reference's L14. */
export type ReceiptFacts = {
  readonly number: string;
  readonly filedAt: Date;
  readonly letterhead: Letterhead;
  readonly procedure: { readonly title: Words; readonly version: string };
  readonly applicant: Words;
  readonly received: readonly DocumentItem[];
  /** Another administration is to send them; the citizen does nothing. */
  readonly awaited: readonly DocumentItem[];
  readonly missing: readonly DocumentItem[];
  readonly deadline:
    | { readonly kind: 'date'; readonly on: IsoDate; readonly note?: Words }
    | { readonly kind: 'text'; readonly text: Words };
  /** What follows when the deadline passes without an answer. */
  readonly silence: Words;
  readonly appeals: readonly Words[];
  readonly contact: readonly Words[];
  readonly verifyUrl: string;
  /** Which entry of which log records the filing. */
  readonly ledgerReference: string;
  /** Marks the document as a specimen, on each page. */
  readonly demonstration: boolean;
};

export type AttestationFacts = {
  readonly number: string;
  readonly issuedAt: Date;
  readonly letterhead: Letterhead;
  readonly title: Words;
  /** What is attested, in a sentence or two. */
  readonly decision: Words;
  readonly rows: readonly { readonly label: Words; readonly value: Words }[];
  readonly legalBasis?: Words;
  readonly signatory?: { readonly name: Words; readonly office: Words };
  readonly validUntil?: IsoDate;
  /** The receipt of the request that it answers. */
  readonly receiptNumber?: string;
  readonly verifyUrl: string;
  /** `kid` of the key that made the JWS. */
  readonly keyId: string;
  readonly ledgerReference?: string;
  readonly demonstration: boolean;
};
