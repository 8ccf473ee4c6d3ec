import { err, ok, type Result } from '../../../kernel/index.ts';
import {
  type Agreement,
  type AgreementTerms,
  ARCHIVE_KEEPS,
  ARCHIVERS,
  GROUP,
  MOST_ARCHIVE_DAYS,
} from '../../message/agreement.ts';
import { parseCondition } from '../../message/condition.ts';
import { parseService } from '../../message/identifiers.ts';

/** What the form of an agreement holds, field by field, as typed. */
export type TypedAgreement = Readonly<
  Record<
    | 'id'
    | 'version'
    | 'client'
    | 'service'
    | 'endpoints'
    | 'purposes'
    | 'basisAr'
    | 'basisFr'
    | 'basisRef'
    | 'fields'
    | 'from'
    | 'until'
    | 'condition'
    | 'ratePerMinute'
    | 'perDay'
    | 'perMonth'
    | 'otherBodies'
    | 'archive'
    | 'archiveDays'
    | 'archiveBy',
    string
  >
>;

/** What may be chosen; without a list of services any identifier of one may be written. */
export type KnownParties = {
  readonly clients: readonly string[];
  readonly services: readonly string[] | undefined;
};

type FieldName = Exclude<keyof TypedAgreement, 'version' | 'otherBodies' | 'archive'>;

const linesOf = (text: string) =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Reads the form; the refusal names every field that is wrong, in the order in which they stand. */
export function readAgreementForm(typed: TypedAgreement, known: KnownParties): Result<Agreement, readonly FieldName[]> {
  const endpoints = linesOf(typed.endpoints).map((line) => /^(\*|[A-Z]{3,7})\s+(\/\S{0,499})$/.exec(line));
  const purposes = linesOf(typed.purposes).map(readPurpose);
  const fields = linesOf(typed.fields);
  const [from, until] = [dayOf(typed.from), dayOf(typed.until)];
  const checks: Readonly<Record<FieldName, boolean>> = {
    id: /^[A-Za-z0-9._-]{1,80}$/.test(typed.id),
    client: known.clients.includes(typed.client),
    service: known.services === undefined ? parseService(typed.service).ok : known.services.includes(typed.service),
    endpoints: endpoints.length > 0 && endpoints.length <= 100 && endpoints.every((one) => one !== null),
    purposes: purposes.length > 0 && purposes.length <= 20 && purposes.every((one) => one !== undefined),
    basisAr: typed.basisAr.trim() !== '',
    basisFr: typed.basisFr.trim() !== '',
    basisRef: typed.basisRef.trim() !== '',
    fields: fields.length <= 200 && fields.every((field) => /^\/\S{0,299}$/.test(field)),
    from: from !== undefined,
    until: until !== undefined && (from === undefined || from < until),
    condition: typed.condition.trim() === '' || parseCondition(typed.condition.trim()).ok,
    ratePerMinute: isCount(typed.ratePerMinute),
    perDay: isCount(typed.perDay),
    perMonth: isCount(typed.perMonth),
    archiveDays: !isArchived(typed) || isArchiveDays(typed.archiveDays),
    archiveBy: !isArchived(typed) || typed.archiveBy === 'provider' || !typed.client.startsWith(GROUP),
  };
  const wrong = (Object.keys(checks) as FieldName[]).filter((name) => !checks[name]);
  if (wrong.length > 0 || from === undefined || until === undefined) return err(wrong);
  return ok({
    id: typed.id,
    version: Number(typed.version),
    client: typed.client,
    service: typed.service,
    endpoints: endpoints.map((one) => ({ method: one?.[1] ?? '', path: one?.[2] ?? '' })),
    purposes: purposes.filter((one) => one !== undefined),
    legalBasis: { text: { ar: typed.basisAr.trim(), fr: typed.basisFr.trim() }, ref: typed.basisRef.trim() },
    fields,
    validFrom: from.toISOString(),
    validUntil: until.toISOString(),
    status: 'active',
    ...termsOf(typed),
  });
}

/** Nothing typed is no limit. */
function isCount(text: string): boolean {
  return text.trim() === '' || /^[1-9]\d{0,8}$/.test(text.trim());
}

function isArchived(typed: TypedAgreement): boolean {
  return ARCHIVE_KEEPS.some((keep) => keep === typed.archive);
}

function isArchiveDays(text: string): boolean {
  return /^[1-9]\d{0,3}$/.test(text.trim()) && Number(text) <= MOST_ARCHIVE_DAYS;
}

function archiveOf(typed: TypedAgreement): Pick<AgreementTerms, 'archive'> {
  const keep = ARCHIVE_KEEPS.find((one) => one === typed.archive);
  if (keep === undefined) return {};
  const by = ARCHIVERS.find((one) => one === typed.archiveBy) ?? 'provider';
  return { archive: { keep, days: Number(typed.archiveDays), by } };
}

function termsOf(typed: TypedAgreement): Pick<Agreement, 'terms'> {
  const count = <K extends string>(key: K, text: string) =>
    text.trim() === '' ? {} : ({ [key]: Number(text) } as { readonly [key in K]: number });
  const quota = { ...count('perDay', typed.perDay), ...count('perMonth', typed.perMonth) };
  const terms: AgreementTerms = {
    ...(typed.condition.trim() === '' ? {} : { condition: typed.condition.trim() }),
    ...count('ratePerMinute', typed.ratePerMinute),
    ...(Object.keys(quota).length === 0 ? {} : { quota }),
    ...(typed.otherBodies === 'whole' ? { otherBodies: 'whole' } : {}),
    ...archiveOf(typed),
  };
  return Object.keys(terms).length === 0 ? {} : { terms };
}

function readPurpose(line: string): Agreement['purposes'][number] | undefined {
  const [code = '', ar = '', fr = '', en = ''] = line.split('|').map((part) => part.trim());
  if (!/^[A-Za-z0-9._-]{1,80}$/.test(code) || ar === '' || fr === '') return undefined;
  return { code, text: en === '' ? { ar, fr } : { ar, fr, en } };
}

function dayOf(text: string): Date | undefined {
  const day = text.trim();
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const date = new Date(`${day}T00:00:00.000Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day) ? date : undefined;
}

/** The form of the version after this one, with what this one says. */
export function formOfAgreement(agreement: Agreement): TypedAgreement {
  const { text } = agreement.legalBasis;
  return {
    id: agreement.id,
    version: String(agreement.version + 1),
    client: agreement.client,
    service: agreement.service,
    endpoints: agreement.endpoints.map(({ method, path }) => `${method} ${path}`).join('\n'),
    purposes: agreement.purposes
      .map(({ code, text: { ar, fr, en } }) => [code, ar, fr, ...(en === undefined ? [] : [en])].join(' | '))
      .join('\n'),
    basisAr: text.ar,
    basisFr: text.fr,
    basisRef: agreement.legalBasis.ref,
    fields: agreement.fields.join('\n'),
    from: agreement.validFrom.slice(0, 10),
    until: agreement.validUntil.slice(0, 10),
    condition: agreement.terms?.condition ?? '',
    ratePerMinute: String(agreement.terms?.ratePerMinute ?? ''),
    perDay: String(agreement.terms?.quota?.perDay ?? ''),
    perMonth: String(agreement.terms?.quota?.perMonth ?? ''),
    otherBodies: agreement.terms?.otherBodies ?? 'refuse',
    archive: agreement.terms?.archive?.keep ?? 'none',
    archiveDays: String(agreement.terms?.archive?.days ?? ''),
    archiveBy: agreement.terms?.archive?.by ?? 'provider',
  };
}
