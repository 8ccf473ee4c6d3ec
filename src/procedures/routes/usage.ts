import { type IsoDate, type LocalText, notFound, parseIsoDate, textIn } from '../../kernel/index.ts';
import { type Answer, formOf } from '../../platform/index.ts';
import { CONTEST_REASONS, memberKey, parseCursor, type UsageFilter } from '../model/usage.ts';
import { isExchange } from '../model/usage-reader.ts';
import { type ContestForm, contestPage } from '../pages/contest.ts';
import { refusedPage } from '../pages/request.ts';
import { type UsageAsked, usagePage } from '../pages/usage.ts';
import { usageCsv, usageJson } from '../pages/usage-file.ts';
import { allUses, ownAccesses, whoUsedMyData } from '../service/usage.ts';
import { contestUse, proofOfUse, type UseAddress } from '../service/usage-acts.ts';
import { openSourceBook, type SourceBook } from '../service/usage-sources.ts';
import { usageTexts } from '../texts/usage.ts';
import { actorOf, fieldOf, frameOf, html, languageOf, type PortalRoute, queryOf, type RouteDeps } from './deps.ts';
import { type Request, read, redirect } from './own.ts';

/** Who used the person's data, the proof of each use, and contesting one. */
export function usageRoutes(deps: RouteDeps): readonly PortalRoute[] {
  const list = '/:language/data-use';
  const one = `${list}/:teller/:exchange`;
  const book = openSourceBook(deps);
  return [
    { ...read, id: 'usage.show', rate: 'form', url: list, handle: (request) => show(deps, book, request) },
    ...(['csv', 'json'] as const).map(
      (kind): PortalRoute => ({
        ...read,
        id: `usage.list-${kind}`,
        rate: 'form',
        url: `${list}/list.${kind}`,
        handle: (request) => file(deps, book, request, kind),
      }),
    ),
    { ...read, id: 'usage.proof', rate: 'form', url: `${one}/proof`, handle: (request) => proof(deps, request) },
    {
      ...read,
      id: 'usage.contest-ask',
      url: `${one}/contest`,
      async handle(request) {
        const { address, name } = await addressOf(deps, request);
        return html(contestPage(frameOf(deps, request), { ...address, name }));
      },
    },
    {
      id: 'usage.contest',
      method: 'POST',
      access: 'citizen',
      // Nothing is kept here: the message stands in both gateways' ledgers, the request at the member.
      audit: null,
      rate: 'form',
      url: `${one}/contest`,
      handle: (request) => contest(deps, request),
    },
  ];
}

const CURSOR_CHARS = 20_000;

function askedOf(request: Request): { readonly asked: UsageAsked; readonly filter: UsageFilter } {
  const member = queryOf(request, 'member');
  const [from, until] = [queryOf(request, 'from').trim(), queryOf(request, 'until').trim()];
  const days = { from: parseIsoDate(from), until: parseIsoDate(until) };
  const { before } = request.query as { readonly before?: unknown };
  const place = typeof before === 'string' ? before.slice(0, CURSOR_CHARS) : '';
  const wrong = (['from', 'until'] as const).filter(
    (name) => days[name] === undefined && queryOf(request, name).trim() !== '',
  );
  return {
    asked: { member, from, until, before: place, wrong },
    filter: { member: /^[^/]{1,60}(\/[^/]{1,60}){2}$/.test(member) ? member : undefined, ...days } satisfies {
      readonly from: IsoDate | undefined;
      readonly until: IsoDate | undefined;
      readonly member: string | undefined;
    },
  };
}

async function show(deps: RouteDeps, book: SourceBook, request: Request): Promise<Answer> {
  const { asked, filter } = askedOf(request);
  const actor = actorOf(deps, request);
  // A place that cannot be read is an old or mangled address: the list begins anew.
  const cursor = asked.before === '' ? undefined : parseCursor(asked.before);
  const [page, accesses] = await Promise.all([
    whoUsedMyData(deps, book, actor, { filter, cursor }),
    ownAccesses(deps, actor),
  ]);
  const shown = { ...asked, before: cursor === undefined ? '' : asked.before };
  const status = asked.wrong.length > 0 ? 422 : 200;
  return html(usagePage(frameOf(deps, request), shown, page, accesses, deps.catalogue.published), status);
}

async function file(deps: RouteDeps, book: SourceBook, request: Request, kind: 'csv' | 'json'): Promise<Answer> {
  const { filter } = askedOf(request);
  const all = await allUses(deps, book, actorOf(deps, request), filter);
  const text = kind === 'csv' ? usageCsv(all, languageOf(request)) : usageJson(all);
  return {
    kind: 'bytes',
    contentType: kind === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/json',
    body: Buffer.from(text),
    fileName: `wasl-data-use.${kind}`,
  };
}

/** The subsystem and the exchange of an address, with the member's name: it must take part. */
async function addressOf(
  deps: RouteDeps,
  request: Request,
): Promise<{ readonly address: UseAddress; readonly name: LocalText }> {
  const { teller: key = '', exchange = '' } = request.params as {
    readonly teller?: string;
    readonly exchange?: string;
  };
  const members = (await deps.listMembers()) ?? [];
  for (const { id, name, subsystems } of members) {
    const code = subsystems.find((one) => memberKey(`${id}/${one}`) === key);
    if (code !== undefined && isExchange(exchange)) return { address: { teller: `${id}/${code}`, exchange }, name };
  }
  throw notFound('There is no such use of data.');
}

async function proof(deps: RouteDeps, request: Request): Promise<Answer> {
  const { address, name } = await addressOf(deps, request);
  const proven = await proofOfUse(deps, actorOf(deps, request), address);
  if (proven.ok) {
    const fileName = `wasl-evidence-${address.exchange}.json`;
    return { kind: 'bytes', contentType: 'application/json', body: proven.value, fileName };
  }
  const language = languageOf(request);
  const texts = usageTexts;
  const isAway = proven.error.kind === 'away';
  const why = (isAway ? texts.proofAway(textIn(name, language).text) : texts.notThere)[language];
  return html(refusedPage(frameOf(deps, request), why, `/${language}/data-use`), isAway ? 503 : 404);
}

async function contest(deps: RouteDeps, request: Request): Promise<Answer> {
  const { address, name } = await addressOf(deps, request);
  const { fields } = formOf(request);
  const words = fieldOf(fields, 'words').slice(0, 2_000);
  const given = fieldOf(fields, 'reason');
  const reason = CONTEST_REASONS.find((one) => one === given);
  const again = (more: Partial<ContestForm>, status: number) =>
    html(contestPage(frameOf(deps, request), { ...address, name, words, reason: given, ...more }), status);
  if (reason === undefined) return again({ isReasonMissing: true }, 422);
  const opened = await contestUse(deps, actorOf(deps, request), address, { reason, words });
  const language = languageOf(request);
  // To the list, where the request now stands with its number: a page that is loaded again sends nothing.
  if (opened.ok) return redirect(`/${language}/data-use`);
  const texts = usageTexts;
  if (opened.error.kind === 'away') {
    return again({ problem: texts.away(textIn(name, language).text)[language] }, 503);
  }
  return again({ problem: texts.notThere[language] }, 404);
}
