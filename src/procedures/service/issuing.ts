import { createHash, sign } from 'node:crypto';
import {
  addDays,
  canonicalJson,
  conflict,
  dateIn,
  type IsoDate,
  type Json,
  type Language,
  type LocalText,
  notFound,
  type Result,
} from '../../kernel/index.ts';
import { formatDate } from '../../web/index.ts';
import { renderAttestation, renderReceipt } from '../documents/documents.ts';
import type { AttestationFacts, DocumentItem, ReceiptFacts, Words } from '../documents/facts.ts';
import type { Dossier } from '../model/dossier.ts';
import { attestationRows, validUntil } from '../rules/attestation.ts';
import { acceptBySilence, acceptDossier } from '../rules/decision.ts';
import type { Circumstances } from '../rules/dossier.ts';
import { formatNumber } from '../rules/number.ts';
import { receiptOf } from '../rules/receipt.ts';
import type { Refusal } from '../rules/refusal.ts';
import { nextNumber } from '../store/dossier.ts';
import { findPageOf, insertAttestation, keepPublicPage } from '../store/publication.ts';
import { issuingTexts } from '../texts/issuing.ts';
import { changeDossier, type Loaded, loadDossier, yearOf } from './change.ts';
import type { ProceduresDeps } from './deps.ts';
import { publicId } from './filing.ts';

/** The receipt as PDF. It follows from the filing alone, so it has the same bytes whenever it is made. */
export async function receiptPdf(deps: ProceduresDeps, loaded: Loaded, language: Language): Promise<Buffer> {
  const receipt = receiptOf(loaded.dossier, loaded.around);
  const page = await findPageOf(deps.db.read, loaded.id, 'receipt');
  if (receipt === undefined || page === undefined) throw notFound('This request is not filed yet: it has no receipt.');
  const texts = issuingTexts;
  const item = ({ title, via }: (typeof receipt.received)[number]): DocumentItem => ({
    name: title,
    note: texts.via[via],
  });
  const facts: ReceiptFacts = {
    number: receipt.number,
    filedAt: new Date(receipt.filedAt),
    letterhead: [texts.state, receipt.authority],
    procedure: { title: receipt.procedure.title, version: String(receipt.procedure.version) },
    applicant: receipt.applicant as Words,
    received: receipt.received.map(item),
    awaited: receipt.awaited.map(item),
    missing: receipt.missing.map(item),
    deadline: { kind: 'date', on: receipt.deadline.on, note: texts.deadlineBasis[receipt.deadline.basis] },
    silence: receipt.silence.kind === 'acceptance' ? texts.silenceAccepts : texts.silenceNone,
    appeals: [texts.appeal(receipt.appeal.fileWithinDays)],
    contact: receipt.contact === undefined ? [receipt.authority] : [receipt.contact],
    verifyUrl: `${deps.baseUrl()}/v/${page}`,
    ledgerReference: `${deps.ledger.name} · ${loaded.id}`,
    demonstration: deps.demonstration,
  };
  return renderReceipt(deps.pdf, facts, language);
}

type Acceptance = (dossier: Dossier, around: Circumstances, number: string) => ReturnType<typeof acceptDossier>;

/** Accepts a request and issues its certificate: both or neither. */
export function acceptAndIssue(
  deps: ProceduresDeps,
  id: string,
  command: { readonly by: string; readonly remark: string },
): Promise<Result<Loaded, Refusal>> {
  return issue(deps, id, (dossier, around, number) => acceptDossier(dossier, { ...command, number }, around));
}

/** What the clock's sweep does when the law makes silence an acceptance. */
export function acceptSilently(deps: ProceduresDeps, id: string): Promise<Result<Loaded, Refusal>> {
  return issue(deps, id, (dossier, around, number) => acceptBySilence(dossier, { number }, around));
}

async function issue(deps: ProceduresDeps, id: string, accept: Acceptance): Promise<Result<Loaded, Refusal>> {
  const loaded = await loadDossier(deps, id);
  const year = yearOf(deps);
  const permitted = accept(loaded.dossier, loaded.around, 'D');
  if (!permitted.ok) return permitted;
  const number = formatNumber('D', year, await deps.db.transaction((tx) => nextNumber(tx, 'D', year)));
  const page = publicId(deps);
  const issuedAt = deps.clock();
  const documents = await makeDocuments(deps, loaded, { number, page, issuedAt });
  const { revision } = loaded.dossier;
  return changeDossier(
    deps,
    id,
    (dossier, around) => {
      const accepted = accept(dossier, around, number);
      // The papers were made for one state of the dossier; if it moved meanwhile, the agent reads first what is new.
      if (accepted.ok && dossier.revision !== revision)
        throw conflict('The request has changed while its certificate was made. Read what is new, then decide again.');
      return accepted;
    },
    async (tx) => {
      await keepPublicPage(tx, { id: page, kind: 'attestation', dossier_id: id });
      const holder = initials(loaded.dossier.person.fullNameFr);
      await insertAttestation(tx, {
        dossier_id: id,
        number,
        issued_at: issuedAt,
        ...documents,
        holder,
        status: 'valid',
      });
    },
  );
}

type Issue = { readonly number: string; readonly page: string; readonly issuedAt: Date };

async function makeDocuments(
  deps: ProceduresDeps,
  loaded: Loaded,
  given: Issue,
): Promise<{ pdf_ar: string; pdf_fr: string; jws: string }> {
  const facts = attestationFacts(deps, loaded, given);
  const [ar, fr] = await Promise.all([
    renderAttestation(deps.pdf, facts, 'ar'),
    renderAttestation(deps.pdf, facts, 'fr'),
  ]);
  const [storedAr, storedFr] = await Promise.all([deps.files.put(ar), deps.files.put(fr)]);
  const until = facts.validUntil;
  const jws = seal(deps, {
    iss: deps.baseUrl(),
    jti: given.page,
    iat: Math.floor(given.issuedAt.getTime() / 1000),
    // The end of its last day in UTC, which is that day's end in Morocco or an hour after it.
    ...(until === undefined ? {} : { exp: Date.parse(`${addDays(until, 1)}T00:00:00Z`) / 1000 }),
    typ: loaded.around.procedure.id,
    num: given.number,
    auth: loaded.around.procedure.authority.name.fr,
    sub: initials(loaded.dossier.person.fullNameFr),
    pdf: { ar: digestOf(ar), fr: digestOf(fr) },
  });
  return { pdf_ar: storedAr.id, pdf_fr: storedFr.id, jws };
}

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64url');

/** A compact JWS (RFC 7515) with ES256; the key is in the JWK set that the portal publishes. */
function seal(deps: ProceduresDeps, payload: Record<string, Json>): string {
  const part = (value: Json) => Buffer.from(canonicalJson(value)).toString('base64url');
  const input = `${part({ alg: 'ES256', kid: deps.sealing.kid, typ: 'JWT' })}.${part(payload)}`;
  const signature = sign('sha256', Buffer.from(input), { key: deps.sealing.key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

function attestationFacts(deps: ProceduresDeps, loaded: Loaded, given: Issue): AttestationFacts {
  const { dossier, around } = loaded;
  const { procedure } = around;
  const issuedOn = dateIn(around.calendar.timeZone, given.issuedAt);
  const until = validUntil(procedure, issuedOn);
  const [basis] = procedure.legalBasis;
  return {
    number: given.number,
    issuedAt: given.issuedAt,
    letterhead: [issuingTexts.state, procedure.authority.name],
    title: procedure.attestation.title,
    decision: procedure.attestation.statement,
    rows: attestationRows(procedure, dossier).map((row) => ({
      label: row.label,
      value: rowValue(row.kind, row.value),
    })),
    ...(basis === undefined ? {} : { legalBasis: basis.title }),
    ...(until === undefined ? {} : { validUntil: until }),
    ...(dossier.filing === undefined ? {} : { receiptNumber: dossier.filing.number }),
    verifyUrl: `${deps.baseUrl()}/v/${given.page}`,
    keyId: deps.sealing.kid,
    ledgerReference: `${deps.ledger.name} · ${loaded.id}`,
    demonstration: deps.demonstration,
  };
}

function rowValue(kind: 'text' | 'date' | 'number', value: LocalText): Words {
  if (kind !== 'date') return value;
  const date = value.fr as IsoDate;
  return { ar: formatDate(date, 'ar'), fr: formatDate(date, 'fr'), en: formatDate(date, 'en') };
}

/** `Amina Ziani` becomes `A. Z.`: enough to compare with a paper in hand, too little to find somebody. */
export function initials(name: string): string {
  return name
    .split(/\s+/)
    .filter((part) => part !== '')
    .map((part) => `${part.charAt(0).toUpperCase()}.`)
    .join(' ');
}
