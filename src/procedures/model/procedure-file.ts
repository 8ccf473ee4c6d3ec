import { type Document, isMap, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import { reader } from '../../forms/index.ts';
import { err, ok, type Result } from '../../kernel/index.ts';
import { type LegalCalendar, readCalendar } from './calendar.ts';
import { type LegalSettings, readLegalSettings } from './legal-settings.ts';
import type { Procedure } from './procedure.ts';
import { type FileSurroundings, readProcedure } from './procedure-reader.ts';

/** A mistake in a content file: where it is, what is wrong, and what to do. */
export type ContentError = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The place in the data, as `deadline.days`. */
  readonly at: string;
  readonly cause: string;
  readonly remedy: string;
};

/** `content/procedures/x.yaml:12:5 deadline.days must be at most 60 (law 55-19), is 75: write …` */
export function formatContentError(error: ContentError): string {
  const subject = error.at === '' ? '' : ` ${error.at}`;
  return `${error.file}:${error.line}:${error.column}${subject} ${error.cause}: ${error.remedy}`;
}

const MAX_FILE_CHARS = 300_000;

export function parseProcedureFile(
  file: string,
  yaml: string,
  around: FileSurroundings,
): Result<Procedure, readonly ContentError[]> {
  return parseContentFile(file, yaml, (place) => readProcedure(place, around));
}

export function parseLegalSettings(file: string, yaml: string): Result<LegalSettings, readonly ContentError[]> {
  return parseContentFile(file, yaml, readLegalSettings);
}

export function parseCalendar(file: string, yaml: string): Result<LegalCalendar, readonly ContentError[]> {
  return parseContentFile(file, yaml, readCalendar);
}

function parseContentFile<T>(
  file: string,
  yaml: string,
  read: (place: reader.Place) => T,
): Result<T, readonly ContentError[]> {
  if (yaml.length > MAX_FILE_CHARS) {
    const cause = `the file has ${yaml.length} characters`;
    return err([{ file, line: 1, column: 1, at: '', cause, remedy: `keep it below ${MAX_FILE_CHARS}` }]);
  }
  const lines = new LineCounter();
  // Aliases are refused: a few lines of them expand to gigabytes, and a procedure has no need of them.
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false, strict: true, version: '1.2' });
  if (document.errors.length > 0) {
    return err(document.errors.map((error) => syntaxError(file, lines, error.pos[0], error.message)));
  }
  const data = plainData(document);
  if (!data.ok) return err([syntaxError(file, lines, 0, data.error)]);
  const place = reader.rootPlace(data.value);
  const value = read(place);
  if (place.issues.length === 0) return ok(value);
  return err(place.issues.map((issue) => ({ file, ...positionOf(document, lines, issue), ...described(issue) })));
}

function plainData(document: Document): Result<unknown, string> {
  try {
    return ok(document.toJS({ maxAliasCount: 0 }));
  } catch (cause) {
    return err(cause instanceof Error ? cause.message : 'unreadable');
  }
}

function syntaxError(file: string, lines: LineCounter, offset: number, message: string): ContentError {
  const { line, col } = lines.linePos(offset);
  const remedy = 'correct the YAML: indent by two spaces, quote texts that hold ": " or begin with a sign';
  return { file, line: Math.max(line, 1), column: Math.max(col, 1), at: '', cause: `is not YAML: ${message}`, remedy };
}

function described(issue: reader.DefinitionIssue): Pick<ContentError, 'at' | 'cause' | 'remedy'> {
  const at = issue.path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
  return { at, cause: issue.cause, remedy: issue.remedy };
}

/** The line and column of the issue; for something missing, of the nearest mapping that should hold it. */
function positionOf(
  document: Document,
  lines: LineCounter,
  issue: reader.DefinitionIssue,
): { readonly line: number; readonly column: number } {
  const key = issue.path.at(-1);
  const parent = document.getIn(issue.path.slice(0, -1), true);
  if (issue.atKey && isMap(parent)) {
    const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
    const offset = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
    if (offset !== undefined) return at(lines, offset);
  }
  for (let length = issue.path.length; length >= 0; length -= 1) {
    const node = document.getIn(issue.path.slice(0, length), true);
    const range = (node as { range?: readonly number[] | null } | undefined)?.range;
    if (range?.[0] !== undefined) return at(lines, range[0]);
  }
  return { line: 1, column: 1 };
}

function at(lines: LineCounter, offset: number): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
