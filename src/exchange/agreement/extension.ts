import { type Json, parseJson } from '../../kernel/index.ts';
import { consoleHouse } from '../console/house.ts';
import { offerPages } from '../console/routes/offers.ts';
import type { GatewayCore, GatewayExtension } from '../gateway/extension.ts';
import { parseAgreement } from '../gateway/operator.ts';
import { agreementRoutes } from './routes.ts';
import { deliver } from './service/deliver.ts';
import type { AgreementDeps } from './service/deps.ts';
import { receiveDocument } from './service/receive.ts';
import { openTelling } from './service/tell.ts';

const EVERY_MS = 1_000;

/** Documents, signatures and acts on agreements travel between the gateways of the two members. */
export function agreementExtension(core: GatewayCore): GatewayExtension {
  const outbox = openOutbox(core);
  const deps: AgreementDeps = { core, wake: outbox.wake };
  core.rights.watch(openTelling(deps));
  return {
    name: 'agreements',
    mount(server) {
      core.operators.mount(server, agreementRoutes(deps));
      core.operators.mount(server, offerPages({ ...deps, house: consoleHouse(core.context.server) }));
    },
    async answerPeer(caller, { body }) {
      const read = parseJson(body.toString('utf8'), { maxChars: 200_000, maxDepth: 3 });
      const jws = read.ok ? (read.value as { readonly jws?: Json } | null)?.jws : undefined;
      await receiveDocument(deps, caller, typeof jws === 'string' ? jws : '', parseAgreement);
      return { status: 204, headers: [], body: Buffer.alloc(0) };
    },
    close: outbox.close,
  };
}

/** One round of sending at a time; what is woken during one is looked at after it. */
function openOutbox(core: GatewayCore): { wake(): void; close(): Promise<void> } {
  let sending: Promise<void> | undefined;
  let isWoken = false;
  let isOpen = true;
  const wake = (): void => {
    if (!isOpen) return;
    isWoken = sending !== undefined;
    sending ??= deliver(core)
      .catch((cause: unknown) => core.context.log.info('agreements.not-sent', { cause: String(cause) }))
      .finally(() => {
        sending = undefined;
        if (isWoken) wake();
      });
  };
  const timer = setInterval(wake, EVERY_MS);
  timer.unref();
  return {
    wake,
    async close() {
      isOpen = false;
      clearInterval(timer);
      await sending;
    },
  };
}
