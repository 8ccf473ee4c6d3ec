import { FAULTS } from '../../exchange/index.ts';
import { isLanguage, type Language, notFound } from '../../kernel/index.ts';
import { wantsHtml } from '../../platform/index.ts';
import { toCpsvAp } from '../model/cpsv-ap.ts';
import { cataloguePage, homePage, procedurePage } from '../pages/catalogue.ts';
import { type PlainPage, plainPage } from '../pages/plain.ts';
import { problemTypePage } from '../pages/problem-type.ts';
import { unknownPaperPage, verifyPage } from '../pages/verify.ts';
import { searchProcedures } from '../rules/search.ts';
import { currentProcedure, draftOf } from '../service/filing.ts';
import { keySet, publicView } from '../service/verifying.ts';
import { PROBLEM_TYPES } from '../texts/problems.ts';
import { actorOf, frameOf, html, idOf, type PortalRoute, queryOf, type RouteDeps } from './deps.ts';

/** What anybody may read. */
export function catalogueRoutes(deps: RouteDeps): readonly PortalRoute[] {
  const open = { method: 'GET', access: 'public', audit: null, rate: 'page' } as const;
  return [
    { ...open, id: 'portal.root', url: '/', handle: async () => ({ kind: 'redirect', to: '/ar' }) },
    {
      ...open,
      id: 'portal.home',
      url: '/:language',
      handle: async (request) => html(homePage(frameOf(deps, request), deps.catalogue.published)),
    },
    {
      ...open,
      id: 'procedures.list',
      url: '/:language/procedures',
      handle: async (request) => listProcedures(deps, request),
    },
    {
      ...open,
      id: 'procedures.show',
      url: '/:language/procedures/:id',
      handle: async (request) => showProcedure(deps, request),
    },
    {
      ...open,
      id: 'procedures.linked-data',
      url: '/procedures/:id.jsonld',
      handle: async (request) => linkedData(deps, request),
    },
    ...(['accessibility', 'legal', 'ledger'] as const).map((which: PlainPage) => ({
      ...open,
      id: `portal.${which}`,
      url: `/:language/${which}`,
      handle: async (request: Parameters<PortalRoute['handle']>[0]) =>
        html(plainPage(frameOf(deps, request), which, deps.logs())),
    })),
    {
      ...open,
      id: 'public.keys',
      rate: 'api',
      url: '/.well-known/jwks.json',
      handle: async () => ({ kind: 'json', body: keySet(deps), contentType: 'application/jwk-set+json' }),
    },
    { ...open, id: 'public.seal', rate: 'form', url: '/v/:id.jws', handle: async (request) => showSeal(deps, request) },
    { ...open, id: 'public.verify', rate: 'form', url: '/v/:id', handle: async (request) => verify(deps, request) },
    { ...open, id: 'public.problem', url: '/problems/:id', handle: async (request) => showProblem(request) },
  ];
}

type Request = Parameters<PortalRoute['handle']>[0];

async function listProcedures(deps: RouteDeps, request: Request) {
  const query = queryOf(request, 'q').trim();
  const theme = queryOf(request, 'theme');
  const { published, index } = deps.catalogue;
  const hits = query === '' ? undefined : searchProcedures(index, query, 50);
  const found =
    hits === undefined
      ? published.filter((one) => theme === '' || one.theme === theme)
      : hits.flatMap((hit) => hit.procedure);
  return html(
    cataloguePage(frameOf(deps, request), { query, theme: theme === '' ? undefined : theme, found, all: published }),
  );
}

async function showProcedure(deps: RouteDeps, request: Request) {
  const procedure = currentProcedure(deps, idOf(request));
  const session = deps.sessionOf(request);
  const draft = session === undefined ? undefined : await draftOf(deps, actorOf(deps, request), procedure.id);
  return html(procedurePage(frameOf(deps, request), procedure, draft !== undefined));
}

async function linkedData(deps: RouteDeps, request: Request) {
  const body = toCpsvAp(currentProcedure(deps, idOf(request)), deps.baseUrl());
  return { kind: 'json', body, contentType: 'application/ld+json' } as const;
}

async function verify(deps: RouteDeps, request: Request) {
  const asked = queryOf(request, 'lang');
  const language = isLanguage(asked) ? asked : preferred(request.headers['accept-language']);
  const id = idOf(request);
  const view = await publicView(deps, id);
  if (view === undefined && !wantsHtml(request)) throw unknownPaper();
  const body =
    view === undefined
      ? unknownPaperPage(language, id, deps.demonstration)
      : verifyPage(language, id, view, deps.demonstration);
  return {
    kind: 'html',
    status: view === undefined ? 404 : 200,
    body,
    headers: { 'x-robots-tag': 'noindex', 'content-language': language, vary: 'accept-language' },
  } as const;
}

function unknownPaper() {
  return notFound(
    'No receipt and no certificate has this address. Check each letter, and that the site is the right one.',
  );
}

/** The first of our languages that the browser names; Arabic where it names none. */
function preferred(header: string | undefined): Language {
  for (const item of (header ?? '').split(',')) {
    const code = item.trim().slice(0, 2).toLowerCase();
    if (isLanguage(code)) return code;
  }
  return 'ar';
}

async function showSeal(deps: RouteDeps, request: Request) {
  const view = await publicView(deps, idOf(request));
  if (view === undefined) throw unknownPaper();
  if (view.kind !== 'attestation')
    throw notFound('A receipt has no seal of its own; its page says whether it is genuine.');
  return { kind: 'text', body: view.jws, contentType: 'application/jose' } as const;
}

async function showProblem(request: Request) {
  const slug = idOf(request);
  const fault = Object.hasOwn(FAULTS, slug) ? FAULTS[slug as keyof typeof FAULTS] : undefined;
  const entry = fault ?? PROBLEM_TYPES.find((one) => one.slug === slug);
  if (entry === undefined) throw notFound('There is no problem type of this name.');
  return html(problemTypePage({ slug, status: entry.status, title: entry.title, remedy: entry.remedy }));
}
