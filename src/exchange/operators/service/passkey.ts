import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import type { Tx } from '../../../platform/index.ts';
import { recordAct } from '../audit.ts';
import { hashOf, type OperatorsDeps } from '../deps.ts';
import type { Actor, Operator } from '../model.ts';
import { linkSpent, passkeyRefused } from '../problems.ts';
import { CHALLENGE_MINUTES } from '../rules.ts';
import { findAccount } from '../store/account.ts';
import * as passkeys from '../store/passkey.ts';
import { openSession } from './session.ts';

/** Brought when somebody signs in: between that it would only take memory. */
const webauthn = () => import('@simplewebauthn/server');

export type SignedIn = { readonly operator: Operator; readonly sessionToken: string };

/** What the browser's authenticator is asked for by the bearer of a link: a passkey that needs no name typed. */
export async function enrolmentOptions(
  deps: OperatorsDeps,
  link: string,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const now = deps.clock();
  const operatorId = await passkeys.findEnrolment(deps.db.read, hashOf(link), now);
  const operator = operatorId === undefined ? undefined : await findAccount(deps.db.read, operatorId);
  if (operator === undefined || operator.disabledAt !== null) throw linkSpent();
  const held = (await passkeys.listPasskeys(deps.db.read)).filter((one) => one.operatorId === operator.id);
  return (await webauthn()).generateRegistrationOptions({
    rpName: `Wasl ${deps.house}`,
    rpID: relyingParty(deps),
    userName: `${operator.name} (${deps.house})`,
    userDisplayName: operator.name,
    userID: new Uint8Array(Buffer.from(operator.id, 'hex')),
    challenge: await newChallenge(deps, { purpose: 'enrol', operatorId: operator.id }),
    timeout: CHALLENGE_MINUTES * 60_000,
    attestationType: 'none',
    excludeCredentials: held.map(({ id, transports }) => ({ id, transports: [...transports] })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
}

/** Keeps the passkey, spends the link and signs in, in one transaction. */
export async function enrol(
  deps: OperatorsDeps,
  link: string,
  response: RegistrationResponseJSON,
  previous?: string,
): Promise<SignedIn> {
  const now = deps.clock();
  const operatorId = await passkeys.findEnrolment(deps.db.read, hashOf(link), now);
  if (operatorId === undefined) throw linkSpent();
  const verified = await (await webauthn())
    .verifyRegistrationResponse({
      response,
      expectedChallenge: (challenge) => takeChallenge(deps, deps.db.read, challenge, { purpose: 'enrol', operatorId }),
      expectedOrigin: deps.origin(),
      expectedRPID: relyingParty(deps),
      requireUserVerification: true,
    })
    .catch((cause: unknown) => {
      throw passkeyRefused(cause);
    });
  if (!verified.verified) throw passkeyRefused();
  const { credential } = verified.registrationInfo;
  return deps.db.transaction(async (tx) => {
    // The account first: who closes it meanwhile holds it, and the link is spent with it.
    const operator = await accountOf(tx, await passkeys.useEnrolment(tx, hashOf(link), now));
    if (operator === undefined) throw linkSpent();
    await passkeys.insertPasskey(tx, {
      id: credential.id,
      operatorId: operator.id,
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: credential.transports ?? [],
      createdAt: now,
      usedAt: now,
    });
    const sessionToken = await openSession(deps, tx, operator, previous);
    await recordAct(deps, tx, actorOf(operator), { event: 'operator.enrolled', target: operator.id });
    return { operator, sessionToken };
  });
}

/** Empty of names: the browser offers the passkeys it has for this house, and nobody can ask who has one. */
export async function signInOptions(deps: OperatorsDeps): Promise<PublicKeyCredentialRequestOptionsJSON> {
  return (await webauthn()).generateAuthenticationOptions({
    rpID: relyingParty(deps),
    challenge: await newChallenge(deps, { purpose: 'sign-in', operatorId: null }),
    timeout: CHALLENGE_MINUTES * 60_000,
    userVerification: 'required',
  });
}

export async function signIn(
  deps: OperatorsDeps,
  response: AuthenticationResponseJSON,
  previous?: string,
): Promise<SignedIn> {
  const now = deps.clock();
  const outcome = await deps.db.transaction(async (tx) => {
    const passkey = await passkeys.lockPasskey(tx, response.id);
    const operator = await accountOf(tx, passkey?.operatorId);
    if (passkey === undefined || operator === undefined) throw passkeyRefused();
    const counter = await verifiedCounter(deps, tx, passkey, response);
    if (counter === undefined) {
      await recordAct(deps, tx, actorOf(operator), { event: 'operator.signed-in' }, 'refused');
      return undefined;
    }
    await passkeys.notePasskey(tx, passkey.id, counter, now);
    const sessionToken = await openSession(deps, tx, operator, previous);
    await recordAct(deps, tx, actorOf(operator), { event: 'operator.signed-in' });
    return { operator, sessionToken };
  });
  if (outcome === undefined) throw passkeyRefused();
  return outcome;
}

/** The authenticator's new counter; undefined where its answer does not verify (among it a counter that went back). */
async function verifiedCounter(
  deps: OperatorsDeps,
  tx: Tx,
  passkey: passkeys.Passkey,
  response: AuthenticationResponseJSON,
): Promise<number | undefined> {
  try {
    const { verified, authenticationInfo } = await (await webauthn()).verifyAuthenticationResponse({
      response,
      expectedChallenge: (challenge) => takeChallenge(deps, tx, challenge, { purpose: 'sign-in', operatorId: null }),
      expectedOrigin: deps.origin(),
      expectedRPID: relyingParty(deps),
      credential: { id: passkey.id, publicKey: new Uint8Array(passkey.publicKey), counter: passkey.counter },
      requireUserVerification: true,
    });
    return verified ? authenticationInfo.newCounter : undefined;
  } catch (cause) {
    // Everything in the answer is the browser's word; the library throws for each way in which it can be wrong.
    deps.log.warn('operator.passkey-refused', { operator: passkey.operatorId, why: String(cause).slice(0, 200) });
    return undefined;
  }
}

async function accountOf(tx: Tx, id: string | undefined): Promise<Operator | undefined> {
  const found = id === undefined ? undefined : await findAccount(tx, id);
  return found === undefined || found.disabledAt !== null ? undefined : found;
}

function actorOf({ id, name, roles }: Operator): Actor {
  return { id, name, roles, via: 'session' };
}

/** The host that passkeys are bound to; an address of digits is none (WebAuthn 5.1.3). */
function relyingParty(deps: OperatorsDeps): string {
  return new URL(deps.origin()).hostname;
}

async function newChallenge(deps: OperatorsDeps, of: passkeys.Challenge): Promise<Uint8Array<ArrayBuffer>> {
  const challenge = new Uint8Array(deps.random(32));
  const now = deps.clock();
  const expiresAt = new Date(now.getTime() + CHALLENGE_MINUTES * 60_000);
  const text = Buffer.from(challenge).toString('base64url');
  await passkeys.insertChallenge(deps.db.read, hashOf(text), of, { now, expiresAt });
  return challenge;
}

/** Taken for good: no refusal of the answer rolls this back. */
function takeChallenge(deps: OperatorsDeps, tx: Tx, challenge: string, of: passkeys.Challenge): Promise<boolean> {
  return passkeys.takeChallenge(tx, hashOf(challenge), of, deps.clock());
}
