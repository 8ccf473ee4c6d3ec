import { AddressRefused } from '../../address/connect.ts';
import type { ServiceEntry } from '../../gateway/model.ts';
import { isConnectFailure, isTimeout } from '../../gateway/peers.ts';
import type { ConsoleDeps } from '../deps.ts';
import type { TestOutcome } from '../pages/services.ts';

const PATIENCE_MS = 5_000;

/** One GET to the service's own address, by the way that messages take: same networks, same TLS. */
export async function testService({ peers }: ConsoleDeps, entry: ServiceEntry): Promise<TestOutcome> {
  const { origin, pathname } = new URL(entry.url);
  const from = performance.now();
  try {
    const { status } = await peers.toService(origin, {
      method: 'GET',
      target: pathname,
      headers: [['accept', '*/*']],
      body: Buffer.alloc(0),
      timeoutMs: Math.min(entry.timeoutMs, PATIENCE_MS),
      maxBodyBytes: 1_000_000,
    });
    return { kind: 'reached', status, ms: performance.now() - from };
  } catch (cause) {
    if (isTimeout(cause)) return { kind: 'timedOut' };
    if (cause instanceof AddressRefused) return { kind: 'refusedAddress' };
    return { kind: isConnectFailure(cause) ? 'unreachable' : 'garbled' };
  }
}
