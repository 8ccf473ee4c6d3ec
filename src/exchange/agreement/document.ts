import type { KeyObject } from 'node:crypto';
import { canonicalJson, err, type Json, ok, type Result } from '../../kernel/index.ts';
import type { Agreement } from '../message/agreement.ts';
import { formatSubsystem, parseService } from '../message/identifiers.ts';
import { signJws, verifyJws } from '../trust/jws.ts';
import type { Party } from './model.ts';

/** What both members sign: the agreement without its state, which changes after. */
export type AgreementDocument = Omit<Agreement, 'status' | 'isSigned' | 'endsAt' | 'reason'>;

export type SignedDocument = { readonly party: Party; readonly document: AgreementDocument };

export type DocumentSigner = { readonly keyid: string; readonly key: KeyObject };

/** The key that the other gateway signs with under this id, if it may do so now. */
export type KeyFinder = (keyid: string) => KeyObject | undefined;

export type ParseAgreement = (payload: Json) => Result<Agreement, string>;

export function documentOf(agreement: Agreement): AgreementDocument {
  const { status: _status, isSigned: _isSigned, endsAt: _endsAt, reason: _reason, ...document } = agreement;
  return document;
}

export function documentText(document: AgreementDocument): string {
  return canonicalJson(document as unknown as Json);
}

/** A JWS that anybody with the trust list verifies: ES256 by the member's gateway, the document as its payload. */
export function signDocument({ keyid, key }: DocumentSigner, party: Party, document: AgreementDocument): string {
  return signJws({ kid: keyid, key }, 'wasl-agreement', document, { party });
}

export type DocumentRefusal = { readonly kind: 'document'; readonly detail: string };

const refuse = (detail: string) => err<DocumentRefusal>({ kind: 'document', detail });

/** `parse` reads the payload as an agreement; a signature over anything else is none of an agreement. */
export function readSignedDocument(
  jws: string,
  keyOf: KeyFinder,
  parse: ParseAgreement,
): Result<SignedDocument, DocumentRefusal> {
  const read = verifyJws(jws, 'wasl-agreement', keyOf, ['party']);
  if (!read.ok) return refuse(read.error.detail);
  const { party } = read.value.header;
  if (party !== 'provider' && party !== 'client') return refuse('the party is neither side');
  const agreement = parse(read.value.payload);
  if (!agreement.ok) return refuse(agreement.error);
  const document = documentOf(agreement.value);
  // What was filled in while it was read was not signed.
  if (documentText(document) !== canonicalJson(read.value.payload)) {
    return refuse('the document leaves out what an agreement must say');
  }
  return ok({ party, document });
}

/** INST/CLASS/MEMBER/SUBSYSTEM of the one who provides; undefined where the service has no such form. */
export function providerOf(document: Pick<AgreementDocument, 'service'>): string | undefined {
  const service = parseService(document.service);
  return service.ok ? formatSubsystem(service.value) : undefined;
}
