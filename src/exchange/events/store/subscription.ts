import { sql } from 'kysely';
import type { Tx } from '../../../platform/index.ts';
import type { Subscription } from '../model.ts';

const columns = sql`id, client, service, agreement, purpose, delivery, url, content_mode as "contentMode",
  rate_per_minute as "ratePerMinute", max_tries as "maxTries", state, fault, created_at as "createdAt"`;

export async function listSubscriptions(tx: Tx, client?: string): Promise<readonly Subscription[]> {
  const found = await sql<Subscription>`
    select ${columns} from event_subscription
    where ${client ?? null}::text is null or client = ${client ?? null}
    order by client, service limit 1000`.execute(tx);
  return found.rows;
}

/** `client`, where given, is the only one whose subscription is found. */
export async function findSubscription(tx: Tx, id: string, client?: string): Promise<Subscription | undefined> {
  const found = await sql<Subscription>`
    select ${columns} from event_subscription
    where id = ${id} and (${client ?? null}::text is null or client = ${client ?? null})`.execute(tx);
  return found.rows[0];
}

export async function subscriptionOf(tx: Tx, client: string, service: string): Promise<Subscription | undefined> {
  const found = await sql<Subscription>`
    select ${columns} from event_subscription where client = ${client} and service = ${service}`.execute(tx);
  return found.rows[0];
}

/** One a client and event type: what is there keeps its id and what waits for it. */
export async function putSubscription(tx: Tx, one: Subscription): Promise<Subscription> {
  const put = await sql<Subscription>`
    insert into event_subscription (id, client, service, agreement, purpose, delivery, url, content_mode,
      rate_per_minute, max_tries, state, fault, created_at)
    values (${one.id}, ${one.client}, ${one.service}, ${one.agreement}, ${one.purpose}, ${one.delivery}, ${one.url},
      ${one.contentMode}, ${one.ratePerMinute}, ${one.maxTries}, ${one.state}, ${one.fault}, ${one.createdAt})
    on conflict (client, service) do update set agreement = excluded.agreement, purpose = excluded.purpose,
      delivery = excluded.delivery, url = excluded.url, content_mode = excluded.content_mode,
      rate_per_minute = excluded.rate_per_minute, max_tries = excluded.max_tries, state = excluded.state, fault = excluded.fault
    returning ${columns}`.execute(tx);
  const [row] = put.rows;
  if (row === undefined) throw new Error('a subscription was put and is not there');
  return row;
}

export async function setSubscriptionState(
  tx: Tx,
  id: string,
  state: Subscription['state'],
  fault: string | null,
): Promise<void> {
  await sql`update event_subscription set state = ${state}, fault = ${fault} where id = ${id}`.execute(tx);
}

export async function removeSubscription(tx: Tx, id: string): Promise<void> {
  await sql`delete from event_subscription where id = ${id}`.execute(tx);
}

/**
 * The moment of the next call at the rate that the receiver granted, and nobody else's; undefined where it is further
 * off than `mostMs`. Turns stand evenly, so that in no minute there are more of them than granted.
 */
export async function takeTurn(tx: Tx, id: string, now: Date, mostMs: number): Promise<Date | undefined> {
  const taken = await sql<{ at: Date }>`
    update event_subscription
    set call_after = greatest(coalesce(call_after, ${now}), ${now}) + interval '1 minute' / rate_per_minute
    where id = ${id} and rate_per_minute is not null
      and coalesce(call_after, ${now}) <= ${new Date(now.getTime() + mostMs)}
    returning call_after - interval '1 minute' / rate_per_minute as at`.execute(tx);
  return taken.rows[0]?.at;
}

/** Nobody calls the receiver before `until`; a pause that ends later stays. */
export async function pauseCalls(tx: Tx, id: string, until: Date): Promise<void> {
  await sql`
    update event_subscription set call_after = greatest(coalesce(call_after, ${until}), ${until})
    where id = ${id}`.execute(tx);
}
