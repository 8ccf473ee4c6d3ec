/** What a gateway's schema is made of, in order; `migrate` takes it. */
export const GATEWAY_MIGRATIONS: readonly string[] = [
  'ledger',
  'exchange-gateway',
  'exchange-operator',
  'exchange-witness',
  'exchange-agreement',
  'exchange-console',
  'exchange-events',
  'exchange-usage',
  'exchange-archive',
  'exchange-systems',
  'exchange-timestamp',
];
