import Type from 'typebox';
import { ok, type Result } from '../../kernel/index.ts';
import { verifyJws } from '../trust/jws.ts';
import { isInstant, shapeParser } from '../trust/model.ts';
import { claimedInstance, type Judges } from './anchors.ts';
import { contentDigest } from './build.ts';
import type { EvidenceSealer } from './model.ts';
import { isVouchedAt, type KnownParties, type Party, readParty, type Vouched } from './parties.ts';
import { type EvidenceRefusal, type EvidenceReport, refuseStep } from './report.ts';

const checkPayload = shapeParser(
  Type.Object(
    { v: Type.Literal(1), by: Type.String(), at: Type.String(), sha256: Type.String() },
    { additionalProperties: false },
  ),
);

type Sealed = {
  readonly instance: string;
  readonly consumer: Vouched;
  readonly provider?: Vouched | undefined;
  readonly sealer?: EvidenceSealer | undefined;
  readonly seal: string;
};

/**
 * The exporting party's signature over the whole content. Each other step stands without it; it closes what they
 * leave open, such as the lines of witnesses that this verifier does not know.
 */
export function checkSeal(
  file: Sealed,
  parties: KnownParties,
  judges: Judges,
): Result<EvidenceReport['seal'], EvidenceRefusal> {
  const sealer = readSealer(file, parties, judges);
  if (!sealer.ok) return sealer;
  const both = [parties.consumer, parties.provider].filter((party) => party !== undefined);
  const known = sealer.value === undefined ? both : [sealer.value];
  const partyOf = (keyid: string) => known.find((party) => party.keyid === keyid);
  const jws = verifyJws(file.seal, 'wasl-evidence-seal', (kid) => partyOf(kid)?.signKey);
  if (!jws.ok) return refuseStep('seal', jws.error.detail);
  const payload = checkPayload(jws.value.payload);
  if (!payload.ok || !isInstant(payload.value.at))
    return refuseStep('seal', 'the seal says something else than a seal');
  const { by, at, sha256 } = payload.value;
  const signer = partyOf(jws.value.header['kid'] ?? '')?.statement;
  if (by !== signer?.server) return refuseStep('seal', `the seal is of ${by}, its key of ${signer?.server}`);
  if (file.instance !== signer.instance)
    return refuseStep('seal', `the file is of the instance ${file.instance}, its seal of ${signer.instance}`);
  if (sealer.value !== undefined && !isVouchedAt(sealer.value, Date.parse(at)))
    return refuseStep('seal', 'it was made outside the period of the certificates that /sealer names');
  const { seal: _, ...content } = file;
  const actual = contentDigest(content);
  if (sha256 !== actual) return refuseStep('seal', `the content has the digest ${actual}, the seal is over ${sha256}`);
  return ok({ by, at, sha256 });
}

/** The party under a later key than it signed the exchange with: of the same name, by the word of the same registry. */
function readSealer(
  { sealer, consumer, provider }: Sealed,
  parties: KnownParties,
  judges: Judges,
): Result<Party | undefined, EvidenceRefusal> {
  if (sealer === undefined) return ok(undefined);
  const instance = claimedInstance(sealer.statement);
  const judge = [judges.consumer, judges.provider].find((one) => one?.instance === instance);
  if (judge === undefined) return refuseStep('seal', `/sealer is of the instance ${instance}, as no party is`);
  for (const [party, half] of [[parties.consumer, consumer] as const, [parties.provider, provider] as const]) {
    if (party === undefined || half === undefined) continue;
    const read = readParty('sealer', { statement: sealer.statement, ca: sealer.ca ?? half.ca }, judge);
    if (read.ok && read.value.statement.server === party.statement.server && read.value.keyid !== party.keyid)
      return read;
  }
  return refuseStep('seal', '/sealer is no statement on a later key of either party');
}
