import { collectDefaultMetrics, Registry } from 'prom-client';

/** One registry a process part; labels never hold an identifier of a person. */
export function openMetrics(part: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ part });
  collectDefaultMetrics({ register: registry });
  for (const name of SUMS) registry.removeSingleMetric(name);
  return registry;
}

/**
 * Gauges with a counter's suffix, which Prometheus' own checker refuses: each is the sum of the gauge without it.
 */
const SUMS = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

export { Counter, Gauge, Histogram, type Registry } from 'prom-client';
