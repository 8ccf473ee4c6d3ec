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
  for (const { agreement, version, provider, document, clientJws } of offers)
    print(
      `${clientJws === null ? 'waits ' : 'signed'}  ${agreement} v${version} of ${provider}: ${document?.client ?? ''} → ${document?.service ?? ''}`,
    );
}

/** The client's signature. An offer that is on its way is waited for. */
export async function acceptOffer(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const id = needId(words);
  for (let turn = 0; turn < PATIENCE_TURNS; turn += 1) {
    const found = (await offersOf(gateway)).filter((one) => one.agreement === id);
    const newest = found.toSorted((a, b) => b.version - a.version)[0];
    if (newest !== undefined) {
      const { provider, agreement, version } = newest;
      const signed = await callOperator<object>(gateway, 'POST', '/offers/sign', { provider, agreement, version });
      return print(
        values['json'] === true ? JSON.stringify(signed) : `${agreement} version ${version} is signed by both`,
      );
    }
    await sleep(TURN_MS);
  }
  throw new CommandRefusal(`nobody has offered an agreement "${id}" to this gateway; ./wasl gateway agree offers`);
}

async function offersOf(gateway: GatewayDoors): Promise<readonly Offer[]> {
  return (await callOperator<{ offers: readonly Offer[] }>(gateway, 'GET', '/offers')).offers;
}

function needId(words: readonly string[]): string {
  const [id] = words;
  if (id === undefined) throw new CommandRefusal('name the agreement; ./wasl gateway agree list shows them', 2);
  return id;
}
