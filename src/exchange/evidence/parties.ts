import type { KeyObject, X509Certificate } from 'node:crypto';
import { err, ok, type Result } from '../../kernel/index.ts';
import { CLOCK_SKEW_SECONDS } from '../message/signature.ts';
import { certificateId, readAuthority } from '../trust/certificate.ts';
import type { GatewayStatement } from '../trust/model.ts';
import { readStatement, type TrustRefusal } from '../trust/rules.ts';
import type { Judge, Judges } from './anchors.ts';
import type { EvidenceFile, EvidenceSide } from './model.ts';
import { type EvidenceRefusal, refuseStep } from './report.ts';

/** A gateway as the registry vouches for it. */
export type Party = {
  readonly statement: GatewayStatement;
  readonly signKey: KeyObject;
  /** The `keyid` that its signatures carry. */
  readonly keyid: string;
};

/** Where nothing in a file is of the provider, it names none. */
export type KnownParties = { readonly consumer: Party; readonly provider?: Party | undefined };

export type Parties = { readonly consumer: Party; readonly provider: Party };

/**
 * Both gateways' statements, each signed by the key of its own instance's anchor, with certificates of the authority that
 * they name. Whoever is
 * told of the certificates that they do not hold may take it that both statements do.
 */
export function readParties(file: EvidenceFile, judges: Judges): Result<Parties, EvidenceRefusal> {
  const read = readKnownParties(file, judges);
  if (!read.ok) return read;
  const { consumer, provider } = read.value;
  return provider === undefined ? refuseStep('statements', 'the provider is not named') : ok({ consumer, provider });
}

export type Vouched = Pick<EvidenceSide, 'statement' | 'ca'>;
type Named = { readonly consumer: Vouched; readonly provider?: Vouched | undefined };

export function readKnownParties(file: Named, judges: Judges): Result<KnownParties, EvidenceRefusal> {
  const consumer = readParty('consumer', file.consumer, judges.consumer);
  const provider =
    file.provider === undefined || judges.provider === undefined
      ? ok(undefined)
      : readParty('provider', file.provider, judges.provider);
  if (!consumer.ok) return !provider.ok && provider.error.step === 'statements' ? provider : consumer;
  if (!provider.ok) return provider;
  return ok({ consumer: consumer.value, provider: provider.value });
}

export function readParty(
  side: 'consumer' | 'provider' | 'sealer',
  vouched: Vouched,
  { instance, keys }: Judge,
): Result<Party, EvidenceRefusal> {
  const authority = authorityOf(vouched);
  const read = readStatement(vouched.statement, instance, keys, authority.ok ? authority.value : new Map());
  if (!read.ok && stepOf(read.error) === 'statements')
    return refuseStep('statements', `/${side}/statement ${read.error.detail}`);
  if (!authority.ok) return refuseStep('certificates', `/${side}/ca ${authority.error}`);
  if (!read.ok) return refuseStep('certificates', `/${side}/statement ${read.error.detail}`);
  const { statement, sign } = read.value;
  return ok({ statement, signKey: sign.publicKey, keyid: certificateId(sign.raw) });
}

/** The one authority that the file brings; the statement's signed header decides whether it is the right one. */
function authorityOf(side: Vouched): Result<ReadonlyMap<string, X509Certificate>, string> {
  const ca = readAuthority(side.ca);
  return ca.ok ? ok(new Map([[certificateId(ca.value.raw), ca.value]])) : err(ca.error.detail);
}

function stepOf(refusal: TrustRefusal): 'statements' | 'certificates' {
  return refusal.kind === 'statement' ? 'certificates' : 'statements';
}

/** True when the registry vouched for the party at that instant, by clocks that may differ a little. */
export function isVouchedAt(party: Party, instantMs: number): boolean {
  const { issuedAt, expiresAt } = party.statement;
  return Date.parse(issuedAt) - CLOCK_SKEW_SECONDS * 1000 <= instantMs && instantMs <= Date.parse(expiresAt);
}
