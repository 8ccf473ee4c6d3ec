import { ok, type Result } from '../../kernel/index.ts';
import { leafHash, openCheckpoint, verifyInclusion } from '../../ledger/index.ts';
import type { EvidenceFile } from './model.ts';
import type { Parties } from './parties.ts';
import { type EvidenceRefusal, refuseStep } from './report.ts';

/** A side's tree, as its checkpoint signs it. `root` is base64. */
export type ProvedLedger = { readonly name: string; readonly size: number; readonly root: string };

/** Four inclusion proofs, two against each ledger's checkpoint, signed with the key that its statement names. */
export function proveEntries(
  file: EvidenceFile,
  parties: Parties,
): Result<Readonly<Record<'consumer' | 'provider', ProvedLedger>>, EvidenceRefusal> {
  const consumer = proveSide(file, 'consumer', parties);
  if (!consumer.ok) return consumer;
  const provider = proveSide(file, 'provider', parties);
  if (!provider.ok) return provider;
  return ok({ consumer: consumer.value, provider: provider.value });
}

function proveSide(
  file: EvidenceFile,
  name: 'consumer' | 'provider',
  parties: Parties,
): Result<ProvedLedger, EvidenceRefusal> {
  const side = file[name];
  const checkpoint = openCheckpoint(side.checkpoint, parties[name].statement.ledger.vkey);
  if (!checkpoint.ok) return refuseStep('ledgers', `/${name}/checkpoint ${checkpoint.error.detail}`);
  const { origin, size, root } = checkpoint.value;
  for (const kind of ['request', 'response'] as const) {
    const { leaf, index, proof } = side[kind];
    const path = proof.map((hash) => Buffer.from(hash, 'base64'));
    if (!verifyInclusion(leafHash(Buffer.from(leaf)), index, size, path, root)) {
      return refuseStep('ledgers', `/${name}/${kind} is not entry ${index} of the ${size} in ${origin}`);
    }
  }
  // Each side enters the request before it lets it go on, so an answer cannot stand before its question.
  if (side.request.index >= side.response.index) {
    return refuseStep('ledgers', `/${name} has the response at ${side.response.index}, before its request`);
  }
  return ok({ name: origin, size, root: root.toString('base64') });
}
