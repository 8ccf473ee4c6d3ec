import { type Answers, type Reading, readAnswers, type Step, visibleFields, visibleSteps } from '../../forms/index.ts';
import { err, notFound, ok, type Result, textIn } from '../../kernel/index.ts';
import { type Answer, formOf } from '../../platform/index.ts';
import { procedurePath } from '../pages/catalogue.ts';
import { checkPage, documentsPage, requestPath, resumePage, stepPage } from '../pages/filing.ts';
import { refusedPage } from '../pages/request.ts';
import { formContext } from '../rules/dossier.ts';
import type { Loaded } from '../service/change.ts';
import { fetchDocuments, fetchedDocuments } from '../service/fetching.ts';
import { acknowledge, currentProcedure, draftOf, fileOwn, keepAnswers, startDossier } from '../service/filing.ts';
import { keepUploads, receiveUploads } from '../service/uploading.ts';
import { refusalText } from '../texts/domain/index.ts';
import { actorOf, frameOf, html, idOf, languageOf, type PortalRoute, type RouteDeps, stepOf } from './deps.ts';
import { act, own, type Request, read, redirect, refused } from './own.ts';

/** From the start of a request to its filing. */
export function filingRoutes(deps: RouteDeps): readonly PortalRoute[] {
  return [
    {
      ...read,
      id: 'request.start',
      url: '/:language/procedures/:id/start',
      handle: async (request) => start(deps, request, false),
    },
    {
      ...act,
      id: 'request.create',
      audit: 'draft-started',
      url: '/:language/procedures/:id/start',
      handle: async (request) => start(deps, request, true),
    },
    {
      ...read,
      id: 'request.documents',
      url: '/:language/requests/:id/documents',
      handle: async (request) => documents(deps, request),
    },
    {
      ...act,
      id: 'request.fetch',
      audit: 'exchange-acknowledged',
      url: '/:language/requests/:id/documents',
      handle: async (request) => fetchNow(deps, request),
    },
    {
      ...read,
      id: 'request.step',
      url: '/:language/requests/:id/steps/:step',
      handle: async (request) => showStep(deps, request),
    },
    {
      ...act,
      id: 'request.answer',
      audit: 'answers-saved',
      url: '/:language/requests/:id/steps/:step',
      handle: async (request) => answerStep(deps, request),
    },
    {
      ...read,
      id: 'request.check',
      url: '/:language/requests/:id/check',
      handle: async (request) => check(deps, request, undefined),
    },
    {
      ...act,
      id: 'request.file',
      audit: 'filed',
      url: '/:language/requests/:id/file',
      handle: async (request) => file(deps, request),
    },
  ];
}

async function start(deps: RouteDeps, request: Request, isFresh: boolean) {
  const language = languageOf(request);
  const actor = actorOf(deps, request);
  const procedure = currentProcedure(deps, idOf(request));
  const draft = isFresh ? undefined : await draftOf(deps, actor, procedure.id);
  if (draft !== undefined) {
    const title = textIn(procedure.title, language).text;
    return html(
      resumePage(frameOf(deps, request), { id: procedure.id, title }, { id: draft.id, changedAt: draft.changed_at }),
    );
  }
  const started = await startDossier(deps, actor, procedure.id);
  if (!started.ok) {
    const text = refusalText(started.error, procedure, language);
    return html(refusedPage(frameOf(deps, request), text, procedurePath(language, procedure.id)), 409);
  }
  return redirect(requestPath(language, started.value.id, '/documents'));
}

async function documents(deps: RouteDeps, request: Request) {
  const loaded = await own(deps, request);
  const wanted = fetchedDocuments(loaded);
  if (wanted.length === 0) return redirect(requestPath(languageOf(request), loaded.id, '/steps/1'));
  return html(documentsPage(frameOf(deps, request), loaded, wanted));
}

async function fetchNow(deps: RouteDeps, request: Request) {
  const known = await acknowledge(deps, actorOf(deps, request), idOf(request));
  const back = requestPath(languageOf(request), idOf(request));
  if (!known.ok) return refused(deps, request, known.error, await own(deps, request));
  await fetchDocuments(deps, idOf(request));
  return redirect(`${back}/documents`);
}

type AtStep = { readonly loaded: Loaded; readonly step: Step; readonly number: number };

/** The step of this address, with all its questions: an answer may bring up those that are hidden so far. */
async function stepAt(deps: RouteDeps, request: Request): Promise<Result<AtStep, Answer>> {
  const loaded = await own(deps, request);
  const { dossier, around } = loaded;
  if (dossier.status === 'awaiting-completion')
    return err(redirect(requestPath(languageOf(request), loaded.id, '/complete')));
  if (dossier.status !== 'draft') return err(refused(deps, request, { kind: 'not-a-draft' }, loaded));
  const { form } = around.procedure;
  const number = stepOf(request);
  const shown = visibleSteps(form, dossier.answers, formContext(dossier, around));
  const id = Number.isInteger(number) ? shown[number - 1]?.id : undefined;
  const step = form.steps.find((one) => one.id === id);
  if (step === undefined) throw notFound('There is no such step in this form.');
  return ok({ loaded, step, number });
}

async function showStep(deps: RouteDeps, request: Request) {
  const at = await stepAt(deps, request);
  if (!at.ok) return at.error;
  const { loaded, step, number } = at.value;
  const action = requestPath(languageOf(request), loaded.id, `/steps/${number}`);
  const asked = askedOf(loaded, step, loaded.dossier.answers);
  return html(stepPage(frameOf(deps, request), loaded, asked, { number, errors: [], action }));
}

function askedOf({ dossier, around }: Loaded, step: Step, answers: Answers): Step {
  const asked = new Set(visibleFields(around.procedure.form, answers, formContext(dossier, around)));
  return { ...step, fields: step.fields.filter((field) => asked.has(field)) };
}

async function answerStep(deps: RouteDeps, request: Request) {
  const at = await stepAt(deps, request);
  if (!at.ok) return at.error;
  const { loaded, step, number } = at.value;
  const { around, dossier } = loaded;
  const posted = formOf(request);
  const received = receiveUploads(deps, step, posted.files, dossier.answers);
  const reading = readAnswers(around.procedure.form, step, posted.fields, {
    answers: dossier.answers,
    context: formContext(dossier, around),
    mode: 'continue',
    files: received.answers,
  });
  await keepUploads(deps, loaded.id, received, reading.answers);
  if (reading.errors.length === 0 && reading.revealed.length === 0) return keepStep(deps, request, at.value, reading);
  // A browser does not send a chosen file a second time by itself: a good one is kept although the rest is wrong.
  if (received.fresh.length > 0) await keepAnswers(deps, actorOf(deps, request), loaded.id, reading.answers);
  const action = requestPath(languageOf(request), loaded.id, `/steps/${number}`);
  const asked = askedOf(loaded, step, reading.answers);
  const view = { number, errors: reading.errors, posted: posted.fields, reading, action };
  return html(stepPage(frameOf(deps, request), loaded, asked, view), reading.errors.length > 0 ? 422 : 200);
}

async function keepStep(deps: RouteDeps, request: Request, { loaded, step }: AtStep, { answers }: Reading) {
  const kept = await keepAnswers(deps, actorOf(deps, request), loaded.id, answers);
  if (!kept.ok) return refused(deps, request, kept.error, loaded);
  const { dossier, around } = kept.value;
  // Counted anew: the answers may have added or removed steps behind this one.
  const steps = visibleSteps(around.procedure.form, answers, formContext(dossier, around));
  const next = steps.findIndex(({ id }) => id === step.id) + 2;
  const base = requestPath(languageOf(request), loaded.id);
  return redirect(next > steps.length ? `${base}/check` : `${base}/steps/${next}`);
}

async function check(deps: RouteDeps, request: Request, refusal: string | undefined) {
  const loaded = await own(deps, request);
  if (loaded.dossier.filing !== undefined) return redirect(requestPath(languageOf(request), loaded.id, '/receipt'));
  return html(
    checkPage(frameOf(deps, request), loaded, fetchedDocuments(loaded), refusal),
    refusal === undefined ? 200 : 422,
  );
}

async function file(deps: RouteDeps, request: Request) {
  const language = languageOf(request);
  const filed = await fileOwn(deps, actorOf(deps, request), idOf(request));
  if (filed.ok) return redirect(requestPath(language, filed.value.id, '/receipt'));
  const loaded = await own(deps, request);
  return check(deps, request, refusalText(filed.error, loaded.around.procedure, language));
}
