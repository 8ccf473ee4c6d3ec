import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { writeDurably } from '../../platform/index.ts';
import { CommandRefusal } from '../terminal.ts';

/** Doors of one process that holds everything. The portal's is the one that people are told. */
export type Ports = {
  readonly portal: number;
  readonly simulator: number;
  readonly registry: number;
  readonly gateways: readonly number[];
  /** Registered in the trust list, so they stay with the data folder. */
  readonly peers: readonly number[];
  readonly authorities: readonly number[];
};

/**
 * `port` 0 takes free ones. The doors between gateways keep the ports of the first start, since the registry
 * vouches for them; the others follow the portal's.
 */
export async function choosePorts(dir: string, host: string, port: number, gateways: number): Promise<Ports> {
  const file = join(dir, 'peer-ports.json');
  const held: number[] | undefined = existsSync(file)
    ? (JSON.parse(await readFile(file, 'utf8')) as number[])
    : undefined;
  const count = 3 + gateways * 2 + 2;
  const free = port === 0 ? await freePorts(host, count) : Array.from({ length: count }, (_one, nth) => port + nth);
  const last = free.at(-1) ?? 0;
  if (last > 65_535)
    throw new CommandRefusal(`the port ${port} leaves no room for the ${count} that follow it; take a lower one`, 2);
  const peers = held ?? free.slice(3 + gateways, 3 + gateways * 2);
  const ports: Ports = {
    portal: free[0] ?? 0,
    simulator: free[1] ?? 0,
    registry: free[2] ?? 0,
    gateways: free.slice(3, 3 + gateways),
    peers,
    authorities: free.slice(3 + gateways * 2),
  };
  await assertFree(host, [
    ports.portal,
    ports.simulator,
    ports.registry,
    ...ports.gateways,
    ...peers,
    ...ports.authorities,
  ]);
  if (held === undefined) {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await writeDurably(`${file}.new`, file, JSON.stringify(peers));
  }
  return ports;
}

/** Both doors of one gateway: that of its systems, and the one that the registry vouches for, the next port unless told. */
export async function chooseDoors(
  host: string,
  port: number,
  peer: string | number | undefined,
): Promise<{ readonly port: number; readonly peerPort: number }> {
  const [free = 0] = port === 0 && peer === undefined ? await freePorts(host, 1) : [];
  const peerPort = peer === undefined ? (port === 0 ? free : port + 1) : Number(peer);
  if (!Number.isInteger(peerPort) || peerPort < 0 || peerPort > 65_535)
    throw new CommandRefusal('--peer-port is a whole number from 0 to 65535', 2);
  await assertFree(host, [port, peerPort]);
  return { port, peerPort };
}

/** The own door over TLS, where one is wanted; `next` is the port after the other two. */
export async function chooseTlsDoor(
  host: string,
  doors: { readonly port: number; readonly peerPort: number },
  wish: 'next' | string | number | undefined,
): Promise<number | undefined> {
  if (wish === undefined) return undefined;
  const [free = 0] = wish === 'next' && doors.port === 0 ? await freePorts(host, 1) : [];
  const next = Math.max(doors.port, doors.peerPort) + 1;
  const port = wish === 'next' ? (doors.port === 0 ? free : next) : Number(wish);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CommandRefusal('--tls-port is a whole number from 0 to 65535', 2);
  await assertFree(host, [port]);
  return port;
}

/** Before anything is written: a taken port is one line, and nothing was started. */
async function assertFree(host: string, ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    const taken = await tryPort(host, port);
    if (taken === 'EADDRNOTAVAIL' || taken === 'EINVAL' || taken === 'ENOTFOUND') {
      throw new CommandRefusal(`${host} is not an address of this machine; name another with --host`);
    }
    if (taken === 'EACCES')
      throw new CommandRefusal(`port ${port} needs more rights than you have; choose one above 1024 with --port`);
    if (taken !== undefined)
      throw new CommandRefusal(`port ${port} is taken by another program; choose others with --port`);
  }
}

/** The error's code where it cannot be opened, else undefined. */
export function tryPort(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (cause: NodeJS.ErrnoException) => resolve(cause.code ?? 'error'));
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
}

/** Below those that Linux hands out to whoever connects, from 32,768 on: one of these is soon somebody else's. */
const [FIRST, LAST] = [20_000, 32_768];
const MOST_TRIES = 500;

/** Different ones, free a moment ago. Throws a CommandRefusal where the host lends none. */
export async function freePorts(host: string, count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries += 1) {
    const port = randomInt(FIRST, LAST);
    const taken = await tryPort(host, port);
    if (taken === undefined) found.add(port);
    else if (tries >= MOST_TRIES) throw new CommandRefusal(`no port of ${host} can be opened (${taken}); see --host`);
  }
  return [...found];
}
