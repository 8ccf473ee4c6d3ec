import Type from 'typebox';
import { notFound } from '../../../kernel/index.ts';
import { lineSchema, strict } from '../../trust/shape.ts';
import { csrsOf } from '../service/csr.ts';
import { approveRequest, refuseRequest } from '../service/decide.ts';
import { findRequest, listRequests, nameOfOperator, type RequestRow } from '../store/request.ts';
import type { RequestState } from '../views.ts';
import { type ApiDeps, type ApiRoute, bodyOf, DECIDE, json, nameOf, READ, V1 } from './api.ts';

const pem = Type.String({ minLength: 1, maxLength: 20_000 });
export const approvalSchema = Type.Object(
  {
    reason: Type.Optional(lineSchema(1000)),
    certificates: Type.Optional(Type.Object({ tls: pem, sign: pem }, strict)),
  },
  strict,
);
export const refusalSchema = Type.Object({ reason: lineSchema(1000) }, strict);

const STATES = new Set(['waiting', 'approved', 'refused']);

/** What members ask for, and its decision. */
export function requestApi(deps: ApiDeps): readonly ApiRoute[] {
  return [...readRoutes(deps), ...decisionRoutes(deps)];
}

const ONE = `${V1}/requests/:id`;

function readRoutes({ registry }: ApiDeps): readonly ApiRoute[] {
  const { db } = registry;
  const need = async (id: string): Promise<RequestRow> => {
    const row = await findRequest(db.read, id);
    if (row === undefined) throw notFound('There is no request of this id.');
    return row;
  };
  return [
    {
      ...READ,
      id: 'registry.request.list',
      url: `${V1}/requests`,
      summary: 'Requests, newest first; ?state=waiting|approved|refused',
      async handle(request) {
        const { state } = request.query as { readonly state?: unknown };
        const asked = typeof state === 'string' && STATES.has(state) ? (state as RequestState) : undefined;
        const rows = await listRequests(db.read, asked, 500);
        return json({ requests: await Promise.all(rows.map((row) => describeRequest(db.read, row))) });
      },
    },
    {
      ...READ,
      id: 'registry.request.read',
      url: ONE,
      summary: 'One request',
      handle: async (request) => json(await describeRequest(db.read, await need(nameOf(request, 'id')))),
    },
    {
      ...READ,
      id: 'registry.request.csr',
      url: `${ONE}/csr/:use`,
      summary: 'The certificate signing request (PKCS#10, PEM) for "tls" or "sign", for an outside authority',
      async handle(request) {
        const csr = csrsOf(await need(nameOf(request, 'id')))?.[nameOf(request, 'use') === 'tls' ? 'tls' : 'sign'];
        if (csr === undefined) throw notFound('This request asks for no certificates.');
        return { kind: 'text', body: csr, contentType: 'application/x-pem-file' };
      },
    },
  ];
}

function decisionRoutes({ registry, clock }: ApiDeps): readonly ApiRoute[] {
  const told = async (row: RequestRow) => json(await describeRequest(registry.db.read, row));
  return [
    {
      ...DECIDE,
      id: 'registry.request.approve',
      method: 'POST',
      url: `${ONE}/approve`,
      audit: 'registry.request-approved',
      summary: 'Grants a request; "certificates" are those of an outside authority, instead of our own making',
      body: approvalSchema,
      handle: async (request, acting) =>
        told(await approveRequest(registry, acting, nameOf(request, 'id'), bodyOf(approvalSchema, request), clock())),
    },
    {
      ...DECIDE,
      id: 'registry.request.refuse',
      method: 'POST',
      url: `${ONE}/refuse`,
      audit: 'registry.request-refused',
      summary: 'Refuses a request, with the reason that the applicant is told',
      body: refusalSchema,
      async handle(request, acting) {
        const { reason } = bodyOf(refusalSchema, request);
        return told(await refuseRequest(registry, acting, nameOf(request, 'id'), reason, clock()));
      },
    },
  ];
}

type ReadTx = Parameters<typeof findRequest>[0];

export async function describeRequest(tx: ReadTx, row: RequestRow) {
  return {
    id: row.id,
    kind: row.kind,
    server: row.server,
    state: row.state,
    asks: row.payload,
    receivedAt: row.receivedAt,
    decidedAt: row.decidedAt,
    decidedBy: row.decidedBy === null ? null : await nameOfOperator(tx, row.decidedBy),
    reason: row.reason,
  };
}
