import { hash } from 'node:crypto';
import type { HeaderList } from './headers.ts';

/**
 * The value of X-Road-Request-Hash: SHA-512 over the verb, the raw target and the kept headers, each line ended by
 * CRLF; with a body, SHA-512 over that hash and the body's (X-Road's RestRequest).
 */
export function requestHash(method: string, target: string, headers: HeaderList, body: Uint8Array): string {
  const lines = [method, target, ...headers.map(([name, value]) => `${name}:${value}`)];
  const head = sha512(Buffer.from(`${lines.join('\r\n')}\r\n`));
  const both = body.length === 0 ? head : sha512(Buffer.concat([head, sha512(body)]));
  return both.toString('base64');
}

function sha512(bytes: Uint8Array): Buffer {
  return hash('sha512', bytes, 'buffer');
}
