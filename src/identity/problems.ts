import { Problem } from '../kernel/index.ts';
import type { Role } from './model.ts';

/**
 * What sign-in and access refuse, as problems (RFC 9457). Programs read the English detail; people read the page that
 * `pages/refusal.ts` makes of the slug in their language.
 */
export const SLUGS = {
  signInFirst: 'unauthenticated',
  formExpired: 'form-expired',
  roleMissing: 'role-missing',
  notIdentified: 'not-identified',
  issuerDown: 'sign-in-unavailable',
  denied: 'sign-in-denied',
  unknownAttempt: 'sign-in-unknown',
  refused: 'sign-in-refused',
  placement: 'sign-in-account',
} as const;

/**
 * A browser that asked for a page goes to sign-in and comes back. It is a problem with status 303 because the guard
 * stands before the handler and can only let pass or throw.
 */
export function goToSignIn(signInPath: string): Problem {
  return new Problem(303, SLUGS.signInFirst, 'Sign in first', {
    detail: 'This page is for people who have signed in.',
    headers: { location: signInPath },
  });
}

/** `returnTo` is where sign-in leads back to. */
export function signInFirst(returnTo: string): Problem {
  return new Problem(401, SLUGS.signInFirst, 'Sign in first', {
    detail: 'This needs a session, and there is none or it has ended. Nothing was done.',
    extensions: { returnTo },
  });
}

export function formExpired(): Problem {
  return new Problem(403, SLUGS.formExpired, 'The form does not belong to this session', {
    detail:
      'Send the value that GET /auth/session gives as "csrf" in the field "_csrf" or in the header "x-csrf-token".',
  });
}

export function roleMissing(role: Role): Problem {
  return new Problem(403, SLUGS.roleMissing, 'A role is missing', {
    detail: `This needs the role "${role}", which this account does not hold.`,
    extensions: { role },
  });
}

export function notIdentified(): Problem {
  return new Problem(403, SLUGS.notIdentified, 'The national identity number is missing', {
    detail: 'The issuer of this sign-in gave no national identity number, and this needs one.',
  });
}

type SignInFailure = Extract<keyof typeof SLUGS, 'issuerDown' | 'denied' | 'unknownAttempt' | 'refused' | 'placement'>;

const FAILURES: Readonly<Record<SignInFailure, { status: number; title: string; detail: string }>> = {
  issuerDown: {
    status: 503,
    title: 'Sign-in is not available',
    detail: 'The sign-in issuer cannot be reached. Try again in a few minutes.',
  },
  denied: { status: 403, title: 'Sign-in was refused', detail: 'The issuer says that the sign-in was refused.' },
  unknownAttempt: {
    status: 400,
    title: 'This sign-in is not known',
    detail: 'No sign-in that began in this browser belongs to this answer. Begin again at /auth/login.',
  },
  refused: {
    status: 400,
    title: 'The sign-in was not accepted',
    detail: 'The answer of the issuer could not be verified. Begin again at /auth/login.',
  },
  placement: {
    status: 409,
    title: 'The account cannot be opened',
    detail: 'What the issuer says about this person contradicts what is known. A person has to look into it.',
  },
};

/** `cookie` takes the attempt away, so that the answer cannot come a second time. */
export function signInFailed(failure: SignInFailure, returnTo: string, cookie?: string): Problem {
  const { status, title, detail } = FAILURES[failure];
  return new Problem(status, SLUGS[failure], title, {
    detail,
    extensions: { returnTo },
    headers: {
      ...(failure === 'issuerDown' ? { 'retry-after': '60' } : {}),
      ...(cookie === undefined ? {} : { 'set-cookie': cookie }),
    },
  });
}
