import { readdirSync, readFileSync } from 'node:fs';
import { request as requestHttp } from 'node:http';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { startGateways } from './gateways.ts';
import { startNginxPair } from './nginx.ts';
import { startSink } from './processes.ts';

/**
 * A body of a gigabyte up and down between two gateways as processes on PostgreSQL: how much memory each of them comes
 * to, sampled ten times a second, and how long it takes beside two nginx that do mutual TLS only.
 */
const BAR_MB = 200;
const PIECE = Buffer.alloc(65_536, 'x');

const { values } = parseArgs({ options: { bytes: { type: 'string', default: String(1024 ** 3) } } });
const bytes = Number(values.bytes);
const service = await startSink();
const nginx = await startNginxPair(service.url);
const gateways = await startGateways(service.url);
const atRest = new Map<string, number>();
await new Promise((resolve) => setTimeout(resolve, 3_000));
sample(atRest);
say(`at rest: ${[...atRest].map(([name, mb]) => `${name} ${mb} MB`).join(', ')} (bar 120)`);
for (const [way, path] of [
  ['up', '/'],
  ['down', `/?size=${bytes}`],
] as const) {
  const sizes = new Map<string, number>();
  const sampling = setInterval(() => sample(sizes), 100);
  const took = await transfer(way, `${gateways.url}${path}`, gateways.headers);
  clearInterval(sampling);
  const beside = await transfer(way, `${nginx.url}${path}`, {});
  const memory = [...sizes].map(([name, mb]) => `${name} ${mb} MB`).join(', ');
  say(
    `${way} ${bytes} bytes: gateways ${took.toFixed(1)} s, nginx ${beside.toFixed(1)} s, ratio ${(beside / took).toFixed(2)}; most memory: ${memory} (bar ${BAR_MB})`,
  );
}
await Promise.all([gateways.close(), nginx.close(), service.close()]);

async function transfer(way: 'up' | 'down', url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const from = performance.now();
  const received = await new Promise<number>((resolve, reject) => {
    const request = requestHttp(url, { method: way === 'up' ? 'POST' : 'GET', headers }, (response) => {
      let size = 0;
      const count = new Writable({
        write(chunk: Buffer, _encoding, done) {
          size += chunk.length;
          done();
        },
      });
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
      pipeline(response, count).then(() => resolve(size), reject);
    });
    request.on('error', reject);
    if (way === 'down') request.end();
    else pipeline(Readable.from(pieces()), request).catch(reject);
  });
  if (way === 'down' && received !== bytes) throw new Error(`${received} bytes came of ${bytes}`);
  return (performance.now() - from) / 1000;
}

function* pieces(): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= PIECE.length) yield PIECE.subarray(0, Math.min(left, PIECE.length));
}

/** The largest resident size of each gateway so far, in megabytes. */
function sample(sizes: Map<string, number>): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const name = /cli\.(?:ts|mjs)\0gateway\0--name\0(\w+)/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1];
      if (name === undefined) continue;
      const kb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
      sizes.set(name, Math.max(sizes.get(name) ?? 0, Math.round(kb / 1024)));
    } catch {
      // The process has ended between the list and the look.
    }
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
