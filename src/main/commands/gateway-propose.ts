import { callOperator, type GatewayDoors } from '../parts/operator-call.ts';
import { CommandRefusal, print } from '../terminal.ts';

type Values = Readonly<Record<string, unknown>>;
type Shown = {
  readonly peer: string;
  readonly id: string;
  readonly agreement: string;
  readonly client: string;
  readonly service: string;
  readonly note: string;
  readonly state: string;
  readonly reason: string;
};
type Offer = {
  readonly provider: string;
  readonly agreement: string;
  readonly version: number;
  readonly state: string;
};

/** Asks the member that provides a service for an agreement, as this one would have it. */
export async function askFor(gateway: GatewayDoors, values: Values, document: object): Promise<void> {
  await send(gateway, { note: need(values, 'note'), document });
}

/** An open offer is declined, and comes back to its provider as this member would have it. */
export async function changeOffer(
  gateway: GatewayDoors,
  [id = '']: readonly string[],
  values: Values,
  changes: object,
): Promise<void> {
  const { offers } = await callOperator<{ offers: readonly Offer[] }>(gateway, 'GET', '/offers');
  const open = offers.find((one) => one.agreement === id && one.state === 'offered');
  if (open === undefined) throw new CommandRefusal(`no offer "${id}" waits here; ./wasl gateway agree offers`);
  const { provider, agreement, version } = open;
  await send(gateway, { note: need(values, 'note'), document: changes, answers: { provider, agreement, version } });
}

async function send(gateway: GatewayDoors, body: object): Promise<void> {
  const { id, document } = await callOperator<{ id: string; document: { id: string } }>(
    gateway,
    'POST',
    '/proposals',
    body,
  );
  print(`${document.id} is proposed, as ${id}; ./wasl gateway agree proposals shows what comes of it`);
}

export async function listProposals(gateway: GatewayDoors, _words: readonly string[], values: Values): Promise<void> {
  const all = await proposals(gateway);
  if (values['json'] === true) return print(JSON.stringify(all));
  if (all.received.length + all.sent.length === 0) return print('no proposals');
  for (const [side, list] of Object.entries(all)) {
    for (const { id, peer, agreement, client, service, note, state, reason } of list) {
      print(`${state.padEnd(9)}  ${side === 'sent' ? 'to' : 'from'} ${peer}  ${agreement}: ${client} → ${service}`);
      print(`           ${id}  ${note}${reason === '' ? '' : `  (${reason})`}`);
    }
  }
}

/** The provider makes a draft of what was asked for; from there it is an agreement like any other. */
export async function draftProposal(
  gateway: GatewayDoors,
  [id = '']: readonly string[],
  _values: Values,
  document: object | undefined,
): Promise<void> {
  const { peer } = await shown(gateway, 'received', id);
  const body = { peer, id, ...(document === undefined ? {} : { document }) };
  const draft = await callOperator<{ id: string; version: number }>(gateway, 'POST', '/proposals/draft', body);
  print(`${draft.id} version ${draft.version} is a draft: sign it, and it is offered`);
}

export async function dismissProposal(
  gateway: GatewayDoors,
  [id = '']: readonly string[],
  values: Values,
): Promise<void> {
  const reason = need(values, 'reason');
  const { peer } = await shown(gateway, 'received', id);
  await callOperator(gateway, 'POST', '/proposals/dismiss', { peer, id, reason });
  print(`${id} is dismissed`);
}

/** What this member has asked for and nobody has answered. */
export async function withdrawProposal(
  gateway: GatewayDoors,
  [id = '']: readonly string[],
  values: Values,
): Promise<void> {
  const reason = need(values, 'reason');
  const { peer } = await shown(gateway, 'sent', id);
  await callOperator(gateway, 'POST', '/proposals/withdraw', { peer, id, reason });
  print(`${id} is withdrawn`);
}

async function shown(gateway: GatewayDoors, side: 'received' | 'sent', id: string): Promise<Shown> {
  const found = (await proposals(gateway))[side].find((one) => one.id === id);
  if (found !== undefined) return found;
  throw new CommandRefusal(`there is no proposal "${id}" here; ./wasl gateway agree proposals shows them`);
}

function proposals(gateway: GatewayDoors) {
  return callOperator<{ received: readonly Shown[]; sent: readonly Shown[] }>(gateway, 'GET', '/proposals');
}

function need(values: Values, name: 'note' | 'reason'): string {
  const value = values[name];
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw new CommandRefusal(`--${name} is needed; the other member reads it`, 2);
}
