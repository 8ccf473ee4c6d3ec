/** The order of a table as its address says it: `?sort=client`, or `?sort=-client` from the end. */
export type Sorting<K extends string> = { readonly by: K; readonly isDown: boolean };

export function readSorting<K extends string>(text: string, columns: readonly K[], standard: Sorting<K>): Sorting<K> {
  const by = columns.find((one) => one === text.replace(/^-/, ''));
  return by === undefined ? standard : { by, isDown: text.startsWith('-') };
}

/** What a click on a column's head asks for: its order, or the other way round where it has it. */
export function nextSorting<K extends string>({ by, isDown }: Sorting<K>, column: K): string {
  return by === column && !isDown ? `-${column}` : column;
}

export type SortValue = string | number | Date | null;

/** What has no value stands last, whichever way round. */
export function sortRows<T, K extends string>(
  rows: readonly T[],
  { by, isDown }: Sorting<K>,
  values: Readonly<Record<K, (row: T) => SortValue>>,
  compareTexts: (a: string, b: string) => number = byCode,
): readonly T[] {
  const inColumn = values[by];
  return rows.toSorted((a, b) => {
    const [left, right] = [inColumn(a), inColumn(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    const order =
      typeof left === 'string' && typeof right === 'string' ? compareTexts(left, right) : Number(left) - Number(right);
    return isDown ? -order : order;
  });
}

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
