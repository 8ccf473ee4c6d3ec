import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { temporaryFolder } from './processes.ts';

export type Target = { readonly url: string; readonly headers: Readonly<Record<string, string>> };

export type Load = {
  readonly connections: number;
  readonly seconds: number;
  /** Mean of an exponential pause before each request of a connection; absent: none, the full load. */
  readonly pauseMs?: number;
};

export type Measured = {
  readonly perSecond: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers other than 2xx and 3xx, and broken connections. */
  readonly failures: number;
};

/** Runs wrk with one thread. Throws when wrk does not run to its end or its output cannot be read. */
export async function runWrk(target: Target, load: Load): Promise<Measured> {
  const script = join(temporaryFolder(), 'load.lua');
  await writeFile(script, luaFor(load));
  const headers = Object.entries(target.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const args = ['-t1', `-c${load.connections}`, `-d${load.seconds}s`, '-s', script, ...headers, target.url];
  const child = spawn('wrk', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`wrk ended with ${code}: ${output}`);
  return parseWrk(output);
}

/**
 * Pauses make the load open to less than the most: independent and exponential, so that the connections do not
 * march in step. wrk starts its watch after the pause.
 */
function luaFor(load: Load): string {
  const delay =
    load.pauseMs === undefined
      ? ''
      : `math.randomseed(7)
function delay() return math.floor(-${load.pauseMs} * math.log(1 - math.random()) + 0.5) end
`;
  return `${delay}
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("WASL %d %d %f %f %f %d\\n", summary.requests, summary.duration, latency.mean,
    latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
`;
}

function parseWrk(output: string): Measured {
  const line = /^WASL (\d+) (\d+) ([\d.]+) ([\d.]+) ([\d.]+) (\d+)$/m.exec(output);
  if (line === null) throw new Error(`wrk printed no figures: ${output}`);
  const [requests = 0, micros = 1, mean = 0, p50 = 0, p99 = 0, failures = 0] = line.slice(1).map(Number);
  return {
    perSecond: (requests * 1e6) / micros,
    meanMs: mean / 1000,
    p50Ms: p50 / 1000,
    p99Ms: p99 / 1000,
    failures,
  };
}
