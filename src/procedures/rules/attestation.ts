import { fieldsOf } from '../../forms/index.ts';
import { addDays, type IsoDate, type LocalText, parseIsoDate } from '../../kernel/index.ts';
import type { Dossier } from '../model/dossier.ts';
import type { Procedure } from '../model/procedure.ts';

/** One line of an attestation. A date is ISO and formatted where it is shown; a text may have both scripts. */
export type AttestationRow = {
  readonly label: LocalText;
  readonly kind: 'text' | 'date' | 'number';
  readonly value: LocalText;
};

/** The facts that the attestation states, from the documents, the answers and the person, as its template names them. */
export function attestationRows(procedure: Procedure, dossier: Dossier): readonly AttestationRow[] {
  const documents = Object.fromEntries(
    Object.entries(dossier.documents).map(([id, state]) => [id, state.status === 'obtained' ? state.data : {}]),
  );
  const fullName = { ar: dossier.person.fullNameAr, fr: dossier.person.fullNameFr };
  const facts = { person: { ...dossier.person, fullName }, documents, answers: dossier.answers };
  return procedure.attestation.rows.flatMap(({ label, value: path }): readonly AttestationRow[] => {
    const found = path.reduce<unknown>(memberOf, facts);
    const shown = path[0] === 'answers' ? answerLabel(procedure, path[1] ?? '', found) : plainValue(found);
    // A fact that the dossier does not hold is left out: an attestation states nothing that nobody established.
    return shown === undefined ? [] : [{ label, ...shown }];
  });
}

/** The last day on which an attestation of that day is valid; undefined where it has no end. */
export function validUntil(procedure: Procedure, issuedOn: IsoDate): IsoDate | undefined {
  const { validMonths } = procedure.attestation;
  return validMonths === undefined ? undefined : monthsAfter(issuedOn, validMonths);
}

/** The same day some months later, or the last of that month where it has no such day. */
function monthsAfter(date: IsoDate, months: number): IsoDate {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return addDays(first.toISOString().slice(0, 10) as IsoDate, Math.min(day, last) - 1);
}

function memberOf(value: unknown, name: string): unknown {
  const owns = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  return owns ? (value as Record<string, unknown>)[name] : undefined;
}

function plainValue(value: unknown): Pick<AttestationRow, 'kind' | 'value'> | undefined {
  if (typeof value === 'number') return { kind: 'number', value: { ar: String(value), fr: String(value) } };
  if (typeof value === 'string' && value !== '') {
    return { kind: parseIsoDate(value) === undefined ? 'text' : 'date', value: { ar: value, fr: value } };
  }
  const ar = memberOf(value, 'ar');
  const fr = memberOf(value, 'fr');
  if (typeof ar === 'string' && typeof fr === 'string') return { kind: 'text', value: { ar, fr } };
  return undefined;
}

/** A chosen answer is stated by its label, not by the code that the form stores. */
function answerLabel(
  procedure: Procedure,
  id: string,
  value: unknown,
): Pick<AttestationRow, 'kind' | 'value'> | undefined {
  const field = fieldsOf(procedure.form).find((candidate) => candidate.id === id);
  if (field?.kind === 'single-choice' || field?.kind === 'list') {
    const choice = field.choices.find((candidate) => candidate.value === value);
    return choice === undefined ? undefined : { kind: 'text', value: choice.label };
  }
  return plainValue(value);
}
