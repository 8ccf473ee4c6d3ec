import { callOperator, type GatewayDoors } from '../parts/operator-call.ts';
import { CommandRefusal, print } from '../terminal.ts';
import { deliveriesOf } from './gateway-told.ts';

type Values = Readonly<Record<string, unknown>>;

/** What has not reached the other member's gateway, and why. */
export async function listDeliveries(gateway: GatewayDoors, _words: readonly string[], values: Values): Promise<void> {
  const deliveries = await deliveriesOf(gateway);
  if (values['json'] === true) return print(JSON.stringify({ deliveries }));
  if (deliveries.length === 0) return print('everything has arrived');
  for (const { id, peer, agreement, kind, tries, dueAt, refusedAt, status, refusal } of deliveries) {
    const state = refusedAt === null ? `again at ${dueAt}, ${tries} tries` : `REFUSED (${status})`;
    print(`${id}  ${kind} of ${agreement} to ${peer}: ${state}`);
    if (refusal !== '') print(`    ${refusal}`);
  }
  if (deliveries.some(({ refusedAt }) => refusedAt !== null))
    print('what was refused goes once more with ./wasl gateway agree send NUMBER');
}

/** What was refused for good goes once more, when what stood in the way is gone. */
export async function sendAgain(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const [id = ''] = words;
  if (!/^[1-9]\d*$/.test(id))
    throw new CommandRefusal('name it by its number; ./wasl gateway agree deliveries shows them', 2);
  const held = (await deliveriesOf(gateway)).find((one) => String(one.id) === id);
  if (held === undefined)
    throw new CommandRefusal(`nothing of the number ${id} waits; ./wasl gateway agree deliveries`);
  if (held.refusedAt === null)
    throw new CommandRefusal(`${id} was not refused: it is sent again by itself at ${held.dueAt}`);
  const sent = await callOperator<object>(gateway, 'POST', `/agreements/deliveries/${id}/send`);
  print(values['json'] === true ? JSON.stringify(sent) : `${id} is sent again; ./wasl gateway agree deliveries`);
}
