import { type Choice, reader, readForm, readFormCondition, type VariableSchema } from '../../forms/index.ts';
import type { LocalText } from '../../kernel/index.ts';
import { readDeadline, readExtension, readSilence } from './deadline-reader.ts';
import { readDocument } from './document-reader.ts';
import type { LegalSettings } from './legal-settings.ts';
import {
  type AttestationTemplate,
  AUTHORITY_KINDS,
  type Fee,
  type LegalText,
  PROCEDURE_STATUSES,
  type Procedure,
  RESULT_KINDS,
  type RefusalGround,
  type Simplification,
  type Source,
  THEMES,
} from './procedure.ts';
import { PROVENANCE_KEYS, readProvenance } from './provenance-reader.ts';
import { reportBrokenReferences } from './references.ts';

const {
  listOf,
  localText,
  matching,
  oneOf,
  optional,
  record,
  report,
  reportDuplicates,
  text,
  wholeNumber,
  withDefault,
} = reader;

/** What a procedure's file is read against: the law's figures and the lists of places. */
export type FileSurroundings = {
  readonly legal: LegalSettings;
  readonly lists: { readonly [name: string]: readonly Choice[] };
};

export const PROCEDURE_KEYS = [
  'id',
  'version',
  'status',
  'theme',
  'rank',
  'title',
  'summary',
  'keywords',
  'authority',
  'applicants',
  'result',
  'deadline',
  'silence',
  'extension',
  'fee',
  'legalBasis',
  'documents',
  'form',
  'refusalGrounds',
  'attestation',
  'toSimplify',
  'sources',
] as const;

export const ID = /^[a-z0-9]+(?:-[a-z0-9]+){0,8}$/;
const ID_EXAMPLE = 'certificat-residence (small letters, digits, hyphens)';

/** Reads one procedure; every mistake goes to the place's issues. The whole is only used when there is none. */
export function readProcedure(place: reader.Place, around: FileSurroundings): Procedure {
  const of = record(place, PROCEDURE_KEYS);
  const variables = variablesOf(of('documents').value);
  const form = of('form').value;
  const condition = (at: reader.Place) => readFormCondition(at, form, variables);
  const procedure: Procedure = {
    id: matching(of('id'), ID, ID_EXAMPLE),
    version: wholeNumber(of('version'), 1, 10_000),
    status: oneOf(of('status'), PROCEDURE_STATUSES),
    theme: oneOf(of('theme'), THEMES),
    rank: optional(of('rank'), (at) => wholeNumber(at, 1, 100)),
    title: localText(of('title'), 200),
    summary: localText(of('summary'), 1000),
    keywords: withDefault(of('keywords'), { ar: [], fr: [], en: [] }, readKeywords),
    authority: readAuthority(of('authority')),
    applicants: readApplicants(of('applicants'), condition),
    result: readResult(of('result')),
    deadline: readDeadline(of('deadline'), around.legal, condition),
    silence: readSilence(of('silence')),
    extension: optional(of('extension'), readExtension),
    fee: readFee(of('fee')),
    legalBasis: listOf(of('legalBasis'), readLegalText, { max: 20 }),
    documents: listOf(of('documents'), (at) => readDocument(at, condition), { max: 20 }),
    form: readForm(of('form'), { lists: around.lists, variables }),
    refusalGrounds: listOf(of('refusalGrounds'), readGround, { min: 1, max: 20 }),
    attestation: readAttestation(of('attestation')),
    toSimplify: withDefault(of('toSimplify'), [], (at) => listOf(at, readSimplification)),
    sources: listOf(of('sources'), readSource, { min: 1, max: 20 }),
  };
  for (const key of ['legalBasis', 'documents', 'sources'] as const) {
    reportDuplicates(
      of(key),
      procedure[key].map(({ id }) => id),
      'id',
    );
  }
  reportDuplicates(
    of('refusalGrounds'),
    procedure.refusalGrounds.map(({ code }) => code),
    'code',
  );
  reportBrokenReferences(place, procedure);
  return procedure;
}

/** `person`, and for each document of the file its `status` and its `data`. */
function variablesOf(documents: unknown): VariableSchema {
  const ids = (Array.isArray(documents) ? documents : []).map((item: unknown) => (item as { id?: unknown } | null)?.id);
  const known = ids.filter((id): id is string => typeof id === 'string' && /^[a-z][A-Za-z0-9]*$/.test(id));
  const schema = Object.fromEntries(known.map((id) => [id, { status: 'string', data: 'map<string, dyn>' } as const]));
  const person = { fullNameAr: 'string', fullNameFr: 'string', birthDate: 'string', nationalId: 'string' } as const;
  return { person, documents: schema };
}

function readKeywords(place: reader.Place): Procedure['keywords'] {
  const of = record(place, ['ar', 'fr', 'en']);
  const words = (at: reader.Place) =>
    withDefault(at, [], (list) => listOf(list, (item) => text(item, 100), { max: 40 }));
  return { ar: words(of('ar')), fr: words(of('fr')), en: words(of('en')) };
}

function readAuthority(place: reader.Place): Procedure['authority'] {
  const of = record(place, ['kind', 'name', 'office', 'contact', ...PROVENANCE_KEYS]);
  return {
    kind: oneOf(of('kind'), AUTHORITY_KINDS),
    name: localText(of('name'), 300),
    office: matching(of('office'), ID, 'annexe-administrative'),
    contact: optional(of('contact'), (at) => localText(at, 300)),
    provenance: readProvenance(of),
  };
}

type Condition = Parameters<typeof readDocument>[1];

function readApplicants(place: reader.Place, condition: Condition): Procedure['applicants'] {
  const of = record(place, ['kinds', 'who', 'conditions']);
  const conditions = withDefault(of('conditions'), [], (list) =>
    listOf(list, (at) => {
      const inner = record(at, ['rule', 'message']);
      return { rule: condition(inner('rule')), message: localText(inner('message'), 500) };
    }),
  );
  return {
    kinds: listOf(of('kinds'), (at) => oneOf(at, ['natural', 'legal']), { min: 1, max: 2 }),
    who: localText(of('who'), 500),
    conditions: conditions.flatMap(({ rule, message }) => (rule === undefined ? [] : [{ rule, message }])),
  };
}

function readResult(place: reader.Place): Procedure['result'] {
  const of = record(place, ['kind', 'title', 'validity']);
  return {
    kind: oneOf(of('kind'), RESULT_KINDS),
    title: localText(of('title'), 300),
    validity: optional(of('validity'), (at) => localText(at, 300)),
  };
}

function readFee(place: reader.Place): Fee {
  const of = record(place, ['kind', 'amountMad', 'items', ...PROVENANCE_KEYS]);
  const kind = oneOf(of('kind'), ['free', 'fixed', 'variable', 'unknown']);
  const amountMad = optional(of('amountMad'), (at) => reader.decimal(at, 0, 1_000_000));
  if (kind === 'fixed' && amountMad === undefined) report(of('amountMad'), 'is missing', 'give the amount in dirhams');
  const readItem = (at: reader.Place) => {
    const inner = record(at, ['label', 'amountMad']);
    return { label: localText(inner('label'), 200), amountMad: reader.decimal(inner('amountMad'), 0, 1_000_000) };
  };
  const items = withDefault(of('items'), [], (list) => listOf(list, readItem));
  return { kind, amountMad, items, provenance: readProvenance(of) };
}

function readLegalText(place: reader.Place): LegalText {
  const of = record(place, ['id', 'title', 'url', ...PROVENANCE_KEYS]);
  return {
    id: matching(of('id'), ID, 'law-37-99'),
    title: localText(of('title'), 400),
    url: optional(of('url'), readUrl),
    provenance: readProvenance(of),
  };
}

function readSource(place: reader.Place): Source {
  const of = record(place, ['id', 'title', 'url']);
  return {
    id: matching(of('id'), ID, 'mmsp-bdj'),
    title: localOrPlain(of('title')),
    url: optional(of('url'), readUrl),
  };
}

/** The name of a source may be the same in both languages: then it is written once. */
function localOrPlain(place: reader.Place): LocalText {
  if (typeof place.value !== 'string') return localText(place, 400);
  const title = text(place, 400);
  return { ar: title, fr: title };
}

function readUrl(place: reader.Place): string {
  return matching(place, /^https:\/\/[a-z0-9.-]+(?:\/[^\s<>"']*)?$/, 'https://www.idarati.ma/…');
}

function readGround(place: reader.Place): RefusalGround {
  const of = record(place, ['code', 'title', 'legalReference', ...PROVENANCE_KEYS]);
  return {
    code: matching(of('code'), ID, 'address-not-established'),
    title: localText(of('title'), 300),
    legalReference: localText(of('legalReference'), 400),
    provenance: readProvenance(of),
  };
}

function readAttestation(place: reader.Place): AttestationTemplate {
  const of = record(place, ['title', 'statement', 'rows', 'validMonths']);
  const readRow = (at: reader.Place) => {
    const inner = record(at, ['label', 'value']);
    const path = matching(inner('value'), /^(?:person|documents|answers)(?:\.[A-Za-z0-9]+)+$/, 'answers.address');
    return { label: localText(inner('label'), 200), value: path.split('.') };
  };
  return {
    title: localText(of('title'), 300),
    statement: localText(of('statement'), 1500),
    rows: listOf(of('rows'), readRow, { min: 1, max: 20 }),
    validMonths: optional(of('validMonths'), (at) => wholeNumber(at, 1, 600)),
  };
}

function readSimplification(place: reader.Place): Simplification {
  const of = record(place, ['rule', 'text']);
  return { rule: oneOf(of('rule'), ['L5', 'L6', 'L7', 'L8', 'L9', 'L10', 'L11']), text: localText(of('text'), 1000) };
}
