import { sql } from 'kysely';
import type { Tx } from '../../../platform/index.ts';
import type { KeptProposal, ProposalKey } from '../proposal.ts';

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

export async function findProposal(tx: Tx, { side, peer, id }: ProposalKey): Promise<KeptProposal | undefined> {
  const found = await sql<KeptProposal>`${proposals}
    where side = ${side} and peer = ${peer} and id = ${id}`.execute(tx);
  return found.rows[0];
}

export async function lockProposal(tx: Tx, { side, peer, id }: ProposalKey): Promise<KeptProposal | undefined> {
  const found = await sql<KeptProposal>`${proposals}
    where side = ${side} and peer = ${peer} and id = ${id} for update`.execute(tx);
  return found.rows[0];
}

/** Those that wait here, of one gateway or of all. */
export async function countOpenProposals(tx: Tx, peer: string | null = null): Promise<number> {
  const found = await sql<{ count: number }>`
    select count(*)::int as count from agreement_proposal
    where side = 'provider' and (${peer}::text is null or peer = ${peer}) and state = 'open'`.execute(tx);
  return found.rows[0]?.count ?? 0;
}

export type ProposalAnswer = {
  readonly state: Exclude<KeptProposal['state'], 'open'>;
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
