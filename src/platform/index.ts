export { type Database, openEmbedded, openPostgresql, type PostgresqlOptions, type Tx, tables } from './database.ts';
export { type Log, openLog, silentLog } from './logs.ts';
export { migrate } from './migrations.ts';
export { openPgliteHost, type PgliteHost } from './pglite.ts';
export { ROOT } from './root.ts';
