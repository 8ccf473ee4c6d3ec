import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAULTS } from '../src/exchange/index.ts';
import { PROBLEM_TYPES } from '../src/procedures/index.ts';

const read = (...path: string[]) => readFileSync(join(import.meta.dirname, '..', ...path), 'utf8');

const rows = read('docs', 'bad-input.md')
  .split('\n')
  .map((line) => /^\| (.+) \| `([\w-]+)` \| `([\w./-]+)` \| (.+) \|$/.exec(line)?.slice(1))
  .filter((row) => row !== undefined);

test('each kind of bad input has a problem type that is documented, and a test that sends it', () => {
  assert.ok(rows.length > 40);
  const slugs = new Set([...Object.keys(FAULTS), ...PROBLEM_TYPES.map(({ slug }) => slug)]);
  for (const [input = '', slug = '', file = '', words = ''] of rows) {
    assert.ok(slugs.has(slug), `${input}: ${slug} is no problem type`);
    assert.ok(read(file).includes(words), `${input}: “${words}” stands nowhere in ${file}`);
  }
});

test('no line of a table escapes the check', () => {
  const lines = read('docs', 'bad-input.md').split('\n');
  const cells = lines.filter((line) => line.startsWith('| ') && !line.startsWith('| input') && !line.startsWith('|--'));
  assert.equal(rows.length, cells.length);
});
