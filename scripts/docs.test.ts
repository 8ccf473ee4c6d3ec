import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { auditEventsPage, problemsPage } from './generate-docs.ts';

const read = (name: string) => readFileSync(join(import.meta.dirname, '..', 'docs', name), 'utf8');

test('the pages of problems and audit events are those that the code would write', () => {
  assert.equal(read('problems.md'), problemsPage(), 'run node scripts/generate-docs.ts');
  assert.equal(read('audit-events.md'), auditEventsPage(), 'run node scripts/generate-docs.ts');
});
