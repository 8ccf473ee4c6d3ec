import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startNginxPair } from './nginx.ts';
import { isInstalled, startService } from './processes.ts';
import { type Measured, runWrk, type Target } from './wrk.ts';

/**
 * What two gateways cost, against two nginx that do mutual TLS and nothing else, in the same run and by turns: a
 * figure of this machine at another hour is no measure, the ratio is.
 */
export type Gateways = Target & { close(): Promise<void> };
/** What `gateways.ts` exports as `startGateways`: both gateways as processes, with an agreement for `serviceUrl`. */
export type StartGateways = (serviceUrl: string) => Promise<Gateways>;

type Options = {
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: number;
  readonly bodies: readonly number[];
  readonly json: string | undefined;
};

type Chain = { readonly name: 'nginx' | 'gateways'; readonly target: Target; close(): Promise<void> };
type Figures = { readonly name: Chain['name']; readonly full: Measured[]; readonly half: Measured[] };

const USAGE =
  'node bench/exchange.ts [--seconds 6] [--rounds 3] [--connections 32] [--body 1k] [--body 10k] [--json FILE]';
const GATEWAYS = join(import.meta.dirname, 'gateways.ts');

// What was started ends with this process, also when a signal ends it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
await main().catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const options = readOptions();
  const missing = ['wrk', 'nginx', 'openssl'].filter((program) => !isInstalled(program));
  if (missing.length > 0) {
    throw new Error(
      `${missing.join(', ')} not found; on Debian: apt-get install ${missing.join(' ')}. Nothing was measured.`,
    );
  }
  const results = [];
  for (const bytes of options.bodies) results.push(await measureBody(bytes, options));
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify({ options, results }, null, 2)}\n`);
}

async function measureBody(bytes: number, options: Options) {
  say(
    `\nGET with an answer of ${bytes} bytes, ${options.connections} connections, ${options.rounds} × ${options.seconds} s each`,
  );
  const service = await startService(bytes);
  const chains: Chain[] = [];
  try {
    chains.push({ name: 'nginx', ...(await nginxPair(service.url)) });
    const gateways = await gatewayPair(service.url);
    if (gateways === undefined) say('bench/gateways.ts is not there: nginx is measured alone and there is no ratio.');
    else chains.push({ name: 'gateways', ...gateways });
    const figures: Figures[] = chains.map(({ name }) => ({ name, full: [], half: [] }));
    for (const { name, target } of chains) await warmUp(name, target, options);
    await measureFull(chains, figures, options);
    await measureHalf(chains, figures, options);
    return { bytes, figures, ...compare(figures) };
  } finally {
    await Promise.all([...chains, service].map((part) => part.close()));
  }
}

async function nginxPair(serviceUrl: string) {
  const pair = await startNginxPair(serviceUrl);
  return { target: { url: pair.url, headers: {} }, close: pair.close };
}

async function gatewayPair(serviceUrl: string) {
  if (!existsSync(GATEWAYS)) return undefined;
  const module: { startGateways: StartGateways } = await import(GATEWAYS);
  const { url, headers, close } = await module.startGateways(serviceUrl);
  return { target: { url, headers }, close };
}

/** Refuses to measure a chain that answers with errors: refusals are faster than answers. */
async function warmUp(name: string, target: Target, options: Options): Promise<void> {
  const { failures } = await runWrk(target, { connections: options.connections, seconds: 2 });
  if (failures > 0) throw new Error(`${name} answered ${failures} requests with an error; nothing was measured.`);
}

/** By turns, and the other one first in each other round, so that a slow minute of the machine meets both. */
async function measureFull(chains: readonly Chain[], figures: readonly Figures[], options: Options): Promise<void> {
  const { connections, seconds, rounds } = options;
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, chain] of turnsOf(chains, round)) {
      const measured = await runWrk(chain.target, { connections, seconds });
      figures[index]?.full.push(measured);
      say(`round ${round + 1}  full  ${line(chain.name, measured)}`);
    }
  }
}

/** The same connections, with pauses that bring each chain to half of its own median. */
async function measureHalf(chains: readonly Chain[], figures: readonly Figures[], options: Options): Promise<void> {
  const { connections, seconds, rounds } = options;
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, chain] of turnsOf(chains, round)) {
      const before = figures[index];
      if (before === undefined) continue;
      const half = medianOf(before.full, 'perSecond') / 2;
      // A connection's turn is its pause and its request; without a queue that takes a quarter of what it took (seen).
      const pauseMs = Math.max(1, (1000 * connections) / half - medianOf(before.full, 'p50Ms') / 4);
      const measured = await runWrk(chain.target, { connections, seconds, pauseMs });
      before.half.push(measured);
      say(`round ${round + 1}  half  ${line(chain.name, measured)}`);
    }
  }
}

function turnsOf(chains: readonly Chain[], round: number): (readonly [index: number, chain: Chain])[] {
  const turns = chains.map((chain, index) => [index, chain] as const);
  return round % 2 === 0 ? turns : turns.reverse();
}

function compare(figures: readonly Figures[]): {
  readonly ratio: number | null;
  readonly p99DifferenceMs: number | null;
} {
  say('\nmedians           full req/s      p50 ms      p99 ms   half req/s      p50 ms      p99 ms    failures');
  for (const one of figures) say(summary(one));
  const [nginx, gateways] = figures;
  if (nginx === undefined || gateways === undefined) return { ratio: null, p99DifferenceMs: null };
  const ratio = medianOf(gateways.full, 'perSecond') / medianOf(nginx.full, 'perSecond');
  const p99DifferenceMs = medianOf(gateways.half, 'p99Ms') - medianOf(nginx.half, 'p99Ms');
  say(`ratio of requests per second, gateways to nginx: ${ratio.toFixed(2)} (the bar is 0.50)`);
  say(`p99 at half load, gateways less nginx: ${p99DifferenceMs.toFixed(1)} ms (the bar is 10)`);
  return { ratio, p99DifferenceMs };
}

function summary(one: Figures): string {
  const cells = [one.full, one.half].flatMap((runs) => [
    medianOf(runs, 'perSecond').toFixed(0),
    medianOf(runs, 'p50Ms').toFixed(2),
    medianOf(runs, 'p99Ms').toFixed(2),
  ]);
  const failures = [...one.full, ...one.half].reduce((sum, run) => sum + run.failures, 0);
  return `${one.name.padEnd(16)}${[...cells, String(failures)].map((cell) => cell.padStart(12)).join('')}`;
}

function medianOf(runs: readonly Measured[], figure: keyof Measured): number {
  const sorted = runs.map((run) => run[figure]).sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

function line(name: string, measured: Measured): string {
  const { perSecond, p50Ms, p99Ms, failures } = measured;
  const trouble = failures === 0 ? '' : `  ${failures} failures`;
  return `${name.padEnd(9)} ${perSecond.toFixed(0).padStart(7)} req/s  p50 ${p50Ms.toFixed(2)} ms  p99 ${p99Ms.toFixed(2)} ms${trouble}`;
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        seconds: { type: 'string', default: '6' },
        rounds: { type: 'string', default: '3' },
        connections: { type: 'string', default: '32' },
        body: { type: 'string', multiple: true, default: ['1k'] },
        json: { type: 'string' },
      },
    });
    return {
      seconds: countOf('seconds', values.seconds),
      rounds: countOf('rounds', values.rounds),
      connections: countOf('connections', values.connections),
      bodies: values.body.map((size) => (size.endsWith('k') ? 1024 : 1) * countOf('body', size.replace(/k$/, ''))),
      json: values.json,
    };
  } catch (cause) {
    throw new Error(`${cause instanceof Error ? cause.message : 'unknown option'}\nusage: ${USAGE}`, { cause });
  }
}

function countOf(name: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--${name} takes a whole number above 0, not "${text}"`);
  return count;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
