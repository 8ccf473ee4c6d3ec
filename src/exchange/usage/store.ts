import { sql } from 'kysely';
import type { Tx } from '../../platform/index.ts';
import type { Contest, ContestState } from './model.ts';
import type { UsageQuery } from './query.ts';

const columns = sql`id, exchange, reason, words, opened_at as "openedAt", state, answer, answered_at as "answeredAt"`;

/** One exchange about a person as this gateway kept it, from one side of it. */
export type UsageRow = {
  readonly index: number;
  readonly exchange: string;
  readonly side: 'consumer' | 'provider';
  readonly at: Date;
  readonly client: string;
  readonly service: string;
  readonly purpose: string | null;
  readonly agreement: string | null;
  readonly agreementVersion: number | null;
  /** `refused` is a decision; what failed on its way, or could not be believed, is `unanswered`. */
  readonly outcome: 'answered' | 'refused' | 'unanswered';
  readonly status: number | null;
  readonly fault: string | null;
  /** What was signed of an event, which names its agreement; null of all else. */
  readonly base: string | null;
};

/**
 * One line for each exchange and side: the outcome where this gateway decided, the request where it asked; an event leaves in
 * the request. A person who looks at this very list is not among those who used their data, nor is a message that was
 * sent again by somebody else and refused for that: its first is there.
 */
const isUse = sql`(
  (one.side = 'provider' and one.kind <> 'request' and one.fault is distinct from 'message-replayed'
    and one.service not like '%/receiveEvents')
  or (one.side = 'consumer' and one.kind = 'request'))
  and one.service not like '%/findUsage'`;

/** Up to `limit` and one more, in the order of the ledger, newest first; `total` counts them all. */
export async function listUsages(
  tx: Tx,
  subject: Buffer,
  { limit, before, from, until, member, exchanges }: UsageQuery,
): Promise<{ readonly total: number; readonly rows: readonly UsageRow[] }> {
  const parts = [sql`one.subject_hash = ${subject} and ${isUse}`];
  if (from !== undefined) parts.push(sql`one.at >= ${from}`);
  if (until !== undefined) parts.push(sql`one.at < ${until}`);
  const start = `${member}/`;
  if (member !== undefined) parts.push(sql`(starts_with(one.client, ${start}) or starts_with(one.service, ${start}))`);
  if (exchanges.length > 0) parts.push(sql`one.exchange in (${sql.join(exchanges)})`);
  const where = sql.join(parts, sql` and `);
  const counted = await sql<{ total: number }>`
    select count(*) as total from exchange_message one where ${where}`.execute(tx);
  // The place in the ledger and not the time: what comes in while somebody pages is above, never between.
  const below = before === undefined ? sql`true` : sql`one.leaf_index < ${before}`;
  const found = await sql<UsageRow>`
    select one.leaf_index as index, one.exchange, one.side, one.at, one.client, one.service, one.purpose,
      coalesce(one.agreement, came.agreement) as agreement, one.agreement_version as "agreementVersion",
      case when coalesce(came.kind, one.kind) = 'response' then 'answered'
        when coalesce(came.kind, one.kind) = 'refusal' and coalesce(came.status, one.status) < 500 then 'refused'
        else 'unanswered' end as outcome,
      coalesce(came.status, one.status) as status, coalesce(came.fault, one.fault) as fault,
      case when one.service like '%/receiveEvents' then one.base end as base
    from exchange_message one
    left join lateral (
      select kind, status, fault, agreement from exchange_message
      where exchange = one.exchange and side = 'consumer' and kind <> 'request' and one.kind = 'request'
      order by leaf_index desc limit 1) came on true
    where ${where} and ${below} order by one.leaf_index desc limit ${limit + 1}`.execute(tx);
  return { total: counted.rows[0]?.total ?? 0, rows: found.rows };
}

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

/** Of these exchanges, by their number. */
export async function contestsAbout(
  tx: Tx,
  subject: Buffer,
  exchanges: readonly string[],
): Promise<ReadonlyMap<string, Contest>> {
  if (exchanges.length === 0) return new Map();
  const found = await sql<Contest>`
    select ${columns} from usage_contest
    where subject_hash = ${subject} and exchange in (${sql.join(exchanges)})`.execute(tx);
  return new Map(found.rows.map((one) => [one.exchange, one]));
}

/** `waiting`: open ones first, the oldest of them first, for they wait the longest. */
export type ContestOrder = keyof typeof CONTEST_ORDERS;

const CONTEST_ORDERS = {
  waiting: sql`(state = 'open') desc, case when state = 'open' then opened_at end, answered_at desc, id`,
  number: sql`id`,
  '-number': sql`id desc`,
  opened: sql`opened_at, id`,
  '-opened': sql`opened_at desc, id`,
  reason: sql`reason, id`,
  '-reason': sql`reason desc, id`,
  '-state': sql`(state = 'open'), answered_at, id`,
};

export const isContestOrder = (text: string): text is ContestOrder => Object.hasOwn(CONTEST_ORDERS, text);

export async function listContests(
  tx: Tx,
  page: { readonly offset: number; readonly limit: number; readonly order?: ContestOrder },
): Promise<{ readonly total: number; readonly contests: readonly Contest[] }> {
  const found = await sql<Contest & { total: number }>`
    select ${columns}, count(*) over () as total from usage_contest
    order by ${CONTEST_ORDERS[page.order ?? 'waiting']} limit ${page.limit} offset ${page.offset}`.execute(tx);
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
