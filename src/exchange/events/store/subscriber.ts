import { sql } from 'kysely';
import type { Tx } from '../../../platform/index.ts';
import type { Subscriber } from '../model.ts';

const columns = sql`service, client, delivered, agreement, purpose, state, fault, tries, due_at as "dueAt",
  created_at as "createdAt", delivered_at as "deliveredAt"`;

export type SubscriberKey = Pick<Subscriber, 'service' | 'client'>;

export async function listSubscribers(tx: Tx): Promise<readonly Subscriber[]> {
  const found = await sql<Subscriber>`
    select ${columns} from event_subscriber order by service, client limit 1000`.execute(tx);
  return found.rows;
}

export async function findSubscriber(tx: Tx, { service, client }: SubscriberKey): Promise<Subscriber | undefined> {
  const found = await sql<Subscriber>`
    select ${columns} from event_subscriber where service = ${service} and client = ${client}`.execute(tx);
  return found.rows[0];
}

/** One who is there goes on from where he stood, under the agreement that he names now; `restartAt` sets him back. */
export async function putSubscriber(
  tx: Tx,
  one: Pick<Subscriber, 'service' | 'client' | 'agreement' | 'purpose'>,
  startAt: number,
  isRestarted: boolean,
  now: Date,
): Promise<Subscriber> {
  const put = await sql<Subscriber>`
    insert into event_subscriber (service, client, delivered, agreement, purpose, state, due_at, created_at)
    values (${one.service}, ${one.client}, ${startAt}, ${one.agreement}, ${one.purpose}, 'active', ${now}, ${now})
    on conflict (service, client) do update set agreement = excluded.agreement, purpose = excluded.purpose,
      state = 'active', fault = null, tries = 0, due_at = excluded.due_at, delivered = case
        when ${isRestarted} or event_subscriber.state = 'ended' then excluded.delivered
        else event_subscriber.delivered end
    returning ${columns}`.execute(tx);
  const [row] = put.rows;
  if (row === undefined) throw new Error('a subscriber was put and is not there');
  return row;
}

export async function endSubscriber(
  tx: Tx,
  { service, client }: SubscriberKey,
  fault: string | null,
): Promise<boolean> {
  const ended = await sql`
    update event_subscriber set state = 'ended', fault = ${fault}, held_until = null
    where service = ${service} and client = ${client} and state = 'active'`.execute(tx);
  return Number(ended.numAffectedRows ?? 0) > 0;
}

/**
 * Subscribers with something to hand on, each held by this process until `heldUntil`. Of several processes of one
 * gateway one has a subscriber at a time, so that what goes to it keeps its order; who dies is waited for until then.
 */
export async function holdDueSubscribers(
  tx: Tx,
  now: Date,
  heldUntil: Date,
  most: number,
): Promise<readonly Subscriber[]> {
  const held = await sql<Subscriber>`
    update event_subscriber set held_until = ${heldUntil} where (service, client) in (
      select service, client from event_subscriber one
      where state = 'active' and due_at <= ${now} and (held_until is null or held_until <= ${now})
        and exists (select from event where event.service = one.service and event.sequence > one.delivered)
      order by due_at limit ${most} for update skip locked)
    returning ${columns}`.execute(tx);
  return held.rows;
}

/** True where the subscriber still stood at `from`: it was not set back or ended meanwhile. */
export async function advanceSubscriber(
  tx: Tx,
  { service, client }: SubscriberKey,
  step: { readonly from: number; readonly to: number; readonly heldUntil: Date; readonly now: Date },
): Promise<boolean> {
  const moved = await sql`
    update event_subscriber set delivered = ${step.to}, delivered_at = ${step.now}, held_until = ${step.heldUntil},
      tries = 0, fault = null
    where service = ${service} and client = ${client} and delivered = ${step.from} and state = 'active'`.execute(tx);
  return Number(moved.numAffectedRows ?? 0) > 0;
}

export async function putOffSubscriber(
  tx: Tx,
  { service, client }: SubscriberKey,
  fault: string,
  until: Date,
): Promise<void> {
  await sql`
    update event_subscriber set fault = ${fault}, tries = tries + 1, due_at = ${until}, held_until = null
    where service = ${service} and client = ${client}`.execute(tx);
}

export async function releaseSubscriber(tx: Tx, { service, client }: SubscriberKey): Promise<void> {
  await sql`
    update event_subscriber set held_until = null where service = ${service} and client = ${client}`.execute(tx);
}

/** Events that a subscriber's gateway will never take; the order goes on behind them. */
export async function insertRefused(
  tx: Tx,
  key: SubscriberKey,
  sequence: number,
  fault: string,
  now: Date,
): Promise<void> {
  await sql`
    insert into event_refused (service, client, sequence, fault, at)
    values (${key.service}, ${key.client}, ${sequence}, ${fault}, ${now}) on conflict do nothing`.execute(tx);
}

/** Events that wait for each subscriber. */
export async function countUndelivered(tx: Tx): Promise<readonly (SubscriberKey & { readonly waiting: number })[]> {
  const found = await sql<SubscriberKey & { waiting: number }>`
    select service, client, (
      select count(*) from event where event.service = one.service and event.sequence > one.delivered) as waiting
    from event_subscriber one where state = 'active'`.execute(tx);
  return found.rows;
}
