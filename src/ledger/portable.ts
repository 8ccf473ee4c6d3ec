/** What a verifier needs of a log, without a database: also for the bundle that runs in a browser (ADR 0038). */
export { openCheckpoint } from './checkpoint.ts';
export { leafHash } from './merkle.ts';
export { verifyInclusion } from './proof.ts';
export { parseVkey } from './vkey.ts';
