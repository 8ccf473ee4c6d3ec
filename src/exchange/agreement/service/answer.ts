import { notFound } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import type { GatewayCore } from '../../gateway/extension.ts';
import type { Acting } from '../../operators/audit.ts';
import { type ActDocument, signAct } from '../act-document.ts';
import type { LifeAct } from '../model.ts';
import { insertAct, newestNumber } from '../store/act.ts';
import { type AgreementKey, lockOfferLife, type OfferKey, saveOfferLife } from '../store/offer.ts';
import { type AgreementDeps, lifeAfter, putIntoOutbox } from './deps.ts';

/** Refuses an offer, and says why. Throws a Problem: 404, or 409 where it is not open. */
export async function declineOffer(
  deps: AgreementDeps,
  { version, ...key }: OfferKey,
  reason: string,
  acting: Acting,
): Promise<void> {
  await actAsClient(deps, key, { kind: 'decline', version }, reason, acting);
}

/** Ends what this member holds of another, with notice or at once. Throws a Problem: 404, or 409 where it has ended. */
export async function endAsClient(
  deps: AgreementDeps,
  key: AgreementKey,
  { reason, endsAt }: { readonly reason: string; readonly endsAt: Date | undefined },
  acting: Acting,
): Promise<void> {
  const at = Math.max((endsAt ?? new Date(0)).getTime(), deps.core.context.clock().getTime());
  await actAsClient(deps, key, { kind: 'end', at }, reason, acting);
}

async function actAsClient(
  { core, wake }: AgreementDeps,
  key: AgreementKey,
  act: ClientAct,
  reason: string,
  acting: Acting,
): Promise<void> {
  await core.context.db.transaction(async (tx) => {
    await actIn(core, tx, key, act, reason);
    const detail = act.kind === 'decline' ? { version: act.version } : {};
    await acting.record(tx, `${key.provider} ${key.agreement}`, detail);
  });
  wake();
}

type ClientAct = LifeAct & { readonly kind: 'decline' | 'end' };

/** In the transaction of what takes the offer's place, which records it. */
export function declineIn(core: GatewayCore, tx: Tx, { version, ...key }: OfferKey, reason: string): Promise<void> {
  return actIn(core, tx, key, { kind: 'decline', version }, reason);
}

async function actIn(core: GatewayCore, tx: Tx, key: AgreementKey, act: ClientAct, reason: string): Promise<void> {
  const { context } = core;
  const { provider, agreement } = key;
  const life = await lockOfferLife(tx, key);
  if (life.versions.size === 0) throw notFound('There is no such offer.');
  const at = context.clock();
  await saveOfferLife(tx, key, lifeAfter(life, act, agreement, at), reason);
  const number = 1 + (await newestNumber(tx, { side: 'client', ...key }, 'client'));
  const version = act.kind === 'decline' ? act.version : null;
  const endsAt = act.kind === 'end' ? new Date(act.at) : null;
  const jws = signAct(context.signing, 'client', toDocument(key, act.kind, { number, reason, version, endsAt, at }));
  const kept = { side: 'client', party: 'client', provider, agreement, version, kind: act.kind, number } as const;
  await insertAct(tx, { ...kept, reason, endsAt, at, jws });
  await putIntoOutbox(tx, core, { peer: provider, agreement, version, kind: act.kind, jws });
}

export function toDocument(
  { provider, agreement }: AgreementKey,
  act: ActDocument['act'],
  more: {
    readonly number: number;
    readonly reason: string;
    readonly version: number | null;
    readonly endsAt: Date | null;
    readonly at: Date;
  },
): ActDocument {
  return {
    act,
    provider,
    agreement,
    number: more.number,
    reason: more.reason,
    at: more.at.toISOString(),
    ...(more.version === null ? {} : { version: more.version }),
    ...(more.endsAt === null ? {} : { endsAt: more.endsAt.toISOString() }),
  };
}
