import { ok, type Result } from '../../kernel/index.ts';
import { leafHash, openCheckpoint, verifyInclusion } from '../../ledger/index.ts';
import type { EvidenceEntry, EvidenceFile } from './model.ts';
import type { Parties } from './parties.ts';
import { type EvidenceRefusal, refuseStep } from './report.ts';

/** A side's tree, as its checkpoint signs it. `root` is base64. */
export type ProvedLedger = { readonly name: string; readonly size: number; readonly root: string };

/** Four inclusion proofs, two against each ledger's checkpoint, signed with the key that its statement names. */
export function proveEntries(
  file: EvidenceFile,
  parties: Parties,
): Result<Readonly<Record<'consumer' | 'provider', ProvedLedger>>, EvidenceRefusal> {
  const prove = (name: 'consumer' | 'provider') => {
    const { checkpoint, request, response } = file[name];
    return proveSide(name, checkpoint, { request, response }, parties[name].statement.ledger.vkey);
  };
  const consumer = prove('consumer');
  if (!consumer.ok) return consumer;
  const provider = prove('provider');
  if (!provider.ok) return provider;
  return ok({ consumer: consumer.value, provider: provider.value });
}

/** The entries of one side, in the order in which they must stand in its log. */
export function proveSide(
  name: 'consumer' | 'provider',
  note: string,
  entries: Readonly<Record<string, EvidenceEntry | undefined>>,
  vkey: string,
): Result<ProvedLedger, EvidenceRefusal> {
  const checkpoint = openCheckpoint(note, vkey);
  if (!checkpoint.ok) return refuseStep('ledgers', `/${name}/checkpoint ${checkpoint.error.detail}`);
  const { origin, size, root } = checkpoint.value;
  let before = -1;
  for (const [kind, entry] of Object.entries(entries)) {
    if (entry === undefined) continue;
    const { leaf, index, proof } = entry;
    const path = proof.map((hash) => Buffer.from(hash, 'base64'));
    if (!verifyInclusion(leafHash(Buffer.from(leaf)), index, size, path, root)) {
      return refuseStep('ledgers', `/${name}/${kind} is not entry ${index} of the ${size} in ${origin}`);
    }
    // Each side enters the request before it lets it go on, so an answer cannot stand before its question.
    if (index <= before) return refuseStep('ledgers', `/${name} has the ${kind} at ${index}, before its request`);
    before = index;
  }
  return ok({ name: origin, size, root: root.toString('base64') });
}
