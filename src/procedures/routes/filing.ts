import QRCode from 'qrcode';
import { type FileAnswer, type FormError, readAnswers, type Step, visibleSteps } from '../../forms/index.ts';
import { conflict, notFound, textIn } from '../../kernel/index.ts';
import { formOf, type PostedForm } from '../../platform/index.ts';
import { checkPage, documentsPage, receiptPageOf, requestPath, resumePage, stepPage } from '../pages/filing.ts';
import { usagePage } from '../pages/public.ts';
import { refusedPage, requestPage, requestsPage, withdrawPage } from '../pages/request.ts';
import { formContext } from '../rules/dossier.ts';
import { receiptOf } from '../rules/receipt.ts';
import type { Refusal } from '../rules/refusal.ts';
import { type Loaded, loadDossier } from '../service/change.ts';
import { fetchDocuments, fetchedDocuments } from '../service/fetching.ts';
import {
  acknowledge,
  appealOwn,
  completeOwn,
  currentProcedure,
  dossiersOf,
  draftOf,
  fileOwn,
  keepAnswers,
  ownDossier,
  startDossier,
  withdrawOwn,
} from '../service/filing.ts';
import { receiptPdf } from '../service/issuing.ts';
import { keepUpload, mediaTypeOf } from '../service/uploading.ts';
import { whoUsedMyData } from '../service/usage.ts';
import { issuedOf, receiptPage } from '../service/verifying.ts';
import { findEvents } from '../store/dossier.ts';
import { refusalText } from '../texts/domain/index.ts';
import { actorOf, fieldOf, frameOf, html, idOf, languageOf, type PortalRoute, type RouteDeps, stepOf } from './deps.ts';

type Request = Parameters<PortalRoute['handle']>[0];
const read = { method: 'GET', access: 'citizen', audit: null, rate: 'page' } as const;
const act = { method: 'POST', access: 'citizen', rate: 'form' } as const;

/** What a citizen does with their own requests. */
export function filingRoutes(deps: RouteDeps): readonly PortalRoute[] {
  return [...draftRoutes(deps), ...standingRoutes(deps), ...paperRoutes(deps)];
}

function draftRoutes(deps: RouteDeps): readonly PortalRoute[] {
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
    { ...read, id: 'request.list', url: '/:language/requests', handle: async (request) => list(deps, request) },
    { ...read, id: 'request.show', url: '/:language/requests/:id', handle: async (request) => show(deps, request) },
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

function paperRoutes(deps: RouteDeps): readonly PortalRoute[] {
  return [
    {
      ...read,
      id: 'request.receipt',
      url: '/:language/requests/:id/receipt',
      handle: async (request) => receipt(deps, request),
    },
    {
      ...read,
      id: 'request.receipt-ar',
      url: '/:language/requests/:id/receipt-ar.pdf',
      handle: async (request) => receiptFile(deps, request, 'ar'),
    },
    {
      ...read,
      id: 'request.receipt-fr',
      url: '/:language/requests/:id/receipt-fr.pdf',
      handle: async (request) => receiptFile(deps, request, 'fr'),
    },
    {
      ...read,
      id: 'request.certificate-ar',
      url: '/:language/requests/:id/certificate-ar.pdf',
      handle: async (request) => certificateFile(deps, request, 'ar'),
    },
    {
      ...read,
      id: 'request.certificate-fr',
      url: '/:language/requests/:id/certificate-fr.pdf',
      handle: async (request) => certificateFile(deps, request, 'fr'),
    },
  ];
}

function standingRoutes(deps: RouteDeps): readonly PortalRoute[] {
  return [
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
    {
      ...read,
      id: 'usage.show',
      rate: 'form',
      url: '/:language/data-use',
      handle: async (request) =>
        html(
          usagePage(
            frameOf(deps, request),
            await whoUsedMyData(deps, actorOf(deps, request)),
            deps.catalogue.published,
          ),
        ),
    },
  ];
}

function own(deps: RouteDeps, request: Request): Promise<Loaded> {
  return ownDossier(deps, actorOf(deps, request), idOf(request));
}

const to = (path: string) => ({ kind: 'redirect', to: path }) as const;

function refused(deps: RouteDeps, request: Request, refusal: Refusal, loaded: Pick<Loaded, 'around'>, back: string) {
  const language = languageOf(request);
  return html(refusedPage(frameOf(deps, request), refusalText(refusal, loaded.around.procedure, language), back), 409);
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
  if (!started.ok) throw conflict(refusalText(started.error, procedure, language));
  return to(requestPath(language, started.value.id, '/documents'));
}

async function list(deps: RouteDeps, request: Request) {
  const rows = await dossiersOf(deps, actorOf(deps, request));
  const loaded = await Promise.all(
    rows.map(async (row) => ({ ...(await loadDossier(deps, row.id)), changedAt: row.changed_at })),
  );
  return html(requestsPage(frameOf(deps, request), loaded));
}

async function show(deps: RouteDeps, request: Request) {
  const loaded = await own(deps, request);
  const events = await findEvents(deps.db.read, loaded.id);
  const issued = await issuedOf(deps, loaded.id);
  const certificate = issued === undefined ? undefined : { page: issued.page, number: issued.record.number };
  return html(
    requestPage(frameOf(deps, request), loaded, { documents: fetchedDocuments(loaded), events, certificate }),
  );
}

async function documents(deps: RouteDeps, request: Request) {
  const loaded = await own(deps, request);
  const wanted = fetchedDocuments(loaded);
  if (wanted.length === 0) return to(requestPath(languageOf(request), loaded.id, '/steps/1'));
  return html(documentsPage(frameOf(deps, request), loaded, wanted));
}

async function fetchNow(deps: RouteDeps, request: Request) {
  const known = await acknowledge(deps, actorOf(deps, request), idOf(request));
  const back = requestPath(languageOf(request), idOf(request));
  if (!known.ok) return refused(deps, request, known.error, await own(deps, request), back);
  await fetchDocuments(deps, idOf(request));
  return to(`${back}/documents`);
}

type AtStep = { readonly loaded: Loaded; readonly step: Step; readonly number: number; readonly isLast: boolean };

async function stepAt(deps: RouteDeps, request: Request): Promise<AtStep> {
  const loaded = await own(deps, request);
  const { status } = loaded.dossier;
  if (status !== 'draft' && status !== 'awaiting-completion')
    throw conflict('This request is filed: its answers can no longer be changed.');
  const steps = visibleSteps(
    loaded.around.procedure.form,
    loaded.dossier.answers,
    formContext(loaded.dossier, loaded.around),
  );
  const number = stepOf(request);
  const step = Number.isInteger(number) ? steps[number - 1] : undefined;
  if (step === undefined) throw notFound('There is no such step in this form.');
  return { loaded, step, number, isLast: number === steps.length };
}

async function showStep(deps: RouteDeps, request: Request) {
  const { loaded, step, number } = await stepAt(deps, request);
  const action = requestPath(languageOf(request), loaded.id, `/steps/${number}`);
  return html(stepPage(frameOf(deps, request), loaded, step, { number, errors: [], action }));
}

async function answerStep(deps: RouteDeps, request: Request) {
  const { loaded, step, number, isLast } = await stepAt(deps, request);
  const language = languageOf(request);
  const posted = formOf(request);
  const uploads = await keepUploads(deps, loaded, step, posted);
  const { around, dossier } = loaded;
  const reading = readAnswers(around.procedure.form, step, posted.fields, {
    answers: dossier.answers,
    context: formContext(dossier, around),
    mode: 'continue',
    files: uploads.files,
  });
  const errors = [...uploads.errors, ...reading.errors];
  const action = requestPath(language, loaded.id, `/steps/${number}`);
  if (errors.length > 0 || reading.revealed.length > 0) {
    return html(
      stepPage(frameOf(deps, request), loaded, step, { number, errors, posted: posted.fields, reading, action }),
      errors.length > 0 ? 422 : 200,
    );
  }
  return keepStep(deps, request, { loaded, number, isLast }, reading.answers);
}

async function keepStep(
  deps: RouteDeps,
  request: Request,
  at: Pick<AtStep, 'loaded' | 'number' | 'isLast'>,
  answers: Loaded['dossier']['answers'],
) {
  const actor = actorOf(deps, request);
  const { loaded, number, isLast } = at;
  const base = requestPath(languageOf(request), loaded.id);
  if (loaded.dossier.status === 'awaiting-completion') {
    const done = await completeOwn(deps, actor, loaded.id, answers);
    return done.ok ? to(base) : refused(deps, request, done.error, loaded, base);
  }
  const kept = await keepAnswers(deps, actor, loaded.id, answers);
  if (!kept.ok) return refused(deps, request, kept.error, loaded, base);
  return to(isLast ? `${base}/check` : `${base}/steps/${number + 1}`);
}

type Kept = { readonly files: Record<string, readonly FileAnswer[]>; readonly errors: readonly FormError[] };

/** Files of this step: those kept before stand where no new one came. What is no PDF, JPEG or PNG is refused by its bytes. */
async function keepUploads(deps: RouteDeps, loaded: Loaded, step: Step, posted: PostedForm): Promise<Kept> {
  const files: Record<string, readonly FileAnswer[]> = {};
  for (const field of step.fields.filter((one) => one.kind === 'file')) {
    const fresh = posted.files[field.id] ?? [];
    const before = loaded.dossier.answers[field.id];
    if (fresh.length === 0 && Array.isArray(before)) files[field.id] = before as readonly FileAnswer[];
    else if (fresh.length > 0)
      files[field.id] = await Promise.all(
        fresh.filter((one) => mediaTypeOf(one.bytes) !== undefined).map((one) => keepUpload(deps, loaded.id, one)),
      );
  }
  return { files, errors: [] };
}

async function check(deps: RouteDeps, request: Request, refusal: string | undefined) {
  const loaded = await own(deps, request);
  if (loaded.dossier.filing !== undefined) return to(requestPath(languageOf(request), loaded.id, '/receipt'));
  return html(
    checkPage(frameOf(deps, request), loaded, fetchedDocuments(loaded), refusal),
    refusal === undefined ? 200 : 422,
  );
}

async function file(deps: RouteDeps, request: Request) {
  const language = languageOf(request);
  const filed = await fileOwn(deps, actorOf(deps, request), idOf(request));
  if (filed.ok) return to(requestPath(language, filed.value.id, '/receipt'));
  const loaded = await own(deps, request);
  return check(deps, request, refusalText(filed.error, loaded.around.procedure, language));
}

async function receipt(deps: RouteDeps, request: Request) {
  const loaded = await own(deps, request);
  const facts = receiptOf(loaded.dossier, loaded.around);
  const page = await receiptPage(deps, loaded.id);
  if (facts === undefined || page === undefined) throw notFound('This request is not filed yet: it has no receipt.');
  const url = `${deps.baseUrl()}/v/${page}`;
  const svg = await QRCode.toString(url, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' });
  return html(receiptPageOf(frameOf(deps, request), loaded, facts, { svg, url }));
}

async function receiptFile(deps: RouteDeps, request: Request, language: 'ar' | 'fr') {
  const loaded = await own(deps, request);
  const body = await receiptPdf(deps, loaded, language);
  return {
    kind: 'bytes',
    contentType: 'application/pdf',
    body,
    fileName: `${loaded.dossier.filing?.number ?? 'receipt'}-${language}.pdf`,
  } as const;
}

async function certificateFile(deps: RouteDeps, request: Request, language: 'ar' | 'fr') {
  const loaded = await own(deps, request);
  const issued = await issuedOf(deps, loaded.id);
  if (issued === undefined) throw notFound('No certificate was issued for this request.');
  const body = await deps.files.get(language === 'ar' ? issued.record.pdf_ar : issued.record.pdf_fr);
  if (body === undefined) throw new Error('the stored certificate is missing');
  return {
    kind: 'bytes',
    contentType: 'application/pdf',
    body,
    fileName: `${issued.record.number}-${language}.pdf`,
  } as const;
}

async function appeal(deps: RouteDeps, request: Request) {
  const { fields } = formOf(request);
  const done = await appealOwn(deps, actorOf(deps, request), idOf(request), fieldOf(fields, 'reason').slice(0, 4000));
  const base = requestPath(languageOf(request), idOf(request));
  return done.ok ? to(base) : refused(deps, request, done.error, await own(deps, request), base);
}

async function withdraw(deps: RouteDeps, request: Request) {
  const { fields } = formOf(request);
  const done = await withdrawOwn(deps, actorOf(deps, request), idOf(request), fieldOf(fields, 'reason').slice(0, 1000));
  const base = requestPath(languageOf(request), idOf(request));
  return done.ok ? to(base) : refused(deps, request, done.error, await own(deps, request), base);
}
