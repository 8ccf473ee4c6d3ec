import { sql } from 'kysely';
import { type Tx, tables } from '../../platform/index.ts';

/** What is written down about identities; ids only, never a name or a number. */
export type IdentityEvent = {
  readonly kind:
    | 'identity.person.created'
    | 'identity.person.linked'
    | 'identity.session.opened'
    | 'identity.session.closed'
    | 'identity.role.granted'
    | 'identity.role.revoked';
  readonly personId?: string;
  readonly sessionId?: string;
  readonly grantId?: string;
};

type EventRow = {
  at: Date;
  kind: string;
  person_id: string | null;
  session_id: string | null;
  grant_id: string | null;
};
type Tables = { identity_event: EventRow };

export async function insertEvents(tx: Tx, events: readonly IdentityEvent[], at: Date): Promise<void> {
  if (events.length === 0) return;
  await tables<Tables>(tx)
    .insertInto('identity_event')
    .values(
      events.map((event) => ({
        at,
        kind: event.kind,
        person_id: event.personId ?? null,
        session_id: event.sessionId ?? null,
        grant_id: event.grantId ?? null,
      })),
    )
    .execute();
}

/** First sign-ins wait for each other until the transaction ends, so that one person does not become two. */
export async function lockFirstSignIns(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('wasl first sign-in ' || current_schema()))`.execute(tx);
}
