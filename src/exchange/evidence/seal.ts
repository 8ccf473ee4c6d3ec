import Type from 'typebox';
import { ok, type Result } from '../../kernel/index.ts';
import { verifyJws } from '../trust/jws.ts';
import { isInstant, shapeParser } from '../trust/model.ts';
import { contentDigest } from './build.ts';
import type { KnownParties } from './parties.ts';
import { type EvidenceRefusal, type EvidenceReport, refuseStep } from './report.ts';

const checkPayload = shapeParser(
  Type.Object(
    { v: Type.Literal(1), by: Type.String(), at: Type.String(), sha256: Type.String() },
    { additionalProperties: false },
  ),
);

type Sealed = { readonly instance: string; readonly seal: string };

/**
 * The exporting party's signature over the whole content. Each other step stands without it; it closes what they
 * leave open, such as the lines of witnesses that this verifier does not know.
 */
export function checkSeal(file: Sealed, parties: KnownParties): Result<EvidenceReport['seal'], EvidenceRefusal> {
  const known = [parties.consumer, parties.provider].filter((party) => party !== undefined);
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
  const { seal: _, ...content } = file;
  const actual = contentDigest(content);
  if (sha256 !== actual) return refuseStep('seal', `the content has the digest ${actual}, the seal is over ${sha256}`);
  return ok({ by, at, sha256 });
}
