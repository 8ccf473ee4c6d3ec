import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type TestDatabase = { readonly url: string | undefined; readonly said: string; stop(): Promise<void> };

/**
 * PostgreSQL for the tests: the one that WASL_TEST_DATABASE_URL names, else a throw-away cluster from the
 * installed packages, on a socket in a temporary folder, gone afterwards.
 */
export async function findTestDatabase(): Promise<TestDatabase> {
  const given = process.env['WASL_TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') {
    return { url: given, said: 'Store tests run on PGlite and on the PostgreSQL of WASL_TEST_DATABASE_URL.', stop };
  }
  const bin = postgresqlBin();
  if (bin === undefined) {
    const said =
      'Store tests run on PGlite only: no PostgreSQL is installed (Debian: postgresql) and WASL_TEST_DATABASE_URL is not set.';
    return { url: undefined, said, stop };
  }
  return startCluster(bin);
}

async function stop(): Promise<void> {}

/** Debian keeps the server's programs out of the PATH. */
export function postgresqlBin(): string | undefined {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(base, version, 'bin')).find((dir) => existsSync(join(dir, 'initdb')));
  if (found !== undefined) return found;
  const which = spawnSync('sh', ['-c', 'command -v initdb'], { encoding: 'utf8' });
  return which.status === 0 ? join(which.stdout.trim(), '..') : undefined;
}

async function startCluster(bin: string): Promise<TestDatabase> {
  const dir = mkdtempSync(join(tmpdir(), 'wasl-test-pg-'));
  const asOwner = ownerPrefix(dir);
  const data = join(dir, 'data');
  const init = call(asOwner, join(bin, 'initdb'), [
    '-D',
    data,
    '-U',
    'wasl',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
  ]);
  if (init.status !== 0) {
    rmSync(dir, { recursive: true, force: true });
    return { url: undefined, said: `Store tests run on PGlite only: initdb failed: ${init.stderr.trim()}`, stop };
  }
  const server = ['-D', data, '-k', dir, '-c', 'listen_addresses=', '-c', 'max_connections=200'];
  const [program = '', ...args] = [...asOwner, join(bin, 'postgres'), ...server];
  const child = spawn(program, args, { stdio: 'ignore' });
  await untilReady(bin, dir);
  return {
    url: `postgresql://wasl@/postgres?host=${encodeURIComponent(dir)}`,
    said: `Store tests run on PGlite and on a throw-away PostgreSQL from ${bin}.`,
    stop: async () => {
      call(asOwner, join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', 'stop']);
      child.kill('SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root; the packages bring a user of their own. */
function ownerPrefix(dir: string): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  const id = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  chownSync(dir, id('-u'), id('-g'));
  return ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'];
}

function call(prefix: readonly string[], program: string, args: readonly string[]) {
  const [first = program, ...rest] = [...prefix, program, ...args];
  return spawnSync(first, rest, { encoding: 'utf8', cwd: '/' });
}

async function untilReady(bin: string, socketDir: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (spawnSync(join(bin, 'pg_isready'), ['-q', '-h', socketDir]).status === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the throw-away PostgreSQL did not come up in 10 s');
}
