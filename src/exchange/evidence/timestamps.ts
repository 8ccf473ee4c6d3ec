import { decodeBase64, err, ok, type Result } from '../../kernel/index.ts';
import { type AnchorKeys, type KnownKey, verifyJws } from '../trust/jws.ts';
import { parseTsaStatement, type TsaStatement } from '../trust/timestamp-authority.ts';
import { type Anchors, readJudge } from './anchors.ts';
import { type FailureFile, type FailureHalf, isFailureFile, parseFailure } from './failure-model.ts';
import {
  type EvidenceEntry,
  type EvidenceFormRefusal,
  type EvidenceSide,
  type EvidenceTimestamp,
  parseEvidence,
  parseLeaf,
} from './model.ts';

/** Who says so, and before which instant the side's ledger held its entries. */
export type SideTimestamp = { readonly authority: string; readonly before: string };

export type SideName = 'consumer' | 'provider';
export type EntryKind = 'request' | 'response' | 'refusal';

export type TimestampReport = {
  readonly required: boolean;
  /** `unanswered`: nothing of the provider in the file says what became of the request. */
  readonly outcome: 'answered' | 'refused' | 'unanswered';
  /** What each side's ledger holds in this file; nothing where that ledger is not in it. */
  readonly entries: Readonly<Record<SideName, readonly EntryKind[]>>;
  /** Undefined for a side without a token. */
  readonly consumer: SideTimestamp | undefined;
  readonly provider: SideTimestamp | undefined;
};

export type TimestampRefusal = { readonly step: 'timestamps'; readonly detail: string };

/** Clocks of authorities, gateways and the registry may differ by so much. */
const SKEW_MS = 300_000;

/**
 * The timestamps of a file that `verifyProof` has accepted: each token is over its side's checkpoint, and of an
 * authority that the side's own registry vouched for when it was made, by the anchor alone (ADR 0034). A wrong one refuses
 * the file; one that is absent does so where it is demanded, of each side whose ledger the file holds.
 */
export async function verifyTimestamps(
  bytes: Uint8Array,
  anchors: Anchors,
  required: boolean,
): Promise<Result<TimestampReport, TimestampRefusal>> {
  const read = readStamped(bytes);
  if (!read.ok) return refuse(read.error.detail);
  const { outcome, sides } = read.value;
  const found: Record<SideName, SideTimestamp | undefined> = { consumer: undefined, provider: undefined };
  for (const name of ['consumer', 'provider'] as const) {
    const { statement, checkpoint, timestamp } = sides[name];
    if (statement === undefined || checkpoint === undefined) continue;
    if (timestamp === undefined) {
      if (required) return refuse(`/${name} has no timestamp, and one is demanded`);
      continue;
    }
    const other = sides[name === 'consumer' ? 'provider' : 'consumer'].timestamp;
    // The statement was verified by then: another registry's word is none for this side.
    const judge = readJudge(statement, anchors);
    if (!judge.ok) return refuse(`/${name}/timestamp ${judge.error.detail}`);
    const { instance, keys } = judge.value;
    const authority = readAuthority(timestamp.authority ?? other?.authority ?? '', instance, keys);
    if (!authority.ok) return refuse(`/${name}/timestamp authority ${authority.error}`);
    const chain = [...timestamp.chain, ...(other?.chain ?? [])];
    const checked = await checkToken({ ...sides[name], checkpoint, token: timestamp.token, chain }, authority.value);
    if (!checked.ok) return refuse(`/${name}/timestamp ${checked.error}`);
    found[name] = checked.value;
  }
  const entries = { consumer: kindsOf(sides.consumer), provider: kindsOf(sides.provider) };
  return ok({ required, outcome, entries, ...found });
}

/** What both formats have of a side. What it leaves out of its authority is what the other side holds. */
type StampedSide = {
  readonly statement?: string | undefined;
  readonly checkpoint?: string | undefined;
  readonly timestamp?: EvidenceTimestamp | undefined;
  readonly entries: Readonly<Partial<Record<EntryKind, EvidenceEntry | undefined>>>;
};
type Stamped = {
  readonly outcome: TimestampReport['outcome'];
  readonly sides: Readonly<Record<SideName, StampedSide>>;
};

function readStamped(bytes: Uint8Array): Result<Stamped, EvidenceFormRefusal> {
  if (isFailureFile(bytes)) {
    const file = parseFailure(bytes);
    return file.ok ? ok(stampedFailure(file.value)) : file;
  }
  const file = parseEvidence(bytes);
  if (!file.ok) return file;
  const side = ({ request, response, ...rest }: EvidenceSide): StampedSide => ({
    ...rest,
    entries: { request, response },
  });
  const sides = { consumer: side(file.value.consumer), provider: side(file.value.provider) };
  return ok({ outcome: 'answered', sides });
}

function stampedFailure({ consumer, provider, refusal }: FailureFile): Stamped {
  const side = (half: FailureHalf | undefined): StampedSide => ({
    statement: half?.statement,
    checkpoint: half?.checkpoint,
    timestamp: half?.timestamp,
    entries: { request: half?.request, refusal: half?.refusal },
  });
  const isRefused = refusal !== undefined || provider?.refusal !== undefined;
  return {
    outcome: isRefused ? 'refused' : 'unanswered',
    sides: { consumer: side(consumer), provider: side(provider) },
  };
}

function kindsOf({ entries }: StampedSide): readonly EntryKind[] {
  return (['request', 'response', 'refusal'] as const).filter((kind) => entries[kind] !== undefined);
}

type SideToken = {
  readonly checkpoint: string;
  readonly token: string;
  readonly chain: readonly string[];
  readonly entries: StampedSide['entries'];
};

async function checkToken(
  { checkpoint, token, chain, entries }: SideToken,
  { name, certificate, issuedAt, expiresAt }: TsaStatement,
): Promise<Result<SideTimestamp, string>> {
  // Brought with the first token: most files are checked without the libraries beneath.
  const { verifyToken } = await import('../timestamp/token.ts');
  const verified = await verifyToken(decodeBase64(token) ?? new Uint8Array(), {
    data: new TextEncoder().encode(checkpoint),
    authority: certificate,
    certificates: chain.map((one) => decodeBase64(one) ?? new Uint8Array()),
  });
  if (!verified.ok) return err(verified.error.detail);
  const { at, before } = verified.value;
  if (at.getTime() < Date.parse(issuedAt) - SKEW_MS || Date.parse(expiresAt) + SKEW_MS < at.getTime()) {
    return err(`was made at ${at.toISOString()}, outside the time for which the registry vouched for ${name}`);
  }
  if (at.getTime() + SKEW_MS < latestOf(entries)) {
    return err(`was made at ${at.toISOString()}, before the entries that it is said to cover`);
  }
  return ok({ authority: name, before: before.toISOString() });
}

function latestOf(entries: StampedSide['entries']): number {
  const times = Object.values(entries).map((entry) => {
    const leaf = entry === undefined ? undefined : parseLeaf(entry.leaf);
    return leaf?.ok === true ? Date.parse(leaf.value.at) : 0;
  });
  return Math.max(0, ...times);
}

/** The registry's word for an authority, by a key that was not laid down then. */
function readAuthority(jws: string, instance: string, keys: AnchorKeys): Result<TsaStatement, string> {
  let signer: KnownKey | undefined;
  const keyOf = (kid: string) => {
    signer = keys.get(kid);
    return signer?.key;
  };
  const verified = verifyJws(jws, 'wasl-timestamp-authority', keyOf, [], MOST_WORD);
  if (!verified.ok) return err(`is not the registry’s word: ${verified.error.detail}`);
  const statement = parseTsaStatement(verified.value.payload);
  if (!statement.ok) return err(statement.error.detail);
  if (statement.value.instance !== instance) return err(`is of the instance ${statement.value.instance}`);
  if (signer?.retiredAt !== undefined && statement.value.issuedAt >= signer.retiredAt) {
    return err(`is signed with a key that was laid down at ${signer.retiredAt}`);
  }
  return statement;
}

/** Characters. */
const MOST_WORD = 8_000;

/** What it quotes may be hostile: nothing in it may steer the terminal that shows it. */
function refuse(detail: string): Result<never, TimestampRefusal> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const shown = detail.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '\ufffd');
  return err({ step: 'timestamps', detail: shown.slice(0, 600) });
}
