import { ok, type Result } from '../../kernel/index.ts';
import { type Anchors, readAnchors } from './anchors.ts';
import { bindResponse, readRequestFacts, readSigned } from './exchange.ts';
import { type FailureFile, parseFailure } from './failure-model.ts';
import { type FailedExchange, type FailureRecords, readFailureRecords } from './failure-records.ts';
import { FAILURE_CLAIMS, type FailureClaim, type FailureParty, type FailureReport } from './failure-report.ts';
import type { EvidenceEntry } from './model.ts';
import { type KnownParties, readKnownParties } from './parties.ts';
import { type ProvedLedger, proveSide } from './proofs.ts';
import { type EvidenceRefusal, refuseStep } from './report.ts';
import { checkSeal } from './seal.ts';
import { countWitnesses, type Policies } from './witnesses.ts';

/**
 * Decides what follows from a file about an exchange that was refused or has no answer, as `verifyEvidence` does for
 * one that was answered: from the file and the anchors alone. A part that is absent is no fault; what it would have
 * proved is then among `notProved`.
 */
export function verifyFailure(
  bytes: Uint8Array,
  anchors: Anchors,
  policies?: Policies,
): Result<FailureReport, EvidenceRefusal> {
  const read = parseFailure(bytes);
  if (!read.ok) return refuseStep('form', read.error.detail);
  const file = read.value;
  const judges = readAnchors(file, anchors);
  if (!judges.ok) return judges;
  const parties = readKnownParties(file, judges.value);
  if (!parties.ok) return parties;
  const exchange = readFailed(file, parties.value);
  if (!exchange.ok) return exchange;
  const consumer = readFailureRecords(file, 'consumer', exchange.value);
  if (!consumer.ok) return consumer;
  const provider = readFailureRecords(file, 'provider', exchange.value);
  if (!provider.ok) return provider;
  const records = { consumer: consumer.value, provider: provider.value };
  const ledgers = proveLedgers(file, parties.value);
  if (!ledgers.ok) return ledgers;
  const witnesses = countWitnesses(file, parties.value, policies);
  if (!witnesses.ok) return witnesses;
  const seal = checkSeal(file, parties.value, judges.value);
  if (!seal.ok) return seal;
  const proved = { parties: parties.value, exchange: exchange.value, records, ledgers: ledgers.value };
  return ok({ ...reportOf(file, proved), witnesses: witnesses.value, seal: seal.value });
}

/** The request by the consumer; where the provider's refusal is there, it is of this very request. */
function readFailed(file: FailureFile, parties: KnownParties): Result<FailedExchange, EvidenceRefusal> {
  const request = readSigned('request', file.request, parties.consumer);
  if (!request.ok) return request;
  const facts = readRequestFacts(file, request.value, parties);
  if (!facts.ok) return facts;
  const asked = { request: request.value, ...facts.value };
  if (file.refusal === undefined || parties.provider === undefined)
    return ok({ ...asked, refusal: undefined, status: undefined });
  const refusal = readSigned('response', file.refusal, parties.provider);
  if (!refusal.ok) return refusal;
  const status = bindResponse(file, request.value, refusal.value);
  if (!status.ok) return status;
  if (!refusal.value.components.has('"x-road-error"')) return refuseStep('response', 'the answer is not a refusal');
  return ok({ ...asked, refusal: refusal.value, status: status.value });
}

type Ledgers = { readonly consumer: ProvedLedger | undefined; readonly provider: ProvedLedger | undefined };

function proveLedgers(file: FailureFile, parties: KnownParties): Result<Ledgers, EvidenceRefusal> {
  const prove = (name: 'consumer' | 'provider'): Result<ProvedLedger | undefined, EvidenceRefusal> => {
    const [half, party] = [file[name], parties[name]];
    if (half?.checkpoint === undefined || party === undefined) return ok(undefined);
    const { checkpoint, request, refusal } = half;
    return proveSide(name, checkpoint, { request, refusal }, party.statement.ledger.vkey);
  };
  const consumer = prove('consumer');
  if (!consumer.ok) return consumer;
  const provider = prove('provider');
  return provider.ok ? ok({ consumer: consumer.value, provider: provider.value }) : provider;
}

type Proved = {
  readonly parties: KnownParties;
  readonly exchange: FailedExchange;
  readonly records: Readonly<Record<'consumer' | 'provider', FailureRecords>>;
  readonly ledgers: Ledgers;
};

function reportOf(file: FailureFile, proved: Proved): Omit<FailureReport, 'witnesses' | 'seal'> {
  const { exchange, records } = proved;
  const { request, refusal, status } = exchange;
  const leaves = [records.provider.refusal?.leaf, records.provider.request, records.consumer.refusal?.leaf];
  const claims = claimsOf(proved);
  return {
    outcome: claims.has('refused') ? 'refused' : 'unanswered',
    exchange: file.exchange,
    instance: file.instance,
    personalData: file.personalData,
    client: exchange.client,
    service: exchange.service,
    agreement: leaves.find((leaf) => leaf?.agreement !== undefined)?.agreement,
    purpose: request.components.get('"wasl-purpose"') ?? leaves.find((leaf) => leaf?.purpose !== undefined)?.purpose,
    method: request.components.get('"@method"') ?? '',
    requestedAt: new Date(request.created * 1000).toISOString(),
    fault: leaves.find((leaf) => leaf?.fault !== undefined)?.fault,
    refusal:
      refusal === undefined || status === undefined
        ? undefined
        : { at: new Date(refusal.created * 1000).toISOString(), status },
    digest: request.components.get('"content-digest"') ?? '',
    consumer: partyOf('consumer', proved.parties.consumer, file, proved),
    provider:
      proved.parties.provider === undefined ? undefined : partyOf('provider', proved.parties.provider, file, proved),
    proved: FAILURE_CLAIMS.filter((claim) => claims.has(claim)),
    notProved: FAILURE_CLAIMS.filter((claim) => !claims.has(claim) && mattersBeside(claim, claims)),
  };
}

function claimsOf({ exchange, records }: Proved): ReadonlySet<FailureClaim> {
  const { consumer, provider } = records;
  const isRefused = exchange.refusal !== undefined || provider.refusal !== undefined;
  const holds: readonly [FailureClaim, boolean][] = [
    ['asked', true],
    ['asked-entered', consumer.request !== undefined],
    ['received', isRefused || provider.request !== undefined],
    ['refused', isRefused],
    ['refusal-entered', provider.refusal !== undefined],
    ['refusal-arrived', consumer.refusal?.of === 'refusal'],
    ['unanswered-entered', consumer.refusal?.of === 'request'],
  ];
  return new Set(holds.flatMap(([claim, is]) => (is ? [claim] : [])));
}

/** One of the two last only can be so: that the other is not proved says nothing. */
function mattersBeside(claim: FailureClaim, proved: ReadonlySet<FailureClaim>): boolean {
  if (claim === 'refusal-arrived') return proved.has('refused') && !proved.has('unanswered-entered');
  if (claim === 'unanswered-entered') return !proved.has('refused');
  if (claim === 'refusal-entered') return proved.has('refused');
  return true;
}

function partyOf(
  side: 'consumer' | 'provider',
  { statement: { server, instance, member } }: KnownParties['consumer'],
  file: FailureFile,
  { records, ledgers }: Proved,
): FailureParty {
  const { request, refusal } = records[side];
  const half = file[side];
  return {
    server,
    instance,
    member,
    ledger: ledgers[side],
    request: placeOf(half?.request, request?.at),
    refusal: placeOf(half?.refusal, refusal?.leaf.at),
  };
}

function placeOf(entry: EvidenceEntry | undefined, at: string | undefined): FailureParty['request'] {
  return entry === undefined || at === undefined ? undefined : { index: entry.index, at };
}
