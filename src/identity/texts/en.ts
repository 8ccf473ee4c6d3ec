import type { IdentityTexts } from './model.ts';

export const en: IdentityTexts = {
  tryAgain: 'Sign in again',
  signIn: 'Sign in',
  home: 'Back to the home page',
  whatToDo: 'What you can do',
  signedOut: {
    title: 'You are signed out',
    text: 'Your session on this platform has ended.',
    shared: 'On a shared computer, close every window of the browser.',
  },
  sessionEnded: {
    title: 'Your session has ended',
    text: 'To protect your data, a session ends after a time without activity. What you entered on this page was not saved.',
    next: 'Sign in again to return to where you were. What you saved on earlier pages is still there.',
  },
  formExpired: {
    title: 'This form was not accepted',
    text: 'We could not make sure that this form comes from a page opened in your present session. Nothing was recorded.',
    next: 'Go back to the previous page, reload it, then send the form again.',
  },
  issuerDown: {
    title: 'Sign-in is not available at the moment',
    text: 'The digital identity service does not answer. The rest of the platform is open without signing in.',
    next: 'Try again in a few minutes. Nothing in your files is lost.',
  },
  denied: {
    title: 'Sign-in was not completed',
    text: 'The digital identity service told us that the sign-in was cancelled or refused.',
    next: 'You can try again, or read about the procedures without signing in.',
  },
  unknownAttempt: {
    title: 'This sign-in cannot be completed',
    text: 'This attempt has expired, was used already, or began in another browser or on another device.',
    next: 'Start again, and complete the sign-in in this same browser within ten minutes.',
  },
  refused: {
    title: 'The sign-in was not accepted',
    text: 'We could not verify the answer of the digital identity service, so no session was opened.',
    next: 'Try again. If it happens again, contact support and give the time of your attempt.',
  },
  placement: {
    title: 'Your account cannot be opened at the moment',
    text: 'What the digital identity service sent us does not match your account, and this cannot be settled automatically.',
    next: 'Contact support, or go to the nearest administration with your national identity card. Your files are kept.',
  },
  roleMissing: {
    title: 'This page is not open to your account',
    text: (role) => `This page needs the role “${role}”, which your account does not hold at present.`,
    next: 'If this role is yours, ask the person in charge in your administration to record it, then open the page again. You need not sign out.',
    roles: { agent: 'case officer', operator: 'platform operator' },
  },
  notIdentified: {
    title: 'Your national identity number is missing',
    text: 'The digital identity service did not send us the number of your national card, which this procedure needs.',
    next: 'Sign in with a digital identity linked to your national identity card, or file your request at the administration concerned.',
  },
};
