import { err, ok, parseJson, type Result } from '../../kernel/index.ts';
import type { TrustAnchor } from './anchor.ts';
import { followAnchor } from './anchor-chain.ts';
import { callRegistry } from './fetch.ts';
import { activeKey, anchorKeys } from './jws.ts';
import type { TrustList } from './model.ts';
import { claimedKey } from './requesting.ts';
import { readingSteps, type TrustRefusal, trustListSteps } from './rules.ts';
import { inSlices } from './steps.ts';

/** `anchor` is a change of the registry's keys that does not verify. */
export type FollowRefusal = TrustRefusal | { readonly kind: 'unreachable'; readonly detail: string };

export type Followed = { readonly list: TrustList; readonly jws: string; readonly anchor: TrustAnchor };

/**
 * A registry's present list, for who holds its anchor: where the list is signed with a key that the anchor does not
 * know, the registry's own word on its keys is asked for and followed. `held` is the list before, if there is one.
 */
export async function followRegistry(
  url: string,
  anchor: TrustAnchor,
  now: Date,
  held?: string,
): Promise<Result<Followed, FollowRefusal>> {
  const fetched = await fetchText(url, '/trust-list');
  if (!fetched.ok) return fetched;
  const jws = fetched.value;
  const present = await followKeys(jws, anchor, () => fetchUpdates(url));
  if (!present.ok) return present;
  const before = held === undefined ? undefined : await readHeld(held, anchor);
  const list = await inSlices(trustListSteps(jws, present.value, now, before));
  return list.ok ? ok({ list: list.value, jws, anchor: present.value }) : list;
}

/** The anchor itself where it knows the list's key. `updates` is asked for only where it does not. */
export async function followKeys(
  jws: string,
  anchor: TrustAnchor,
  updates: () => Promise<Result<string, FollowRefusal>>,
): Promise<Result<TrustAnchor, FollowRefusal>> {
  const keys = anchorKeys(anchor);
  const kid = listKey(jws);
  if (!keys.ok || kid === undefined || activeKey(keys.value, kid) !== undefined) return ok(anchor);
  const text = await updates();
  if (!text.ok) return text;
  const chain = parseJson(text.value, { maxChars: 4_000_000, maxDepth: 4 });
  const steps = chain.ok && Array.isArray(chain.value) ? chain.value.filter((one) => typeof one === 'string') : [];
  return followAnchor(anchor, steps);
}

/** Held lists may be of a key that is retired by now: only their version counts. */
async function readHeld(jws: string, anchor: TrustAnchor): Promise<{ version: number; jws: string } | undefined> {
  const read = await inSlices(readingSteps(jws, anchor));
  return read.ok ? { version: read.value.version, jws } : undefined;
}

function listKey(jws: string): string | undefined {
  return claimedKey(jws.slice(0, Math.min(jws.length, 2000)));
}

/** The registry's own chain of keys, as it sends it. */
export function fetchUpdates(url: string): Promise<Result<string, FollowRefusal>> {
  return fetchText(url, '/anchor/updates');
}

export async function fetchText(url: string, path: string): Promise<Result<string, FollowRefusal>> {
  const fetched = await fetchTagged(url, path);
  return fetched.ok ? ok(fetched.value?.text ?? '') : fetched;
}

/** Undefined where it is still what `unless` is the tag of. */
export async function fetchTagged(
  url: string,
  path: string,
  unless?: string,
): Promise<Result<{ readonly text: string; readonly etag: string | undefined } | undefined, FollowRefusal>> {
  try {
    const { status, text, etag } = await callRegistry(url, path, undefined, unless);
    if (status === 304 && unless !== undefined) return ok(undefined);
    return status === 200
      ? ok({ text, etag })
      : err({ kind: 'unreachable', detail: `the registry answered ${status}` });
  } catch (cause) {
    return err({ kind: 'unreachable', detail: cause instanceof Error ? cause.message : 'no answer' });
  }
}
