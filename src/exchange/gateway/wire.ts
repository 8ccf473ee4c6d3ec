import type { FaultSlug } from '../message/fault.ts';
import type { HeaderList } from '../message/headers.ts';
import type { Arrival } from '../systems/model.ts';
import type { LargeBody } from './large-body.ts';

/** A request as it came in at one of the doors. */
export type Incoming = {
  readonly method: string;
  /** The request target as it came, undecoded. */
  readonly target: string;
  readonly headers: HeaderList;
  /** Whole; empty where there is a large one. */
  readonly body: Buffer;
  readonly large?: LargeBody;
  /** At the own door: over TLS or not, and with which certificate. */
  readonly arrival?: Arrival;
};

export type HttpAnswer = {
  readonly status: number;
  readonly headers: HeaderList;
  /** Whole; empty where there is a stream. */
  readonly body: Buffer;
  readonly stream?: AnswerStream;
};

/** An answer that is passed on while it comes in. */
export type AnswerStream = {
  readonly body: LargeBody;
  /** After the last piece and before the end: the trailers. Where it rejects, the transfer is cut, never ended. */
  finish(): Promise<HeaderList>;
  /** The transfer was cut before its end. */
  abandon(cause: unknown): Promise<void>;
};

/** PR-REST 4.1. */
export const METHODS: ReadonlySet<string> = new Set([
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'TRACE',
]);

/** The client certificate of a connection: its SHA-256 in hex and its end, or why it counts for nothing. */
export type Shown =
  | { readonly print: string; readonly validTo: number; readonly refusal?: never }
  | { readonly print?: never; readonly refusal: FaultSlug };
