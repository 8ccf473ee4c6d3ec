import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../platform/index.ts';
import { configFrom, readOptions } from '../options.ts';
import { print } from '../terminal.ts';
import { postgresqlBin } from '../test-database.ts';

type Finding = { readonly feature: string; readonly ok: boolean; readonly found: string; readonly remedy?: string };

/** Says for each feature whether this machine can run it, and what to do where it cannot. Exit 1 if `up` cannot run. */
export async function doctorCommand(args: readonly string[]): Promise<number> {
  const { values } = readOptions('doctor', args, { data: { type: 'string' }, port: { type: 'string' } });
  const config = configFrom(values);
  const needed = [nodeFinding(), packagesFinding(), folderFinding(config.data)];
  const optional = [
    databaseFinding(),
    toolFinding('browser journeys', 'chromium', 'apt-get install chromium'),
    toolFinding('PDF tests as pictures', 'pdftoppm', 'apt-get install poppler-utils'),
    toolFinding('benchmarks: load', 'wrk', 'apt-get install wrk'),
    toolFinding('benchmarks: peer', 'nginx', 'apt-get install nginx-light'),
    toolFinding('certificates by hand', 'openssl', 'apt-get install openssl'),
  ];
  for (const finding of [...needed, ...optional]) {
    print(`${finding.ok ? 'ok     ' : 'missing'}  ${finding.feature.padEnd(26)} ${finding.found}`);
    if (!finding.ok && finding.remedy !== undefined) print(`         remedy: ${finding.remedy}`);
  }
  return needed.every((finding) => finding.ok) ? 0 : 1;
}

function nodeFinding(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  return {
    feature: 'Node ≥ 24',
    ok: major >= 24,
    found: process.versions.node,
    remedy: 'run ./wasl, which takes node@24 from npm',
  };
}

function packagesFinding(): Finding {
  const ok = existsSync(join(ROOT, 'node_modules', 'fastify'));
  return { feature: 'packages', ok, found: ok ? 'installed' : 'not installed', remedy: 'npm ci' };
}

function folderFinding(dir: string): Finding {
  const probe = join(dir, '.doctor');
  try {
    mkdirSync(dir, { recursive: true });
    writeFileSync(probe, '');
    rmSync(probe);
    return { feature: 'data folder', ok: true, found: dir };
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    return { feature: 'data folder', ok: false, found, remedy: 'name a folder that you may write to with --data' };
  }
}

function databaseFinding(): Finding {
  const url = process.env['WASL_TEST_DATABASE_URL'] ?? process.env['WASL_DATABASE_URL'];
  const bin = postgresqlBin();
  const found = url !== undefined ? 'named by the environment' : (bin ?? 'not found');
  const remedy = 'apt-get install postgresql; without it everything runs on the embedded database';
  return { feature: 'PostgreSQL', ok: url !== undefined || bin !== undefined, found, remedy };
}

function toolFinding(feature: string, tool: string, remedy: string): Finding {
  const which = spawnSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' });
  const ok = which.status === 0;
  return { feature, ok, found: ok ? which.stdout.trim() : `${tool} not found`, remedy };
}
