import type { HeaderList } from '../message/headers.ts';

/** A request as it came in at one of the doors, its body whole. */
export type Incoming = {
  readonly method: string;
  /** The request target as it came, undecoded. */
  readonly target: string;
  readonly headers: HeaderList;
  readonly body: Buffer;
};

export type HttpAnswer = { readonly status: number; readonly headers: HeaderList; readonly body: Buffer };

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
