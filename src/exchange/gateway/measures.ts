import { Counter, Histogram, openMetrics, type Registry } from '../../platform/index.ts';
import type { FaultSlug, Side } from '../message/fault.ts';
import type { Turned } from './connections.ts';

export type Door = 'own' | 'own-tls' | 'peers';

/** What a gateway counts. Labels are of closed sets: no member, no service, no person is among them. */
export type Measures = {
  readonly registry: Registry;
  answered(side: Side, seconds: number): void;
  refused(side: Side, slug: FaultSlug): void;
  turned(door: Door, why: Turned): void;
};

export function openMeasures(server: string): Measures {
  const registry = openMetrics(server);
  const seconds = new Histogram({
    name: 'wasl_exchange_seconds',
    help: 'Time from a request at one of the two doors to its answer',
    labelNames: ['side'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  const refusals = new Counter({
    name: 'wasl_exchange_refusals_total',
    help: 'Messages that were refused or failed',
    labelNames: ['side', 'fault'],
    registers: [registry],
  });
  const connections = new Counter({
    name: 'wasl_connections_refused_total',
    help: 'Connections that were closed before anything of them was read',
    labelNames: ['door', 'why'],
    registers: [registry],
  });
  return {
    registry,
    answered: (side, value) => seconds.observe({ side }, value),
    refused: (side, slug) => refusals.inc({ side, fault: slug }),
    turned: (door, why) => connections.inc({ door, why }),
  };
}
