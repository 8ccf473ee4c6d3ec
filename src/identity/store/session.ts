import { sql } from 'kysely';
import type { IsoDate } from '../../kernel/index.ts';
import { type Tx, tables } from '../../platform/index.ts';
import type { Person, RoleGrant } from '../model.ts';

type SessionRow = {
  token_hash: Buffer;
  id: string;
  person_id: string;
  issuer: string;
  acr: string;
  authenticated_at: Date;
  opened_at: Date;
  seen_at: Date;
  expires_at: Date;
  closed_at: Date | null;
};
type Tables = { session: SessionRow };

export type NewSession = {
  readonly tokenHash: Buffer;
  readonly id: string;
  readonly personId: string;
  readonly issuer: string;
  readonly acr: string;
  readonly authenticatedAt: Date;
  readonly openedAt: Date;
  readonly expiresAt: Date;
};

export type StoredSession = {
  readonly id: string;
  readonly person: Person;
  readonly roles: readonly RoleGrant[];
  readonly isIdentified: boolean;
  readonly acr: string;
  readonly authenticatedAt: Date;
  readonly seenAt: Date;
  readonly expiresAt: Date;
  readonly closedAt: Date | null;
};

export async function insertSession(tx: Tx, session: NewSession): Promise<void> {
  await tables<Tables>(tx)
    .insertInto('session')
    .values({
      token_hash: session.tokenHash,
      id: session.id,
      person_id: session.personId,
      issuer: session.issuer,
      acr: session.acr,
      authenticated_at: session.authenticatedAt,
      opened_at: session.openedAt,
      seen_at: session.openedAt,
      expires_at: session.expiresAt,
      closed_at: null,
    })
    .execute();
}

type FoundRow = Omit<SessionRow, 'token_hash' | 'issuer' | 'opened_at'> & {
  name_ar: string;
  name_fr: string;
  birth_on: string | null;
  is_identified: boolean;
  roles: readonly RoleGrant[];
};

/** The session with its person and the grants in force at `at`, in one statement: it runs at every request. */
export async function findSession(tx: Tx, tokenHash: Buffer, at: Date): Promise<StoredSession | undefined> {
  const found = await sql<FoundRow>`
    select session.id, session.person_id, session.acr, session.authenticated_at, session.seen_at, session.expires_at,
           session.closed_at, person.name_ar, person.name_fr, person.birth_on,
           person.national_id_index is not null as is_identified,
           coalesce((
             select jsonb_agg(jsonb_build_object('id', g.id, 'role', g.role, 'office', g.office) order by g.role, g.office)
             from role_grant g
             where (g.person_id = person.id or g.national_id_index = person.national_id_index)
               and g.revoked_at is null and g.valid_from <= ${at} and (g.valid_until is null or g.valid_until > ${at})
           ), '[]') as roles
    from session join person on person.id = session.person_id
    where session.token_hash = ${tokenHash}`.execute(tx);
  const row = found.rows[0];
  return row === undefined ? undefined : sessionOf(row);
}

function sessionOf(row: FoundRow): StoredSession {
  return {
    id: row.id,
    person: {
      id: row.person_id,
      name: { ar: row.name_ar, fr: row.name_fr },
      ...(row.birth_on === null ? {} : { birthDate: row.birth_on as IsoDate }),
    },
    roles: row.roles,
    isIdentified: row.is_identified,
    acr: row.acr,
    authenticatedAt: row.authenticated_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
    closedAt: row.closed_at,
  };
}

/** Never moves the last use backwards: two requests at once may arrive here in either order. */
export async function noteUse(tx: Tx, id: string, at: Date): Promise<void> {
  await tables<Tables>(tx)
    .updateTable('session')
    .set({ seen_at: at })
    .where('id', '=', id)
    .where('seen_at', '<', at)
    .execute();
}

/** The person whose session it was; undefined when it was closed already or never was. */
export async function closeSession(
  tx: Tx,
  tokenHash: Buffer,
  at: Date,
): Promise<{ readonly id: string; readonly personId: string } | undefined> {
  const row = await tables<Tables>(tx)
    .updateTable('session')
    .set({ closed_at: at })
    .where('token_hash', '=', tokenHash)
    .where('closed_at', 'is', null)
    .returning(['id', 'person_id'])
    .executeTakeFirst();
  return row === undefined ? undefined : { id: row.id, personId: row.person_id };
}

/** Closes every open session of the person and gives their ids. */
export async function closeSessionsOf(tx: Tx, personId: string, at: Date): Promise<readonly string[]> {
  const rows = await tables<Tables>(tx)
    .updateTable('session')
    .set({ closed_at: at })
    .where('person_id', '=', personId)
    .where('closed_at', 'is', null)
    .returning('id')
    .execute();
  return rows.map((row) => row.id);
}

export async function deleteSessionsEndedBefore(tx: Tx, at: Date): Promise<number> {
  const result = await tables<Tables>(tx)
    .deleteFrom('session')
    .where((where) => where.or([where('expires_at', '<', at), where('closed_at', '<', at)]))
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}
