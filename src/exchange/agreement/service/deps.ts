import { conflict, invalid, notFound, unavailable } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import type { GatewayCore } from '../../gateway/extension.ts';
import { gatewayOf, type KnownGateway, signKeyOf, trustView } from '../../gateway/trust-view.ts';
import { GROUP } from '../../message/agreement.ts';
import { type Acting, actingAs } from '../../operators/audit.ts';
import type { OperatorEventName } from '../../operators/events.ts';
import type { KeyFinder } from '../document.ts';
import type { Life, LifeAct } from '../model.ts';
import { actOn } from '../rules.ts';
import { insertDelivery, sendAgain } from '../store/delivery.ts';

export type AgreementDeps = {
  readonly core: GatewayCore;
  /** What was put into the outbox goes now, not at the next round. */
  readonly wake: () => void;
};

/** Throws a Problem (409) that says what stands in the way. */
export function lifeAfter(life: Life, act: LifeAct, id: string, now: Date): Life {
  const acted = actOn(life, act, now.getTime());
  if (acted.ok) return acted.value;
  throw conflict(`The agreement ${id} does not allow this: ${acted.error.detail}.`);
}

/** The gateway of the other side; undefined with a group, and where the trust list knows none any more. */
export function peerOf({ context }: GatewayCore, client: string): KnownGateway | undefined {
  if (client.startsWith(GROUP)) return undefined;
  return gatewayOf(trustView(context.trust, context.clock()), client);
}

/** Who may have joined just now is looked for in a fresh list, before an act that needs them begins. */
export async function lookForPeer(core: GatewayCore, client: string): Promise<void> {
  if (!client.startsWith(GROUP) && peerOf(core, client) === undefined) await core.context.renewTrust();
}

/** Throws a Problem (503). */
export function needPeer(core: GatewayCore, client: string): KnownGateway {
  const peer = peerOf(core, client);
  if (peer !== undefined) return peer;
  throw unavailable(`No gateway of the trust list serves ${client}; it cannot sign.`);
}

export function keysOf({ context }: GatewayCore, gateway: KnownGateway): KeyFinder {
  return (keyid) => signKeyOf(gateway, keyid, context.clock());
}

export function notAcceptable(detail: string) {
  return invalid('The signed document is not acceptable.', [{ field: '/', message: detail }]);
}

/** What another gateway has sent, as an entry of our ledger: who sent it is the one who acts. */
export function actingPeer({ operators }: GatewayCore, caller: KnownGateway, event: OperatorEventName): Acting {
  const id = caller.statement.server;
  return actingAs(operators.deps, { id, name: id, roles: [], via: 'nobody' }, event);
}

/** In the transaction of the act: a crash leaves both, or neither. */
export async function putIntoOutbox(
  tx: Tx,
  { context }: GatewayCore,
  one: Parameters<typeof insertDelivery>[1],
): Promise<void> {
  await insertDelivery(tx, one, context.clock());
}

/** What another gateway has refused is put to it once more. Throws a Problem (404) where nothing of this number was refused. */
export async function sendAgainNow({ core, wake }: AgreementDeps, id: number, acting: Acting): Promise<void> {
  const { db, clock } = core.context;
  await db.transaction(async (tx) => {
    if (!(await sendAgain(tx, id, clock()))) throw notFound('Nothing of this number was refused.');
    await acting.record(tx, String(id));
  });
  wake();
}
