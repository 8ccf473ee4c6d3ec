import { ok, type Result } from '../../kernel/index.ts';
import { CLOCK_SKEW_SECONDS } from '../message/signature.ts';
import type { FailureFile } from './failure-model.ts';
import { type EvidenceEntry, type EvidenceLeaf, parseLeaf } from './model.ts';
import { commitmentOf, isTimely } from './records.ts';
import { type EvidenceRefusal, refuseStep } from './report.ts';
import type { SignedMessage } from './signed-message.ts';

/** What the signed messages say, which the entries must say too. */
export type FailedExchange = {
  readonly request: SignedMessage;
  readonly refusal: SignedMessage | undefined;
  readonly status: number | undefined;
  readonly client: string;
  readonly service: string;
};

type RefusalLeaf = {
  readonly leaf: EvidenceLeaf /** Which message the entry commits to. */;
  readonly of: 'request' | 'refusal';
};
export type FailureRecords = { readonly request: EvidenceLeaf | undefined; readonly refusal: RefusalLeaf | undefined };

/** The entries of one side: each commits to a message of the file and says the same of it as the message does. */
export function readFailureRecords(
  file: FailureFile,
  side: 'consumer' | 'provider',
  exchange: FailedExchange,
): Result<FailureRecords, EvidenceRefusal> {
  const { request, refusal } = file[side] ?? {};
  const asked = request === undefined ? ok(undefined) : readRequest(file, `/${side}/request`, request, exchange);
  if (!asked.ok) return asked;
  const refused = refusal === undefined ? ok(undefined) : readRefusal(file, `/${side}/refusal`, refusal, exchange);
  if (!refused.ok) return refused;
  // The provider knows what it answered; the consumer may have had something else, or nothing.
  if (side === 'provider' && refused.value !== undefined && exchange.status !== undefined) {
    const { status } = refused.value.leaf;
    if (status !== exchange.status) return refuse('/provider/refusal', 'status', status, exchange.status);
  }
  return ok({ request: asked.value, refusal: refused.value });
}

function readRequest(
  file: FailureFile,
  place: string,
  entry: EvidenceEntry,
  exchange: FailedExchange,
): Result<EvidenceLeaf, EvidenceRefusal> {
  const leaf = readLeaf(file, place, 'request', entry, exchange);
  if (!leaf.ok) return leaf;
  const commitment = commitmentOf(entry.salt, exchange.request);
  if (leaf.value.commitment !== commitment) return refuse(place, 'commitment', leaf.value.commitment, commitment);
  if (!isTimely(leaf.value.at, exchange.request))
    return refuseStep('records', `${place}/leaf at is ${leaf.value.at}, outside the signature's window`);
  return leaf;
}

/** Of what was refused at the door the ledger knows the request only; of what was let in, the signed refusal. */
function readRefusal(
  file: FailureFile,
  place: string,
  entry: EvidenceEntry,
  exchange: FailedExchange,
): Result<RefusalLeaf, EvidenceRefusal> {
  const leaf = readLeaf(file, place, 'refusal', entry, exchange);
  if (!leaf.ok) return leaf;
  const { commitment, at, status } = leaf.value;
  const of = (['request', 'refusal'] as const).find((kind) => {
    const message = exchange[kind];
    return message !== undefined && commitment === commitmentOf(entry.salt, message);
  });
  if (of === undefined)
    return refuseStep('records', `${place}/leaf commitment is ${commitment}, of no message in the file`);
  if (of === 'refusal' && status !== exchange.status) return refuse(place, 'status', status, exchange.status);
  // No end: an answer may be awaited for longer than a signature is good.
  if (Date.parse(at) / 1000 < exchange.request.created - CLOCK_SKEW_SECONDS)
    return refuseStep('records', `${place}/leaf at is ${at}, before the request was signed`);
  return ok({ leaf: leaf.value, of });
}

function readLeaf(
  file: FailureFile,
  place: string,
  kind: EvidenceLeaf['kind'],
  entry: EvidenceEntry,
  exchange: FailedExchange,
): Result<EvidenceLeaf, EvidenceRefusal> {
  const leaf = parseLeaf(entry.leaf);
  if (!leaf.ok) return refuseStep('records', `${place}/leaf ${leaf.error.detail}`);
  const purpose = exchange.request.components.get('"wasl-purpose"');
  const expected: readonly [member: keyof EvidenceLeaf, value: string | undefined][] = [
    ['kind', kind],
    ['exchange', file.exchange],
    ['client', exchange.client],
    ['service', exchange.service],
  ];
  for (const [member, value] of expected) {
    if (leaf.value[member] !== value) return refuse(place, member, leaf.value[member], value);
  }
  if (purpose !== undefined && leaf.value.purpose !== undefined && leaf.value.purpose !== purpose)
    return refuse(place, 'purpose', leaf.value.purpose, purpose);
  return leaf;
}

function refuse(place: string, member: string, found: unknown, expected: unknown): Result<never, EvidenceRefusal> {
  return refuseStep('records', `${place}/leaf ${member} is ${found}, expected ${expected}`);
}
