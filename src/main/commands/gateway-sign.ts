import { setTimeout as sleep } from 'node:timers/promises';
import type { Agreement } from '../../exchange/index.ts';
import { callOperator, type GatewayDoors } from '../parts/operator-call.ts';
import { CommandRefusal, print } from '../terminal.ts';

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
const TURN_MS = 500;

/** The provider's signature: with it the agreement goes to the other member as an offer. */
export async function signAgreement(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const id = needId(words);
  const { agreements } = await callOperator<{ agreements: readonly Agreement[] }>(gateway, 'GET', '/agreements');
  const versions = agreements.filter((one) => one.id === id).map(({ version }) => version);
  if (versions.length === 0) throw new CommandRefusal(`there is no agreement "${id}" here`);
  const version = values['version'] === undefined ? Math.max(...versions) : Number(values['version']);
  const path = `/agreements/${encodeURIComponent(id)}/versions/${version}/sign`;
  const signed = await callOperator<{ jws: string }>(gateway, 'POST', path);
  print(
    values['json'] === true ? JSON.stringify(signed) : `${id} version ${version} is signed, and offered to the client`,
  );
}

/** What other members have signed and wait for this one to sign. */
export async function listOffers(gateway: GatewayDoors, _words: readonly string[], values: Values): Promise<void> {
  const offers = await offersOf(gateway);
  if (values['json'] === true) return print(JSON.stringify({ offers }));
  if (offers.length === 0) return print('no offers');
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
  const { provider, agreement, version } = await newestOffer(gateway, id, PATIENCE_TURNS);
  const signed = await callOperator<object>(gateway, 'POST', '/offers/sign', { provider, agreement, version });
  print(values['json'] === true ? JSON.stringify(signed) : `${agreement} version ${version} is signed by both`);
}

/** The client's no, with its reason, which the provider's operator reads. */
export async function declineOffer(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const reason = needReason(values);
  const { provider, agreement, version } = await newestOffer(gateway, needId(words), PATIENCE_TURNS);
  await callOperator(gateway, 'POST', '/offers/decline', { provider, agreement, version, reason });
  print(`${agreement} version ${version} is declined`);
}

/** The client ends an agreement that another member provides, with notice or at once. */
export async function leaveAgreement(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const reason = needReason(values);
  const { provider, agreement } = await newestOffer(gateway, needId(words), 1);
  const endsAt = instantFrom(values['at'], 'at');
  const end = { provider, agreement, reason, ...(endsAt === undefined ? {} : { endsAt }) };
  await callOperator(gateway, 'POST', '/offers/end', end);
  print(
    endsAt === undefined ? `agreement ${agreement} is ended` : `agreement ${agreement} ends on ${endsAt.slice(0, 10)}`,
  );
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

/** Of its versions the newest. One that is on its way is waited for. */
async function newestOffer(gateway: GatewayDoors, id: string, turns: number): Promise<Offer> {
  for (let turn = 1; ; turn += 1) {
    const found = (await offersOf(gateway)).filter((one) => one.agreement === id);
    const newest = found.toSorted((a, b) => b.version - a.version)[0];
    if (newest !== undefined) return newest;
    if (turn >= turns)
      throw new CommandRefusal(`nobody has offered an agreement "${id}" to this gateway; ./wasl gateway agree offers`);
    await sleep(TURN_MS);
  }
}

async function offersOf(gateway: GatewayDoors): Promise<readonly Offer[]> {
  return (await callOperator<{ offers: readonly Offer[] }>(gateway, 'GET', '/offers')).offers;
}

function needId(words: readonly string[]): string {
  const [id] = words;
  if (id === undefined) throw new CommandRefusal('name the agreement; ./wasl gateway agree list shows them', 2);
  return id;
}
