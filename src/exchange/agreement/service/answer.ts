import { notFound } from '../../../kernel/index.ts';
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
  act: LifeAct & { readonly kind: 'decline' | 'end' },
  reason: string,
  acting: Acting,
): Promise<void> {
  const { context } = core;
  const { provider, agreement } = key;
  await context.db.transaction(async (tx) => {
    const life = await lockOfferLife(tx, key);
    if (life.versions.size === 0) throw notFound('There is no such offer.');
    const now = context.clock();
    await saveOfferLife(tx, key, lifeAfter(life, act, agreement, now), reason);
    const number = 1 + (await newestNumber(tx, { side: 'client', ...key }, 'client'));
    const version = act.kind === 'decline' ? act.version : null;
    const endsAt = act.kind === 'end' ? new Date(act.at) : null;
    const jws = signAct(
      context.signing,
      'client',
      toDocument(key, act.kind, { number, reason, version, endsAt, at: now }),
    );
    const kept = { side: 'client', party: 'client', ...key, version, kind: act.kind, number, reason } as const;
    await insertAct(tx, { ...kept, endsAt, at: now, jws });
    await putIntoOutbox(tx, core, { peer: provider, agreement, version, kind: act.kind, jws });
    await acting.record(tx, `${provider} ${agreement}`, version === null ? {} : { version });
  });
  wake();
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
