import { hash } from 'node:crypto';
import type { HeaderList } from './headers.ts';

/**
 * The value of X-Road-Request-Hash: SHA-512 over the verb, the raw target and the kept headers, each line ended by
 * CRLF; with a body, SHA-512 over that hash and the body's (X-Road's RestRequest).
 */
export function requestHash(method: string, target: string, headers: HeaderList, body: Uint8Array): string {
  const head = headHash(method, target, headers);
  return (body.length === 0 ? head : withBody(head, sha512(body))).toString('base64');
}

/** As `requestHash`, of a body that is known by its SHA-512 only. */
export function requestHashOf(method: string, target: string, headers: HeaderList, bodySha512: Buffer): string {
  return withBody(headHash(method, target, headers), bodySha512).toString('base64');
}

function headHash(method: string, target: string, headers: HeaderList): Buffer {
  const lines = [method, target, ...headers.map(([name, value]) => `${name}:${value}`)];
  return sha512(Buffer.from(`${lines.join('\r\n')}\r\n`));
}

function withBody(head: Buffer, body: Buffer): Buffer {
  return sha512(Buffer.concat([head, body]));
}

function sha512(bytes: Uint8Array): Buffer {
  return hash('sha512', bytes, 'buffer');
}
