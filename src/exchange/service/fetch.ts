import { Agent, request } from 'undici';
import { invalid } from '../../kernel/index.ts';
import { gatherPieces } from '../../platform/index.ts';
import { AddressRefused, guardedConnect } from '../address/connect.ts';
import type { Networks } from '../address/networks.ts';
import { addressRefused } from './problems.ts';

const MAX_BYTES = 2_000_000;
const TIMEOUT_MS = 10_000;

/**
 * Fetches a description from the address that an operator gave: http or https, no redirects, at most 2 MB within ten
 * seconds, and only from public networks and those that are allowed. Throws a Problem (422) that names the field.
 */
export async function fetchDescription(url: string, networks: Networks): Promise<string> {
  const dispatcher = new Agent({ connect: guardedConnect(() => networks), connections: 1 });
  try {
    const answer = await request(url, {
      dispatcher,
      headers: { accept: 'application/json, application/yaml;q=0.9, */*;q=0.1' },
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.statusCode !== 200) throw refuse(`answered ${answer.statusCode}; give the address of the file itself`);
    return await readText(answer.body);
  } catch (cause) {
    throw toRefusal(cause);
  } finally {
    await dispatcher.destroy();
  }
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const pieces = gatherPieces();
  for await (const chunk of body) {
    pieces.add(chunk);
    if (pieces.size > MAX_BYTES) throw refuse(`is larger than ${MAX_BYTES} bytes`);
  }
  return pieces.whole().toString('utf8');
}

const refuse = (message: string) => invalid('The description cannot be fetched.', [{ field: '/url', message }]);

function toRefusal(cause: unknown): unknown {
  if (cause instanceof AddressRefused) {
    return addressRefused(
      '/url',
      'leads to a private address; allow its network in the gateway’s settings, or send the file',
    );
  }
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === '' && !(cause instanceof Error && cause.name === 'TimeoutError')) return cause;
  return refuse('cannot be reached, or did not answer in time');
}
