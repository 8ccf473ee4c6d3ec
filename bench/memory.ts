import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startGateways } from './gateways.ts';
import { isInstalled, startService } from './processes.ts';
import { runWrk } from './wrk.ts';

/**
 * What a gateway takes of memory: at rest, started again as on any day but its first, and at its most under full load.
 * Resident size as the kernel counts it, pages of Node's own file among it: they are shared by all who run it.
 */
const { values } = parseArgs({
  options: {
    rest: { type: 'string', default: '30' },
    seconds: { type: 'string', default: '20' },
    connections: { type: 'string', default: '64' },
  },
});
const [rest, seconds, connections] = [values.rest, values.seconds, values.connections].map(Number);
if (!rest || !seconds || !connections)
  throw new Error('node bench/memory.ts [--rest 30] [--seconds 20] [--connections 64]');
if (!isInstalled('wrk')) throw new Error('wrk not found; on Debian: apt-get install wrk. Nothing was measured.');

const service = await startService(1024);
const gateways = await startGateways(service.url);
try {
  const { url, pids } = await gateways.restart();
  await sleep(rest * 1000);
  say('at rest (the bar is 120 MB)', pids);
  const most = new Map<number, number>();
  const watch = setInterval(() => {
    for (const pid of pids) most.set(pid, Math.max(most.get(pid) ?? 0, memoryOf(pid).resident));
  }, 100);
  const { perSecond, failures } = await runWrk({ url, headers: gateways.headers }, { connections, seconds });
  clearInterval(watch);
  const figures = pids.map((pid) => `${most.get(pid)} MB`).join(' and ');
  process.stdout.write(
    `at most under full load (the bar is 300 MB): ${figures}; ${perSecond.toFixed(0)} req/s, ${failures} failures\n`,
  );
  await sleep(rest * 1000);
  say('at rest again', pids);
} finally {
  await Promise.all([gateways.close(), service.close()]);
}

function say(when: string, pids: readonly number[]): void {
  const figures = pids.map(memoryOf).map(({ resident, own }) => `${resident} MB (${own} of its own)`);
  process.stdout.write(`provider and consumer ${when}: ${figures.join(' and ')}\n`);
}

/** Megabytes: all that is resident, and what is no file's. */
function memoryOf(pid: number): { readonly resident: number; readonly own: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (name: string) => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]) / 1024);
  return { resident: megabytes('Rss'), own: megabytes('Anonymous') };
}
