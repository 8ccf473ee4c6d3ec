import { type Field, fieldsOf, type reader } from '../../forms/index.ts';
import type { DocumentSource, Procedure, Provenance } from './procedure.ts';

/** Names inside the file that must lead somewhere: sources, legal texts, fields, documents. */
export function reportBrokenReferences(place: reader.Place, procedure: Procedure): void {
  const sourceIds = procedure.sources.map(({ id }) => id);
  for (const [path, provenance] of provenancesOf(procedure)) {
    for (const [index, id] of provenance.sources.entries()) {
      if (!sourceIds.includes(id)) missing(place, [...path, 'sources', index], `no source "${id}"`, sourceIds);
    }
    if (provenance.certainty !== 'unconfirmed' && provenance.sources.length === 0) {
      const remedy = `name one of ${sourceIds.join(', ')}, or mark it unconfirmed`;
      report(place, [...path, 'certainty'], `${provenance.certainty} needs a source`, remedy);
    }
  }
  const legalIds = procedure.legalBasis.map(({ id }) => id);
  const fields = fieldsOf(procedure.form);
  for (const [index, document] of procedure.documents.entries()) {
    for (const [at, id] of document.legalBasis.entries()) {
      if (!legalIds.includes(id))
        missing(place, ['documents', index, 'legalBasis', at], `no legal text "${id}"`, legalIds);
    }
    reportFields(place, ['documents', index, 'source'], document.source, fields);
  }
  reportAttestationPaths(place, procedure, fields);
  reportPrefills(place, procedure);
}

function provenancesOf(procedure: Procedure): readonly (readonly [reader.Path, Provenance])[] {
  const listed = (['legalBasis', 'documents', 'refusalGrounds'] as const).flatMap((key) =>
    procedure[key].map((item, index) => [[key, index], item.provenance] as const),
  );
  const stages = procedure.deadline.stages.map(
    (stage, index) => [['deadline', 'stages', index], stage.provenance] as const,
  );
  const { silence, extension } = procedure;
  return [
    [['authority'], procedure.authority.provenance],
    [['deadline'], procedure.deadline.provenance],
    [['fee'], procedure.fee.provenance],
    ...(silence.kind === 'acceptance' ? [[['silence', 'acceptance'], silence.provenance] as const] : []),
    ...(extension === undefined ? [] : [[['extension'], extension.provenance] as const]),
    ...listed,
    ...stages,
  ];
}

function reportFields(place: reader.Place, path: reader.Path, source: DocumentSource, fields: readonly Field[]): void {
  const wanted: (readonly [key: string, id: string, kinds: readonly Field['kind'][]])[] = [];
  if (source.kind === 'upload') {
    wanted.push(['field', source.field, ['file']]);
    if (source.declarationField !== undefined)
      wanted.push(['declarationField', source.declarationField, ['declaration']]);
  }
  if (source.kind === 'declaration') wanted.push(['field', source.field, ['declaration']]);
  if (source.kind === 'exchange' && source.otherwise !== undefined) {
    wanted.push(['otherwise', source.otherwise, ['file', 'declaration']]);
  }
  for (const [key, id, kinds] of wanted) {
    const candidates = fields.filter((field) => kinds.includes(field.kind)).map((field) => field.id);
    if (!candidates.includes(id))
      missing(place, [...path, key], `no ${kinds.join(' or ')} field "${id}" in the form`, candidates);
  }
}

function reportAttestationPaths(place: reader.Place, procedure: Procedure, fields: readonly Field[]): void {
  const known: Readonly<Record<string, readonly string[]>> = {
    person: ['fullName', 'fullNameAr', 'fullNameFr', 'birthDate', 'nationalId'],
    documents: procedure.documents.map(({ id }) => id),
    answers: fields.map(({ id }) => id),
  };
  for (const [index, row] of procedure.attestation.rows.entries()) {
    const [root = '', name = '', member = ''] = row.value;
    const path = ['attestation', 'rows', index, 'value'];
    const names = known[root] ?? [];
    if (!names.includes(name)) missing(place, path, `no "${name}" in ${root}`, names);
    else if (root === 'documents') reportUnfetched(place, path, procedure, name, member);
  }
}

/** A prefill that reads a member which is not asked of the holder would stay empty for ever. */
function reportPrefills(place: reader.Place, procedure: Procedure): void {
  for (const [at, step] of procedure.form.steps.entries()) {
    for (const [index, { prefill = [] }] of step.fields.entries()) {
      const [root, document = '', part, member = ''] = prefill;
      if (root !== 'documents' || part !== 'data') continue;
      reportUnfetched(place, ['form', 'steps', at, 'fields', index, 'prefill'], procedure, document, member);
    }
  }
}

function reportUnfetched(
  place: reader.Place,
  path: reader.Path,
  procedure: Procedure,
  id: string,
  member: string,
): void {
  const source = procedure.documents.find((document) => document.id === id)?.source;
  if (source?.kind !== 'exchange') return;
  const fetched = source.fields.map(({ pointer }) => pointer.split('/')[1] ?? '');
  if (fetched.includes(member)) return;
  report(
    place,
    path,
    `"${member}" is not among the fields of "${id}"`,
    `use one of ${fetched.join(', ')}, or ask for /${member}`,
  );
}

function missing(place: reader.Place, path: reader.Path, cause: string, known: readonly string[]): void {
  report(place, path, cause, known.length === 0 ? 'add it first' : `use one of ${known.join(', ')}, or add it`);
}

function report(place: reader.Place, path: reader.Path, cause: string, remedy: string): void {
  place.issues.push({ path: [...place.path, ...path], atKey: false, cause, remedy });
}
