import type { FastifyRequest } from 'fastify';
import { forbidden, isLanguage, notFound, type Problem } from '../../kernel/index.ts';
import {
  type Answer,
  createHttpServer,
  formOf,
  type Log,
  mountAssets,
  mountRoutes,
  type Route,
} from '../../platform/index.ts';
import { problemPage, webAssets } from '../../web/index.ts';
import { languageOf, page, paramOf, queryOf, redirect, textOf } from '../operators/routes/page.ts';
import { parseTrial, type Trial, type TrialDeps } from './model.ts';
import { formPage, trialPage } from './pages.ts';
import { sendTrial } from './service.ts';
import { trialTexts } from './texts.ts';

export type TrialServer = { readonly url: string; close(): Promise<void> };

const MOST_KEPT = 50;

/** The sandbox's page: send a message, look at each step of it. The latest messages are held in memory, for trying. */
export async function openTrialServer(
  deps: TrialDeps,
  { host, port, log }: { readonly host: string; readonly port: number; readonly log: Log },
): Promise<TrialServer> {
  const server = await createHttpServer({ log, baseUrl: () => 'https://wasl.example', problemPage: trialProblemPage });
  mountAssets(server, webAssets());
  server.get('/', async (_request, reply) => reply.redirect('/ar', 303));
  mountRoutes(server, trialRoutes(deps, new Map()), async () => {});
  const url = await server.listen({ host, port });
  return { url, close: () => server.close() };
}

function trialRoutes(deps: TrialDeps, kept: Map<string, Trial>): readonly Route<'public'>[] {
  const read = { method: 'GET', access: 'public', audit: null, rate: 'page' } as const;
  const find = (request: FastifyRequest): Trial => {
    const trial = kept.get(paramOf(request, 'id'));
    if (trial === undefined) throw notFound(trialTexts.unknown[languageOf(request)]);
    return trial;
  };
  return [
    { ...read, id: 'trial.form.show', url: '/:language', handle: async (request) => showForm(deps, request) },
    {
      ...read,
      id: 'trial.message.send',
      method: 'POST',
      url: '/:language/messages',
      rate: 'form',
      handle: async (request) => send(deps, kept, request),
    },
    {
      ...read,
      id: 'trial.message.show',
      url: '/:language/messages/:id',
      handle: async (request) =>
        page(trialPage({ language: languageOf(request), path: request.url.slice(3) }, find(request))),
    },
    {
      ...read,
      id: 'trial.evidence.read',
      url: '/:language/messages/:id/evidence',
      async handle(request) {
        const { proof, id } = find(request);
        if (proof === undefined) throw notFound(trialTexts.noEvidence[languageOf(request)]);
        return { kind: 'bytes', contentType: 'application/json', fileName: `${id}.json`, body: proof.bytes };
      },
    },
  ];
}

function showForm(deps: TrialDeps, request: FastifyRequest): Answer {
  const language = languageOf(request);
  const [first] = deps.samples;
  const values = {
    method: queryOf(request, 'method') || (first?.method ?? 'GET'),
    path: queryOf(request, 'path') || (first?.path ?? '/'),
    body: queryOf(request, 'body'),
    purpose: '',
  };
  return page(formPage({ language, path: request.url.slice(3) }, deps, { values, faults: [] }));
}

async function send(deps: TrialDeps, kept: Map<string, Trial>, request: FastifyRequest): Promise<Answer> {
  const language = languageOf(request);
  // There is no sign-in here: a page of another site must not send messages through the browser of who tries.
  if (request.headers['sec-fetch-site'] === 'cross-site') throw forbidden('Send the form of the sandbox itself.');
  const posted = formOf(request);
  const [method, path, body, purpose] = ['method', 'path', 'body', 'purpose'].map((name) =>
    textOf(posted, name).trim(),
  );
  const values = { method: method ?? '', path: path ?? '', body: body ?? '', purpose: purpose ?? '' };
  const parsed = parseTrial(values);
  if (!parsed.ok) return page(formPage({ language, path: '' }, deps, { values, faults: parsed.error }), 422);
  const trial = await sendTrial(deps, parsed.value);
  kept.set(trial.id, trial);
  for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - MOST_KEPT))) kept.delete(oldest);
  return redirect(`/${language}/messages/${trial.id}`);
}

function trialProblemPage(problem: Problem, request: FastifyRequest): string | undefined {
  const [, given = ''] = request.url.split(/[/?]/);
  const language = isLanguage(given) ? given : 'ar';
  return problemPage({
    ...{ language, path: '', kind: 'agent', brandLine: trialTexts.brand[language], footer: [] },
    homeHref: `/${language}`,
    status: problem.status,
    requestId: request.id,
  });
}
