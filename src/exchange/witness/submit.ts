import { hash } from 'node:crypto';
import { consistencyProof, openCheckpoint, readCheckpoint } from '../../ledger/index.ts';
import type { GatewayCore } from '../gateway/extension.ts';
import { isInForce, type KnownGateway, type TrustView, trustView } from '../gateway/trust-view.ts';
import { formatAddCheckpoint } from './model.ts';
import { type Cosignature, listCosignatures, putCosignature, raiseAlarm } from './store.ts';

/** A log is shown to a few others, always the same: enough that one member alone cannot lie to each differently. */
const MOST_WITNESSES = 5;
const TIMEOUT_MS = 10_000;
const WITNESS_PATH = '/wasl/witness/v1';

/** Shows the newest checkpoint to the witnesses that have not signed it yet. Never throws: a witness that is away waits. */
export async function showToWitnesses(core: GatewayCore): Promise<void> {
  const { context } = core;
  const view = trustView(context.trust, context.clock());
  const checkpoint = await readCheckpoint(context.db.read, context.ledger.name);
  const opened = openCheckpoint(checkpoint, context.ledger.signer.vkey);
  if (!opened.ok || opened.value.size === 0) return;
  const signed = new Map((await listCosignatures(context.db.read)).map((one) => [one.witness, one]));
  const { size } = opened.value;
  for (const gateway of witnessesOf(core, view)) {
    const known = signed.get(gateway.statement.server);
    if (known !== undefined && known.size >= size) continue;
    await show(core, view, gateway, { checkpoint, size, known }).catch((cause: unknown) => {
      const witness = gateway.statement.server;
      context.log.info('witness.away', { witness, cause: cause instanceof Error ? cause.message : String(cause) });
    });
  }
}

/** Each log's own few, the same in every process: were they the first of the list, these would witness for everybody. */
function witnessesOf({ context }: GatewayCore, view: TrustView): readonly KnownGateway[] {
  const now = context.clock();
  return [...view.byTls.values()]
    .filter((one) => one.statement.server !== context.server && isInForce(one, now))
    .map((one) => ({ one, rank: hash('sha256', `${context.server} ${one.statement.server}`) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, MOST_WITNESSES)
    .map(({ one }) => one);
}

type Shown = { readonly checkpoint: string; readonly size: number; readonly known: Cosignature | undefined };

async function show(core: GatewayCore, view: TrustView, gateway: KnownGateway, shown: Shown): Promise<void> {
  const { context } = core;
  const vkey = shown.known?.vkey ?? (await ask(core, view, gateway, 'GET', '/vkey', '')).text.trim();
  let offered = shown.known?.size ?? 0;
  let answer = await offer(core, view, gateway, shown, offered);
  const held = heldSize(answer);
  if (held !== undefined && held <= shown.size) {
    offered = held;
    answer = await offer(core, view, gateway, shown, offered);
  }
  if (answer.status === 200) return keepLine(core, gateway, vkey, shown, answer.text);
  // Away, busy, or it does not know us yet: that says nothing about the log.
  if (answer.status !== 409 && answer.status !== 422) throw new Error(`it answered ${answer.status}`);
  if (await hasMovedOn(core, offered, heldSize(answer))) return;
  // It holds more of our log than we do, or another tree: our database was put back, or somebody else signs with our key.
  const detail = { status: answer.status, answer: answer.text.slice(0, 500), checkpoint: shown.checkpoint };
  const raised = await raiseAlarm(
    context.db.read,
    'own-log-refused',
    gateway.statement.server,
    detail,
    context.clock(),
  );
  if (raised) context.log.error('witness.refused-us', { witness: gateway.statement.server, status: answer.status });
}

/** What a witness says that it holds, where it refuses the old size that it was offered. */
function heldSize(answer: { readonly status: number; readonly text: string }): number | undefined {
  return answer.status === 409 && /^\d{1,16}\n?$/.test(answer.text) ? Number(answer.text) : undefined;
}

/** Another process of this gateway has shown it a newer checkpoint meanwhile; our log is looked at anew to know. */
async function hasMovedOn({ context }: GatewayCore, offered: number, held: number | undefined): Promise<boolean> {
  if (held === undefined || held === offered) return false;
  const newest = openCheckpoint(await readCheckpoint(context.db.read, context.ledger.name), context.ledger.signer.vkey);
  return newest.ok && held <= newest.value.size;
}

async function offer(core: GatewayCore, view: TrustView, gateway: KnownGateway, shown: Shown, old: number) {
  const { db, ledger } = core.context;
  const proof = old === 0 || old >= shown.size ? [] : await consistencyProof(db.read, ledger.name, old, shown.size);
  const body = formatAddCheckpoint({ old: Math.min(old, shown.size), proof, checkpoint: shown.checkpoint });
  return ask(core, view, gateway, 'POST', '/add-checkpoint', body);
}

/** A signature that is not of this checkpoint by that witness is no signature. */
async function keepLine(core: GatewayCore, gateway: KnownGateway, vkey: string, shown: Shown, line: string) {
  const { context } = core;
  const own = context.ledger.signer.vkey;
  const opened = openCheckpoint(`${shown.checkpoint}${line}`, own, { witnesses: [vkey] });
  const time = opened.ok ? opened.value.signatures.find((one) => one.time !== undefined)?.time : undefined;
  if (time === undefined) throw new Error('its signature is not right');
  const { server } = gateway.statement;
  await putCosignature(context.db.read, { ...shown, vkey, line, witness: server, signedAt: new Date(time * 1000) });
}

async function ask(
  { peers }: GatewayCore,
  view: TrustView,
  gateway: KnownGateway,
  method: 'GET' | 'POST',
  path: string,
  body: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await peers.toGateway(view, gateway, {
    method,
    target: `${WITNESS_PATH}${path}`,
    headers: [['content-type', 'text/plain; charset=utf-8']],
    body: Buffer.from(body),
    timeoutMs: TIMEOUT_MS,
    maxBodyBytes: 10_000,
  });
  return { status: answer.status, text: answer.body.toString('utf8') };
}
