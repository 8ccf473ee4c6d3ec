import { type Clock, canonicalJson, conflict, invalid, type Json } from '../../kernel/index.ts';
import type { Tx } from '../../platform/index.ts';
import { basisError, type LegalRegister } from '../agreement/legal.ts';
import type { Life, LifeAct } from '../agreement/model.ts';
import { actOn, isDraft, settle } from '../agreement/rules.ts';
import type { Agreement } from '../message/agreement.ts';
import { findVersion, insertVersion, lockLife, removeDraft, saveLife } from './agreement-store.ts';

export type ChangedStatus = 'active' | 'suspended' | 'ended';

export type StatusChange = {
  readonly reason?: string | undefined;
  /** Of an end: the instant from which on it counts; at once where there is none. */
  readonly endsAt?: Date | undefined;
};

export type WrittenAct = { readonly id: string; readonly act: LifeAct; readonly life: Life; readonly reason: string };

export type ActWatcher = {
  written(tx: Tx, act: WrittenAct): Promise<void>;
  committed(): void;
};

export type BookOptions = {
  readonly clock: Clock;
  /** An agreement that both members have not signed is none yet. */
  readonly areSignaturesRequired: boolean;
  readonly legalRegister: LegalRegister | undefined;
};

/**
 * A version, in force at once or as a draft, as the options say; a draft that stands is written anew. False where the
 * version stands already. Throws a Problem (409) where the agreement's life does not allow it.
 */
export async function addVersion(
  tx: Tx,
  agreement: Agreement,
  options: BookOptions,
  watchers: readonly ActWatcher[],
): Promise<boolean> {
  const { id, version, status } = agreement;
  const life = await lockLife(tx, id, options.areSignaturesRequired);
  if (life.versions.has(version)) {
    const held = await findVersion(tx, id, version);
    if (held === undefined || !isDraft(life, version) || saysTheSame(held, agreement)) return false;
    requireBasis(options, agreement);
    await removeDraft(tx, id, version);
    await insertVersion(tx, agreement);
    return true;
  }
  requireBasis(options, agreement);
  const enacts =
    !options.areSignaturesRequired && (status === 'active' || status === 'suspended' || status === 'ended');
  const act: LifeAct = enacts ? { kind: 'enact', version, as: status } : { kind: 'draft', version };
  await insertVersion(tx, agreement);
  await writeAct(tx, { id, act, reason: '' }, life, options, watchers);
  return true;
}

/** Throws a Problem (422) with the texts that there are. What stands is not asked again: a text may leave the register. */
function requireBasis({ legalRegister }: BookOptions, { legalBasis }: Agreement): void {
  const error = basisError(legalRegister, legalBasis.ref);
  if (error !== undefined) throw invalid('The agreement is not acceptable.', [error]);
}

/** Suspends, resumes or ends. Throws a Problem (409) where the agreement's life does not allow it. */
export async function changeStatus(
  tx: Tx,
  { id, status, how }: { readonly id: string; readonly status: ChangedStatus; readonly how: StatusChange },
  options: BookOptions,
  watchers: readonly ActWatcher[],
): Promise<'unknown' | 'so already' | 'changed'> {
  const life = await lockLife(tx, id, options.areSignaturesRequired);
  if (life.versions.size === 0) return 'unknown';
  const now = options.clock();
  if (isSoAlready(settle(life, now.getTime()), status)) return 'so already';
  const act = statusAct(status, how.endsAt ?? now);
  await writeAct(tx, { id, act, reason: how.reason ?? '' }, life, options, watchers);
  return 'changed';
}

/** Throws a Problem (409) where the rules do not allow it; then nothing of the transaction stays. */
async function writeAct(
  tx: Tx,
  { id, act, reason }: Omit<WrittenAct, 'life'>,
  life: Life,
  { clock }: BookOptions,
  watchers: readonly ActWatcher[],
): Promise<void> {
  const acted = actOn(life, act, clock().getTime());
  if (!acted.ok) throw conflict(`The agreement ${id} does not allow this: ${acted.error.detail}.`);
  await saveLife(tx, id, acted.value, reason);
  for (const watcher of watchers) await watcher.written(tx, { id, act, life: acted.value, reason });
}

function statusAct(status: ChangedStatus, endsAt: Date): LifeAct {
  if (status === 'ended') return { kind: 'end', at: endsAt.getTime() };
  return { kind: status === 'suspended' ? 'suspend' : 'resume' };
}

/** Asked for again, after an answer that was lost on the way. */
function isSoAlready(life: Life, status: ChangedStatus): boolean {
  return status !== 'ended' && [...life.versions.values()].includes(status);
}

/** The same agreement, its state aside and its instants however written. */
export function saysTheSame(one: Agreement, other: Agreement): boolean {
  const text = (agreement: Agreement): string => {
    const { status: _status, isSigned: _signed, endsAt: _ends, reason: _reason, ...said } = agreement;
    const [from, until] = [Date.parse(said.validFrom), Date.parse(said.validUntil)];
    return canonicalJson({ ...said, validFrom: from, validUntil: until } as unknown as Json);
  };
  return text(one) === text(other);
}
