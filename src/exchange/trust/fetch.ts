// Not Node's own: a gateway has this copy in memory already, for its messages.
import { fetch, type Response } from 'undici';
import { unavailable } from '../../kernel/index.ts';
import { gatherPieces } from '../../platform/index.ts';

/** `etag` as it was given, to be shown at the next call (RFC 9110 section 8.8.3). */
export type RegistryAnswer = { readonly status: number; readonly text: string; readonly etag: string | undefined };

const TIMEOUT_MS = 10_000;
/** A list of 10,000 gateways has some 40 MB, and 70 where each has just renewed its certificates. */
const MAX_BYTES = 100_000_000;

/**
 * One call to the registry: no redirects, 10 s, at most 100 MB. What comes back proves itself by its signature, not
 * by the connection. `unless`: the tag of what is held already, which need not come again (304). Throws a Problem (503) where the registry cannot be reached.
 */
export async function callRegistry(url: string, path: string, body?: object, unless?: string): Promise<RegistryAnswer> {
  try {
    const response = await fetch(new URL(path, url), {
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(unless === undefined ? {} : { headers: { 'if-none-match': unless } }),
      ...(body === undefined
        ? {}
        : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const etag = response.headers.get('etag') ?? undefined;
    return { status: response.status, text: await readBounded(response), etag };
  } catch (cause) {
    throw unavailable(`The registry at ${url} cannot be reached.`, cause);
  }
}

async function readBounded(response: Response): Promise<string> {
  const pieces = gatherPieces();
  for await (const chunk of response.body ?? []) {
    pieces.add(chunk);
    if (pieces.size > MAX_BYTES) throw new Error(`the answer is larger than ${MAX_BYTES} bytes`);
  }
  return pieces.whole().toString('utf8');
}
