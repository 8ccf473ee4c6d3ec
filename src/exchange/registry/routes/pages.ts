import type { FastifyRequest } from 'fastify';
import { notFound } from '../../../kernel/index.ts';
import { formOf, type Tx } from '../../../platform/index.ts';
import type { Acting } from '../../operators/audit.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import type { ConsoleFrame } from '../../operators/pages/frame.ts';
import { frameOf, languageOf, page, paramOf, queryOf, redirect, textOf } from '../../operators/routes/page.ts';
import { type ListedGroup, type ListedTsa, type ListedWitness, REVOCATION_REASONS } from '../../trust/list-parts.ts';
import { PAGE_SIZE, pageOf } from '../catalogue.ts';
import { parseAdmission } from '../model.ts';
import { certificatesPage, revokePage } from '../pages/certificates.ts';
import { registryHouse } from '../pages/frame.ts';
import { ADMISSION_FIELDS, type AdmissionForm, membersPage } from '../pages/members.ts';
import { type RequestsView, requestPage, requestsPage } from '../pages/requests.ts';
import { trustPage } from '../pages/trust.ts';
import { issueToken } from '../service/admit.ts';
import { revoke } from '../service/certificate.ts';
import { approveRequest, refuseRequest } from '../service/decide.ts';
import { currentTrustList } from '../service/publish.ts';
import { rotateKey } from '../service/rotate.ts';
import { listCertificates } from '../store/certificate.ts';
import { listGateways, listTokens } from '../store/directory.ts';
import { listFederations } from '../store/federation.ts';
import { listParts } from '../store/part.ts';
import { findRequest, listRequests } from '../store/request.ts';
import { listedMembers } from '../store/trust-list.ts';
import { requestTexts } from '../texts/registry.ts';
import type { ApiDeps } from './api.ts';
import { describeRequest } from './api-requests.ts';
import { partPages } from './part-pages.ts';

const BASE = '/:language/console';
const SEE = { method: 'GET', access: 'console.read', audit: null, rate: 'page' } as const;
const POST = { method: 'POST', rate: 'form' } as const;

/** The operator's pages of a registry; each act is the one of the API. */
export function registryPages(deps: ApiDeps): readonly OperatorRoute[] {
  return [
    ...requestPages(deps),
    ...memberPages(deps),
    ...certificatePages(deps),
    ...trustPages(deps),
    ...partPages(deps),
  ];
}

const houseOf = ({ registry }: ApiDeps) => registryHouse(registry.keys.anchor.instance);

function requestPages(deps: ApiDeps): readonly OperatorRoute[] {
  const { registry, clock } = deps;
  const tx = registry.db.read;
  const need = async (request: FastifyRequest) => {
    const row = await findRequest(tx, paramOf(request, 'id'));
    if (row === undefined) throw notFound('There is no request of this id.');
    return describeRequest(tx, row);
  };
  const url = `${BASE}/requests/:id`;
  return [
    {
      ...SEE,
      id: 'console.request.list',
      url: BASE,
      async handle(request, { actor }) {
        const view = await lookAtRequests(tx, queryOf(request, 'page'));
        return page(requestsPage(frameOf(houseOf(deps), request, actor), view));
      },
    },
    {
      ...SEE,
      id: 'console.request.show',
      url,
      handle: async (request, { actor }) =>
        page(requestPage(frameOf(houseOf(deps), request, actor), await need(request))),
    },
    {
      ...POST,
      id: 'console.request.approve',
      url: `${url}/approve`,
      access: 'registration.decide',
      audit: 'registry.request-approved',
      async handle(request, acting) {
        const reason = textOf(formOf(request), 'reason').trim().slice(0, 1000);
        await approveRequest(registry, acting, paramOf(request, 'id'), reason === '' ? {} : { reason }, clock());
        return redirect(`/${languageOf(request)}/console`);
      },
    },
    {
      ...POST,
      id: 'console.request.refuse',
      url: `${url}/refuse`,
      access: 'registration.decide',
      audit: 'registry.request-refused',
      async handle(request, acting) {
        const reason = textOf(formOf(request), 'reason').trim().slice(0, 1000);
        if (reason === '') {
          const frame = frameOf(houseOf(deps), request, acting.actor, `/console/requests/${paramOf(request, 'id')}`);
          const errors = [{ field: 'reason', message: requestTexts.reasonNeeded[frame.language] }];
          return page(requestPage(frame, await need(request), errors), 422);
        }
        await refuseRequest(registry, acting, paramOf(request, 'id'), reason, clock());
        return redirect(`/${languageOf(request)}/console`);
      },
    },
  ];
}

/** One of each kind a gateway may wait at a time, so this is a country's worth. */
const MOST_WAITING = 10_000;
const MOST_LOOKED_AT = 500;

/** Those that wait are read by themselves: however many were decided since, none of them drops out of sight. */
async function lookAtRequests(tx: Tx, wanted: string): Promise<RequestsView> {
  const waiting = pageOf(await listRequests(tx, 'waiting', MOST_WAITING), wanted);
  const latest = await listRequests(tx, undefined, MOST_LOOKED_AT);
  const decided = latest.filter(({ state }) => state !== 'waiting').slice(0, PAGE_SIZE);
  const described = (rows: typeof latest) => Promise.all(rows.map((row) => describeRequest(tx, row)));
  return { ...waiting, shown: await described(waiting.shown), decided: await described(decided) };
}

const NO_ADMISSION: AdmissionForm = { fields: { server: 'gw1' }, wait: false, errors: [] };

function memberPages(deps: ApiDeps): readonly OperatorRoute[] {
  const { registry } = deps;
  return [
    {
      ...SEE,
      id: 'console.member.list',
      url: `${BASE}/members`,
      handle: async (request, { actor }) =>
        page(await showMembers(deps, frameOf(houseOf(deps), request, actor), NO_ADMISSION)),
    },
    {
      ...POST,
      id: 'console.member.admit',
      url: `${BASE}/members`,
      access: 'registration.decide',
      audit: 'registry.token-made',
      async handle(request, acting) {
        const frame = frameOf(houseOf(deps), request, acting.actor, '/console/members');
        const form = formOf(request);
        const fields = Object.fromEntries(ADMISSION_FIELDS.map((name) => [name, textOf(form, name).trim()]));
        const wait = textOf(form, 'wait') === 'yes';
        const admission = admissionOf(registry.keys.anchor.instance, fields, wait);
        const parsed = parseAdmission(admission, registry.keys.anchor.instance);
        if (!parsed.ok) {
          const field = fieldOf(parsed.error.detail);
          const errors = [{ field, message: parsed.error.detail }];
          return page(await showMembers(deps, frame, { fields, wait, errors }), 422);
        }
        const token = await issueToken(registry, admission, deps.clock(), acting);
        return page(await showMembers(deps, frame, NO_ADMISSION, token), 201);
      },
    },
  ];
}

function admissionOf(instance: string, fields: Readonly<Record<string, string>>, wait: boolean): object {
  const name = { ar: fields['nameAr'], fr: fields['nameFr'] };
  return {
    member: { id: `${instance}/${fields['class']}/${fields['code']}`, name },
    server: fields['server'],
    subsystems: [{ code: fields['subsystem'], name }],
    approval: wait ? 'wait' : 'auto',
  };
}

/** Which box the refusal is about. */
function fieldOf(detail: string): string {
  if (detail.startsWith('/member/id')) return 'code';
  if (detail.startsWith('/member/name/ar')) return 'nameAr';
  if (detail.startsWith('/member/name')) return 'nameFr';
  return detail.startsWith('/server') ? 'server' : 'subsystem';
}

async function showMembers(deps: ApiDeps, frame: ConsoleFrame, form: AdmissionForm, token?: string): Promise<string> {
  const tx = deps.registry.db.read;
  const view = {
    members: await listedMembers(tx),
    gateways: await listGateways(tx),
    groups: await listParts<ListedGroup>(tx, 'group'),
    tokens: await listTokens(tx, 50),
  };
  return membersPage(frame, view, form, token);
}

function certificatePages(deps: ApiDeps): readonly OperatorRoute[] {
  const { registry, clock } = deps;
  const all = () => listCertificates(registry.db.read);
  const url = `${BASE}/certificates`;
  return [
    {
      ...SEE,
      id: 'console.certificate.list',
      url,
      handle: async (request, { actor }) =>
        page(
          certificatesPage(
            frameOf(houseOf(deps), request, actor),
            pageOf(await all(), queryOf(request, 'page')),
            clock(),
          ),
        ),
    },
    {
      ...SEE,
      id: 'console.certificate.revoke.ask',
      url: `${url}/:id/revoke`,
      access: 'trust.change',
      async handle(request, { actor }) {
        const one = (await all()).find(({ id }) => id === paramOf(request, 'id'));
        if (one === undefined) throw notFound('There is no certificate of this id.');
        return page(revokePage(frameOf(houseOf(deps), request, actor), one));
      },
    },
    {
      ...POST,
      id: 'console.certificate.revoke',
      url: `${url}/:id/revoke`,
      access: 'trust.change',
      audit: 'registry.certificate-revoked',
      async handle(request, acting: Acting) {
        const given = textOf(formOf(request), 'reason');
        const reason = REVOCATION_REASONS.find((one) => one === given) ?? 'unspecified';
        await revoke(registry, acting, paramOf(request, 'id'), reason, clock());
        return redirect(`/${languageOf(request)}/console/certificates`);
      },
    },
  ];
}

function trustPages(deps: ApiDeps): readonly OperatorRoute[] {
  const { registry, clock } = deps;
  const tx = registry.db.read;
  return [
    {
      ...SEE,
      id: 'console.list.show',
      url: `${BASE}/trust`,
      async handle(request, { actor }) {
        const view = {
          list: await currentTrustList(registry, clock()),
          anchor: registry.keys.anchor,
          witnesses: await listParts<ListedWitness>(tx, 'witness'),
          tsas: await listParts<ListedTsa>(tx, 'timestamp-authority'),
          federations: await listFederations(tx),
        };
        return page(trustPage(frameOf(houseOf(deps), request, actor), view));
      },
    },
    {
      ...POST,
      id: 'console.key.rotate',
      url: `${BASE}/trust/rotate`,
      access: 'trust.change',
      audit: 'registry.key-rotated',
      async handle(request, acting) {
        await rotateKey(registry, acting, clock());
        return redirect(`/${languageOf(request)}/console/trust`);
      },
    },
  ];
}
