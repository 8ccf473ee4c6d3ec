import { sql } from 'kysely';
import type { Tx } from '../../platform/index.ts';
import type { Contest, ContestState } from './model.ts';

const columns = sql`id, exchange, reason, words, opened_at as "openedAt", state, answer, answered_at as "answeredAt"`;

/** Whether this gateway kept a message of that exchange about that person. */
export async function isAbout(tx: Tx, exchange: string, subject: Buffer): Promise<boolean> {
  const found = await sql`
    select from exchange_message where exchange = ${exchange} and subject_hash = ${subject} limit 1`.execute(tx);
  return found.rows.length > 0;
}

/** What stands already is given back as it is: a request that is sent twice is one. */
export async function openContest(
  tx: Tx,
  one: Pick<Contest, 'exchange' | 'reason' | 'words' | 'openedAt'> & { readonly subject: Buffer },
): Promise<Contest> {
  await sql`
    insert into usage_contest (exchange, subject_hash, reason, words, opened_at, state)
    values (${one.exchange}, ${one.subject}, ${one.reason}, ${one.words}, ${one.openedAt}, 'open')
    on conflict (exchange, subject_hash) do nothing`.execute(tx);
  const found = await sql<Contest>`
    select ${columns} from usage_contest
    where exchange = ${one.exchange} and subject_hash = ${one.subject}`.execute(tx);
  const [contest] = found.rows;
  if (contest === undefined) throw new Error('a contest was opened and is not there');
  return contest;
}

export async function contestsOf(tx: Tx, subject: Buffer): Promise<readonly Contest[]> {
  const found = await sql<Contest>`
    select ${columns} from usage_contest where subject_hash = ${subject} order by opened_at desc limit 200`.execute(tx);
  return found.rows;
}

/** Open ones first, the oldest of them first: they wait the longest. */
export async function listContests(
  tx: Tx,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly total: number; readonly contests: readonly Contest[] }> {
  const found = await sql<Contest & { total: number }>`
    select ${columns}, count(*) over () as total from usage_contest
    order by (state = 'open') desc, case when state = 'open' then opened_at end, answered_at desc
    limit ${page.limit} offset ${page.offset}`.execute(tx);
  return {
    total: found.rows[0]?.total ?? 0,
    contests: found.rows.map(({ total: _total, ...contest }) => contest),
  };
}

export async function findContest(tx: Tx, id: number): Promise<Contest | undefined> {
  const found = await sql<Contest>`select ${columns} from usage_contest where id = ${id}`.execute(tx);
  return found.rows[0];
}

/** False where it is answered already, or not there. */
export async function answerContest(
  tx: Tx,
  id: number,
  given: { readonly state: Exclude<ContestState, 'open'>; readonly answer: string; readonly now: Date },
): Promise<boolean> {
  const answered = await sql`
    update usage_contest set state = ${given.state}, answer = ${given.answer}, answered_at = ${given.now}
    where id = ${id} and state = 'open'`.execute(tx);
  return Number(answered.numAffectedRows ?? 0) > 0;
}

export async function countOpenContests(tx: Tx): Promise<number> {
  const found = await sql<{ open: number }>`
    select count(*) as open from usage_contest where state = 'open'`.execute(tx);
  return found.rows[0]?.open ?? 0;
}
