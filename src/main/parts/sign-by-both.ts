import { setTimeout as sleep } from 'node:timers/promises';
import type { Agreement } from '../../exchange/index.ts';
import type { Log } from '../../platform/index.ts';
import type { GatewayPart } from './gateway-part.ts';
import { callOperator, doorsOf } from './operator-call.ts';

/** A version of an agreement on the gateway of the one who provides. */
export type Unsigned = { readonly provider: GatewayPart; readonly id: string; readonly version: number };

type Offer = {
  readonly provider: string;
  readonly agreement: string;
  readonly version: number;
  readonly state: string;
};
type Signed = { readonly signatures: readonly { readonly party: string }[] };

const PATIENCE_MS = 10_000;
const TURN_MS = 25;

/**
 * Both members of a demonstration sign what was put on the providers' gateways, by the calls that their operators would
 * make. What is signed already is left alone, so that a start after a crash goes on where the one before stopped; what
 * is not signed when `until` ends, or after ten seconds, is left to the next start.
 */
export async function signByBoth(
  client: GatewayPart,
  agreements: readonly Unsigned[],
  log: Log,
  until?: AbortSignal,
): Promise<void> {
  let open: readonly Unsigned[] = agreements.filter((one) => mayBeSigned(heldOf(one)));
  for (const one of open) if (until?.aborted !== true) await offer(one);
  for (let waitedMs = 0; ; waitedMs += TURN_MS) {
    open = await unsignedOf(open);
    if (open.length === 0 || until?.aborted === true) return;
    if (waitedMs >= PATIENCE_MS) break;
    await acceptAll(client, open);
    await sleep(TURN_MS);
  }
  log.warn('demonstration.not-signed', { agreements: open.map(({ id }) => id) });
}

function heldOf({ provider, id, version }: Unsigned): Agreement | undefined {
  const { agreements } = provider.gateway.rights.current();
  return agreements.find((one) => one.id === id && one.version === version);
}

/** What an operator has suspended or ended since stays so. */
function mayBeSigned(held: Agreement | undefined): boolean {
  if (held === undefined || held.isSigned === true) return false;
  return held.status === 'draft' || held.status === 'offered' || held.status === 'active';
}

async function offer(one: Unsigned): Promise<void> {
  if (heldOf(one)?.status !== 'draft' && (await hasSigned(one, 'provider'))) return;
  await callOperator(doorsOf(one.provider), 'POST', `${pathOf(one)}/sign`);
}

async function unsignedOf(open: readonly Unsigned[]): Promise<readonly Unsigned[]> {
  const left: Unsigned[] = [];
  for (const one of open) {
    // Where signatures are required, the gateway knows by heart.
    const { isSigned } = heldOf(one) ?? {};
    if (!(isSigned ?? (await hasSigned(one, 'client')))) left.push(one);
  }
  return left;
}

async function acceptAll(client: GatewayPart, open: readonly Unsigned[]): Promise<void> {
  const { offers } = await callOperator<{ offers: readonly Offer[] }>(doorsOf(client), 'GET', '/offers');
  for (const { provider, agreement, version, state } of offers) {
    const isMeant = open.some(
      (one) => one.provider.server === provider && one.id === agreement && one.version === version,
    );
    if (!isMeant || state !== 'offered') continue;
    await callOperator(doorsOf(client), 'POST', '/offers/sign', { provider, agreement, version });
  }
}

async function hasSigned(one: Unsigned, side: 'provider' | 'client'): Promise<boolean> {
  const { signatures } = await callOperator<Signed>(doorsOf(one.provider), 'GET', pathOf(one));
  return signatures.some(({ party }) => party === side);
}

function pathOf({ id, version }: Unsigned): string {
  return `/agreements/${encodeURIComponent(id)}/versions/${version}`;
}
