import { setTimeout as sleep } from 'node:timers/promises';
import type { Agreement } from '../../exchange/index.ts';
import { callOperator, type GatewayDoors } from '../parts/operator-call.ts';
import { CommandRefusal, print } from '../terminal.ts';
import { doAndTell } from './gateway-told.ts';

type Values = Readonly<Record<string, unknown>>;
type Offer = {
  readonly provider: string;
  readonly agreement: string;
  readonly version: number;
  readonly document: Agreement | null;
  readonly clientJws: string | null;
  readonly state: string;
  readonly reason: string;
  readonly endsAt: string | null;
};

const PATIENCE_TURNS = 40;
/** Where an earlier version is here already, the next one may be on its way; mostly it is not. */
const NEXT_TURNS = 6;
const TURN_MS = 500;

/** The provider's signature: with it the agreement goes to the other member as an offer. */
export async function signAgreement(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const id = needId(words);
  const { agreements } = await callOperator<{ agreements: readonly Agreement[] }>(gateway, 'GET', '/agreements');
  const versions = agreements.filter((one) => one.id === id).map(({ version }) => version);
  if (versions.length === 0)
    throw new CommandRefusal(`there is no agreement "${id}" here; ./wasl gateway agree list shows them`);
  const version = values['version'] === undefined ? Math.max(...versions) : Number(values['version']);
  const path = `/agreements/${encodeURIComponent(id)}/versions/${version}/sign`;
  const isWithGroup = agreements.some((one) => one.id === id && one.client.startsWith('GROUP:'));
  const { done, late } = await doAndTell(
    gateway,
    () => id,
    () => callOperator<{ jws: string }>(gateway, 'POST', path),
  );
  if (values['json'] === true) return print(JSON.stringify(done));
  if (isWithGroup) return print(`${id} version ${version} is signed; with a group no other signature is needed`);
  if (late !== '') return print(`${id} version ${version} is signed; ${late}`);
  print(`${id} version ${version} is signed, and offered to the client`);
  print(`  the client takes it with ./wasl gateway agree accept ${id}; agree list shows when it has`);
}

/** What other members have signed and wait for this one to sign. */
export async function listOffers(gateway: GatewayDoors, _words: readonly string[], values: Values): Promise<void> {
  const offers = await offersOf(gateway);
  if (values['json'] === true) return print(JSON.stringify({ offers }));
  if (offers.length === 0) return print('no offers; ask for an agreement with ./wasl gateway agree ask');
  for (const { agreement, version, provider, document, state, reason, endsAt } of offers) {
    const parties = `${document?.client ?? ''} → ${document?.service ?? ''}`;
    const end = endsAt === null ? '' : `  ends ${endsAt.slice(0, 10)}`;
    print(
      `${(state === 'offered' ? 'waits' : state).padEnd(9)}  ${agreement} v${version} of ${provider}: ${parties}${end}`,
    );
    if (reason !== '') print(`           ${reason}`);
  }
}

/** The client's signature. An offer that is on its way is waited for. */
export async function acceptOffer(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const id = needId(words);
  const { provider, agreement, version } = await openOffer(gateway, id, values);
  const { done, late } = await doAndTell(
    gateway,
    () => agreement,
    () => callOperator<object>(gateway, 'POST', '/offers/sign', { provider, agreement, version }),
  );
  if (values['json'] === true) return print(JSON.stringify(done));
  print(
    late === ''
      ? `${agreement} version ${version} is signed by both`
      : `${agreement} version ${version} is signed by this member, and not in force before ${provider} has it`,
  );
  if (late !== '') print(`  ${late}`);
}

/** The client's no, with its reason, which the provider's operator reads. */
export async function declineOffer(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const reason = needReason(values);
  const { provider, agreement, version } = await openOffer(gateway, needId(words), values);
  const { done, late } = await doAndTell(
    gateway,
    () => agreement,
    () => callOperator<object>(gateway, 'POST', '/offers/decline', { provider, agreement, version, reason }),
  );
  if (values['json'] === true) return print(JSON.stringify(done));
  print(`${agreement} version ${version} is declined${late === '' ? `, and ${provider} knows why` : `; ${late}`}`);
}

/** The client ends an agreement that another member provides, with notice or at once. */
export async function leaveAgreement(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const reason = needReason(values);
  const id = needId(words);
  const [newest] = await offersNamed(gateway, id, values);
  if (newest === undefined) throw noSuchOffer(id);
  const { provider, agreement } = newest;
  const endsAt = instantFrom(values['at'], 'at');
  const end = { provider, agreement, reason, ...(endsAt === undefined ? {} : { endsAt }) };
  const { done, late } = await doAndTell(
    gateway,
    () => agreement,
    () => callOperator<object>(gateway, 'POST', '/offers/end', end),
  );
  if (values['json'] === true) return print(JSON.stringify(done));
  const what = endsAt === undefined ? 'is ended' : `ends on ${endsAt.slice(0, 10)}`;
  print(`agreement ${agreement} ${what}${late === '' ? `, and ${provider} knows why` : `; ${late}`}`);
}

function needReason(values: Values): string {
  const reason = values['reason'];
  if (typeof reason === 'string' && reason.trim() !== '') return reason;
  throw new CommandRefusal('--reason is needed; the other member reads it', 2);
}

/** An instant, or a day's first; undefined where nothing is said. */
export function instantFrom(value: unknown, name: string): string | undefined {
  if (typeof value !== 'string') return undefined;
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) throw new CommandRefusal(`--${name} is a date such as 2027-12-31`, 2);
  return date.toISOString();
}

/** The newest version that waits for an answer. One that is on its way is waited for. */
export async function openOffer(gateway: GatewayDoors, id: string, values: Values): Promise<Offer> {
  for (let turn = 1; ; turn += 1) {
    const held = await offersNamed(gateway, id, values);
    const open = held.find(({ state }) => state === 'offered');
    if (open !== undefined) return open;
    const [newest] = held;
    if (newest !== undefined && turn >= NEXT_TURNS) {
      const what = `version ${newest.version} is ${newest.state === 'active' ? 'signed already' : newest.state}`;
      throw new CommandRefusal(`no offer "${id}" waits here, ${what}; ./wasl gateway agree offers`);
    }
    if (turn >= PATIENCE_TURNS) throw noSuchOffer(id);
    await sleep(TURN_MS);
  }
}

/** The newest first. Two members may have chosen the same name for an agreement of theirs. */
async function offersNamed(gateway: GatewayDoors, id: string, values: Values): Promise<readonly Offer[]> {
  const named = (await offersOf(gateway)).filter((one) => one.agreement === id);
  const asked = values['provider'];
  const found = typeof asked === 'string' ? named.filter(({ provider }) => provider === asked) : named;
  const providers = [...new Set(found.map(({ provider }) => provider))];
  if (providers.length > 1)
    throw new CommandRefusal(
      `several offer an agreement "${id}": name one with --provider ${providers.join(' or ')}`,
      2,
    );
  return found.toSorted((a, b) => b.version - a.version);
}

function noSuchOffer(id: string): CommandRefusal {
  return new CommandRefusal(`nobody has offered an agreement "${id}" to this gateway; ./wasl gateway agree offers`);
}

async function offersOf(gateway: GatewayDoors): Promise<readonly Offer[]> {
  return (await callOperator<{ offers: readonly Offer[] }>(gateway, 'GET', '/offers')).offers;
}

export function needId(words: readonly string[]): string {
  const [id] = words;
  if (id === undefined)
    throw new CommandRefusal('name the agreement; ./wasl gateway agree list and agree offers show them', 2);
  return id;
}
