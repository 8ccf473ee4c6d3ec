import { createHash, type KeyObject } from 'node:crypto';
import { canonicalJson, type Json, unwrap } from '../../kernel/index.ts';
import { signJws } from '../trust/jws.ts';
import { FAILURE_FORMAT, type FailureFile } from './failure-model.ts';
import {
  EVIDENCE_FORMAT,
  type EvidenceContent,
  type EvidenceMessage,
  type EvidenceSealer,
  type EvidenceSide,
} from './model.ts';
import { mayHoldPersonalData, readSignedMessage } from './signed-message.ts';

export type EvidenceParts = {
  readonly instance: string;
  readonly exchange: string;
  readonly request: EvidenceMessage;
  readonly response: EvidenceMessage;
  readonly consumer: EvidenceSide;
  readonly provider: EvidenceSide;
};

/** The gateway that exports: one of the two parties, with the key that its statement names. */
export type Sealer = {
  readonly server: string;
  readonly keyid: string;
  readonly key: KeyObject;
  /** Who vouches for this key, where the exchange was signed with a former one. */
  readonly vouching?: EvidenceSealer | undefined;
};

/** The file's bytes. Throws where the request is not one that a gateway signs: our own records would be damaged. */
export function buildEvidence(parts: EvidenceParts, sealer: Sealer, now: Date): Buffer {
  const personalData = mayHoldPersonalData(unwrap(readSignedMessage(parts.request, 'wasl-request')));
  const { instance, exchange, request, response, consumer } = parts;
  const provider = withoutRepeating(parts.provider, consumer);
  const content: EvidenceContent = {
    format: EVIDENCE_FORMAT,
    instance,
    exchange,
    personalData,
    request,
    response,
    consumer,
    provider,
    ...vouchingOf(sealer),
  };
  return formatEvidence({ ...content, seal: sealContent(content, sealer, now) });
}

/** As `buildEvidence`, of an exchange that was refused or has no answer. */
export function buildFailure(
  parts: Omit<FailureFile, 'format' | 'personalData' | 'seal'>,
  sealer: Sealer,
  now: Date,
): Buffer {
  const personalData = mayHoldPersonalData(unwrap(readSignedMessage(parts.request, 'wasl-request')));
  const { consumer } = parts;
  const provider = parts.provider && withoutRepeating(parts.provider, consumer);
  const content = {
    format: FAILURE_FORMAT,
    personalData,
    ...parts,
    ...(provider === undefined ? {} : { provider }),
    ...vouchingOf(sealer),
  };
  return formatEvidence({ ...content, seal: sealContent(content, sealer, now) });
}

const vouchingOf = ({ vouching }: Sealer) => (vouching === undefined ? {} : { sealer: vouching });

/** Both sides are mostly stamped by one authority: what the consumer's side holds of it is not said twice (20 KB). */
function withoutRepeating<S extends Pick<EvidenceSide, 'timestamp'>>(
  side: S,
  other: Pick<EvidenceSide, 'timestamp'>,
): S {
  const { timestamp } = side;
  const there = other.timestamp;
  if (timestamp === undefined || there === undefined) return side;
  const { authority, token } = timestamp;
  const chain = timestamp.chain.filter((one) => !there.chain.includes(one));
  const own = authority === undefined || authority === there.authority ? {} : { authority };
  return { ...side, timestamp: { token, chain, ...own } };
}

/** The seal covers every letter of the file, also those that no other signature does (witnesses' lines, order). */
export function sealContent(content: object, sealer: Sealer, now: Date): string {
  const payload = { v: 1, by: sealer.server, at: now.toISOString(), sha256: contentDigest(content) };
  return signJws({ kid: sealer.keyid, key: sealer.key }, 'wasl-evidence-seal', payload);
}

/** base64url SHA-256 of the content's canonical JSON, without the seal. */
export function contentDigest(content: object): string {
  return createHash('sha256')
    .update(canonicalJson(content as Json))
    .digest('base64url');
}

export function formatEvidence(file: object): Buffer {
  return Buffer.from(`${canonicalJson(file as Json)}\n`);
}
