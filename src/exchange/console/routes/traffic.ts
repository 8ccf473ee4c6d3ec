import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { notFound, unavailable } from '../../../kernel/index.ts';
import { listBodiesOf } from '../../archive/store.ts';
import { describeProof, verifyProof } from '../../evidence/any.ts';
import { describeRefusal, type EvidenceWords } from '../../evidence/words.ts';
import { exportProof } from '../../gateway/failed-proof.ts';
import { findMessages } from '../../gateway/store.ts';
import { trustView } from '../../gateway/trust-view.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import type { Actor } from '../../operators/model.ts';
import { frameOf, languageOf, page, paramOf, queryOf, redirect } from '../../operators/routes/page.ts';
import { readSorting } from '../../operators/sorting.ts';
import type { ConsoleDeps } from '../deps.ts';
import { exchangePage } from '../pages/exchange.ts';
import { PERIODS, type Period, trafficPage, trafficTable } from '../pages/traffic.ts';
import { OUTCOMES } from '../rules/traffic.ts';
import { listTraffic, NEWEST_FIRST, TRAFFIC_COLUMNS, type TrafficFilter } from '../store/traffic.ts';

const BASE = '/:language/console/traffic';
const PAGE_SIZE = 50;
const HOURS: Readonly<Record<Period, number>> = { hour: 1, day: 24, week: 168, month: 744 };

export function trafficRoutes(deps: ConsoleDeps): readonly OperatorRoute[] {
  const read = { method: 'GET', access: 'console.read', audit: null, rate: 'page' } as const;
  return [
    {
      ...read,
      id: 'console.traffic.list',
      url: BASE,
      async handle(request, { actor }) {
        const find = queryOf(request, 'find').trim();
        if (find !== '') return redirect(`/${languageOf(request)}/console/traffic/${encodeURIComponent(find)}`);
        const filter = filterOf(deps, request);
        const sorting = readSorting(queryOf(request, 'sort'), TRAFFIC_COLUMNS, NEWEST_FIRST);
        const found = await listTraffic(deps.context.db.read, filter, PAGE_SIZE + 1, sorting);
        const rows = found.slice(0, PAGE_SIZE);
        const last = rows.at(-1);
        const isFirst = filter.before === undefined;
        const isLive = isFirst && sorting.by === 'at' && sorting.isDown;
        return page(
          trafficPage(frameOf(deps.house, request, actor), {
            rows,
            filter: shownFilter(request),
            sorting,
            next: found.length > PAGE_SIZE && last !== undefined ? hrefOf(request, '', String(last.index)) : undefined,
            first: isFirst ? undefined : hrefOf(request, ''),
            live: isLive ? hrefOf(request, '/live') : undefined,
          }),
        );
      },
    },
    {
      ...read,
      id: 'console.exchange.show',
      url: `${BASE}/:exchange`,
      handle: async (request, { actor }) => page(await showExchange(deps, request, actor)),
    },
    {
      id: 'console.exchange.verify',
      method: 'POST',
      url: `${BASE}/:exchange/verify`,
      access: 'evidence.read',
      audit: 'evidence.verified',
      rate: 'form',
      async handle(request, acting) {
        const { context, peers } = deps;
        const anchor = context.trust.anchor?.();
        if (anchor === undefined) throw unavailable('This gateway holds no trust anchor to verify against.');
        const file = await exportProof(context, peers, paramOf(request, 'exchange'));
        // The other half may be of an instance that our registry lets in, by the anchor that stands in its list.
        const { federated } = trustView(context.trust, context.clock()).list;
        const report = verifyProof(file, [anchor, ...federated.map((one) => one.anchor)]);
        const language = languageOf(request);
        const words = report.ok ? describeProof(report.value, language) : describeRefusal(report.error, language);
        return page(await showExchange(deps, request, acting.actor, words));
      },
    },
  ];
}

async function showExchange(
  deps: ConsoleDeps,
  request: FastifyRequest,
  actor: Actor,
  verified?: EvidenceWords,
): Promise<string> {
  const id = paramOf(request, 'exchange');
  const messages = await findMessages(deps.context.db.read, id);
  if (messages.length === 0) throw notFound('There is no exchange of this id.');
  const decided = messages.map((one) => one.record).find((one) => one.agreement !== null);
  const agreement = deps.rights
    .current()
    .agreements.find((one) => one.id === decided?.agreement && one.version === decided.agreementVersion);
  const frame = frameOf(deps.house, request, actor, `/console/traffic/${encodeURIComponent(id)}`);
  const archive = await listBodiesOf(deps.context.db.read, messages[0]?.record.exchange ?? id);
  return exchangePage(frame, { messages, agreement, archive, verified });
}

function shownFilter(request: FastifyRequest) {
  const period = queryOf(request, 'period');
  const outcome = queryOf(request, 'outcome');
  return {
    service: queryOf(request, 'service').trim(),
    member: queryOf(request, 'member').trim(),
    outcome: OUTCOMES.find((one) => one === outcome) ?? '',
    period: PERIODS.find((one) => one === period) ?? 'day',
  };
}

function filterOf(deps: ConsoleDeps, request: FastifyRequest): TrafficFilter {
  const { service, member, outcome, period } = shownFilter(request);
  const number = (name: string) => {
    const value = queryOf(request, name);
    return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  };
  const orNone = (value: string) => (value === '' ? undefined : value);
  return {
    service: orNone(service),
    member: orNone(member),
    outcome: OUTCOMES.find((one) => one === outcome),
    from: new Date(deps.context.clock().getTime() - HOURS[period] * 3_600_000),
    before: number('before'),
    after: number('after'),
  };
}

function hrefOf(request: FastifyRequest, rest: string, before = ''): string {
  const sort = queryOf(request, 'sort');
  const kept = Object.entries({ ...shownFilter(request), sort, before }).filter(([, value]) => value !== '');
  return `/${languageOf(request)}/console/traffic${rest}?${new URLSearchParams(kept)}`;
}

const LIVE = { everyMs: 2_000, forMs: 600_000, atOnce: 20, rows: 50 } as const;

/**
 * New messages as server-sent events. Each reader asks the database every two seconds, so there are few of them; a
 * stream ends after ten minutes and the page asks for the next, where the guard stands again.
 */
export function mountLive(server: FastifyInstance, deps: ConsoleDeps): void {
  const open = new Set<() => void>();
  server.addHook('preClose', async () => {
    for (const end of open) end();
  });
  server.get(`${BASE}/live`, async (request, reply) => {
    await deps.operators.enter('console.read', request);
    const language = languageOf(request);
    if (open.size >= LIVE.atOnce) return reply.status(503).header('retry-after', '30').send();
    let after = filterOf(deps, request).after ?? (await lastIndex(deps, request));
    const end = stream(reply, async () => {
      const rows = await listTraffic(deps.context.db.read, { ...filterOf(deps, request), after }, LIVE.rows);
      after = rows[0]?.index ?? after;
      return rows.length === 0 ? undefined : String(trafficTable(rows, language));
    });
    open.add(end);
    reply.raw.on('close', () => {
      end();
      open.delete(end);
    });
    return reply;
  });
}

async function lastIndex(deps: ConsoleDeps, request: FastifyRequest): Promise<number> {
  const [newest] = await listTraffic(deps.context.db.read, filterOf(deps, request), 1);
  return newest?.index ?? -1;
}

/** Sends what `next` gives until the reader leaves or the time is over. Gives the way to end it. */
function stream(reply: FastifyReply, next: () => Promise<string | undefined>): () => void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // A proxy that gathers answers would make "live" late.
    'x-accel-buffering': 'no',
  });
  raw.write(': begun\n\n');
  const tick = setInterval(() => {
    next().then(
      (markup) => {
        if (markup === undefined) raw.write(': still here\n\n');
        else raw.write(`event: rows\ndata: ${markup.replaceAll(/\r?\n/g, '\ndata: ')}\n\n`);
      },
      () => raw.end(),
    );
  }, LIVE.everyMs);
  const over = setTimeout(() => raw.end(), LIVE.forMs);
  return () => {
    clearInterval(tick);
    clearTimeout(over);
    raw.end();
  };
}
