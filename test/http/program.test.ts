import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { buildProgram } from '../../src/main/parts/program.ts';
import { ROOT } from '../../src/platform/index.ts';

describe('the built program', () => {
  // Two folders below the root, as the real one is.
  const folder = join(ROOT, '.tools', `program-of-${process.pid}`);
  const data = mkdtempSync(join(tmpdir(), 'wasl-program-'));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(data, { recursive: true, force: true });
  });

  it('plays the whole journey: portal, gateways, registry, documents and proofs', async () => {
    await buildProgram(folder);
    // It builds itself anew as it is: the head that each of its files begins with must be one that runs.
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    assert.ok(files.every((text) => !/__createRequire\(__url\((?!\$)/.test(text)));
    assert.ok(files.some((text) => /places of sources/.test(text)));
    const args = [
      '--disable-warning=ExperimentalWarning',
      join(folder, 'cli.mjs'),
      'demo',
      '--data',
      join(data, 'demo'),
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    assert.match(stdout, /^15 {2}the whole chain verifies/m);
    assert.match(stdout, /^all steps held/m);
  });
});
