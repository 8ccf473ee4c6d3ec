import { type Clock, err, ok, type Result } from '../../kernel/index.ts';
import type { Database, Tx } from '../../platform/index.ts';
import { type IdentityKeys, tokenHash } from '../keys.ts';
import type { Identification, Session } from '../model.ts';
import {
  isAlive,
  isWorthNoting,
  type KnownPerson,
  type Lifetime,
  type PlacementRefusal,
  placeSignIn,
} from '../rules.ts';
import { type IdentityEvent, insertEvents, lockFirstSignIns } from '../store/event.ts';
import * as people from '../store/person.ts';
import * as sessions from '../store/session.ts';

/** What the services of this module stand on. */
export type IdentityDeps = {
  readonly db: Database;
  readonly keys: IdentityKeys;
  readonly clock: Clock;
  /** Unpredictable bytes, for tokens, ids and nonces. */
  readonly random: (size: number) => Buffer;
  readonly lifetime: Lifetime;
};

export type OpenedSession = { readonly token: Buffer; readonly id: string; readonly personId: string };

/**
 * Opens a session for whom the issuer identified, under a token that no one has seen before; the session that the
 * browser had until then ends in the same transaction (against session fixation, CWE-384).
 */
export async function openSession(
  deps: IdentityDeps,
  who: Identification,
  previousToken: Buffer | undefined,
): Promise<Result<OpenedSession, PlacementRefusal>> {
  const now = deps.clock();
  const token = deps.random(32);
  const id = newId(deps);
  return deps.db.transaction(async (tx) => {
    const placed = await placePerson(deps, tx, who, now);
    if (!placed.ok) return placed;
    const { personId, events } = placed.value;
    await sessions.insertSession(tx, {
      tokenHash: tokenHash(token),
      id,
      personId,
      issuer: who.issuer,
      acr: who.acr,
      authenticatedAt: who.authenticatedAt,
      openedAt: now,
      expiresAt: new Date(now.getTime() + deps.lifetime.absoluteHours * 3_600_000),
    });
    const closed = previousToken && (await sessions.closeSession(tx, tokenHash(previousToken), now));
    await insertEvents(
      tx,
      [
        ...events,
        { kind: 'identity.session.opened', personId, sessionId: id },
        ...(closed === undefined ? [] : [closedEvent(closed)]),
      ],
      now,
    );
    return ok({ token, id, personId });
  });
}

type Placed = { readonly personId: string; readonly events: readonly IdentityEvent[] };

async function placePerson(
  deps: IdentityDeps,
  tx: Tx,
  who: Identification,
  now: Date,
): Promise<Result<Placed, PlacementRefusal>> {
  const facts = factsOf(deps, who);
  let bySubject = await people.lockPersonBySubject(tx, who.issuer, who.subject);
  if (bySubject === undefined) {
    await lockFirstSignIns(tx);
    bySubject = await people.lockPersonBySubject(tx, who.issuer, who.subject);
  }
  const index = facts.nationalId?.index;
  const byNumber = index === undefined ? undefined : await people.lockPersonByNationalId(tx, index);
  const placement = placeSignIn(known(bySubject), known(byNumber), index?.toString('hex'));
  if (!placement.ok) return err(placement.error);
  if (placement.value.kind === 'create') return ok(await createPerson(deps, tx, who, facts, now));
  const { personId } = placement.value;
  await people.updatePerson(tx, personId, facts, now);
  if (placement.value.kind === 'update') return ok({ personId, events: [] });
  await people.insertSubject(tx, { ...who, personId }, now);
  return ok({ personId, events: [{ kind: 'identity.person.linked', personId }] });
}

async function createPerson(
  deps: IdentityDeps,
  tx: Tx,
  who: Identification,
  facts: people.PersonFacts,
  now: Date,
): Promise<Placed> {
  const personId = newId(deps);
  await people.insertPerson(tx, personId, facts, now);
  await people.insertSubject(tx, { ...who, personId }, now);
  return { personId, events: [{ kind: 'identity.person.created', personId }] };
}

const NATIONAL_ID = 'national-id';

function factsOf(deps: IdentityDeps, who: Identification): people.PersonFacts {
  const { name, birthDate, nationalId } = who;
  if (nationalId === undefined) return { name, birthDate, nationalId: undefined };
  const sealed = deps.keys.seal(nationalId, NATIONAL_ID, deps.random(12));
  return { name, birthDate, nationalId: { sealed, index: deps.keys.blindIndex(nationalId) } };
}

function known(person: people.StoredPerson | undefined): KnownPerson | undefined {
  return person && { id: person.id, nationalIdIndex: person.nationalIdIndex?.toString('hex') };
}

export function newId(deps: IdentityDeps): string {
  return deps.random(16).toString('hex');
}

/** The living session of a token, with the roles in force now. */
export async function findSession(deps: IdentityDeps, token: Buffer): Promise<Session | undefined> {
  const now = deps.clock();
  const found = await sessions.findSession(deps.db.read, tokenHash(token), now);
  if (found === undefined || !isAlive(found, deps.lifetime, now)) return undefined;
  if (isWorthNoting(found.seenAt, now)) await sessions.noteUse(deps.db.read, found.id, now);
  const { id, person, roles, isIdentified, acr, authenticatedAt } = found;
  return { id, person, roles, isIdentified, acr, authenticatedAt, csrf: deps.keys.csrfToken(token) };
}

/** Ends the session of a token; to end one that is over already is no error. */
export async function closeSession(deps: IdentityDeps, token: Buffer): Promise<void> {
  const now = deps.clock();
  await deps.db.transaction(async (tx) => {
    const closed = await sessions.closeSession(tx, tokenHash(token), now);
    if (closed !== undefined) await insertEvents(tx, [closedEvent(closed)], now);
  });
}

/** Ends all sessions of a person, on every device, and says how many there were. */
export async function closeSessionsOf(deps: IdentityDeps, personId: string): Promise<number> {
  const now = deps.clock();
  return deps.db.transaction(async (tx) => {
    const ids = await sessions.closeSessionsOf(tx, personId, now);
    await insertEvents(
      tx,
      ids.map((id) => closedEvent({ id, personId })),
      now,
    );
    return ids.length;
  });
}

function closedEvent(session: { readonly id: string; readonly personId: string }): IdentityEvent {
  return { kind: 'identity.session.closed', personId: session.personId, sessionId: session.id };
}

/** Forgets sessions that ended more than `days` days ago, and says how many; their events stay. */
export async function forgetEndedSessions(deps: IdentityDeps, days: number): Promise<number> {
  const before = new Date(deps.clock().getTime() - days * 86_400_000);
  return deps.db.transaction((tx) => sessions.deleteSessionsEndedBefore(tx, before));
}

/**
 * The national identity number of a person, for a request that needs it at another administration. Undefined when
 * the issuer gave none. Throws when it was sealed with another key file.
 */
export async function nationalIdOf(deps: IdentityDeps, personId: string): Promise<string | undefined> {
  const sealed = (await people.findPerson(deps.db.read, personId))?.nationalIdSealed;
  if (sealed === undefined) return undefined;
  const opened = deps.keys.open(sealed, NATIONAL_ID);
  if (opened === undefined) throw new Error('a national identity number was sealed with another key file');
  return opened;
}
