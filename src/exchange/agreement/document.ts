import type { KeyObject } from 'node:crypto';
import { canonicalJson, err, type Json, ok, type Result } from '../../kernel/index.ts';
import type { Agreement } from '../message/agreement.ts';
import { formatSubsystem, parseService } from '../message/identifiers.ts';
import { signJws, verifyJws } from '../trust/jws.ts';

export type Party = 'provider' | 'client';

/** What both members sign: the agreement without its state, which changes after. */
export type AgreementDocument = Omit<Agreement, 'status' | 'isSigned'>;

export type SignedDocument = { readonly party: Party; readonly document: AgreementDocument };

export function documentOf(agreement: Agreement): AgreementDocument {
  const { status: _status, isSigned: _isSigned, ...document } = agreement;
  return document;
}

export function documentText(document: AgreementDocument): string {
  return canonicalJson(document as unknown as Json);
}

/** A JWS that anybody with the trust list verifies: ES256 by the member's gateway, the document as its payload. */
export function signDocument(
  signer: { readonly keyid: string; readonly key: KeyObject },
  party: Party,
  document: AgreementDocument,
): string {
  return signJws({ kid: signer.keyid, key: signer.key }, 'wasl-agreement', document, { party });
}

export type DocumentRefusal = { readonly kind: 'document'; readonly detail: string };

/** `parse` reads the payload as an agreement; a signature over anything else is none of an agreement. */
export function readSignedDocument(
  jws: string,
  key: { readonly keyid: string; readonly key: KeyObject },
  parse: (payload: Json) => Result<Agreement, string>,
): Result<SignedDocument, DocumentRefusal> {
  const read = verifyJws(jws, 'wasl-agreement', (kid) => (kid === key.keyid ? key.key : undefined), ['party']);
  if (!read.ok) return err({ kind: 'document', detail: read.error.detail });
  const { party } = read.value.header;
  if (party !== 'provider' && party !== 'client') return err({ kind: 'document', detail: 'the party is neither side' });
  const agreement = parse(read.value.payload);
  if (!agreement.ok) return err({ kind: 'document', detail: agreement.error });
  const document = documentOf(agreement.value);
  // What was filled in while it was read was not signed.
  if (documentText(document) !== canonicalJson(read.value.payload)) {
    return err({ kind: 'document', detail: 'the document leaves out what an agreement must say' });
  }
  return ok({ party, document });
}

/** INST/CLASS/MEMBER/SUBSYSTEM of the one who provides; undefined where the service has no such form. */
export function providerOf(document: Pick<AgreementDocument, 'service'>): string | undefined {
  const service = parseService(document.service);
  return service.ok ? formatSubsystem(service.value) : undefined;
}
