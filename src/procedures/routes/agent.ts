import { latinDigits } from '../../forms/index.ts';
import type { Result } from '../../kernel/index.ts';
import { type Answer, formOf } from '../../platform/index.ts';
import type { CompletionItem, DossierEvent } from '../model/dossier.ts';
import { agentPath, inboxPage } from '../pages/agent.ts';
import { confirmPage, type PendingDecision } from '../pages/agent-acts.ts';
import { agentDossierPage } from '../pages/agent-dossier.ts';
import { type ActForm, type Attempt, attemptOf } from '../pages/attempt.ts';
import { faultsOfDecision } from '../rules/decision.ts';
import type { Refusal } from '../rules/refusal.ts';
import { type Loaded, loadDossier } from '../service/change.ts';
import { fetchedDocuments } from '../service/fetching.ts';
import { askCompletion, assignToSelf, decideOn, dossierForAgent, extend, inboxOf } from '../service/processing.ts';
import { downloadFile } from '../service/uploading.ts';
import { findEvents } from '../store/dossier.ts';
import { listFiles } from '../store/publication.ts';
import { refusalText } from '../texts/domain/index.ts';
import {
  actorOf,
  fieldOf,
  frameOf,
  html,
  idOf,
  languageOf,
  type PortalRoute,
  queryOf,
  type RouteDeps,
} from './deps.ts';
import { type Request, redirect, refused } from './own.ts';

const PAGE_SIZE = 50;

/** What agents do in their offices. */
export function agentRoutes(deps: RouteDeps): readonly PortalRoute[] {
  const read = { method: 'GET', access: 'agent', audit: null, rate: 'page' } as const;
  const act = { method: 'POST', access: 'agent', rate: 'form' } as const;
  return [
    { ...read, id: 'agent.inbox', url: '/:language/agent', handle: async (request) => inbox(deps, request) },
    {
      ...read,
      id: 'agent.show',
      url: '/:language/agent/:id',
      handle: (request) => withDossier(deps, request, (loaded) => show(deps, request, loaded)),
    },
    {
      ...read,
      id: 'agent.file',
      url: '/:language/agent/:id/files/:file',
      handle: (request) => withDossier(deps, request, (loaded) => fileOf(deps, request, loaded)),
    },
    {
      ...act,
      id: 'agent.assign',
      audit: 'assigned',
      url: '/:language/agent/:id/assign',
      handle: async (request) =>
        after(deps, request, 'accept', await assignToSelf(deps, actorOf(deps, request), idOf(request))),
    },
    {
      ...act,
      id: 'agent.completion',
      audit: 'completion-requested',
      url: '/:language/agent/:id/completion',
      handle: async (request) => completion(deps, request),
    },
    {
      ...act,
      id: 'agent.extend',
      audit: 'extended',
      url: '/:language/agent/:id/extend',
      handle: async (request) => extension(deps, request),
    },
    {
      ...act,
      id: 'agent.decide-ask',
      audit: null,
      url: '/:language/agent/:id/decide',
      handle: (request) => withDossier(deps, request, (loaded) => confirm(deps, request, loaded)),
    },
    {
      ...act,
      id: 'agent.decide',
      audit: 'decided',
      url: '/:language/agent/:id/decide/confirm',
      handle: (request) => withDossier(deps, request, (loaded) => decide(deps, request, loaded)),
    },
  ];
}

async function inbox(deps: RouteDeps, request: Request) {
  const actor = actorOf(deps, request);
  const tab = (['mine', 'ended'] as const).find((one) => one === queryOf(request, 'tab')) ?? 'open';
  const sort = queryOf(request, 'sort') === 'filed' ? 'filed' : 'deadline';
  const page = Math.min(Math.max(Math.trunc(Number(queryOf(request, 'page'))) || 1, 1), 10_000);
  const number = queryOf(request, 'number').trim();
  const found = await inboxOf(deps, actor, {
    status: tab === 'ended' ? 'ended' : 'open',
    mineOnly: tab === 'mine',
    number: number === '' ? undefined : number.toUpperCase(),
    sort,
    limit: PAGE_SIZE,
    offset: (page - 1) * PAGE_SIZE,
  });
  const view = {
    rows: found.rows,
    total: found.total,
    page,
    pageSize: PAGE_SIZE,
    tab,
    sort,
    number,
    offices: actor.offices,
    procedures: deps.catalogue.published,
    agent: actor.personId,
  } as const;
  return html(inboxPage(frameOf(deps, request), view));
}

/** An agent's own request is not for them to process, and the page says so; another office's is not there. */
async function withDossier(deps: RouteDeps, request: Request, work: (loaded: Loaded) => Promise<Answer>) {
  const found = await dossierForAgent(deps, actorOf(deps, request), idOf(request));
  if (found.ok) return work(found.value);
  return refused(deps, request, found.error, await loadDossier(deps, idOf(request)), 403);
}

type Shown = { readonly attempt?: Attempt; readonly changed?: readonly DossierEvent[] };

async function show(deps: RouteDeps, request: Request, loaded: Loaded, shown: Shown = {}, status = 200) {
  const events = await findEvents(deps.db.read, loaded.id);
  const files = (await listFiles(deps.db.read, loaded.id)).map(({ id, name, size }) => ({ id, name, size }));
  const more = { documents: fetchedDocuments(loaded), events, files, agent: actorOf(deps, request).personId, ...shown };
  return html(agentDossierPage(frameOf(deps, request), loaded, more), status);
}

/** The page again, with what was typed and what is wrong with it. */
async function showAgain(
  deps: RouteDeps,
  request: Request,
  loaded: Loaded,
  form: ActForm,
  refusals: readonly Refusal[],
) {
  const say = (refusal: Refusal) => refusalText(refusal, loaded.around.procedure, languageOf(request));
  return show(deps, request, loaded, { attempt: attemptOf(form, formOf(request).fields, refusals, say) }, 422);
}

async function after(deps: RouteDeps, request: Request, form: ActForm, outcome: Result<Loaded, Refusal>) {
  if (outcome.ok) return redirect(agentPath(languageOf(request), idOf(request)));
  return withDossier(deps, request, (loaded) => showAgain(deps, request, loaded, form, [outcome.error]));
}

async function fileOf(deps: RouteDeps, request: Request, loaded: Loaded): Promise<Answer> {
  const { file } = request.params as { readonly file: string };
  const found = await downloadFile(deps, loaded.id, file);
  return { kind: 'bytes', contentType: found.mediaType, body: found.bytes, fileName: found.name };
}

async function completion(deps: RouteDeps, request: Request) {
  const { fields } = formOf(request);
  const items = [fields['items'] ?? []].flat().flatMap(readItem);
  const message = fieldOf(fields, 'message').slice(0, 4000);
  const asked = await askCompletion(deps, actorOf(deps, request), idOf(request), { items, message });
  return after(deps, request, 'completion', asked);
}

function readItem(text: string): readonly CompletionItem[] {
  const match = /^(document|field):([\w-]{1,80}):(missing|unreadable|incorrect|outdated)$/.exec(text);
  if (match === null) return [];
  return [
    { kind: match[1] as CompletionItem['kind'], id: match[2] ?? '', problem: match[3] as CompletionItem['problem'] },
  ];
}

async function extension(deps: RouteDeps, request: Request) {
  const { fields } = formOf(request);
  const days = Number(latinDigits(fieldOf(fields, 'days')).trim());
  const reason = fieldOf(fields, 'extensionReason').slice(0, 4000);
  const extended = await extend(deps, actorOf(deps, request), idOf(request), { days, reason });
  return after(deps, request, 'extend', extended);
}

function pendingOf(request: Request): PendingDecision {
  const { fields } = formOf(request);
  const text = (name: string) => fieldOf(fields, name).slice(0, 4000).trim();
  return {
    kind: text('kind') === 'refuse' ? 'refuse' : 'accept',
    remark: text('remark'),
    ground: text('ground'),
    reason: text('reason'),
    revision: Number(text('revision')),
  };
}

/** Before the agent is asked to confirm, everything that stands against the decision is said. */
async function confirm(deps: RouteDeps, request: Request, loaded: Loaded) {
  const pending = pendingOf(request);
  if (loaded.dossier.revision !== pending.revision) return changed(deps, request, loaded, pending);
  const faults = faultsOfDecision(loaded.dossier, actorOf(deps, request).personId, pending, loaded.around);
  if (faults.length > 0) return showAgain(deps, request, loaded, pending.kind, faults);
  return html(confirmPage(frameOf(deps, request), loaded, pending));
}

async function decide(deps: RouteDeps, request: Request, loaded: Loaded) {
  const pending = pendingOf(request);
  if (loaded.dossier.revision !== pending.revision) return changed(deps, request, loaded, pending);
  return after(deps, request, pending.kind, await decideOn(deps, actorOf(deps, request), idOf(request), pending));
}

/** The agent decided on what they had read; if something came in between, they read it first. Nothing typed is lost. */
async function changed(deps: RouteDeps, request: Request, loaded: Loaded, { kind, revision }: PendingDecision) {
  const events = await findEvents(deps.db.read, loaded.id);
  const attempt = { form: kind, values: formOf(request).fields, errors: [] };
  return show(deps, request, loaded, { attempt, changed: events.slice(revision) }, 409);
}
