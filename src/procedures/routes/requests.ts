import { fieldsOf, type Reading } from '../../forms/index.ts';
import { formOf } from '../../platform/index.ts';
import { type Attempt, attemptOf } from '../pages/attempt.ts';
import { completionPage } from '../pages/completion.ts';
import { requestPath } from '../pages/filing.ts';
import { requestPage, requestsPage, withdrawPage } from '../pages/request.ts';
import { completionFields, readCompletion } from '../rules/completion.ts';
import type { Refusal } from '../rules/refusal.ts';
import { loadDossier } from '../service/change.ts';
import { fetchedDocuments } from '../service/fetching.ts';
import { appealOwn, completeOwn, dossiersOf, withdrawOwn } from '../service/filing.ts';
import { keepUploads, type Received, receiveUploads } from '../service/uploading.ts';
import { issuedOf } from '../service/verifying.ts';
import { findEvents } from '../store/dossier.ts';
import { refusalText } from '../texts/domain/index.ts';
import { actorOf, fieldOf, frameOf, html, idOf, languageOf, type PortalRoute, type RouteDeps } from './deps.ts';
import { act, own, type Request, read, redirect, refused } from './own.ts';

/** What a citizen does with their own requests once they are there. */
export function requestRoutes(deps: RouteDeps): readonly PortalRoute[] {
  return [
    { ...read, id: 'request.list', url: '/:language/requests', handle: async (request) => list(deps, request) },
    {
      ...read,
      id: 'request.show',
      url: '/:language/requests/:id',
      handle: async (request) => show(deps, request, undefined),
    },
    {
      ...read,
      id: 'request.complete-ask',
      url: '/:language/requests/:id/complete',
      handle: async (request) => askCompletion(deps, request),
    },
    {
      ...act,
      id: 'request.complete',
      audit: 'completed',
      url: '/:language/requests/:id/complete',
      handle: async (request) => complete(deps, request),
    },
    {
      ...act,
      id: 'request.appeal',
      audit: 'appealed',
      url: '/:language/requests/:id/appeal',
      handle: async (request) => appeal(deps, request),
    },
    {
      ...read,
      id: 'request.withdraw-ask',
      url: '/:language/requests/:id/withdraw',
      handle: async (request) => html(withdrawPage(frameOf(deps, request), await own(deps, request))),
    },
    {
      ...act,
      id: 'request.withdraw',
      audit: 'withdrawn',
      url: '/:language/requests/:id/withdraw',
      handle: async (request) => withdraw(deps, request),
    },
  ];
}

async function list(deps: RouteDeps, request: Request) {
  const rows = await dossiersOf(deps, actorOf(deps, request));
  const loaded = await Promise.all(
    rows.map(async (row) => ({ ...(await loadDossier(deps, row.id)), changedAt: row.changed_at })),
  );
  return html(requestsPage(frameOf(deps, request), loaded));
}

async function show(deps: RouteDeps, request: Request, attempt: Attempt | undefined) {
  const loaded = await own(deps, request);
  const events = await findEvents(deps.db.read, loaded.id);
  const issued = await issuedOf(deps, loaded.id);
  const certificate = issued === undefined ? undefined : { page: issued.page, number: issued.record.number };
  const more = { documents: fetchedDocuments(loaded), events, certificate, attempt };
  return html(requestPage(frameOf(deps, request), loaded, more), attempt === undefined ? 200 : 422);
}

async function askCompletion(deps: RouteDeps, request: Request) {
  const loaded = await own(deps, request);
  const { status, completion } = loaded.dossier;
  if (status !== 'awaiting-completion' || completion === undefined)
    return refused(deps, request, { kind: 'completion-not-requested' }, loaded);
  const ids = completionFields(loaded.around.procedure, completion.items);
  return html(completionPage(frameOf(deps, request), loaded, { ids, errors: [] }));
}

async function complete(deps: RouteDeps, request: Request) {
  const loaded = await own(deps, request);
  const { dossier, around } = loaded;
  if (dossier.status !== 'awaiting-completion')
    return refused(deps, request, { kind: 'completion-not-requested' }, loaded);
  const posted = formOf(request);
  const asked = { fields: fieldsOf(around.procedure.form) };
  const received = receiveUploads(deps, asked, posted.files, dossier.answers);
  const { ids, reading } = readCompletion(dossier, posted.fields, received.answers, around);
  if (reading.errors.length > 0 || reading.revealed.length > 0) {
    const view = { ids, errors: reading.errors, reading: withoutFresh(reading, received), posted: posted.fields };
    return html(completionPage(frameOf(deps, request), loaded, view), reading.errors.length > 0 ? 422 : 200);
  }
  await keepUploads(deps, loaded.id, received, reading.answers);
  const done = await completeOwn(deps, actorOf(deps, request), loaded.id, reading.answers);
  if (!done.ok) return refused(deps, request, done.error, loaded);
  return redirect(requestPath(languageOf(request), loaded.id));
}

/** A filed request has no draft to keep a file in: the page must not say that it stands when it has to be sent again. */
function withoutFresh(reading: Reading, { fresh }: Received): Reading {
  const sent = new Set<unknown>(fresh.map(({ answer }) => answer));
  const isSent = (value: unknown) => Array.isArray(value) && value.some((item) => sent.has(item));
  const answers = Object.entries(reading.answers).filter(([, value]) => !isSent(value));
  return { ...reading, answers: Object.fromEntries(answers) };
}

async function appeal(deps: RouteDeps, request: Request) {
  const loaded = await own(deps, request);
  const { fields } = formOf(request);
  const reason = fieldOf(fields, 'reason').slice(0, 4000);
  const done = await appealOwn(deps, actorOf(deps, request), loaded.id, reason);
  const language = languageOf(request);
  if (done.ok) return redirect(requestPath(language, loaded.id));
  if (done.error.kind !== 'reason-required') return refused(deps, request, done.error, loaded);
  const say = (refusal: Refusal) => refusalText(refusal, loaded.around.procedure, language);
  return show(deps, request, attemptOf('appeal', { reason }, [done.error], say));
}

async function withdraw(deps: RouteDeps, request: Request) {
  const { fields } = formOf(request);
  const done = await withdrawOwn(deps, actorOf(deps, request), idOf(request), fieldOf(fields, 'reason').slice(0, 1000));
  if (done.ok) return redirect(requestPath(languageOf(request), idOf(request)));
  return refused(deps, request, done.error, await own(deps, request));
}
