import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../platform/index.ts';
import { readOptions } from '../options.ts';
import { print } from '../terminal.ts';
import { findTestDatabase } from '../test-database.ts';

const WATCHDOG = pathToFileURL(join(ROOT, 'src', 'main', 'parts', 'test-watchdog.ts')).href;
/** Of one test: what takes longer hangs. */
const MOST_MS = 900_000;

/** Tests wait for commits and processes: one more than there are processors, and no more than one PostgreSQL serves. */
const CONCURRENCY = Math.min(availableParallelism() + 1, 4);
const SLOWEST_SHOWN = 20;

const FOLDERS = ['scripts', 'src', 'examples', 'test'];

/** `./wasl test [--long] [PART…]`: every test, or those whose path contains one of the words. */
export async function testCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('test', args, { long: { type: 'boolean' } });
  const files = FOLDERS.flatMap((folder) => testFiles(join(ROOT, folder))).filter(
    (file) => positionals.length === 0 || positionals.some((word) => relative(ROOT, file).includes(word)),
  );
  if (values['long'] === true) process.env['WASL_TEST_LONG'] = '1';
  // Two hundred processes read the same sources: what one has compiled the next takes over.
  process.env['NODE_COMPILE_CACHE'] ??= join(ROOT, '.tools', 'compile-cache');
  const database = await findTestDatabase();
  print(database.said);
  if (database.url !== undefined) process.env['WASL_TEST_DATABASE_URL'] = database.url;
  try {
    return await runFiles(files);
  } finally {
    await database.stop();
  }
}

type Counts = { passed: number; failed: number; cancelled: number; skipped: number };

async function runFiles(files: readonly string[]): Promise<number> {
  const total: Counts = { passed: 0, failed: 0, cancelled: 0, skipped: 0 };
  const seconds = new Map<string, number>();
  const stream = run({
    files: [...files],
    concurrency: CONCURRENCY,
    // Of the embedded database: code made once and quickly, since no test runs long enough for better code to pay.
    execArgv: ['--disable-warning=ExperimentalWarning', '--liftoff-only', '--import', WATCHDOG],
    timeout: MOST_MS,
    cwd: ROOT,
  });
  stream.on('test:summary', (summary) => {
    if (summary.file === undefined) Object.assign(total, summary.counts);
    else seconds.set(relative(ROOT, summary.file), summary.duration_ms / 1000);
  });
  await new Promise<void>((resolve, reject) => {
    stream.once('error', reject);
    stream.once('end', resolve);
    stream.compose(spec).pipe(process.stdout, { end: false });
  });
  const failed = total.failed + total.cancelled;
  print(slowest(seconds));
  print(`${total.passed} passed, ${failed} failed, ${total.skipped} skipped`);
  return failed === 0 && total.passed > 0 ? 0 : 1;
}

/** Where the time of a run went: the files that took longest, in seconds. */
function slowest(seconds: ReadonlyMap<string, number>): string {
  const most = [...seconds].sort(([, one], [, other]) => other - one).slice(0, SLOWEST_SHOWN);
  return `slowest files: ${most.map(([file, took]) => `${file} ${took.toFixed(0)} s`).join(', ')}`;
}

function testFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules'))
    .sort()
    .map((name) => join(folder, name));
}
