import type { FederatedPayload } from '../../trust/list-parts.ts';
import { readTrustList } from '../../trust/rules.ts';
import { passesFilter } from '../federation.ts';
import type { FederationRow } from '../views.ts';

/**
 * What of another instance's list stands in ours: gateways of which a subsystem passes the filter. Nothing where that
 * list has run out, so that a registry which is away does not stay trusted for ever.
 */
export function federatedPart(row: FederationRow, now: Date): readonly FederatedPayload[] {
  if (row.listJws === null) return [];
  const list = readTrustList(row.listJws, row.anchor);
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
