import { createHash } from 'node:crypto';
import { ok, type Result } from '../../kernel/index.ts';
import { CLOCK_SKEW_SECONDS } from '../message/signature.ts';
import type { Exchange } from './exchange.ts';
import { type EvidenceFile, type EvidenceLeaf, parseLeaf } from './model.ts';
import { type EvidenceRefusal, refuseStep } from './report.ts';
import type { SignedMessage } from './signed-message.ts';

export type SideRecords = { readonly request: EvidenceLeaf; readonly response: EvidenceLeaf };
export type Records = { readonly consumer: SideRecords; readonly provider: SideRecords };

/** The four ledger entries: each commits to the signed message and says the same of it as the message does. */
export function readRecords(file: EvidenceFile, exchange: Exchange): Result<Records, EvidenceRefusal> {
  const consumer = readSide(file, 'consumer', exchange);
  if (!consumer.ok) return consumer;
  const provider = readSide(file, 'provider', exchange);
  if (!provider.ok) return provider;
  const leaves = [consumer.value, provider.value].flatMap((side) => [side.request, side.response]);
  for (const member of ['agreement', 'purpose'] as const) {
    const words = new Set(
      [...leaves.map((leaf) => leaf[member]), exchange[member]].filter((word) => word !== undefined),
    );
    if (words.size > 1) return refuseStep('records', `the records name different ${member}s: ${[...words].join(', ')}`);
  }
  return ok({ consumer: consumer.value, provider: provider.value });
}

function readSide(
  file: EvidenceFile,
  side: 'consumer' | 'provider',
  exchange: Exchange,
): Result<SideRecords, EvidenceRefusal> {
  const request = readOne(file, side, 'request', exchange);
  if (!request.ok) return request;
  const response = readOne(file, side, 'response', exchange);
  if (!response.ok) return response;
  return ok({ request: request.value, response: response.value });
}

function readOne(
  file: EvidenceFile,
  side: 'consumer' | 'provider',
  kind: 'request' | 'response',
  exchange: Exchange,
): Result<EvidenceLeaf, EvidenceRefusal> {
  const entry = file[side][kind];
  const leaf = parseLeaf(entry.leaf);
  if (!leaf.ok) return refuseStep('records', `/${side}/${kind}/leaf ${leaf.error.detail}`);
  const message = exchange[kind];
  const expected: readonly [member: keyof EvidenceLeaf, value: string | number | undefined][] = [
    ['kind', kind],
    ['exchange', file.exchange],
    ['client', exchange.client],
    ['service', exchange.service],
    ['status', kind === 'response' ? exchange.status : undefined],
    ['commitment', commitmentOf(entry.salt, message)],
  ];
  for (const [member, value] of expected) {
    if (leaf.value[member] === value) continue;
    return refuseStep('records', `/${side}/${kind}/leaf ${member} is ${leaf.value[member]}, expected ${value}`);
  }
  if (!isTimely(leaf.value.at, message)) {
    return refuseStep('records', `/${side}/${kind}/leaf at is ${leaf.value.at}, outside the signature's window`);
  }
  return leaf;
}

/** base64url SHA-256 of salt, base, newline and raw signature. The salt lets nobody guess a person's number from it. */
export function commitmentOf(salt: string, message: Pick<SignedMessage, 'base' | 'signature'>): string {
  return createHash('sha256')
    .update(Buffer.from(salt, 'base64url'))
    .update(`${message.base}\n`)
    .update(message.signature)
    .digest('base64url');
}

/** Entered while the signature was good, by clocks that may differ a little. */
export function isTimely(at: string, message: SignedMessage): boolean {
  const seconds = Date.parse(at) / 1000;
  return message.created - CLOCK_SKEW_SECONDS <= seconds && seconds <= message.expires + CLOCK_SKEW_SECONDS;
}
