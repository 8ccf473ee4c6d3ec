export { collectGarbage } from './collector.ts';
export { type Database, openEmbedded, openPostgresql, type PostgresqlOptions, type Tx, tables } from './database.ts';
export { type FileDraft, type FileStore, type Files, openFiles, writeDurably } from './files.ts';
export { type FolderLock, type LockRefusal, lockFolder } from './folder-lock.ts';
export { type Answer, setCookie } from './http-answer.ts';
export { cookieOf, formOf, type PostedForm, type UploadedFile } from './http-form.ts';
export { mountRoutes, type RateClass, type Route } from './http-route.ts';
export { createHttpServer, type HttpServerOptions, wantsHtml } from './http-server.ts';
export { type Asset, mountAssets, mountHealth, type ReadyCheck } from './http-service.ts';
export { type JobOptions, type Jobs, openJobs, type SendOptions } from './jobs.ts';
export { type Log, openLog, silentLog } from './logs.ts';
export { Counter, Gauge, Histogram, openMetrics, type Registry } from './metrics.ts';
export { migrate } from './migrations.ts';
export { openPdf, PDF_FAMILIES, type Pdf, type PdfOptions, type PdfSource } from './pdf.ts';
export { openPgliteHost, type PgliteHost } from './pglite.ts';
export { gatherPieces } from './pieces.ts';
export { openTokenKey, type TokenKey, TokenRefusal } from './pkcs11-key.ts';
export { type Pkcs11Uri, parsePkcs11Uri } from './pkcs11-uri.ts';
export { ROOT } from './root.ts';
export { type AppliedStep, appliedSteps, type CopiedLine, copyRows, hasTables, putRows } from './row-copy.ts';
export { parseTraceparent, type TraceHeaders } from './trace-context.ts';
export {
  NO_TRACING,
  openTracing,
  type SpanAttributes,
  type Tracing,
  type TracingOptions,
  tracedLog,
} from './tracing.ts';
