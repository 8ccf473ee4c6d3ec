import { type Answers, checkAnswers, fieldsOf } from '../../forms/index.ts';
import { err, ok } from '../../kernel/index.ts';
import type { CompletionItem, Dossier } from '../model/dossier.ts';
import { type Circumstances, dossierClock, formContext } from './dossier.ts';
import { type Moves, refuse } from './filing.ts';

/** A motive of a few letters is none: law 03-01 and law 55-19 ask for reasons that the person can answer. */
export const SHORTEST_REASON = 20;

export function assign(
  dossier: Dossier,
  command: { readonly by: string; readonly to: string },
  around: Circumstances,
): Moves {
  if (dossier.filing === undefined) return refuse('not-filed');
  if (isEnded(dossier)) return refuse('ended');
  if (command.to === dossier.applicant || command.by === dossier.applicant) return refuse('own-dossier');
  return ok([{ kind: 'assigned', at: around.now.toISOString(), by: command.by, to: command.to }]);
}

/**
 * Asks the applicant to complete the dossier: exactly once (law 55-19), before the deadline, and only for what the
 * published procedure requires. The clock stands still until the answer comes.
 */
export function requestCompletion(
  dossier: Dossier,
  command: { readonly by: string; readonly items: readonly CompletionItem[]; readonly message: string },
  around: Circumstances,
): Moves {
  const standing = mayProcess(dossier, command.by);
  if (standing !== undefined) return standing;
  if (dossier.completion !== undefined) return refuse('completion-already-requested');
  const { deadlineOn, overdue } = dossierClock(dossier, around);
  if (overdue && deadlineOn !== undefined) return err({ kind: 'deadline-passed', on: deadlineOn });
  if (command.items.length === 0) return refuse('nothing-requested');
  const unlisted = command.items.filter((item) => !isListed(item, around)).map(({ id }) => id);
  if (unlisted.length > 0) return err({ kind: 'not-required', ids: unlisted });
  if (command.message.trim().length < SHORTEST_REASON) return refuse('reason-required');
  const { by, items, message } = command;
  return ok([{ kind: 'completion-requested', at: around.now.toISOString(), by, items, message: message.trim() }]);
}

/** Only published requirements may be asked for: agents have no free field for other papers. */
function isListed(item: CompletionItem, around: Circumstances): boolean {
  if (item.kind === 'field') return fieldsOf(around.procedure.form).some(({ id }) => id === item.id);
  // What an administration holds is obtained from it: the applicant is never asked to bring it.
  return around.procedure.documents.some(
    ({ id, source }) =>
      id === item.id && (source.kind !== 'exchange' || source.otherwise !== undefined) && source.kind !== 'ledger',
  );
}

/** The applicant's answer to the completion request; the clock goes on. */
export function completeDossier(
  dossier: Dossier,
  command: { readonly by: string; readonly answers: Answers },
  around: Circumstances,
): Moves {
  if (dossier.applicant !== command.by) return refuse('not-yours');
  if (isEnded(dossier)) return refuse('ended');
  if (dossier.status !== 'awaiting-completion') return refuse('completion-not-requested');
  const checked = checkAnswers(around.procedure.form, command.answers, formContext(dossier, around));
  if (checked.errors.length > 0) return err({ kind: 'form-errors', errors: checked.errors });
  return ok([{ kind: 'completed', at: around.now.toISOString(), by: command.by, answers: checked.answers }]);
}

/** Extends the delay: once, with reasons, before it runs out, and only for decisions on the list of decree 2.22.386. */
export function extendDeadline(
  dossier: Dossier,
  command: { readonly by: string; readonly days: number; readonly reason: string },
  around: Circumstances,
): Moves {
  const standing = mayProcess(dossier, command.by);
  if (standing !== undefined) return standing;
  const { extension } = around.procedure;
  if (extension === undefined) return refuse('not-extendable');
  if (dossier.extension !== undefined) return refuse('already-extended');
  const { deadlineOn, overdue } = dossierClock(dossier, around);
  if (overdue && deadlineOn !== undefined) return err({ kind: 'deadline-passed', on: deadlineOn });
  const withinList = Number.isInteger(command.days) && command.days >= 1 && command.days <= extension.maxDays;
  if (!withinList) return err({ kind: 'extension-too-long', days: extension.maxDays });
  if (command.reason.trim().length < SHORTEST_REASON) return refuse('reason-required');
  const { by, days, reason } = command;
  const { listRef } = extension;
  return ok([{ kind: 'extended', at: around.now.toISOString(), by, days, reason: reason.trim(), listRef }]);
}

/** Undefined when the agent may act on the dossier now; else the refusal. Nobody processes their own dossier. */
export function mayProcess(dossier: Dossier, agent: string): ReturnType<typeof refuse> | undefined {
  if (dossier.filing === undefined) return isEnded(dossier) ? refuse('ended') : refuse('not-filed');
  if (isEnded(dossier)) return refuse('ended');
  if (agent === dossier.applicant) return refuse('own-dossier');
  return dossier.status === 'awaiting-completion' ? refuse('suspended') : undefined;
}

export function isEnded(dossier: Dossier): boolean {
  return dossier.decision !== undefined || dossier.status === 'withdrawn';
}
