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

function witnessesOf({ context }: GatewayCore, view: TrustView): readonly KnownGateway[] {
  const now = context.clock();
  return [...view.byTls.values()]
    .filter((one) => one.statement.server !== context.server && isInForce(one, now))
    .sort((a, b) => (a.statement.server < b.statement.server ? -1 : 1))
    .slice(0, MOST_WITNESSES);
}

type Shown = { readonly checkpoint: string; readonly size: number; readonly known: Cosignature | undefined };

async function show(core: GatewayCore, view: TrustView, gateway: KnownGateway, shown: Shown): Promise<void> {
  const { context } = core;
  const vkey = shown.known?.vkey ?? (await ask(core, view, gateway, 'GET', '/vkey', '')).text.trim();
  let old = shown.known?.size ?? 0;
  let answer = await offer(core, view, gateway, shown, old);
  if (answer.status === 409 && /^\d{1,16}\n?$/.test(answer.text)) {
    old = Number(answer.text);
    if (old <= shown.size) answer = await offer(core, view, gateway, shown, old);
  }
  if (answer.status === 200) return keepLine(core, gateway, vkey, shown, answer.text);
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
