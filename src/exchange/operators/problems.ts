import { forbidden, invalid, Problem, unauthenticated } from '../../kernel/index.ts';
import type { FieldRefusal, OperatorRole } from './model.ts';
import type { AccountRefusal } from './rules.ts';

/** What the operators' door refuses, as problems (RFC 9457). */
export const notSignedIn = (): Problem =>
  unauthenticated('Sign in on the console, or send the operator token as "Authorization: Bearer …".');

/** For browsers; a problem, because the guard stands before the handler and can only let pass or throw. */
export const goToSignIn = (path: string): Problem =>
  new Problem(303, 'unauthenticated', 'Sign in first', {
    detail: 'This page is for operators who have signed in.',
    headers: { location: path },
  });

export const roleMissing = (roles: readonly OperatorRole[]): Problem =>
  new Problem(403, 'role-missing', 'A role is missing', {
    detail: `This needs one of the roles ${roles.join(', ')}, and this operator or token has none of them.`,
    extensions: { roles },
  });

export const formExpired = (): Problem =>
  new Problem(403, 'form-expired', 'The form does not belong to this session', {
    detail: 'Send the value of GET /operator/v1/session "csrf" in the field "_csrf" or in the header "x-csrf-token".',
  });

export const linkSpent = (): Problem =>
  new Problem(403, 'enrolment-refused', 'The link is not good', {
    detail: 'This one-time link was used, has expired or was never made. Ask an administrator for a new one.',
  });

export const passkeyRefused = (cause?: unknown): Problem =>
  new Problem(403, 'passkey-refused', 'The passkey was not accepted', {
    detail: 'The answer of the authenticator could not be verified. Begin again; the request is good for five minutes.',
    cause,
  });

export const fieldProblem = (refusals: readonly FieldRefusal[]): Problem =>
  invalid(
    'Some values are not acceptable.',
    refusals.map(({ field, detail }) => ({ field, message: detail })),
  );

export function accountProblem(refusal: AccountRefusal): Problem {
  switch (refusal.kind) {
    case 'own-account':
      return forbidden('Nobody changes their own account; another system administrator has to.');
    case 'last-administrator':
      return forbidden('This is the last system administrator; make another one first.');
    case 'roles-not-held':
      return forbidden(`A token takes roles of its operator; you do not have ${refusal.roles.join(', ')}.`);
  }
}
