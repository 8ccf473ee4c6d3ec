import type { Choice } from '../../forms/index.ts';
import { err, ok, type Result } from '../../kernel/index.ts';

/**
 * The rows of a table of places (`code,name_fr,name_ar,…`, no quoted cells) as choices: the official HCP code is the
 * value. The error names the file's line.
 */
export function parsePlaces(csv: string): Result<readonly Choice[], string> {
  const [header = '', ...lines] = csv.trim().split(/\r?\n/);
  const columns = header.split(',');
  const [code, fr, ar] = ['code', 'name_fr', 'name_ar'].map((name) => columns.indexOf(name));
  if (code === undefined || fr === undefined || ar === undefined || Math.min(code, fr, ar) < 0) {
    return err('line 1: the columns code, name_fr and name_ar are needed');
  }
  const places: Choice[] = [];
  for (const [index, line] of lines.entries()) {
    const cells = line.split(',');
    const [value, nameFr, nameAr] = [cells[code], cells[fr], cells[ar]];
    if (!value || !nameFr || !nameAr || cells.length !== columns.length) {
      return err(`line ${index + 2}: needs ${columns.length} cells, none of the names empty`);
    }
    places.push({ value, label: { ar: nameAr, fr: nameFr } });
  }
  return ok(places);
}
