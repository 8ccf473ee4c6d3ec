export { loadCatalogue } from './content.ts';
export type { Procedure } from './model/procedure.ts';
export type { UsageMember } from './model/usage.ts';
export { openProcedures, type Procedures } from './procedures.ts';
export type { PortalRoute, RouteDeps } from './routes/deps.ts';
export type { Catalogue } from './rules/catalogue.ts';
export type { Actor, CallExchange, ProceduresDeps } from './service/deps.ts';
