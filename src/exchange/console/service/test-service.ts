import { AddressRefused } from '../../address/connect.ts';
import type { ServiceEntry } from '../../gateway/model.ts';
import { failureOf } from '../../gateway/peer-failure.ts';
import { formatSubsystem, parseService } from '../../message/identifiers.ts';
import { isCertificateRefusal } from '../../systems/connect.ts';
import type { ConsoleDeps } from '../deps.ts';
import type { TestOutcome } from '../pages/services.ts';

const PATIENCE_MS = 5_000;

/** One GET to the service's own address, by the way that messages take: same networks, same TLS. */
export async function testService({ peers, context }: ConsoleDeps, entry: ServiceEntry): Promise<TestOutcome> {
  const { origin, pathname } = new URL(entry.url);
  const id = parseService(entry.service);
  const trust = id.ok ? context.systems.serviceTrust(formatSubsystem(id.value)) : undefined;
  const from = performance.now();
  try {
    const { status } = await peers.toService(origin, trust, {
      method: 'GET',
      target: pathname,
      headers: [['accept', '*/*']],
      body: Buffer.alloc(0),
      timeoutMs: Math.min(entry.timeoutMs, PATIENCE_MS),
      maxBodyBytes: 1_000_000,
    });
    return { kind: 'reached', status, ms: performance.now() - from };
  } catch (cause) {
    if (cause instanceof AddressRefused) return { kind: 'refusedAddress' };
    if (isCertificateRefusal(cause)) return { kind: 'refusedCertificate' };
    const failure = failureOf(cause);
    if (failure === 'timeout') return { kind: 'timedOut' };
    return { kind: failure === 'unreachable' || failure === 'cut' ? 'unreachable' : 'garbled' };
  }
}
