import { type KeyObject, verify } from 'node:crypto';
import { err, ok, type Result } from '../../kernel/index.ts';
import { decodeSignature } from '../message/signature.ts';
import type { EvidenceMessage } from './model.ts';

/** A signature base taken apart again (RFC 9421 section 2.5): component identifier, as written, to value. */
export type SignedMessage = {
  readonly components: ReadonlyMap<string, string>;
  /** Seconds since 1970. */
  readonly created: number;
  readonly expires: number;
  readonly keyid: string;
  readonly base: string;
  readonly signature: Buffer;
};

export type MessageRefusal = { readonly kind: 'message'; readonly detail: string };

const INPUT =
  /^wasl=(\(([^()]+)\);created=(\d{1,12});expires=(\d{1,12});nonce="[\w-]{8,64}";keyid="([\w-]{43})";alg="ecdsa-p256-sha256";tag="(wasl-request|wasl-response)")$/;

/**
 * Reads the base against its Signature-Input. The parameters stand in both; every covered component has exactly its
 * line, in order, and there is no line beside, so a value that was signed cannot be read as another component's.
 */
export function readSignedMessage(
  message: EvidenceMessage,
  tag: 'wasl-request' | 'wasl-response',
): Result<SignedMessage, MessageRefusal> {
  const match = INPUT.exec(message.signatureInput);
  if (match === null || match[6] !== tag) return refuse(`Signature-Input is not one of ${tag}`);
  const [, params = '', covered = '', created = '', expires = '', keyid = ''] = match;
  const signature = decodeSignature(message.signature);
  if (signature === undefined) return refuse('Signature is not wasl=:64 bytes of base64:');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no header's value holds one, and a report shows values
  if (/[\u0000-\u0009\u000b-\u001f\u007f]/.test(message.base)) return refuse('the base holds control characters');
  const lines = message.base.split('\n');
  if (lines.pop() !== `"@signature-params": ${params}`) {
    return refuse('the base does not end with the parameters of Signature-Input');
  }
  const components = readComponents(covered.split(' '), lines);
  if (!components.ok) return components;
  const [from, until] = [Number(created), Number(expires)];
  if (from >= until) return refuse('the signature expires before it was created');
  return ok({ components: components.value, created: from, expires: until, keyid, base: message.base, signature });
}

function readComponents(
  covered: readonly string[],
  lines: readonly string[],
): Result<ReadonlyMap<string, string>, MessageRefusal> {
  if (covered.length !== lines.length) return refuse(`${covered.length} components are covered, ${lines.length} stand`);
  const components = new Map<string, string>();
  for (const [at, component] of covered.entries()) {
    const line = lines[at] ?? '';
    if (!line.startsWith(`${component}: `)) return refuse(`line ${at + 1} of the base is not of ${component}`);
    if (components.has(component)) return refuse(`${component} is covered twice`);
    components.set(component, line.slice(component.length + 2));
  }
  return ok(components);
}

export function isSignedBy(message: SignedMessage, key: KeyObject): boolean {
  return verify('sha256', Buffer.from(message.base), { key, dsaEncoding: 'ieee-p1363' }, message.signature);
}

// With `;bs` where a value is covered as its bytes.
const PERSONAL = ['"wasl-subject"', '"x-road-userid"', '"x-road-represented-party"', '"x-road-issue"'].flatMap(
  (component) => [component, `${component};bs`],
);

/**
 * True when the base names a person, or may: in a header made for it, or in what follows the service's code in the
 * address, where services put the number they are asked about.
 */
export function mayHoldPersonalData(request: SignedMessage): boolean {
  if (PERSONAL.some((component) => request.components.has(component))) return true;
  const target = request.components.get('"@target-uri"') ?? '';
  return !/^https:\/\/[^/?]+\/r1(\/[^/?]+){5}$/.test(target);
}

function refuse(detail: string): Result<never, MessageRefusal> {
  return err({ kind: 'message', detail });
}
