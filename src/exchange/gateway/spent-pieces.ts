import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * V8 lets a hundred megabytes of spent pieces stand before it looks for them. One collection of the young objects for
 * each of these many bytes that pass, a millisecond or two, lets go of them.
 */
const COLLECT_AFTER = 8 * 1_048_576;

type Collect = (options: { readonly type: 'minor' }) => void;
let collect: Collect | undefined;

/** Takes the bytes of each piece of one stream, and lets spent ones be collected as it goes. */
export function spending(): (bytes: number) => void {
  let spent = 0;
  return (bytes) => {
    spent += bytes;
    if (spent < COLLECT_AFTER) return;
    spent = 0;
    collect ??= findCollect();
    collect({ type: 'minor' });
  };
}

function findCollect(): Collect {
  setFlagsFromString('--expose-gc');
  const found: unknown = runInNewContext('globalThis.gc');
  return typeof found === 'function' ? (found as Collect) : () => {};
}
