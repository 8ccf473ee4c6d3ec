import { collectDefaultMetrics, Registry } from 'prom-client';

/** One registry a process part; labels never hold an identifier of a person. */
export function openMetrics(part: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ part });
  collectDefaultMetrics({ register: registry });
  return registry;
}

export { Counter, Gauge, Histogram, type Registry } from 'prom-client';
