import type { Result } from '../../kernel/index.ts';
import { conflict } from '../../kernel/index.ts';
import { formOf } from '../../platform/index.ts';
import type { CompletionItem } from '../model/dossier.ts';
import { agentDossierPage, agentPath, confirmPage, inboxPage, type PendingDecision } from '../pages/agent.ts';
import type { Refusal } from '../rules/refusal.ts';
import type { Loaded } from '../service/change.ts';
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

type Request = Parameters<PortalRoute['handle']>[0];
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
      handle: async (request) => show(deps, request, undefined),
    },
    {
      ...read,
      id: 'agent.file',
      url: '/:language/agent/:id/files/:file',
      handle: async (request) => fileOf(deps, request),
    },
    {
      ...act,
      id: 'agent.assign',
      audit: 'assigned',
      url: '/:language/agent/:id/assign',
      handle: async (request) => after(deps, request, await assignToSelf(deps, actorOf(deps, request), idOf(request))),
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
      handle: async (request) => confirm(deps, request),
    },
    {
      ...act,
      id: 'agent.decide',
      audit: 'decided',
      url: '/:language/agent/:id/decide/confirm',
      handle: async (request) => decide(deps, request),
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

async function show(deps: RouteDeps, request: Request, refusal: string | undefined) {
  const actor = actorOf(deps, request);
  const loaded = await dossierForAgent(deps, actor, idOf(request));
  const events = await findEvents(deps.db.read, loaded.id);
  const files = (await listFiles(deps.db.read, loaded.id)).map((one) => ({
    id: one.id,
    name: one.name,
    size: one.size,
  }));
  const body = agentDossierPage(frameOf(deps, request), loaded, {
    documents: fetchedDocuments(loaded),
    events,
    files,
    agent: actor.personId,
    refusal,
  });
  return html(body, refusal === undefined ? 200 : 422);
}

async function fileOf(deps: RouteDeps, request: Request) {
  const loaded = await dossierForAgent(deps, actorOf(deps, request), idOf(request));
  const { file } = request.params as { readonly file: string };
  const found = await downloadFile(deps, loaded.id, file);
  return { kind: 'bytes', contentType: found.mediaType, body: found.bytes, fileName: found.name } as const;
}

async function after(deps: RouteDeps, request: Request, outcome: Result<Loaded, Refusal>) {
  if (outcome.ok) return { kind: 'redirect', to: agentPath(languageOf(request), idOf(request)) } as const;
  const loaded = await dossierForAgent(deps, actorOf(deps, request), idOf(request));
  return show(deps, request, refusalText(outcome.error, loaded.around.procedure, languageOf(request)));
}

async function completion(deps: RouteDeps, request: Request) {
  const { fields } = formOf(request);
  const items = [fields['items'] ?? []].flat().flatMap(readItem);
  const message = fieldOf(fields, 'message').slice(0, 4000);
  return after(deps, request, await askCompletion(deps, actorOf(deps, request), idOf(request), { items, message }));
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
  const days = Number(fieldOf(fields, 'days'));
  const reason = fieldOf(fields, 'reason').slice(0, 4000);
  return after(deps, request, await extend(deps, actorOf(deps, request), idOf(request), { days, reason }));
}

function pendingOf(request: Request, revision: number): PendingDecision {
  const { fields } = formOf(request);
  const text = (name: string) => fieldOf(fields, name).slice(0, 4000).trim();
  return {
    kind: text('kind') === 'refuse' ? 'refuse' : 'accept',
    remark: text('remark'),
    ground: text('ground'),
    reason: text('reason'),
    revision,
  };
}

async function confirm(deps: RouteDeps, request: Request) {
  const loaded = await dossierForAgent(deps, actorOf(deps, request), idOf(request));
  return html(confirmPage(frameOf(deps, request), loaded, pendingOf(request, loaded.dossier.revision)));
}

async function decide(deps: RouteDeps, request: Request) {
  const { fields } = formOf(request);
  const believed = Number(fieldOf(fields, 'revision'));
  const loaded = await dossierForAgent(deps, actorOf(deps, request), idOf(request));
  // The agent confirmed what the dossier was then; if something came in between, it is read first.
  if (loaded.dossier.revision !== believed)
    throw conflict('The dossier has changed since you opened it. Open it again, read what is new, then decide.');
  const pending = pendingOf(request, believed);
  const command =
    pending.kind === 'accept'
      ? ({ kind: 'accept', remark: pending.remark } as const)
      : ({ kind: 'refuse', ground: pending.ground, reason: pending.reason } as const);
  return after(deps, request, await decideOn(deps, actorOf(deps, request), idOf(request), command));
}
