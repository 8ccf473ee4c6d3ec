import { type Language, textIn } from '../../../kernel/index.ts';
import { openCheckpoint, readCheckpoint } from '../../../ledger/index.ts';
import { listUndelivered } from '../../agreement/store/delivery.ts';
import { listOffers } from '../../agreement/store/offer.ts';
import { countOpenProposals } from '../../agreement/store/proposal.ts';
import { subscriberStates, subscriptionStates } from '../../events/service/operate.ts';
import { countDeadLetters } from '../../events/store/dead-letter.ts';
import type { GatewayContext } from '../../gateway/model.ts';
import { trustState } from '../../gateway/trust-state.ts';
import { timestampAgeMs } from '../../timestamp/age.ts';
import { countOpenContests } from '../../usage/store.ts';
import { countOpenAlarms } from '../../witness/store.ts';
import type { ConsoleDeps } from '../deps.ts';
import type { Overview } from '../pages/overview.ts';
import { addLatencies, percentile } from '../rules/latency.ts';
import { type Facts, needsOf } from '../rules/needs.ts';
import { countMessages, listMinutes } from '../store/minute.ts';
import { certificatesOf } from './certificates.ts';

/** All that the first page shows, read now. */
export async function readOverview(deps: ConsoleDeps, language: Language): Promise<Overview> {
  const { context, rights } = deps;
  const now = context.clock();
  const hour = await lastHour(context, now);
  const current = context.trust.current(now);
  const list = current.ok ? current.value : undefined;
  const own = list?.gateways.find((one) => one.statement.server === context.server)?.statement;
  const { agreements, services } = rights.current();
  const ageMs = await timestampAgeMs(context);
  const facts: Facts = {
    trust:
      list === undefined
        ? { ok: false, detail: current.ok ? '' : current.error.detail }
        : {
            ok: true,
            issuedAt: new Date(list.issuedAt),
            expiresAt: new Date(list.expiresAt),
            isListed: own !== undefined,
          },
    refusedList: trustState(context).refused?.fault,
    certificates: own === undefined ? [] : certificatesOf(own),
    agreements: agreements.map(({ id, status, validUntil }) => ({ id, status, validUntil: new Date(validUntil) })),
    waiting: (await listOffers(context.db.read)).filter((one) => one.state === 'offered').map((one) => one.agreement),
    stampedAt: ageMs === undefined ? undefined : new Date(now.getTime() - ageMs),
    openProposals: await countOpenProposals(context.db.read),
    refusedDocuments: (await listUndelivered(context.db.read)).filter((one) => one.refusedAt !== null).length,
    openContests: await countOpenContests(context.db.read),
    openAlarms: await countOpenAlarms(context.db.read),
    events: {
      deadLetters: await countDeadLetters(context.db.read),
      subscribers: await subscriberStates(context.db.read),
      subscriptions: await subscriptionStates(context.db.read),
    },
    services: [...services.values()],
    traffic: hour,
  };
  return {
    server: context.server,
    address: context.address,
    member: own === undefined ? '—' : textIn(own.member.name, language).text,
    trust: list && { version: list.version, issuedAt: new Date(list.issuedAt), expiresAt: new Date(list.expiresAt) },
    entries: await ledgerSize(context),
    needs: needsOf(facts, now),
    hour,
    members: new Set(list?.gateways.map((one) => one.statement.member.id)).size,
    services: services.size,
    agreements: agreements.filter((one) => one.status === 'active').length,
  };
}

async function lastHour(context: GatewayContext, now: Date): Promise<Overview['hour']> {
  await countMessages(context.db);
  const minutes = await listMinutes(context.db.read, 1, new Date(now.getTime() - 3_600_000));
  const sum = (key: 'answered' | 'failed' | 'refused') => minutes.reduce((total, one) => total + one[key], 0);
  const latencies = addLatencies(minutes.map((one) => one.latencies));
  return {
    answered: sum('answered'),
    failed: sum('failed'),
    refused: sum('refused'),
    latencies: [0.5, 0.95, 0.99].map((share) => percentile(latencies, share)),
  };
}

async function ledgerSize(context: GatewayContext): Promise<number> {
  const opened = openCheckpoint(await readCheckpoint(context.db.read, context.ledger.name), context.ledger.signer.vkey);
  return opened.ok ? opened.value.size : 0;
}
