import { sql } from 'kysely';
import type { Tx } from '../../../platform/index.ts';
import type { Party } from '../model.ts';

export type KeptProposal = {
  /** `provider`: put to us; `client`: ours. */
  readonly side: Party;
  readonly peer: string;
  readonly id: string;
  readonly agreement: string;
  readonly client: string;
  readonly service: string;
  readonly note: string;
  readonly jws: string;
  readonly madeAt: Date;
  readonly state: 'open' | 'drafted' | 'dismissed';
  readonly version: number | null;
  readonly reason: string;
  readonly answeredAt: Date | null;
};

export type ProposalKey = Pick<KeptProposal, 'side' | 'peer' | 'id'>;

const proposals = sql`select side, peer, id, agreement, client, service, note, jws, made_at as "madeAt", state, version,
  reason, answered_at as "answeredAt" from agreement_proposal`;

/** False where it is there already. */
export async function insertProposal(
  tx: Tx,
  one: Omit<KeptProposal, 'state' | 'version' | 'reason' | 'answeredAt'>,
): Promise<boolean> {
  const inserted = await sql`
    insert into agreement_proposal (side, peer, id, agreement, client, service, note, jws, made_at)
    values (${one.side}, ${one.peer}, ${one.id}, ${one.agreement}, ${one.client}, ${one.service}, ${one.note},
      ${one.jws}, ${one.madeAt}) on conflict do nothing returning id`.execute(tx);
  return inserted.rows.length > 0;
}

/** Open ones first. */
export async function listProposals(tx: Tx): Promise<readonly KeptProposal[]> {
  const found = await sql<KeptProposal>`${proposals} order by (state = 'open') desc, made_at desc limit 500`.execute(
    tx,
  );
  return found.rows;
}

export async function lockProposal(tx: Tx, { side, peer, id }: ProposalKey): Promise<KeptProposal | undefined> {
  const found = await sql<KeptProposal>`${proposals}
    where side = ${side} and peer = ${peer} and id = ${id} for update`.execute(tx);
  return found.rows[0];
}

export async function countOpenProposals(tx: Tx, peer: string): Promise<number> {
  const found = await sql<{ count: number }>`
    select count(*)::int as count from agreement_proposal
    where side = 'provider' and peer = ${peer} and state = 'open'`.execute(tx);
  return found.rows[0]?.count ?? 0;
}

export type ProposalAnswer = {
  readonly state: 'drafted' | 'dismissed';
  readonly agreement?: string;
  readonly version?: number;
  readonly reason?: string;
};

/** An answer is final. */
export async function answerProposal(
  tx: Tx,
  { side, peer, id }: ProposalKey,
  { state, agreement, version, reason = '' }: ProposalAnswer,
  now: Date,
): Promise<void> {
  await sql`
    update agreement_proposal set state = ${state}, agreement = coalesce(${agreement ?? null}, agreement),
      version = ${version ?? null}, reason = ${reason}, answered_at = ${now}
    where side = ${side} and peer = ${peer} and id = ${id} and state = 'open'`.execute(tx);
}

/** The provider answers our proposal with an offer of it. */
export async function answerByOffer(
  tx: Tx,
  { provider, agreement, version }: { readonly provider: string; readonly agreement: string; readonly version: number },
  now: Date,
): Promise<void> {
  await sql`
    update agreement_proposal set state = 'drafted', version = ${version}, answered_at = ${now}
    where side = 'client' and peer = ${provider} and agreement = ${agreement} and state = 'open'`.execute(tx);
}
