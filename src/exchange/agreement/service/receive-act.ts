import { conflict, forbidden, notFound } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import { findVersion, lockLife, saveLife } from '../../gateway/agreement-store.ts';
import type { GatewayCore } from '../../gateway/extension.ts';
import { gatewayOf, type KnownGateway, trustView } from '../../gateway/trust-view.ts';
import { type ActDocument, readSignedAct } from '../act-document.ts';
import type { Life, LifeAct, Party } from '../model.ts';
import { actOn } from '../rules.ts';
import { insertAct, newestNumber } from '../store/act.ts';
import { lockOfferLife, saveOfferLife } from '../store/offer.ts';
import { actingPeer, keysOf, notAcceptable } from './deps.ts';

/** A refusal, suspension, resumption or end that the other side of an agreement has signed. Throws a Problem. */
export async function receiveAct(core: GatewayCore, caller: KnownGateway, jws: string): Promise<void> {
  const read = readSignedAct(jws, keysOf(core, caller));
  if (!read.ok) throw notAcceptable(read.error.detail);
  const { party, act } = read.value;
  const { context, rights } = core;
  await context.db.transaction(async (tx) => {
    const life = party === 'provider' ? await ofProvider(tx, caller, act) : await ofClient(core, tx, caller, act);
    await take(core, tx, { caller, party, act, jws, life });
  });
  if (party === 'client') await rights.reload();
}

/** What another member provides to us. */
async function ofProvider(tx: Tx, caller: KnownGateway, act: ActDocument): Promise<Life> {
  const { server } = caller.statement;
  if (act.provider !== server) throw forbidden(`${server} does not speak for ${act.provider}.`);
  const life = await lockOfferLife(tx, act);
  if (life.versions.size === 0) throw notFound(`The agreement ${act.agreement} was not offered to this gateway.`);
  return life;
}

/** What we provide. Who is on the other side of it is read from the agreement, not from the act. */
async function ofClient({ context }: GatewayCore, tx: Tx, caller: KnownGateway, act: ActDocument): Promise<Life> {
  const { server } = caller.statement;
  if (act.provider !== context.server) throw forbidden(`${act.provider} is not this gateway.`);
  const life = await lockLife(tx, act.agreement, context.settings.requireSignatures);
  const newest = Math.max(0, ...life.versions.keys());
  const agreement = await findVersion(tx, act.agreement, act.version ?? newest);
  if (agreement === undefined) throw notFound(`There is no such version of the agreement ${act.agreement} here.`);
  const view = trustView(context.trust, context.clock());
  if (gatewayOf(view, agreement.client) !== caller) {
    throw forbidden(`${server} does not speak for ${agreement.client}.`);
  }
  return life;
}

type Received = {
  readonly caller: KnownGateway;
  readonly party: Party;
  readonly act: ActDocument;
  readonly jws: string;
  readonly life: Life;
};

async function take(core: GatewayCore, tx: Tx, { caller, party, act, jws, life }: Received): Promise<void> {
  const at = core.context.clock();
  const { agreement, provider, number, reason } = act;
  const book = { side: party === 'provider' ? 'client' : 'provider', provider, agreement } as const;
  // Taken before, or overtaken by what came after it.
  if (number <= (await newestNumber(tx, book, party))) return;
  const one = lifeActOf(act);
  const acted = actOn(life, one, at.getTime());
  // A refusal of what is no longer open is told to its sender. Of the rest nothing is left to do: it is so already.
  if (!acted.ok && act.act === 'decline') throw conflict(`It is too late: ${acted.error.detail}.`);
  if (!acted.ok) return;
  if (party === 'provider') await saveOfferLife(tx, act, acted.value, reason);
  else await saveLife(tx, agreement, acted.value, reason);
  const [version, endsAt] = [act.version ?? null, act.endsAt === undefined ? null : new Date(act.endsAt)];
  await insertAct(tx, { ...book, version, kind: act.act, party, number, reason, endsAt, at, jws });
  const event = act.act === 'decline' ? 'agreement.decline-received' : 'agreement.status-received';
  const detail = { act: act.act, ...(version === null ? {} : { version }) };
  await actingPeer(core, caller, event).record(tx, `${caller.statement.server} ${agreement}`, detail);
}

function lifeActOf({ act, version = 0, endsAt = '' }: ActDocument): LifeAct {
  if (act === 'decline') return { kind: act, version };
  return act === 'end' ? { kind: act, at: Date.parse(endsAt) } : { kind: act };
}
