import { callOperator, type GatewayDoors } from '../parts/operator-call.ts';
import { CommandRefusal, print } from '../terminal.ts';
import { needId, openOffer } from './gateway-sign.ts';
import { doAndTell } from './gateway-told.ts';

type Values = Readonly<Record<string, unknown>>;
type Proposed = { readonly id: string; readonly provider: string; readonly document: { readonly id: string } };
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
/** Asks the member that provides a service for an agreement, as this one would have it. */
export async function askFor(gateway: GatewayDoors, values: Values, document: object): Promise<void> {
  await send(gateway, values, { note: need(values, 'note'), document });
}

/** An open offer is declined, and comes back to its provider as this member would have it. */
export async function changeOffer(
  gateway: GatewayDoors,
  words: readonly string[],
  values: Values,
  changes: object,
): Promise<void> {
  const [id, note] = [needId(words), need(values, 'note')];
  if (Object.keys(changes).length === 0)
    throw new CommandRefusal('say what shall be otherwise: --field, --endpoint, --until, --condition, --rate …', 2);
  const { provider, agreement, version } = await openOffer(gateway, id, values);
  await send(gateway, values, { note, document: changes, answers: { provider, agreement, version } });
}

async function send(gateway: GatewayDoors, values: Values, body: object): Promise<void> {
  const { done, late } = await doAndTell(
    gateway,
    ({ document }) => document.id,
    () => callOperator<Proposed>(gateway, 'POST', '/proposals', body),
  );
  if (values['json'] === true) return print(JSON.stringify(done));
  const { id, provider, document } = done;
  print(`${document.id} is proposed to ${provider}, as ${id}${late === '' ? '' : `; ${late}`}`);
  print('  ./wasl gateway agree proposals shows what comes of it; agree offers, when it comes back signed');
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
  words: readonly string[],
  values: Values,
  document: object | undefined,
): Promise<void> {
  const { peer, id } = await shown(gateway, 'received', words);
  const body = { peer, id, ...(document === undefined ? {} : { document }) };
  const draft = await callOperator<{ id: string; version: number }>(gateway, 'POST', '/proposals/draft', body);
  if (values['json'] === true) return print(JSON.stringify(draft));
  print(
    `${draft.id} version ${draft.version} is a draft: ./wasl gateway agree sign ${draft.id} offers it to the client`,
  );
}

export async function dismissProposal(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const reason = need(values, 'reason');
  const { peer, id, agreement } = await shown(gateway, 'received', words);
  const { done, late } = await doAndTell(
    gateway,
    () => agreement,
    () => callOperator<object>(gateway, 'POST', '/proposals/dismiss', { peer, id, reason }),
  );
  if (values['json'] === true) return print(JSON.stringify(done));
  print(`the proposal ${id} of ${agreement} is dismissed${late === '' ? `, and ${peer} knows why` : `; ${late}`}`);
}

/** What this member has asked for and nobody has answered. */
export async function withdrawProposal(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const reason = need(values, 'reason');
  const { peer, id, agreement } = await shown(gateway, 'sent', words);
  const { done, late } = await doAndTell(
    gateway,
    () => agreement,
    () => callOperator<object>(gateway, 'POST', '/proposals/withdraw', { peer, id, reason }),
  );
  if (values['json'] === true) return print(JSON.stringify(done));
  print(`${id} is withdrawn${late === '' ? `, and ${peer} knows why` : `; ${late}`}`);
}

/** By its own name, or by the agreement's where one proposal of it waits. */
async function shown(gateway: GatewayDoors, side: 'received' | 'sent', [name]: readonly string[]): Promise<Shown> {
  if (name === undefined)
    throw new CommandRefusal('name the proposal, or its agreement; ./wasl gateway agree proposals shows them', 2);
  const all = (await proposals(gateway))[side];
  const found =
    all.find(({ id }) => id === name) ??
    onlyOne(
      all.filter((one) => one.agreement === name),
      name,
    );
  if (found !== undefined) return found;
  throw new CommandRefusal(`there is no proposal "${name}" here; ./wasl gateway agree proposals shows them`);
}

function onlyOne(named: readonly Shown[], name: string): Shown | undefined {
  const open = named.filter(({ state }) => state === 'open');
  if (open.length > 1)
    throw new CommandRefusal(
      `several proposals of "${name}" wait: name one, ${open.map(({ id }) => id).join(' or ')}`,
      2,
    );
  return open[0] ?? named[0];
}

function proposals(gateway: GatewayDoors) {
  return callOperator<{ received: readonly Shown[]; sent: readonly Shown[] }>(gateway, 'GET', '/proposals');
}

function need(values: Values, name: 'note' | 'reason'): string {
  const value = values[name];
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw new CommandRefusal(`--${name} is needed; the other member reads it`, 2);
}
