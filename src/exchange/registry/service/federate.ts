import { invalid, notFound, type Result } from '../../../kernel/index.ts';
import type { Acting } from '../../operators/audit.ts';
import { followRegistry } from '../../trust/follow.ts';
import { parseFederation } from '../federation.ts';
import { federationRefused } from '../problems.ts';
import type { Registry } from '../registry.ts';
import * as store from '../store/federation.ts';
import { takeNextVersion } from '../store/trust-list.ts';
import type { FederationRow } from '../views.ts';
import { change } from './change.ts';
import { publishIn } from './publish.ts';

/**
 * Trusts another instance's registry, or changes how far. Its list is fetched first: an anchor that is not that
 * registry's, or an address where it is not, is said at once and to the person who typed it.
 */
export async function putFederation(
  registry: Registry,
  acting: Acting,
  instance: string,
  body: unknown,
  now: Date,
): Promise<void> {
  const parsed = parseFederation(body);
  if (!parsed.ok) throw invalid(parsed.error.detail);
  const { url, anchor, filter } = parsed.value;
  if (anchor.instance !== instance) throw invalid(`/anchor is of the instance ${anchor.instance}.`);
  if (instance === registry.keys.anchor.instance) throw invalid('/anchor is of this instance itself.');
  const before = (await store.listFederations(registry.db.read)).find((one) => one.instance === instance);
  const found = await look({ url, anchor, listJws: before?.listJws ?? null }, now);
  if (!found.ok) throw federationRefused(found.error.detail);
  await change(registry, acting, now, instance, async (tx) => {
    await store.putFederation(tx, { instance, url, anchor, filter });
    await store.keepForeignList(tx, instance, { ...found.value, at: now });
  });
}

export function removeFederation(registry: Registry, acting: Acting, instance: string, now: Date): Promise<void> {
  return change(registry, acting, now, instance, async (tx) => {
    if (!(await store.removeFederation(tx, instance))) throw notFound(`The instance ${instance} is not trusted here.`);
  });
}

/**
 * Looks at each trusted registry and publishes what has changed. One that is away, or shows a list that is old, forged
 * or rolled back, leaves its former list in force until that expires; the reason stands beside it for the operators.
 */
export async function refreshFederations(registry: Registry, now: Date): Promise<void> {
  for (const row of await store.listFederations(registry.db.read)) {
    const found = await look(row, now);
    if (!found.ok) {
      await store.noteForeignProblem(registry.db.read, row.instance, found.error.detail.slice(0, 500));
      continue;
    }
    const { version, jws, anchor } = found.value;
    await registry.db.transaction(async (tx) => {
      const isNew = version !== row.listVersion;
      const next = isNew ? await takeNextVersion(tx) : undefined;
      await store.keepForeignList(tx, row.instance, { anchor, version, jws, at: now });
      if (next !== undefined) await publishIn(tx, registry, next, now);
    });
  }
}

type Looked = { readonly version: number; readonly jws: string; readonly anchor: FederationRow['anchor'] };

async function look(
  row: Pick<FederationRow, 'url' | 'anchor' | 'listJws'>,
  now: Date,
): Promise<Result<Looked, { readonly detail: string }>> {
  const found = await followRegistry(row.url, row.anchor, now, row.listJws ?? undefined);
  if (!found.ok) return found;
  const { list, jws, anchor } = found.value;
  return { ok: true, value: { version: list.version, jws, anchor } };
}
