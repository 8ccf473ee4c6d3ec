import type { Result } from '../../kernel/index.ts';
import { type Paths, readBounded, readTexts } from './files.ts';
import { judgeTimestamps } from './judge.ts';
import type { TimestampRefusal, TimestampReport } from './timestamps.ts';

/** `verifyTimestamps` over files, for one that `verifyEvidenceFiles` has accepted with the same anchors. */
export async function verifyTimestampFiles(
  file: string,
  anchorFiles: Paths,
  required: boolean,
): Promise<Result<TimestampReport, TimestampRefusal>> {
  const [bytes, anchors] = await Promise.all([readBounded(file), readTexts(anchorFiles)]);
  return judgeTimestamps(bytes, anchors, required);
}
