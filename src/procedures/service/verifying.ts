import { createPublicKey } from 'node:crypto';
import { dateIn } from '../../kernel/index.ts';
import type { PublicView } from '../model/public-view.ts';
import { validUntil } from '../rules/attestation.ts';
import { today } from '../rules/dossier.ts';
import { receiptOf } from '../rules/receipt.ts';
import { type AttestationRecord, findAttestation, findPageOf, findPublicPage } from '../store/publication.ts';
import { loadDossier } from './change.ts';
import type { ProceduresDeps } from './deps.ts';
import { initials } from './issuing.ts';

/** What anybody may know about the paper of this address; undefined where no paper has it. */
export async function publicView(deps: ProceduresDeps, id: string): Promise<PublicView | undefined> {
  const page = /^[\w-]{22}$/.test(id) ? await findPublicPage(deps.db.read, id) : undefined;
  if (page === undefined) return undefined;
  const { dossier, around } = await loadDossier(deps, page.dossier_id);
  const { procedure } = around;
  const holder = initials(dossier.person.fullNameFr);
  if (page.kind === 'attestation') {
    const record = await findAttestation(deps.db.read, page.dossier_id);
    if (record === undefined) throw new Error('a page of an attestation without its attestation');
    const { number, jws } = record;
    const issuedOn = dateIn(around.calendar.timeZone, record.issued_at);
    const until = validUntil(procedure, issuedOn);
    const isOver = until !== undefined && until < today(around);
    return {
      kind: 'attestation',
      procedure,
      number,
      issuedOn,
      status: isOver && record.status === 'valid' ? 'expired' : record.status,
      validUntil: until,
      holder,
      pdf: { ar: record.pdf_ar, fr: record.pdf_fr },
      jws,
    };
  }
  const receipt = receiptOf(dossier, around);
  if (receipt === undefined) throw new Error('a page of a receipt without its filing');
  return {
    kind: 'receipt',
    procedure,
    number: receipt.number,
    filedAt: new Date(receipt.filedAt),
    deadlineOn: receipt.deadline.on,
    holder,
  };
}

/** The papers of an accepted request, for its applicant and its agents. */
export type Issued = { readonly record: AttestationRecord; readonly page: string };

export async function issuedOf(deps: ProceduresDeps, dossier: string): Promise<Issued | undefined> {
  const record = await findAttestation(deps.db.read, dossier);
  const page = record === undefined ? undefined : await findPageOf(deps.db.read, dossier, 'attestation');
  return record === undefined || page === undefined ? undefined : { record, page };
}

export async function receiptPage(deps: ProceduresDeps, dossier: string): Promise<string | undefined> {
  return findPageOf(deps.db.read, dossier, 'receipt');
}

/** The public keys that attestations are checked with (RFC 7517). */
export function keySet(deps: ProceduresDeps): object {
  const jwk = createPublicKey(deps.sealing.key).export({ format: 'jwk' });
  return { keys: [{ ...jwk, kid: deps.sealing.kid, alg: 'ES256', use: 'sig' }] };
}
