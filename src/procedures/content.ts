import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, type Result } from '../kernel/index.ts';
import { formatContentError } from './model/procedure-file.ts';
import { type Catalogue, type ContentFile, parseCatalogue } from './rules/catalogue.ts';

/** Reads the content folder. Mistakes come back as lines that name file, place, cause and remedy. */
export async function loadCatalogue(dir: string): Promise<Result<Catalogue, readonly string[]>> {
  const file = async (...path: readonly string[]): Promise<ContentFile> => ({
    name: join('content', ...path),
    text: await readFile(join(dir, ...path), 'utf8'),
  });
  const first = async (folder: string) =>
    file(folder, (await readdir(join(dir, folder))).filter((name) => name.endsWith('.yaml')).sort()[0] ?? '');
  const names = (await readdir(join(dir, 'procedures'))).filter((name) => name.endsWith('.yaml')).sort();
  const parsed = parseCatalogue({
    legal: await first('legal'),
    calendar: await first('calendar'),
    regions: await file('geography', 'regions.csv'),
    provinces: await file('geography', 'provinces.csv'),
    procedures: await Promise.all(names.map((name) => file('procedures', name))),
  });
  return parsed.ok ? parsed : err(parsed.error.map(formatContentError));
}
