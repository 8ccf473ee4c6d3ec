import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../platform/index.ts';
import { print } from '../terminal.ts';

/** The checks that read the code without running it, in the order in which their findings help most. */
const CHECKS: readonly { readonly name: string; readonly file: string; readonly args: readonly string[] }[] = [
  { name: 'types', file: 'node_modules/typescript7/bin/tsc', args: ['--noEmit', '-p', 'tsconfig.json'] },
  {
    name: 'lint and format',
    file: 'node_modules/@biomejs/biome/bin/biome',
    args: ['ci', '--colors=off', '--diagnostic-level=warn', '.'],
  },
  {
    name: 'ranks',
    file: 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    args: ['--config', '.dependency-cruiser.cjs', 'src'],
  },
  { name: 'house', file: 'scripts/house.ts', args: [] },
  { name: 'dead code', file: 'node_modules/knip/bin/knip.js', args: ['--no-progress'] },
];

export async function checkCommand(): Promise<number> {
  let failed = 0;
  for (const check of CHECKS) {
    const run = spawnSync(process.execPath, [join(ROOT, check.file), ...check.args], { cwd: ROOT, encoding: 'utf8' });
    print(`${run.status === 0 ? 'ok  ' : 'FAIL'}  ${check.name}`);
    if (run.status === 0) continue;
    failed += 1;
    print(`${run.stdout}${run.stderr}`.trimEnd());
  }
  return failed === 0 ? 0 : 1;
}
