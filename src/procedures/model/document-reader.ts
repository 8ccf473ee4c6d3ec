import { type Expression, reader } from '../../forms/index.ts';
import type { DocumentSource, RequiredDocument } from './procedure.ts';
import { PROVENANCE_KEYS, readProvenance } from './provenance-reader.ts';

const { flag, listOf, localText, matching, oneOf, optional, record, text, wholeNumber, withDefault } = reader;

const SOURCE_KEYS = {
  exchange: ['service', 'path', 'holder', 'fields', 'purpose', 'ifUnavailable', 'otherwise'],
  ledger: ['procedure'],
  upload: ['field', 'declarationField'],
  declaration: ['field'],
} as const;

const SOURCE_KINDS = ['exchange', 'ledger', 'upload', 'declaration'] as const;

export function readDocument(
  place: reader.Place,
  condition: (place: reader.Place) => Expression | undefined,
): RequiredDocument {
  const of = record(place, [
    'id',
    'title',
    'description',
    'source',
    'when',
    'copies',
    'publicCharacter',
    'legalBasis',
    ...PROVENANCE_KEYS,
  ]);
  return {
    id: matching(of('id'), /^[a-z][A-Za-z0-9]{0,39}$/, 'birthRecord (letters and digits, first a small letter)'),
    title: localText(of('title'), 300),
    description: optional(of('description'), (at) => localText(at, 1000)),
    source: readSource(of('source')),
    when: optional(of('when'), condition),
    copies: withDefault(of('copies'), 1, (at) => wholeNumber(at, 1, 20)),
    publicCharacter: withDefault(of('publicCharacter'), false, flag),
    legalBasis: withDefault(of('legalBasis'), [], (at) => listOf(at, (item) => text(item, 60), { max: 10 })),
    provenance: readProvenance(of),
  };
}

function readSource(place: reader.Place): DocumentSource {
  const raw = (place.value as { kind?: unknown } | null | undefined)?.kind;
  const kind = SOURCE_KINDS.find((known) => known === raw) ?? 'upload';
  const of = record(place, ['kind', ...SOURCE_KEYS[kind]]);
  oneOf(of('kind'), SOURCE_KINDS);
  switch (kind) {
    case 'exchange':
      return readExchangeSource(of);
    case 'ledger':
      return { kind, procedure: text(of('procedure'), 60) };
    case 'upload':
      return {
        kind,
        field: text(of('field'), 40),
        declarationField: optional(of('declarationField'), (at) => text(at, 40)),
      };
    case 'declaration':
      return { kind, field: text(of('field'), 40) };
  }
}

function readExchangeSource(of: reader.Fields): DocumentSource {
  const purpose = record(of('purpose'), ['code', 'text']);
  const readPointer = (at: reader.Place) => {
    const inner = record(at, ['pointer', 'label']);
    const pointer = matching(inner('pointer'), /^(?:\/[A-Za-z0-9*_-]+)+$/, '/birthDate');
    return { pointer, label: localText(inner('label'), 200) };
  };
  return {
    kind: 'exchange',
    service: matching(of('service'), /^[A-Z0-9]+(?:\/[A-Za-z0-9-]+){4}$/, 'MA/GOV/CIVIL/registry/birth-record'),
    path: matching(of('path'), /^(?:\/(?:[A-Za-z0-9-]+|\{nationalId\}))*$/, '/{nationalId}'),
    holder: localText(of('holder'), 300),
    fields: listOf(of('fields'), readPointer, { min: 1, max: 30 }),
    purpose: { code: text(purpose('code'), 60), text: localText(purpose('text'), 500) },
    ifUnavailable: localText(of('ifUnavailable'), 600),
    otherwise: optional(of('otherwise'), (at) => text(at, 40)),
  };
}
