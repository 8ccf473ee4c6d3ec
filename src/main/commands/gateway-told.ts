import { setTimeout as sleep } from 'node:timers/promises';
import { callOperator, type GatewayDoors } from '../parts/operator-call.ts';
import { CommandRefusal } from '../terminal.ts';

/** A document on its way to the other member's gateway. */
export type Delivery = {
  readonly id: number;
  readonly peer: string;
  readonly agreement: string;
  readonly kind: string;
  readonly tries: number;
  readonly dueAt: string;
  readonly refusedAt: string | null;
  readonly status: number | null;
  readonly refusal: string;
};

const PATIENCE_TURNS = 25;
const TURN_MS = 200;

export async function deliveriesOf(gateway: GatewayDoors): Promise<readonly Delivery[]> {
  const path = '/agreements/deliveries';
  return (await callOperator<{ deliveries: readonly Delivery[] }>(gateway, 'GET', path)).deliveries;
}

/**
 * Does what sends a document about an agreement, and waits a moment for the other member's gateway to take it. `late` is
 * empty where it has, else a sentence that says why not yet. Throws CommandRefusal where it was refused for good.
 */
export async function doAndTell<T>(
  gateway: GatewayDoors,
  agreementIn: (done: T) => string,
  act: () => Promise<T>,
): Promise<{ readonly done: T; readonly late: string }> {
  const before = new Set((await deliveriesOf(gateway)).map(({ id }) => id));
  const done = await act();
  const agreement = agreementIn(done);
  for (let turn = 1; ; turn += 1) {
    const left = (await deliveriesOf(gateway)).find((one) => one.agreement === agreement && !before.has(one.id));
    if (left === undefined) return { done, late: '' };
    if (left.refusedAt !== null) throw refusalOf(left);
    // Tried once and not taken: the next try may be an hour away.
    if (left.refusal !== '' || turn >= PATIENCE_TURNS) return { done, late: lateOf(left) };
    await sleep(TURN_MS);
  }
}

function refusalOf({ id, peer, kind, agreement, refusal }: Delivery): CommandRefusal {
  return new CommandRefusal(
    `${peer} refused the ${kind} of ${agreement}: ${refusal}; put it right, then ./wasl gateway agree send ${id}`,
  );
}

function lateOf({ peer, refusal }: Delivery): string {
  const why = refusal === '' ? '' : ` (${refusal})`;
  return `${peer} has not taken it yet${why}: it is sent again by itself; ./wasl gateway agree deliveries`;
}
