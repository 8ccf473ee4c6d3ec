import { ok, type Result } from '../../kernel/index.ts';
import { type Anchors, readAnchors } from './anchors.ts';
import { type Exchange, readExchange } from './exchange.ts';
import { type EvidenceFile, parseEvidence } from './model.ts';
import { type Parties, readParties } from './parties.ts';
import { type ProvedLedger, proveEntries } from './proofs.ts';
import { type Records, readRecords } from './records.ts';
import { type EvidenceParty, type EvidenceRefusal, type EvidenceReport, refuseStep } from './report.ts';
import { checkSeal } from './seal.ts';
import { checkWitnesses, type Policies } from './witnesses.ts';

/**
 * Decides from a file and the trust anchor alone (and the witnesses that one demands, if any), without network, clock or
 * database, whether one exchange took place: this request by this member, answered so by that one, both entered in both
 * members' ledgers. Where the two are of different instances, the anchor of each is needed. Any change of the file, down
 * to one letter, is refused at the first step that it breaks.
 */
export function verifyEvidence(
  bytes: Uint8Array,
  anchors: Anchors,
  policies?: Policies,
): Result<EvidenceReport, EvidenceRefusal> {
  const file = readForm(bytes);
  if (!file.ok) return file;
  const judges = readAnchors(file.value, anchors);
  if (!judges.ok) return judges;
  const parties = readParties(file.value, judges.value);
  if (!parties.ok) return parties;
  const exchange = readExchange(file.value, parties.value);
  if (!exchange.ok) return exchange;
  const records = readRecords(file.value, exchange.value);
  if (!records.ok) return records;
  const ledgers = proveEntries(file.value, parties.value);
  if (!ledgers.ok) return ledgers;
  const witnesses = checkWitnesses(file.value, parties.value, policies);
  if (!witnesses.ok) return witnesses;
  const seal = checkSeal(file.value, parties.value, judges.value);
  if (!seal.ok) return seal;
  const proved = { parties: parties.value, exchange: exchange.value, records: records.value, ledgers: ledgers.value };
  return ok({ ...reportOf(file.value, proved), witnesses: witnesses.value, seal: seal.value });
}

function readForm(bytes: Uint8Array): Result<EvidenceFile, EvidenceRefusal> {
  const file = parseEvidence(bytes);
  return file.ok ? file : refuseStep('form', file.error.detail);
}

type Proved = {
  readonly parties: Parties;
  readonly exchange: Exchange;
  readonly records: Records;
  readonly ledgers: Readonly<Record<'consumer' | 'provider', ProvedLedger>>;
};

function reportOf(file: EvidenceFile, proved: Proved): Omit<EvidenceReport, 'witnesses' | 'seal'> {
  const { exchange, records } = proved;
  const { request, response } = exchange;
  const leaves = [records.provider.request, records.provider.response, records.consumer.request];
  return {
    exchange: file.exchange,
    instance: file.instance,
    personalData: file.personalData,
    client: exchange.client,
    service: exchange.service,
    agreement: exchange.agreement ?? leaves.find((leaf) => leaf.agreement !== undefined)?.agreement,
    purpose: exchange.purpose ?? leaves.find((leaf) => leaf.purpose !== undefined)?.purpose,
    method: exchange.method,
    requestedAt: new Date(request.created * 1000).toISOString(),
    answeredAt: new Date(response.created * 1000).toISOString(),
    status: exchange.status,
    digests: {
      request: request.components.get('"content-digest"') ?? '',
      response: response.components.get('"content-digest"') ?? response.components.get('"content-digest";tr') ?? '',
    },
    consumer: partyOf('consumer', file, proved),
    provider: partyOf('provider', file, proved),
  };
}

function partyOf(side: 'consumer' | 'provider', file: EvidenceFile, proved: Proved): EvidenceParty {
  const { server, instance, member } = proved.parties[side].statement;
  const { request, response } = proved.records[side];
  return {
    server,
    instance,
    member,
    ledger: proved.ledgers[side],
    request: { index: file[side].request.index, at: request.at },
    response: { index: file[side].response.index, at: response.at },
  };
}
