import type { Result } from '../../kernel/index.ts';
import { readBounded } from './files.ts';
import { judgeTimestamps } from './judge.ts';
import type { TimestampRefusal, TimestampReport } from './timestamps.ts';

/** `verifyTimestamps` over files, for one that `verifyEvidenceFiles` has accepted with the same anchor. */
export async function verifyTimestampFiles(
  file: string,
  anchorFile: string,
  required: boolean,
): Promise<Result<TimestampReport, TimestampRefusal>> {
  const [bytes, anchorText] = await Promise.all([readBounded(file), readBounded(anchorFile)]);
  return judgeTimestamps(bytes, anchorText.toString('utf8'), required);
}
