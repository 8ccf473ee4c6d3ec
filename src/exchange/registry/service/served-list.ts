import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Registry } from '../registry.ts';
import { latestHead } from '../store/trust-list.ts';
import { currentTrustList, isYoung } from './publish.ts';

/** `tag` is the name under which a poller may say that it holds this list (RFC 9110 section 8.8.3). */
export type ServedList = { readonly version: number; readonly tag: string; readonly gzip: Promise<Buffer> };

const kept = new WeakMap<Registry, ServedList>();

/**
 * The list to serve, compressed once for all who ask: one of 10,000 gateways has 40 MB, and each of them wants it after
 * each change. The tag is by the text as well as the version: should a registry ever have two texts of one version, each
 * gateway must be sent the other one, and refuse it.
 */
export async function servedList(registry: Registry, now: Date): Promise<ServedList> {
  const held = kept.get(registry);
  const head = held === undefined ? undefined : await latestHead(registry.db.read);
  if (held !== undefined && head?.version === held.version && isYoung(head, now)) return held;
  const { version, jws } = await currentTrustList(registry, now);
  const digest = createHash('sha256').update(jws).digest('base64url');
  const served = { version, tag: `"${version}-${digest}"`, gzip: promisify(gzip)(jws) };
  kept.set(registry, served);
  return served;
}
