import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { readonly type: 'major' | 'minor' }) => void;
let collect: Collect | undefined;

/** Runs V8's collector now: `minor` over young objects, a millisecond or two, `major` over all, some thirty. */
export function collectGarbage(type: 'major' | 'minor'): void {
  collect ??= findCollect();
  collect({ type });
}

/** Node shows it to those alone who ask with a flag, and to a context that is made after it. */
function findCollect(): Collect {
  setFlagsFromString('--expose-gc');
  const found: unknown = runInNewContext('globalThis.gc');
  return typeof found === 'function' ? (found as Collect) : () => {};
}
