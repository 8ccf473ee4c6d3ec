import type { Role } from '../model.ts';

/** What somebody reads when a sign-in ends otherwise than hoped, in one language. */
export type IdentityTexts = {
  readonly tryAgain: string;
  readonly signIn: string;
  readonly home: string;
  readonly whatToDo: string;
  readonly signedOut: { readonly title: string; readonly text: string; readonly shared: string };
  readonly sessionEnded: { readonly title: string; readonly text: string; readonly next: string };
  readonly formExpired: { readonly title: string; readonly text: string; readonly next: string };
  readonly issuerDown: { readonly title: string; readonly text: string; readonly next: string };
  readonly denied: { readonly title: string; readonly text: string; readonly next: string };
  readonly unknownAttempt: { readonly title: string; readonly text: string; readonly next: string };
  readonly refused: { readonly title: string; readonly text: string; readonly next: string };
  readonly placement: { readonly title: string; readonly text: string; readonly next: string };
  readonly roleMissing: {
    readonly title: string;
    readonly text: (role: string) => string;
    readonly next: string;
    readonly roles: Readonly<Record<Role, string>>;
  };
  readonly notIdentified: { readonly title: string; readonly text: string; readonly next: string };
};
