import type { Result } from '../../kernel/index.ts';
import { parseAnchor } from '../trust/model.ts';
import { readBounded } from './files.ts';
import { type TimestampRefusal, type TimestampReport, verifyTimestamps } from './timestamps.ts';

/** `verifyTimestamps` over files, for one that `verifyEvidenceFiles` has accepted with the same anchor. */
export async function verifyTimestampFiles(
  file: string,
  anchorFile: string,
  required: boolean,
): Promise<Result<TimestampReport, TimestampRefusal>> {
  const [bytes, anchorText] = await Promise.all([readBounded(file), readBounded(anchorFile)]);
  const anchor = parseAnchor(anchorText.toString('utf8'));
  if (!anchor.ok) return { ok: false, error: { step: 'timestamps', detail: anchor.error.detail } };
  return verifyTimestamps(bytes, anchor.value, required);
}
