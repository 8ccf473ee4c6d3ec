import { canonicalJson, type Json, ok } from '../../../kernel/index.ts';
import type { TrustAnchor } from '../../trust/anchor.ts';
import type { FederatedPayload } from '../../trust/list-parts.ts';
import type { TrustList } from '../../trust/model.ts';
import { readTrustList } from '../../trust/rules.ts';
import { passesFilter } from '../federation.ts';
import type { FederationRow } from '../views.ts';

type Read = { readonly jws: string; readonly anchor: string; readonly list: TrustList };
const lastRead = new Map<string, Read>();

/**
 * Each version of ours carries the same list of another instance until that changes, and then most of its statements:
 * each is verified once in this process, as ten thousand of them take seconds. Under another anchor all are verified anew.
 */
function readOnce(jws: string, anchor: TrustAnchor): ReturnType<typeof readTrustList> {
  const text = canonicalJson(anchor as unknown as Json);
  const held = lastRead.get(anchor.instance);
  const known = held?.anchor === text ? held : undefined;
  if (known?.jws === jws) return ok(known.list);
  const list = readTrustList(jws, anchor, known?.list);
  if (list.ok) lastRead.set(anchor.instance, { jws, anchor: text, list: list.value });
  return list;
}

/**
 * What of another instance's list stands in ours: gateways of which a subsystem passes the filter. Nothing where that
 * list has run out, so that a registry which is away does not stay trusted for ever.
 */
export function federatedPart(row: FederationRow, now: Date): readonly FederatedPayload[] {
  if (row.listJws === null) return [];
  const list = readOnce(row.listJws, row.anchor);
  if (!list.ok || Date.parse(list.value.expiresAt) <= now.getTime()) return [];
  const entries = list.value.gateways.map(({ statement, jws }) => ({
    jws,
    ids: statement.subsystems
      .map(({ code }) => `${statement.member.id}/${code}`)
      .filter((id) => passesFilter(row.filter, id)),
  }));
  const passed = entries.filter(({ ids }) => ids.length > 0);
  const { instance, caCertificates, expiresAt } = list.value;
  return [
    {
      instance,
      anchor: row.anchor,
      caCertificates,
      gateways: passed.map(({ jws }) => jws),
      subsystems: passed.flatMap(({ ids }) => ids),
      expiresAt,
    },
  ];
}
