import { type Json, parseJson } from '../../kernel/index.ts';
import type { GatewayCore, GatewayExtension } from '../gateway/extension.ts';
import { parseAgreement } from '../gateway/operator.ts';
import { trustView } from '../gateway/trust-view.ts';
import { agreementRoutes } from './routes.ts';
import { receiveDocument } from './service.ts';
import { type Delivery, markDelivered, putOffDelivery, takeDueDeliveries } from './store.ts';

const EVERY_MS = 1_000;
const HOLD_MS = 30_000;
const MOST_PAUSE_MS = 3_600_000;
const TIMEOUT_MS = 10_000;
const PATH = '/wasl/agreements/v1/documents';

/** Documents and signatures travel between the gateways of the two members. */
export function agreementExtension(core: GatewayCore): GatewayExtension {
  let sending: Promise<void> | undefined;
  const send = (): void => {
    sending ??= deliver(core)
      .catch((cause: unknown) => core.context.log.info('agreements.not-sent', { cause: String(cause) }))
      .finally(() => {
        sending = undefined;
      });
  };
  const timer = setInterval(send, EVERY_MS);
  timer.unref();
  return {
    name: 'agreements',
    mount: (server) => core.operators.mount(server, agreementRoutes(core)),
    async answerPeer(caller, { body }) {
      const read = parseJson(body.toString('utf8'), { maxChars: 200_000, maxDepth: 3 });
      const jws = read.ok ? (read.value as { readonly jws?: Json } | null)?.jws : undefined;
      await receiveDocument(core, caller, typeof jws === 'string' ? jws : '', parseAgreement);
      return { status: 204, headers: [], body: Buffer.alloc(0) };
    },
    async close() {
      clearInterval(timer);
      await sending;
    },
  };
}

/** A gateway that is away, or refuses, is asked again after 2, 4, 8 … seconds, at most an hour. */
async function deliver(core: GatewayCore): Promise<void> {
  const { context } = core;
  const now = context.clock().getTime();
  const due = await takeDueDeliveries(context.db.read, new Date(now), new Date(now + HOLD_MS));
  for (const one of due) {
    const status = await sendOne(core, one).catch(() => undefined);
    if (status === 204) {
      await markDelivered(context.db.read, one.id, context.clock());
      continue;
    }
    context.log.warn('agreement.not-delivered', { peer: one.peer, status, tries: one.tries });
    const pause = Math.min(MOST_PAUSE_MS, 1_000 * 2 ** Math.min(one.tries, 12));
    await putOffDelivery(context.db.read, one.id, new Date(context.clock().getTime() + pause));
  }
}

async function sendOne({ context, peers }: GatewayCore, { peer, jws }: Delivery): Promise<number> {
  const view = trustView(context.trust, context.clock());
  const gateway = [...view.byTls.values()].find((one) => one.statement.server === peer);
  if (gateway === undefined) throw new Error(`${peer} is not in the trust list`);
  const answer = await peers.toGateway(view, gateway, {
    method: 'POST',
    target: PATH,
    headers: [['content-type', 'application/json']],
    body: Buffer.from(JSON.stringify({ jws })),
    timeoutMs: TIMEOUT_MS,
    maxBodyBytes: 10_000,
  });
  return answer.status;
}
