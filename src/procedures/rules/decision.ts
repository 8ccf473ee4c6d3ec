import { err, ok } from '../../kernel/index.ts';
import type { Dossier } from '../model/dossier.ts';
import { appealClock } from './clock.ts';
import { type Circumstances, dossierClock } from './dossier.ts';
import { type Moves, refuse } from './filing.ts';
import { isEnded, mayProcess, SHORTEST_REASON } from './processing.ts';
import type { Refusal } from './refusal.ts';

/** Accepts the request; not while a document that an administration owes is still awaited. */
export function acceptDossier(
  dossier: Dossier,
  command: { readonly by: string; readonly number: string; readonly remark?: string | undefined },
  around: Circumstances,
): Moves {
  const standing = mayProcess(dossier, command.by);
  if (standing !== undefined) return standing;
  const awaited = awaitedDocuments(dossier);
  if (awaited.length > 0) return err({ kind: 'documents-awaited', documents: awaited });
  const remark = command.remark?.trim();
  return ok([
    {
      kind: 'accepted',
      at: around.now.toISOString(),
      by: command.by,
      number: command.number,
      remark: remark === '' ? undefined : remark,
    },
  ]);
}

/**
 * Refuses the request. A negative answer is motivated (law 55-19, law 03-01): a coded ground of the procedure, which
 * carries its legal reference, and reasons in words. Once silence stands as acceptance it cannot be taken back here.
 */
export function refuseDossier(
  dossier: Dossier,
  command: { readonly by: string; readonly number: string; readonly ground: string; readonly reason: string },
  around: Circumstances,
): Moves {
  const standing = mayProcess(dossier, command.by);
  if (standing !== undefined) return standing;
  const { acceptedBySilence, silenceAcceptsOn } = dossierClock(dossier, around);
  if (acceptedBySilence && silenceAcceptsOn !== undefined)
    return err({ kind: 'accepted-by-silence', on: silenceAcceptsOn });
  const ground = around.procedure.refusalGrounds.find(({ code }) => code === command.ground);
  if (ground === undefined) return refuse('unknown-ground');
  const reason = command.reason.trim();
  if (reason.length < SHORTEST_REASON) return refuse('reason-required');
  const { by, number } = command;
  const { code, legalReference } = ground;
  return ok([{ kind: 'refused', at: around.now.toISOString(), by, number, ground: code, legalReference, reason }]);
}

/** What the sweep of the clock calls: records the acceptance that the law attaches to silence, once it stands. */
export function acceptBySilence(dossier: Dossier, command: { readonly number: string }, around: Circumstances): Moves {
  if (isEnded(dossier)) return refuse('ended');
  if (dossier.filing === undefined) return refuse('not-filed');
  const { acceptedBySilence, silenceAcceptsOn } = dossierClock(dossier, around);
  if (!acceptedBySilence || silenceAcceptsOn === undefined) return refuse('silence-not-due');
  const { number } = command;
  return ok([
    { kind: 'accepted-by-silence', at: around.now.toISOString(), by: 'system', number, effectiveOn: silenceAcceptsOn },
  ]);
}

/** The applicant gives up the request, as a draft or after filing, until it is decided. */
export function withdrawDossier(
  dossier: Dossier,
  command: { readonly by: string; readonly reason?: string | undefined },
  around: Circumstances,
): Moves {
  if (dossier.applicant !== command.by) return refuse('not-yours');
  if (isEnded(dossier)) return refuse('ended');
  const reason = command.reason?.trim();
  const at = around.now.toISOString();
  return ok([{ kind: 'withdrawn', at, by: command.by, reason: reason === '' ? undefined : reason }]);
}

/** Appeals against a refusal, or against silence that does not stand as acceptance (law 55-19: right of appeal). */
export function appealDecision(
  dossier: Dossier,
  command: { readonly by: string; readonly reason: string },
  around: Circumstances,
): Moves {
  if (dossier.applicant !== command.by) return refuse('not-yours');
  if (dossier.appeal !== undefined) return refuse('already-appealed');
  const cause = causeOfAppeal(dossier, around);
  if (cause === undefined) return refuse('nothing-to-appeal');
  const clock = appealClock(around.legal.appeal, around.calendar.timeZone, cause.since, undefined, around.now);
  if (!clock.open) return refuse('appeal-closed');
  if (command.reason.trim().length < SHORTEST_REASON) return refuse('reason-required');
  const { by, reason } = command;
  return ok([{ kind: 'appealed', at: around.now.toISOString(), by, against: cause.against, reason: reason.trim() }]);
}

/** Whether the applicant can appeal now: what the page offers, by the same rules as the appeal itself. */
export function mayAppeal(dossier: Dossier, around: Circumstances): boolean {
  const cause = dossier.appeal === undefined ? causeOfAppeal(dossier, around) : undefined;
  if (cause === undefined) return false;
  return appealClock(around.legal.appeal, around.calendar.timeZone, cause.since, undefined, around.now).open;
}

export type IntendedDecision =
  | { readonly kind: 'accept'; readonly remark: string }
  | { readonly kind: 'refuse'; readonly ground: string; readonly reason: string };

/** All that stands against a decision, before it is confirmed: an agent mends a form once, not once for each mistake. */
export function faultsOfDecision(
  dossier: Dossier,
  by: string,
  intended: IntendedDecision,
  around: Circumstances,
): readonly Refusal[] {
  const number = '';
  const moves =
    intended.kind === 'accept'
      ? acceptDossier(dossier, { by, number, remark: intended.remark }, around)
      : refuseDossier(dossier, { by, number, ground: intended.ground, reason: intended.reason }, around);
  if (moves.ok) return [];
  const isMute = intended.kind === 'refuse' && intended.reason.trim().length < SHORTEST_REASON;
  return moves.error.kind === 'unknown-ground' && isMute ? [moves.error, { kind: 'reason-required' }] : [moves.error];
}

function causeOfAppeal(
  dossier: Dossier,
  around: Circumstances,
): { readonly against: 'refusal' | 'silence'; readonly since: Date } | undefined {
  if (dossier.decision?.kind === 'refused') return { against: 'refusal', since: new Date(dossier.decision.at) };
  if (isEnded(dossier) || dossier.filing?.rules.silence !== 'none') return undefined;
  const { overdue, deadlineOn } = dossierClock(dossier, around);
  if (!overdue || deadlineOn === undefined) return undefined;
  return { against: 'silence', since: new Date(`${deadlineOn}T12:00:00Z`) };
}

function awaitedDocuments(dossier: Dossier): readonly string[] {
  const awaited = Object.entries(dossier.documents).filter(([, state]) => state.status === 'awaited');
  return awaited.map(([id]) => id);
}
