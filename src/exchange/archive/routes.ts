import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { GatewayCore } from '../gateway/extension.ts';
import { readBody } from '../gateway/operator.ts';
import type { OperatorRoute } from '../operators/guard.ts';
import { eraseExchange, eraseSubject, takeBody } from './service.ts';
import { listBodies, listBodiesOf } from './store.ts';

const closed = { additionalProperties: false } as const;
const PAGE = 100;
const LAST = String(Number.MAX_SAFE_INTEGER);

const listSchema = Type.Object(
  {
    exchange: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    before: Type.String({ pattern: '^\\d{1,16}$', default: LAST }),
  },
  closed,
);
export const reasonSchema = Type.String({ minLength: 3, maxLength: 500, pattern: '\\S' });
const eraseSchema = Type.Object(
  { exchange: Type.String({ minLength: 1, maxLength: 200 }), reason: reasonSchema },
  closed,
);
/** In the body, never in an address: those are logged. */
const subjectSchema = Type.Object(
  { subject: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }), reason: reasonSchema },
  closed,
);

export function archiveRoutes(core: GatewayCore): readonly OperatorRoute[] {
  return [...readRoutes(core), ...eraseRoutes(core)];
}

function readRoutes({ context }: GatewayCore): readonly OperatorRoute[] {
  return [
    {
      id: 'gateway.archive.list',
      summary: 'Bodies of messages that are kept, without what is in them',
      query: listSchema,
      method: 'GET',
      url: '/operator/v1/archive',
      access: 'console.read',
      audit: null,
      rate: 'api',
      async handle(request) {
        const { exchange, before } = readBody(listSchema, { body: request.query });
        if (exchange !== undefined)
          return { kind: 'json', body: { bodies: await listBodiesOf(context.db.read, exchange), next: null } };
        const bodies = await listBodies(context.db.read, Number(before), PAGE);
        const next = bodies.length === PAGE ? (bodies.at(-1)?.index ?? null) : null;
        return { kind: 'json', body: { bodies, next } };
      },
    },
    {
      id: 'gateway.archive.read',
      summary: 'One kept body, sealed for those who may open it',
      method: 'GET',
      url: '/operator/v1/archive/:index/body',
      access: 'archive.read',
      audit: 'archive.read',
      rate: 'api',
      async handle(request) {
        const { exchange, kind, contentDigest, file, fileSize } = await takeBody(context, indexOf(request));
        return {
          kind: 'stream',
          // Not octet-stream, which the server would compress: what is encrypted grows by it.
          contentType: 'application/x-age',
          body: file,
          size: fileSize,
          fileName: `${exchange}-${kind}.age`,
          headers: { 'wasl-content-digest': contentDigest },
        };
      },
    },
  ];
}

function eraseRoutes({ context }: GatewayCore): readonly OperatorRoute[] {
  const erase = { method: 'POST', access: 'archive.erase', audit: 'archive.erased', rate: 'form' } as const;
  return [
    {
      ...erase,
      id: 'gateway.archive.erase',
      summary: 'Erases the kept bodies of an exchange, with a reason; its proof stays whole',
      body: eraseSchema,
      url: '/operator/v1/archive/erase',
      async handle(request, acting) {
        const { exchange, reason } = readBody(eraseSchema, request);
        return { kind: 'json', body: { erased: await eraseExchange(context, exchange, reason.trim(), acting) } };
      },
    },
    {
      ...erase,
      id: 'gateway.archive.erase-subject',
      summary: 'Erases all kept bodies about one person, with a reason',
      body: subjectSchema,
      url: '/operator/v1/archive/erase-subject',
      async handle(request, acting) {
        const { subject, reason } = readBody(subjectSchema, request);
        return { kind: 'json', body: { erased: await eraseSubject(context, subject, reason.trim(), acting) } };
      },
    },
  ];
}

function indexOf(request: FastifyRequest): number {
  const { index } = request.params as { readonly index: string };
  return /^\d{1,15}$/.test(index) ? Number(index) : -1;
}
