import { sql } from 'kysely';
import type { Tx } from '../../../platform/index.ts';
import type { LifeAct, Party } from '../model.ts';

/** An act as it was taken here, in the book of what we provide or of what others provide to us. */
export type KeptAct = {
  readonly side: Party;
  readonly provider: string;
  readonly agreement: string;
  readonly version: number | null;
  readonly kind: LifeAct['kind'];
  readonly party: Party;
  readonly number: number;
  readonly reason: string;
  readonly endsAt: Date | null;
  readonly at: Date;
  readonly jws: string | null;
};

type Book = Pick<KeptAct, 'side' | 'provider' | 'agreement'>;

export async function insertAct(tx: Tx, one: KeptAct): Promise<void> {
  await sql`
    insert into agreement_act (side, provider, agreement, version, kind, party, number, reason, ends_at, at, jws)
    values (${one.side}, ${one.provider}, ${one.agreement}, ${one.version}, ${one.kind}, ${one.party}, ${one.number},
      ${one.reason}, ${one.endsAt}, ${one.at}, ${one.jws})`.execute(tx);
}

/** The number of a party's newest signed act; 0 where there is none. */
export async function newestNumber(tx: Tx, { side, provider, agreement }: Book, party: Party): Promise<number> {
  const found = await sql<{ newest: number }>`
    select coalesce(max(number), 0)::int as newest from agreement_act
    where side = ${side} and provider = ${provider} and agreement = ${agreement} and party = ${party}`.execute(tx);
  return found.rows[0]?.newest ?? 0;
}

export async function listActs(tx: Tx, { side, provider, agreement }: Book): Promise<readonly KeptAct[]> {
  const found = await sql<KeptAct>`
    select side, provider, agreement, version, kind, party, number, reason, ends_at as "endsAt", at, jws
    from agreement_act where side = ${side} and provider = ${provider} and agreement = ${agreement}
    order by id`.execute(tx);
  return found.rows;
}
