import { conflict, err, notFound, ok, type Result } from '../../../kernel/index.ts';
import type { Acting } from '../audit.ts';
import { hashOf, newId, type OperatorsDeps } from '../deps.ts';
import type { Operator, OperatorRole } from '../model.ts';
import { type AccountRefusal, ENROLMENT_HOURS, mayChangeAccount } from '../rules.ts';
import * as accounts from '../store/account.ts';
import { insertEnrolment } from '../store/passkey.ts';

export type Invited = { readonly operator: Operator; readonly link: string; readonly expiresAt: Date };

/** Makes an account and the link by which its holder registers a passkey. The link is told once, here. */
export async function addOperator(
  deps: OperatorsDeps,
  acting: Acting,
  given: { readonly name: string; readonly roles: readonly OperatorRole[]; readonly id?: string },
): Promise<Invited> {
  const now = deps.clock();
  const { name, roles } = given;
  const operator: Operator = { id: given.id ?? newId(deps), name, roles, createdAt: now, disabledAt: null };
  const enrolment = newEnrolment(deps, now);
  await deps.db.transaction(async (tx) => {
    if (!(await accounts.insertAccount(tx, operator))) throw conflict('This form has made its account already.');
    await insertEnrolment(tx, { ...enrolment, operatorId: operator.id });
    await acting.record(tx, operator.id, { roles: operator.roles });
  });
  return { operator, link: linkOf(deps, enrolment.token), expiresAt: enrolment.expiresAt };
}

/** A new link for somebody who lost the first one, or who has a second device. */
export async function inviteAgain(deps: OperatorsDeps, acting: Acting, id: string): Promise<Invited> {
  const enrolment = newEnrolment(deps, deps.clock());
  const operator = await deps.db.transaction(async (tx) => {
    const found = await accounts.findAccount(tx, id);
    if (found === undefined || found.disabledAt !== null) throw noAccount();
    await insertEnrolment(tx, { ...enrolment, operatorId: id });
    await acting.record(tx, id);
    return found;
  });
  return { operator, link: linkOf(deps, enrolment.token), expiresAt: enrolment.expiresAt };
}

function newEnrolment(deps: OperatorsDeps, now: Date) {
  const token = deps.random(32).toString('base64url');
  return { token, tokenHash: hashOf(token), expiresAt: new Date(now.getTime() + ENROLMENT_HOURS * 3_600_000) };
}

/** The secret stands after `#`: a browser keeps that part to itself, so no server's log and no Referer has it. */
function linkOf(deps: OperatorsDeps, token: string): string {
  return `${deps.origin()}/ar/console/enrol#${token}`;
}

/** No roles closes the account. */
export async function changeAccount(
  deps: OperatorsDeps,
  acting: Acting,
  id: string,
  roles: readonly OperatorRole[],
): Promise<Result<Operator, AccountRefusal>> {
  const now = deps.clock();
  return deps.db.transaction(async (tx) => {
    const all = await accounts.lockAccounts(tx);
    const target = all.find((one) => one.id === id && one.disabledAt === null);
    if (target === undefined) throw noAccount();
    const allowed = mayChangeAccount(acting.actor, target, roles, all);
    if (!allowed.ok) return err(allowed.error);
    if (roles.length === 0) await accounts.disableAccount(tx, id, now);
    else await accounts.updateRoles(tx, id, roles);
    await acting.record(tx, id, { before: target.roles, after: roles });
    return ok({ ...target, roles });
  });
}

/** Nobody removes their own: they would be out, and it takes another to let them in again. */
export async function removePasskeys(
  deps: OperatorsDeps,
  acting: Acting,
  id: string,
): Promise<Result<true, AccountRefusal>> {
  if (acting.actor.id === id) return err({ kind: 'own-account' });
  return deps.db.transaction(async (tx) => {
    const found = await accounts.findAccount(tx, id);
    if (found === undefined || found.disabledAt !== null) throw noAccount();
    await accounts.removePasskeys(tx, id, deps.clock());
    await acting.record(tx, id);
    return ok(true);
  });
}

const noAccount = () => notFound('There is no open account of this id.');
