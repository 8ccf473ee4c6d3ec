import { type Tx, tables } from '../../../platform/index.ts';
import type { RequestKind, RequestState } from '../views.ts';

export type RequestRow = {
  readonly id: string;
  readonly kind: RequestKind;
  readonly server: string;
  readonly memberId: string;
  /** Hash and DER of the key that signed it. */
  readonly signer: Buffer;
  readonly signerKey: Buffer;
  readonly payload: unknown;
  readonly receivedAt: Date;
  readonly state: RequestState;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly reason: string | null;
  readonly answer: unknown;
};

type Row = {
  id: string;
  kind: RequestKind;
  server: string;
  member_id: string;
  signer: Buffer;
  signer_key: Buffer;
  payload: unknown;
  received_at: Date;
  state: RequestState;
  decided_at: Date | null;
  decided_by: string | null;
  reason: string | null;
  answer: unknown;
};

const db = (tx: Tx) => tables<{ request: Row; operator_account: { id: string; name: string } }>(tx);

/** False where this id was used, or such a request of the gateway waits already. */
export async function insertRequest(
  tx: Tx,
  one: Pick<RequestRow, 'id' | 'kind' | 'server' | 'memberId' | 'signer' | 'signerKey' | 'receivedAt'> & {
    readonly payload: object;
  },
): Promise<boolean> {
  const inserted = await db(tx)
    .insertInto('request')
    .values({
      id: one.id,
      kind: one.kind,
      server: one.server,
      member_id: one.memberId,
      signer: one.signer,
      signer_key: one.signerKey,
      payload: JSON.stringify(one.payload),
      received_at: one.receivedAt,
      state: 'waiting',
      decided_at: null,
      decided_by: null,
      reason: null,
      answer: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

export async function findRequest(tx: Tx, id: string): Promise<RequestRow | undefined> {
  const row = await db(tx).selectFrom('request').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : requestOf(row);
}

export async function listRequests(
  tx: Tx,
  state: RequestState | undefined,
  limit: number,
): Promise<readonly RequestRow[]> {
  let query = db(tx).selectFrom('request').selectAll().orderBy('received_at', 'desc').orderBy('id').limit(limit);
  if (state !== undefined) query = query.where('state', '=', state);
  return (await query.execute()).map(requestOf);
}

/** Compare-and-swap on `waiting`: of two who decide at once exactly one does. */
export async function decideRequest(
  tx: Tx,
  id: string,
  decision: {
    readonly state: 'approved' | 'refused';
    readonly at: Date;
    readonly by: string;
    readonly reason: string | null;
    readonly answer: object | null;
  },
): Promise<boolean> {
  const decided = await db(tx)
    .updateTable('request')
    .set({
      state: decision.state,
      decided_at: decision.at,
      decided_by: decision.by,
      reason: decision.reason,
      answer: decision.answer === null ? null : JSON.stringify(decision.answer),
    })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .returning('id')
    .executeTakeFirst();
  return decided !== undefined;
}

/** The name of the operator of this id, for other operators. */
export async function nameOfOperator(tx: Tx, id: string): Promise<string> {
  const row = await db(tx).selectFrom('operator_account').select('name').where('id', '=', id).executeTakeFirst();
  return row?.name ?? id;
}

function requestOf(row: Row): RequestRow {
  return {
    id: row.id,
    kind: row.kind,
    server: row.server,
    memberId: row.member_id,
    signer: row.signer,
    signerKey: row.signer_key,
    payload: row.payload,
    receivedAt: row.received_at,
    state: row.state,
    decidedAt: row.decided_at,
    decidedBy: row.decided_by,
    reason: row.reason,
    answer: row.answer,
  };
}
