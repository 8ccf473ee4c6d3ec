import type { Column } from '../../../web/index.ts';
import { nextSorting, readSorting, type Sorting } from '../sorting.ts';
import type { ConsoleFrame } from './frame.ts';

/** The page's own address with some of its query changed; what is set to nothing is left out. */
export function hrefWith(frame: ConsoleFrame, changes: Readonly<Record<string, string>>): string {
  const [path = '', query = ''] = frame.path.split('?', 2);
  const kept = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') kept.delete(name);
    else kept.set(name, value);
  }
  const text = kept.toString();
  return `/${frame.language}${path}${text === '' ? '' : `?${text}`}`;
}

/** The order that the page's own address asks for. */
export function sortingOf<K extends string>(frame: ConsoleFrame, columns: readonly K[], standard: Sorting<K>) {
  const query = new URLSearchParams(frame.path.split('?', 2)[1] ?? '');
  return readSorting(query.get('sort') ?? '', columns, standard);
}

/** Columns that sort by a link. `name` is the query's; of two tables on a page each has its own. */
export function sortable<K extends string>(frame: ConsoleFrame, sorting: Sorting<K>, name = 'sort') {
  return (key: K, column: Column): Column => ({
    ...column,
    sort: {
      href: hrefWith(frame, { [name]: nextSorting(sorting, key), page: '' }),
      ...(sorting.by === key ? { now: sorting.isDown ? ('descending' as const) : ('ascending' as const) } : {}),
    },
  });
}
