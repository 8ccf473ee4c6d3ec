import { createHash } from 'node:crypto';
import { type Clock, canonicalJson, type Json } from '../../kernel/index.ts';
import { appendIn, type LogSigner } from '../../ledger/index.ts';
import type { Database, Tx } from '../../platform/index.ts';
import type { OperatorEventName } from './events.ts';
import type { Actor, OperatorEvent, Outcome } from './model.ts';
import { insertEvent } from './store/event.ts';

/** One act: what was done, to what, and what is worth keeping of how. Never a person's name or number. */
export type Act = {
  readonly event: OperatorEventName;
  readonly target?: string;
  readonly detail?: Readonly<Record<string, Json>>;
};

export type AuditDeps = {
  readonly db: Database;
  readonly ledger: { readonly name: string; readonly signer: LogSigner };
  readonly clock: Clock;
  readonly random: (size: number) => Buffer;
};

/**
 * Appends the act to the ledger in the caller's transaction, so that the change and its entry are there together or
 * not at all. Call it last: it holds the log's head until the transaction ends.
 */
export async function recordAct(
  deps: AuditDeps,
  tx: Tx,
  actor: Actor,
  act: Act,
  outcome: Outcome = 'done',
): Promise<void> {
  const now = deps.clock();
  const event: OperatorEvent = {
    at: now,
    event: act.event,
    outcome,
    operator: actor.id,
    via: actor.via,
    target: (act.target ?? '').slice(0, 500).toWellFormed(),
    detail: act.detail ?? {},
    salt: deps.random(16),
  };
  const { name, signer } = deps.ledger;
  const { firstIndex } = await appendIn(tx, name, signer, [auditEntry(event)], now);
  await insertEvent(tx, firstIndex, event);
}

/** Who acts, and how the act comes into the ledger; what a handler and a service are given. */
export type Acting = {
  readonly actor: Actor;
  /** Writes the act in the transaction of the change. Call it last there. */
  record(tx: Tx, target?: string, detail?: Act['detail']): Promise<void>;
};

/** For acts that come from no route: the command line beside the running process. */
export function actingAs(deps: AuditDeps, actor: Actor, event: OperatorEventName): Acting {
  return { actor, record: (tx, target = '', detail = {}) => recordAct(deps, tx, actor, { event, target, detail }) };
}

/** The public leaf: who did what kind of thing, and a salted commitment to the rest. */
export function auditEntry(event: OperatorEvent): Buffer {
  const { at, event: name, outcome, operator } = event;
  const entry = { v: 1, kind: 'operator', event: name, at: at.toISOString(), operator, outcome };
  return Buffer.from(canonicalJson({ ...entry, commitment: actCommitment(event) }));
}

/** base64url(SHA-256(salt ‖ canonical JSON of target and detail)). */
export function actCommitment({ salt, target, detail }: Pick<OperatorEvent, 'salt' | 'target' | 'detail'>): string {
  return createHash('sha256').update(salt).update(canonicalJson({ target, detail })).digest('base64url');
}
