import { reader } from '../../forms/index.ts';
import { CERTAINTIES, type Provenance } from './procedure.ts';

/** The keys that say how certain the fact beside them is. */
export const PROVENANCE_KEYS = ['certainty', 'sources', 'note'] as const;

export function readProvenance(of: reader.Fields): Provenance {
  const { listOf, localText, oneOf, optional, text, withDefault } = reader;
  return {
    certainty: oneOf(of('certainty'), CERTAINTIES),
    sources: withDefault(of('sources'), [], (at) => listOf(at, (item) => text(item, 60), { max: 10 })),
    note: optional(of('note'), (at) => localText(at, 1000)),
  };
}
