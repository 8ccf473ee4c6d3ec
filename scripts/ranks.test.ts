import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');
const CANARY = join(ROOT, 'src', 'kernel', 'canary-of-the-ranks.ts');

function cruise(): { status: number | null; output: string } {
  const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const run = spawnSync(process.execPath, [program, '--config', '.dependency-cruiser.cjs', 'src'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { status: run.status, output: `${run.stdout}${run.stderr}` };
}

test('the checker of the ranks reads the whole house and refuses a planted import', () => {
  const modules = Number(/\((\d+) modules/.exec(cruise().output)?.[1] ?? 0);
  assert.ok(modules > 150, `only ${modules} modules were cruised`);
  writeFileSync(CANARY, "export { tables } from '../platform/index.ts';\n");
  try {
    const planted = cruise();
    assert.notEqual(planted.status, 0);
    assert.match(planted.output, /rank-of-kernel/);
  } finally {
    rmSync(CANARY);
  }
});
