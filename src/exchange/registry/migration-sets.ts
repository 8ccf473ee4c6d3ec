/** The sets of migrations that a registry's database needs, in order. */
export const REGISTRY_MIGRATIONS = ['ledger', 'exchange-operator', 'exchange-registry'];
