import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextSorting, readSorting, sortRows } from './sorting.ts';

const COLUMNS = ['name', 'at'] as const;
const standard = { by: 'at', isDown: true } as const;
const rows = [
  { name: 'b', at: new Date(2) },
  { name: 'a', at: null },
  { name: 'c', at: new Date(1) },
];
const values = { name: (row: (typeof rows)[number]) => row.name, at: (row: (typeof rows)[number]) => row.at };
const names = (text: string) =>
  sortRows(rows, readSorting(text, COLUMNS, standard), values)
    .map((row) => row.name)
    .join('');

test('a table stands as its address says, either way round, and what has no value stands last', () => {
  assert.equal(names('name'), 'abc');
  assert.equal(names('-name'), 'cba');
  assert.equal(names('at'), 'cba');
  assert.equal(names('-at'), 'bca');
});

test('an address that names no column leaves the table as it stands', () => {
  for (const text of ['', 'secret', '--at', 'constructor']) assert.equal(names(text), names('-at'), text);
});

test('the head of a column asks for its order, then for the other way round', () => {
  assert.equal(nextSorting({ by: 'at', isDown: true }, 'name'), 'name');
  assert.equal(nextSorting({ by: 'name', isDown: false }, 'name'), '-name');
  assert.equal(nextSorting({ by: 'name', isDown: true }, 'name'), 'name');
});
