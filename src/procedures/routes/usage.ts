import { isLanguage, notFound } from '../../kernel/index.ts';
import { type Answer, formOf } from '../../platform/index.ts';
import { CONTEST_REASONS, memberKey } from '../model/usage.ts';
import { refusedPage } from '../pages/request.ts';
import { type ContestForm, contestPage, usagePage } from '../pages/usage.ts';
import { contestUse, proofOfUse, type UseAddress, whoUsedMyData } from '../service/usage.ts';
import { usageTexts } from '../texts/usage.ts';
import { actorOf, fieldOf, frameOf, html, languageOf, type PortalRoute, type RouteDeps } from './deps.ts';
import { type Request, read, redirect } from './own.ts';

/** Who used the person's data, the proof of each use, and contesting one. */
export function usageRoutes(deps: RouteDeps): readonly PortalRoute[] {
  const one = '/:language/data-use/:member/:exchange';
  return [
    {
      ...read,
      id: 'usage.show',
      rate: 'form',
      url: '/:language/data-use',
      async handle(request) {
        const use = await whoUsedMyData(deps, actorOf(deps, request));
        return html(usagePage(frameOf(deps, request), use, deps.catalogue.published));
      },
    },
    { ...read, id: 'usage.proof', rate: 'form', url: `${one}/proof`, handle: (request) => proof(deps, request) },
    {
      ...read,
      id: 'usage.contest-ask',
      url: `${one}/contest`,
      handle: async (request) => html(contestPage(frameOf(deps, request), addressOf(deps, request))),
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

function addressOf(deps: RouteDeps, request: Request): UseAddress {
  const { member: key = '', exchange = '' } = request.params as {
    readonly member?: string;
    readonly exchange?: string;
  };
  const member = deps.members.find((one) => memberKey(one) === key);
  if (member === undefined || !/^[\w-]{16,64}$/.test(exchange)) throw notFound('There is no such use of data.');
  return { member, exchange };
}

async function proof(deps: RouteDeps, request: Request): Promise<Answer> {
  const address = addressOf(deps, request);
  const file = await proofOfUse(deps, actorOf(deps, request), address);
  if (file.ok) {
    const fileName = `wasl-evidence-${address.exchange}.json`;
    return { kind: 'bytes', contentType: 'application/json', body: file.value, fileName };
  }
  const language = languageOf(request);
  const texts = usageTexts;
  const isAway = file.error.kind === 'away';
  const why = (isAway ? texts.proofAway(nameOf(address, request)) : texts.notThere)[language];
  return html(refusedPage(frameOf(deps, request), why, `/${language}/data-use`), isAway ? 503 : 404);
}

async function contest(deps: RouteDeps, request: Request): Promise<Answer> {
  const address = addressOf(deps, request);
  const { fields } = formOf(request);
  const words = fieldOf(fields, 'words').slice(0, 2_000);
  const given = fieldOf(fields, 'reason');
  const reason = CONTEST_REASONS.find((one) => one === given);
  const again = (more: Partial<ContestForm>, status: number) =>
    html(contestPage(frameOf(deps, request), { ...address, words, reason: given, ...more }), status);
  if (reason === undefined) return again({ isReasonMissing: true }, 422);
  const opened = await contestUse(deps, actorOf(deps, request), address, { reason, words });
  const language = languageOf(request);
  // To the list, where the request now stands with its number: a page that is loaded again sends nothing.
  if (opened.ok) return redirect(`/${language}/data-use`);
  const texts = usageTexts;
  if (opened.error.kind === 'away') return again({ problem: texts.away(nameOf(address, request))[language] }, 503);
  return again({ problem: texts.notThere[language] }, 404);
}

function nameOf({ member }: UseAddress, request: Request): string {
  const { language } = request.params as { readonly language?: unknown };
  return (isLanguage(language) ? member.name[language] : undefined) ?? member.name.fr;
}
