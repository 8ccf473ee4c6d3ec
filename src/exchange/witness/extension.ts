import { Counter } from '../../platform/index.ts';
import type { GatewayCore, GatewayExtension } from '../gateway/extension.ts';
import { type TrustView, trustView } from '../gateway/trust-view.ts';
import type { HttpAnswer, Incoming } from '../gateway/wire.ts';
import { witnessedCheckpointRoute, witnessRoutes } from './routes.ts';
import { addCheckpoint, type WitnessDeps } from './service.ts';
import { showToWitnesses } from './submit.ts';

/**
 * Gateways witness each other's logs (C2SP tlog-witness over mutual TLS): what one has signed for others can no longer
 * be taken back or told differently to somebody else without an alarm here.
 */
export function witnessExtension(core: GatewayCore): GatewayExtension {
  const { context } = core;
  const deps: WitnessDeps = {
    db: context.db,
    witness: context.witness,
    vkeyOf: (origin) => vkeysOf(trustView(context.trust, context.clock())).get(origin),
    clock: context.clock,
  };
  const refused = new Counter({
    name: 'wasl_witness_refusals_total',
    help: 'Checkpoints of other logs that this witness did not sign',
    labelNames: ['kind'],
    registers: [context.measures.registry],
  });
  let showing: Promise<void> | undefined;
  const show = (): void => {
    showing ??= showToWitnesses(core)
      .catch((cause: unknown) => context.log.info('witness.not-shown', { cause: String(cause) }))
      .finally(() => {
        showing = undefined;
      });
  };
  const timer = setInterval(show, context.settings.witnessIntervalMs);
  timer.unref();
  return {
    name: 'witness',
    mount(server) {
      core.operators.mount(server, witnessRoutes(core));
      witnessedCheckpointRoute(core, server);
    },
    answerPeer: (_caller, incoming) =>
      answer(deps, incoming, (kind, detail) => {
        refused.inc({ kind });
        context.log.warn('witness.refused', { kind, detail });
      }),
    async close() {
      clearInterval(timer);
      await showing;
    },
  };
}

async function answer(
  deps: WitnessDeps,
  { method, target, body }: Incoming,
  tell: (kind: string, detail: string) => void,
): Promise<HttpAnswer> {
  if (method === 'GET' && target.endsWith('/v1/vkey')) return plain(200, `${deps.witness.vkey}\n`);
  if (method !== 'POST' || !target.endsWith('/v1/add-checkpoint')) return plain(404, 'there is only add-checkpoint\n');
  const added = await addCheckpoint(deps, body.toString('utf8'));
  if (added.ok) return plain(200, added.value);
  const { kind, status, detail, size } = added.error;
  tell(kind, detail);
  if (size === undefined) return plain(status, `${detail}\n`);
  return { ...plain(status, `${size}\n`), headers: [['content-type', 'text/x.tlog.size']] };
}

function plain(status: number, text: string): HttpAnswer {
  return { status, headers: [['content-type', 'text/plain; charset=utf-8']], body: Buffer.from(text) };
}

const known = new WeakMap<TrustView, ReadonlyMap<string, string>>();

/** The logs of the trust list's gateways, by origin. */
function vkeysOf(view: TrustView): ReadonlyMap<string, string> {
  const held = known.get(view);
  if (held !== undefined) return held;
  const vkeys = new Map(view.list.gateways.map(({ statement: { ledger } }) => [ledger.name, ledger.vkey]));
  known.set(view, vkeys);
  return vkeys;
}
