import { collectGarbage } from '../../platform/index.ts';

/**
 * V8 lets a hundred megabytes of spent pieces stand before it looks for them. One collection of the young objects for
 * each of these many bytes that pass, a millisecond or two, lets go of them.
 */
const COLLECT_AFTER = 8 * 1_048_576;

/** Takes the bytes of each piece of one stream, and lets spent ones be collected as it goes. */
export function spending(): (bytes: number) => void {
  let spent = 0;
  return (bytes) => {
    spent += bytes;
    if (spent < COLLECT_AFTER) return;
    spent = 0;
    collectGarbage('minor');
  };
}
