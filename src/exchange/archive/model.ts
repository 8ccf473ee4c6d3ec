import type { FileStore, Tx } from '../../platform/index.ts';
import type { Agreement, DecisionInput } from '../message/agreement.ts';

export type BodyKind = 'request' | 'response';

/** A body under its own key: the age header, which wraps that key for the archive's recipients, and what follows it. */
export type SealedBody = {
  readonly header: Buffer;
  /** What is small lies in the row, the rest is a file. */
  readonly payload: { readonly sealed: Buffer } | { readonly file: string };
  /** Bytes before they were encrypted. */
  readonly size: number;
};

/** What is kept with the evidence of its message, in one transaction. */
export type BodyToKeep = { readonly body: SealedBody; readonly expiresAt: Date };

/** Takes a body piece by piece while it passes, in constant memory. */
export type BodyCopy = {
  take(chunk: Buffer): Promise<void>;
  /** The file is on the disk; nothing names it before its row is committed. */
  end(): Promise<SealedBody>;
  /** The transfer was cut: nothing is kept. */
  drop(): Promise<void>;
};

/** Where bodies go. Throws Fault `archive-unavailable`: what is to be kept and cannot be does not go on. */
export type Archive = {
  seal(body: Buffer): Promise<SealedBody>;
  copy(): Promise<BodyCopy>;
  /** Takes away what no row will name. */
  discard(body: SealedBody): Promise<void>;
  /** Of bodies whose keys are forgotten already; one that stays behind is the sweep's. */
  removeFiles(files: readonly string[]): Promise<void>;
  files(): Promise<FileStore>;
  /** Without making a folder where no body has been kept yet. */
  filesIfAny(): Promise<FileStore | undefined>;
};

export const ERASURES = ['expired', 'operator', 'subject', 'other-agreement'] as const;
export type Erasure = (typeof ERASURES)[number];

/** A body as operators see it: that it is there, and until when. */
export type ArchivedBody = {
  /** Place of its message in the ledger. */
  readonly index: number;
  readonly exchange: string;
  readonly kind: BodyKind;
  readonly keptAt: Date;
  readonly expiresAt: Date;
  readonly size: number;
  readonly erasedAt: Date | null;
  readonly erasedWhy: Erasure | null;
};

/**
 * The agreements that this member has signed as the client and under which its own gateway keeps bodies, held in memory
 * for the own door. What it has not signed it keeps nothing under, whatever the other side says.
 */
export type SignedTerms = {
  /** The one that would cover this call at that provider's gateway; undefined in most gateways, at no cost. */
  covering(provider: string, service: string, input: () => DecisionInput, now: Date): Agreement | undefined;
  /** In the transaction in which an operator signs. */
  note(tx: Tx, provider: string, document: Omit<Agreement, 'status'>): Promise<void>;
  reload(): Promise<void>;
  close(): void;
};
