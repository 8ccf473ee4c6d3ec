import type { Tx } from '../../../platform/index.ts';
import type { ActWatcher, WrittenAct } from '../../gateway/agreement-book.ts';
import type { GatewayCore } from '../../gateway/extension.ts';
import { signAct } from '../act-document.ts';
import type { LifeAct } from '../model.ts';
import { insertAct, newestNumber } from '../store/act.ts';
import { offeredTo } from '../store/signature.ts';
import { toDocument } from './answer.ts';
import { type AgreementDeps, peerOf, putIntoOutbox } from './deps.ts';

/** Keeps each act on an agreement of ours, and tells the client's gateway of those that stop or resume it. */
export function openTelling({ core, wake }: AgreementDeps): ActWatcher {
  return { written: (tx, written) => keepAndTell(core, tx, written), committed: wake };
}

async function keepAndTell(core: GatewayCore, tx: Tx, { id, act, reason }: WrittenAct): Promise<void> {
  const { context } = core;
  const key = { provider: context.server, agreement: id };
  const at = context.clock();
  const version = 'version' in act ? act.version : null;
  const endsAt = act.kind === 'end' ? new Date(Math.max(act.at, at.getTime())) : null;
  const kept = { side: 'provider', party: 'provider', ...key, version, kind: act.kind, reason, endsAt, at } as const;
  const peer = isTold(act) ? await toldPeer(core, tx, id) : undefined;
  if (!isTold(act) || peer === undefined) return insertAct(tx, { ...kept, number: 0, jws: null });
  const number = 1 + (await newestNumber(tx, { side: 'provider', ...key }, 'provider'));
  const jws = signAct(
    context.signing,
    'provider',
    toDocument(key, act.kind, { number, reason, version: null, endsAt, at }),
  );
  await insertAct(tx, { ...kept, number, jws });
  await putIntoOutbox(tx, core, { peer, agreement: id, version: null, kind: act.kind, jws });
}

function isTold(act: LifeAct): act is LifeAct & { readonly kind: 'suspend' | 'resume' | 'end' } {
  return act.kind === 'suspend' || act.kind === 'resume' || act.kind === 'end';
}

/** Who was never offered the agreement knows nothing of it that could stop. */
async function toldPeer(core: GatewayCore, tx: Tx, id: string): Promise<string | undefined> {
  const client = await offeredTo(tx, id);
  return client === undefined ? undefined : peerOf(core, client)?.statement.server;
}
