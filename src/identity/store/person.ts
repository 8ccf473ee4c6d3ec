import type { IsoDate } from '../../kernel/index.ts';
import { type Tx, tables } from '../../platform/index.ts';

type PersonRow = {
  id: string;
  name_ar: string;
  name_fr: string;
  birth_on: string | null;
  national_id_sealed: Buffer | null;
  national_id_index: Buffer | null;
  created_at: Date;
  changed_at: Date;
};
type SubjectRow = { issuer: string; subject: string; person_id: string; linked_at: Date };
type Tables = { person: PersonRow; person_subject: SubjectRow };

export type StoredPerson = {
  readonly id: string;
  readonly name: { readonly ar: string; readonly fr: string };
  readonly birthDate: IsoDate | undefined;
  readonly nationalIdSealed: Buffer | undefined;
  readonly nationalIdIndex: Buffer | undefined;
};

/** What a sign-in says anew about a person; undefined leaves what is known. */
export type PersonFacts = {
  readonly name: { readonly ar: string; readonly fr: string };
  readonly birthDate: IsoDate | undefined;
  readonly nationalId: { readonly sealed: Buffer; readonly index: Buffer } | undefined;
};

export async function lockPersonBySubject(tx: Tx, issuer: string, subject: string): Promise<StoredPerson | undefined> {
  const row = await tables<Tables>(tx)
    .selectFrom('person_subject')
    .innerJoin('person', 'person.id', 'person_subject.person_id')
    .selectAll('person')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .forUpdate('person')
    .executeTakeFirst();
  return row === undefined ? undefined : personOf(row);
}

export async function lockPersonByNationalId(tx: Tx, index: Buffer): Promise<StoredPerson | undefined> {
  const row = await tables<Tables>(tx)
    .selectFrom('person')
    .selectAll()
    .where('national_id_index', '=', index)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? undefined : personOf(row);
}

export async function findPerson(tx: Tx, id: string): Promise<StoredPerson | undefined> {
  const row = await tables<Tables>(tx).selectFrom('person').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : personOf(row);
}

export async function insertPerson(tx: Tx, id: string, facts: PersonFacts, at: Date): Promise<void> {
  await tables<Tables>(tx)
    .insertInto('person')
    .values({
      id,
      name_ar: facts.name.ar,
      name_fr: facts.name.fr,
      birth_on: facts.birthDate ?? null,
      national_id_sealed: facts.nationalId?.sealed ?? null,
      national_id_index: facts.nationalId?.index ?? null,
      created_at: at,
      changed_at: at,
    })
    .execute();
}

export async function updatePerson(tx: Tx, id: string, facts: PersonFacts, at: Date): Promise<void> {
  await tables<Tables>(tx)
    .updateTable('person')
    .set({
      name_ar: facts.name.ar,
      name_fr: facts.name.fr,
      ...(facts.birthDate === undefined ? {} : { birth_on: facts.birthDate }),
      ...(facts.nationalId === undefined
        ? {}
        : { national_id_sealed: facts.nationalId.sealed, national_id_index: facts.nationalId.index }),
      changed_at: at,
    })
    .where('id', '=', id)
    .execute();
}

export async function insertSubject(
  tx: Tx,
  login: { readonly issuer: string; readonly subject: string; readonly personId: string },
  at: Date,
): Promise<void> {
  await tables<Tables>(tx)
    .insertInto('person_subject')
    .values({ issuer: login.issuer, subject: login.subject, person_id: login.personId, linked_at: at })
    .execute();
}

function personOf(row: PersonRow): StoredPerson {
  return {
    id: row.id,
    name: { ar: row.name_ar, fr: row.name_fr },
    birthDate: (row.birth_on ?? undefined) as IsoDate | undefined,
    nationalIdSealed: row.national_id_sealed ?? undefined,
    nationalIdIndex: row.national_id_index ?? undefined,
  };
}
