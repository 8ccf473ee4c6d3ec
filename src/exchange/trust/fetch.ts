// Not Node's own: a gateway has this copy in memory already, for its messages.
import { fetch, type Response } from 'undici';
import { unavailable } from '../../kernel/index.ts';

export type RegistryAnswer = { readonly status: number; readonly text: string };

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 48_000_000;

/**
 * One call to the registry: no redirects, 10 s, at most 48 MB. What comes back proves itself by its signature, not
 * by the connection. Throws a Problem (503) where the registry cannot be reached.
 */
export async function callRegistry(url: string, path: string, body?: object): Promise<RegistryAnswer> {
  try {
    const response = await fetch(new URL(path, url), {
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined
        ? {}
        : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: response.status, text: await readBounded(response) };
  } catch (cause) {
    throw unavailable(`The registry at ${url} cannot be reached.`, cause);
  }
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error(`the answer is larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
