import { ok, type Result } from '../../kernel/index.ts';
import { openCheckpoint, readCheckpoint } from '../../ledger/index.ts';
import type { GatewayContext } from '../gateway/model.ts';
import { certificateId } from '../trust/certificate.ts';
import type { ListedTsa } from '../trust/list-parts.ts';
import { listCosignatures } from '../witness/store.ts';
import type { AuthorityClient } from './ask.ts';
import { nonceFrom, readAnswer, timestampQuery } from './query.ts';
import { chooseCheckpoint, isPlausible, pauseAfter, type ToStamp } from './rules.ts';
import * as store from './store.ts';

/** More authorities are not asked in one round: the lease must outlast them all. */
const MOST_ASKED = 4;
const LEASE_MS = 120_000;

export type Rounds = {
  readonly context: GatewayContext;
  readonly client: AuthorityClient;
  readonly failed: (authority: string, detail: string) => void;
};

export type RoundOutcome = 'not-due' | 'no-authority' | 'not-moved' | 'stamped' | 'failed';

/**
 * One look, at the set interval, by one of the member's processes: the newest checkpoint gets a token where it has
 * moved. No message waits for it, and none is refused for want of it (ADR 0034).
 */
export async function stampCheckpoint(rounds: Rounds): Promise<RoundOutcome> {
  const { db, clock, settings } = rounds.context;
  const now = clock();
  const after = (ms: number) => new Date(now.getTime() + ms);
  const round = await store.claimRound(db.read, now, after(LEASE_MS));
  if (round === undefined) return 'not-due';
  const outcome = await stampNow(rounds);
  if (typeof outcome === 'string') {
    await store.endRound(db.read, after(settings.timestampIntervalMs), { at: now });
    return outcome;
  }
  // The token and the end of the round may be cut apart by a crash: then the next round finds the log stamped.
  await store.endRound(db.read, after(pauseAfter(round.failures, settings.timestampIntervalMs)), outcome);
  return 'failed';
}

async function stampNow(rounds: Rounds): Promise<Exclude<RoundOutcome, 'not-due' | 'failed'> | { failure: string }> {
  const { context } = rounds;
  const authorities = listedAuthorities(context);
  if (authorities.length === 0) return 'no-authority';
  const chosen = await checkpointToStamp(context);
  if (chosen === undefined) return 'not-moved';
  let failure = '';
  for (const authority of authorities.slice(0, MOST_ASKED)) {
    const token = await askOne(rounds, authority, chosen);
    if (token.ok) {
      await store.insertTimestamp(context.db.read, token.value, context.clock());
      return 'stamped';
    }
    failure = `${authority.name}: ${token.error.detail}`;
    rounds.failed(authority.name, token.error.detail);
  }
  return { failure };
}

export type VouchedTsa = ListedTsa & { readonly statement: string };

/** In the list's order. Without the registry's own word, nobody could verify a token later: that authority is passed over. */
export function listedAuthorities(context: GatewayContext): readonly VouchedTsa[] {
  const list = context.trust.current(context.clock());
  if (!list.ok) return [];
  return list.value.timestampAuthorities.filter((one): one is VouchedTsa => one.statement !== undefined);
}

async function checkpointToStamp({ db, ledger }: GatewayContext): Promise<ToStamp | undefined> {
  const checkpoint = await readCheckpoint(db.read, ledger.name);
  const opened = openCheckpoint(checkpoint, ledger.signer.vkey);
  if (!opened.ok) throw new Error(`our own checkpoint does not open: ${opened.error.detail}`);
  const own = { checkpoint, size: opened.value.size };
  return chooseCheckpoint(own, await listCosignatures(db.read), await store.stampedSize(db.read));
}

async function askOne(
  { context, client }: Rounds,
  { name, url, certificate, statement }: VouchedTsa,
  chosen: ToStamp,
): Promise<Result<store.Timestamp, { readonly detail: string }>> {
  const data = Buffer.from(chosen.checkpoint);
  const nonce = nonceFrom(context.randomBytes(16));
  const answer = await client.ask(url, timestampQuery(data, nonce));
  if (!answer.ok) return answer;
  const token = readAnswer(answer.value);
  if (!token.ok) return token;
  const der = Buffer.from(certificate, 'base64');
  // Brought with the first token: a gateway whose list names no authority does without the libraries beneath.
  const { verifyToken } = await import('./token.ts');
  const verified = await verifyToken(token.value, {
    ...{ data, nonce, certificates: [der] },
    authority: certificateId(der),
  });
  if (!verified.ok) return verified;
  const { at, before, serial, path } = verified.value;
  if (!isPlausible(at, context.clock())) {
    return { ok: false, error: { detail: `its clock says ${at.toISOString()}, more than five minutes from ours` } };
  }
  return ok({
    ...{ ...chosen, authority: name, statement, serial, stampedAt: at, beforeAt: before },
    token: Buffer.from(token.value),
    path: path.map((one) => Buffer.from(one).toString('base64')),
  });
}
