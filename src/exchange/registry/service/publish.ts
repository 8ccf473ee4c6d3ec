import type { Tx } from '../../../platform/index.ts';
import { certificateId } from '../../trust/certificate.ts';
import { signJws } from '../../trust/jws.ts';
import type { ListedGroup, ListedTsa, ListedWitness } from '../../trust/list-parts.ts';
import type { TrustListPayload } from '../../trust/model.ts';
import type { TsaStatement } from '../../trust/timestamp-authority.ts';
import { hoursAfter, type Registry } from '../registry.ts';
import { listRevocations } from '../store/certificate.ts';
import { listFederations } from '../store/federation.ts';
import { listAuthorities, listParts } from '../store/part.ts';
import * as store from '../store/trust-list.ts';
import { federatedPart } from './federated.ts';

/** Signs and keeps a new list. The version only ever grows: the row that holds it is locked, and the database checks. */
export function publishTrustList(registry: Registry, now: Date): Promise<store.PublishedList> {
  return registry.db.transaction(async (tx) => publishIn(tx, registry, await store.takeNextVersion(tx), now));
}

/** The list to serve: a new one when half of the latest one's life is over, so that pollers never see it run out. */
export async function currentTrustList(registry: Registry, now: Date): Promise<store.PublishedList> {
  const latest = await store.latestList(registry.db.read);
  if (latest === undefined) return publishTrustList(registry, now);
  return isYoung(latest, now) ? latest : publishTrustList(registry, now);
}

/** Before half of its life is over. */
export function isYoung(
  { issuedAt, expiresAt }: Pick<store.PublishedList, 'issuedAt' | 'expiresAt'>,
  now: Date,
): boolean {
  return now.getTime() < (issuedAt.getTime() + expiresAt.getTime()) / 2;
}

/** In the transaction of what the new list is published for. `version` comes from `takeNextVersion`. */
export async function publishIn(tx: Tx, registry: Registry, version: number, now: Date): Promise<store.PublishedList> {
  const { anchor, authority, signer } = registry.keys;
  const expiresAt = hoursAfter(now, registry.settings.trustListHours);
  const outside = await listAuthorities(tx);
  const federations = await listFederations(tx);
  const payload: TrustListPayload = {
    v: 1,
    instance: anchor.instance,
    version,
    issuedAt: now.toISOString(),
    expiresAt: expiresAt.toISOString(),
    caCertificates: [authority.certificate.toString('base64'), ...outside.map(({ der }) => der.toString('base64'))],
    gateways: await store.currentStatements(tx, now),
    members: await store.listedMembers(tx),
    groups: await listParts<ListedGroup>(tx, 'group'),
    witnesses: await listParts<ListedWitness>(tx, 'witness'),
    timestampAuthorities: await listedTsas(tx, registry, { issuedAt: now, expiresAt }),
    revocations: (await listRevocations(tx)).map(({ certificate, at, reason }) => ({
      certificate,
      at: at.toISOString(),
      reason,
    })),
    federated: federations.flatMap((one) => federatedPart(one, now)),
  };
  const list = { version, jws: signJws(signer, 'wasl-trust-list', payload), issuedAt: now, expiresAt };
  await store.insertList(tx, list);
  return list;
}

/** Each with our word for it, anew in each list: what evidence carries of it was said when its token was made. */
async function listedTsas(
  tx: Tx,
  { keys }: Registry,
  period: { readonly issuedAt: Date; readonly expiresAt: Date },
): Promise<readonly ListedTsa[]> {
  const tsas = await listParts<ListedTsa>(tx, 'timestamp-authority');
  return tsas.map(({ name, url, certificate }) => {
    const statement: TsaStatement = {
      v: 1,
      instance: keys.anchor.instance,
      name,
      certificate: certificateId(Buffer.from(certificate, 'base64')),
      issuedAt: period.issuedAt.toISOString(),
      expiresAt: period.expiresAt.toISOString(),
    };
    return { name, url, certificate, statement: signJws(keys.signer, 'wasl-timestamp-authority', statement) };
  });
}
