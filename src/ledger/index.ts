export type { LogAppend } from './append.ts';
export type { Sequenced } from './appender.ts';
export { verifyLog } from './audit.ts';
export {
  type Checkpoint,
  type CheckpointRefusal,
  formatCheckpoint,
  type OpenedCheckpoint,
  openCheckpoint,
  parseCheckpoint,
} from './checkpoint.ts';
export { type ExportedLog, exportLog, type VerifiedExport, verifyExport } from './export.ts';
export { emptyRoot, type Hash, leafHash } from './merkle.ts';
export { verifyConsistency, verifyInclusion } from './proof.ts';
export { openRange, type RangeEdges } from './range.ts';
export {
  consistencyProof,
  inclusionProof,
  rangeEdges,
  readBundle,
  readCheckpoint,
  readEntries,
  readTile,
} from './reader.ts';
export { ledgerRoutes, type ServedLog } from './routes.ts';
export { openSequencer, type Place, type Sequencer, type SequencerOptions } from './sequencer.ts';
export { type Appended, appendIn, createLog } from './service.ts';
export {
  type LocalLogSigner,
  type LogSigner,
  logSigner,
  openWitness,
  type PrivateKey,
  type RemoteKey,
  remoteLogSigner,
  type Witness,
} from './signer.ts';
export { appendArguments } from './store.ts';
export { MAX_ENTRY_BYTES, TILE_WIDTH } from './tile.ts';
export { type LogRefusal, type LogSource, type VerifiedLog, verifyTree } from './verify.ts';
export { parseVkey } from './vkey.ts';
