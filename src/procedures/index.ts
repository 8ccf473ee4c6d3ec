export { loadCatalogue } from './content.ts';
export type { Procedure } from './model/procedure.ts';
export { openProcedures, type Procedures, portalRoutes } from './procedures.ts';
export type { PortalRoute, RouteDeps } from './routes/deps.ts';
export type { Catalogue } from './rules/catalogue.ts';
export type { Actor, CallExchange, ProceduresDeps } from './service/deps.ts';
export { PROBLEM_TYPES } from './texts/problems.ts';
