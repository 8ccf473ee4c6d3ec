import { callOperator, type GatewayDoors } from '../parts/operator-call.ts';
import { CommandRefusal, print } from '../terminal.ts';

type Values = Readonly<Record<string, unknown>>;
type Delivery = {
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

/** What has not reached the other member's gateway, and why. */
export async function listDeliveries(gateway: GatewayDoors, _words: readonly string[], values: Values): Promise<void> {
  const path = '/agreements/deliveries';
  const { deliveries } = await callOperator<{ deliveries: readonly Delivery[] }>(gateway, 'GET', path);
  if (values['json'] === true) return print(JSON.stringify({ deliveries }));
  if (deliveries.length === 0) return print('everything has arrived');
  for (const { id, peer, agreement, kind, tries, dueAt, refusedAt, status, refusal } of deliveries) {
    const state = refusedAt === null ? `again at ${dueAt}, ${tries} tries` : `REFUSED (${status})`;
    print(`${id}  ${kind} of ${agreement} to ${peer}: ${state}`);
    if (refusal !== '') print(`    ${refusal}`);
  }
}

/** What was refused for good goes once more, when what stood in the way is gone. */
export async function sendAgain(gateway: GatewayDoors, words: readonly string[]): Promise<void> {
  const [id = ''] = words;
  if (!/^[1-9]\d*$/.test(id)) throw new CommandRefusal('name it by its number; agree deliveries shows them', 2);
  await callOperator(gateway, 'POST', `/agreements/deliveries/${id}/send`);
  print(`${id} is sent again`);
}
