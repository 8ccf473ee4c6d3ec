import type { Choice } from '../../forms/index.ts';
import { err, ok, type Result } from '../../kernel/index.ts';
import type { LegalCalendar } from '../model/calendar.ts';
import { parsePlaces } from '../model/geography.ts';
import type { LegalSettings } from '../model/legal-settings.ts';
import type { Procedure } from '../model/procedure.ts';
import { type ContentError, parseCalendar, parseLegalSettings, parseProcedureFile } from '../model/procedure-file.ts';
import { publicationFindings } from './publication.ts';
import { buildSearchIndex, type SearchIndex } from './search.ts';

/** The content folder's files that the catalogue is made of, read by the caller; names as they are shown in errors. */
export type ContentFile = { readonly name: string; readonly text: string };
export type CatalogueFiles = {
  readonly legal: ContentFile;
  readonly calendar: ContentFile;
  readonly regions: ContentFile;
  readonly provinces: ContentFile;
  readonly procedures: readonly ContentFile[];
};

export type Catalogue = {
  readonly legal: LegalSettings;
  readonly calendar: LegalCalendar;
  readonly lists: { readonly [name: string]: readonly Choice[] };
  /** Per procedure the highest published version, in the order of the catalogue. */
  readonly published: readonly Procedure[];
  /** Ids of procedures of which some version makes silence an acceptance. */
  readonly accepting: readonly string[];
  readonly index: SearchIndex;
  readonly current: (id: string) => Procedure | undefined;
  /** Any version that has a file: dossiers in flight stay on theirs. */
  readonly version: (id: string, version: number) => Procedure | undefined;
};

/** Reads and checks everything; all mistakes of all files come back together, each with its place and its remedy. */
export function parseCatalogue(files: CatalogueFiles): Result<Catalogue, readonly ContentError[]> {
  const legal = parseLegalSettings(files.legal.name, files.legal.text);
  const calendar = parseCalendar(files.calendar.name, files.calendar.text);
  const regions = readPlaces(files.regions);
  const provinces = readPlaces(files.provinces);
  if (!legal.ok || !calendar.ok || !regions.ok || !provinces.ok) {
    return err([legal, calendar, regions, provinces].flatMap((read) => (read.ok ? [] : read.error)));
  }
  const lists = { regions: regions.value, provinces: provinces.value };
  const errors: ContentError[] = [];
  const procedures: Procedure[] = [];
  for (const file of files.procedures) {
    const read = parseProcedureFile(file.name, file.text, { legal: legal.value, lists });
    if (!read.ok) errors.push(...read.error);
    else {
      errors.push(...publicationErrors(file, read.value), ...repeated(file, read.value, procedures));
      procedures.push(read.value);
    }
  }
  errors.push(...danglingLedgerSources(files.procedures, procedures));
  if (errors.length > 0) return err(errors);
  return ok(catalogueOf(legal.value, calendar.value, lists, procedures));
}

function catalogueOf(
  legal: LegalSettings,
  calendar: LegalCalendar,
  lists: Catalogue['lists'],
  procedures: readonly Procedure[],
): Catalogue {
  const current = new Map<string, Procedure>();
  for (const procedure of procedures.filter(({ status }) => status === 'published')) {
    const known = current.get(procedure.id);
    if (known === undefined || known.version < procedure.version) current.set(procedure.id, procedure);
  }
  const rank = (procedure: Procedure) => procedure.rank ?? 1000;
  const published = [...current.values()].sort((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id));
  return {
    legal,
    calendar,
    lists,
    published,
    accepting: [...new Set(procedures.filter(({ silence }) => silence.kind === 'acceptance').map(({ id }) => id))],
    index: buildSearchIndex(published),
    current: (id) => current.get(id),
    version: (id, version) => procedures.find((procedure) => procedure.id === id && procedure.version === version),
  };
}

function readPlaces(file: ContentFile): Result<readonly Choice[], readonly ContentError[]> {
  const places = parsePlaces(file.text);
  if (places.ok) return places;
  const line = Number(/^line (\d+)/.exec(places.error)?.[1] ?? 1);
  const remedy = 'keep one place a line, without quotes';
  return err([{ file: file.name, line, column: 1, at: '', cause: places.error, remedy }]);
}

/** What law 55-19 keeps from publication stops the start when the file says that it is published. */
function publicationErrors(file: ContentFile, procedure: Procedure): readonly ContentError[] {
  if (procedure.status !== 'published') return [];
  return publicationFindings(procedure).map((finding) => ({
    file: file.name,
    ...lineOf(file.text, String(finding.path[0] ?? '')),
    at: finding.path.join('.'),
    cause: `${finding.cause} (law 55-19, ${finding.rule})`,
    remedy: finding.remedy,
  }));
}

function repeated(file: ContentFile, procedure: Procedure, before: readonly Procedure[]): readonly ContentError[] {
  const { id, version } = procedure;
  if (!before.some((other) => other.id === id && other.version === version)) return [];
  const cause = `version ${version} of "${id}" is already in another file`;
  return [{ file: file.name, ...lineOf(file.text, 'version'), at: 'version', cause, remedy: 'raise the version' }];
}

function danglingLedgerSources(
  files: readonly ContentFile[],
  procedures: readonly Procedure[],
): readonly ContentError[] {
  const ids = new Set(procedures.map(({ id }) => id));
  return procedures.flatMap((procedure) =>
    procedure.documents.flatMap(({ source }): readonly ContentError[] => {
      if (source.kind !== 'ledger' || ids.has(source.procedure)) return [];
      const file = files.find(({ text }) => text.includes(`id: ${procedure.id}`));
      const cause = `no procedure "${source.procedure}" issues this document`;
      const place = lineOf(file?.text ?? '', 'documents');
      return [
        { file: file?.name ?? procedure.id, ...place, at: 'documents', cause, remedy: 'name an existing procedure' },
      ];
    }),
  );
}

/** The line of a top-level key. */
function lineOf(text: string, key: string): { readonly line: number; readonly column: number } {
  const index = text.split('\n').findIndex((line) => line.startsWith(`${key}:`));
  return { line: Math.max(index, 0) + 1, column: 1 };
}
