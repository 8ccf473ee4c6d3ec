import type { FastifyRequest } from 'fastify';
import Type, { type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { conflict, err, invalid, type Json, notFound, ok, type Result } from '../../kernel/index.ts';
import type { Answer, Tx } from '../../platform/index.ts';
import { type Agreement, ARCHIVE_KEEPS, ARCHIVERS, GROUP, MOST_ARCHIVE_DAYS } from '../message/agreement.ts';
import { parseCondition } from '../message/condition.ts';
import { Fault, faultProblem } from '../message/fault.ts';
import { formatService, formatSubsystem, parseService, parseSubsystem } from '../message/identifiers.ts';
import type { OperatorRoute } from '../operators/guard.ts';
import { saysTheSame } from './agreement-book.ts';
import type { GatewayCore } from './extension.ts';
import { exportProof } from './failed-proof.ts';
import type { GatewayContext, ServiceEntry } from './model.ts';
import { RESERVED_CODES } from './own-services.ts';
import type { RightsBook } from './rights.ts';
import { findMessages, listMessages, listProvable, type ProvableQuery } from './store.ts';
import { trustState } from './trust-state.ts';

const closed = { additionalProperties: false } as const;
const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const localText = Type.Object({ ar: text(2000), fr: text(2000), en: Type.Optional(text(2000)) }, closed);

const count = Type.Integer({ minimum: 1, maximum: 1_000_000_000 });

const serviceSchema = Type.Object(
  {
    service: text(500),
    url: Type.String({ pattern: '^https?://[^\\s?#]+$', maxLength: 500 }),
    timeoutMs: Type.Integer({ minimum: 100, maximum: 600_000, default: 60_000 }),
    enabled: Type.Boolean({ default: true }),
    notice: Type.String({ maxLength: 500, default: '' }),
  },
  closed,
);

const archiveSchema = Type.Object(
  {
    keep: Type.Union(ARCHIVE_KEEPS.map((one) => Type.Literal(one))),
    days: Type.Integer({ minimum: 1, maximum: MOST_ARCHIVE_DAYS }),
    by: Type.Union(ARCHIVERS.map((one) => Type.Literal(one))),
  },
  closed,
);

const agreementSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Za-z0-9._-]{1,80}$' }),
    version: Type.Integer({ minimum: 1, maximum: 100_000, default: 1 }),
    client: text(500),
    service: text(500),
    endpoints: Type.Array(
      Type.Object(
        {
          method: Type.String({ pattern: '^(\\*|[A-Z]{3,7})$' }),
          path: Type.String({ pattern: '^/', maxLength: 500 }),
        },
        closed,
      ),
      { minItems: 1, maxItems: 100 },
    ),
    purposes: Type.Array(
      Type.Object({ code: Type.String({ pattern: '^[A-Za-z0-9._-]{1,80}$' }), text: localText }, closed),
      { minItems: 1, maxItems: 20 },
    ),
    legalBasis: Type.Object({ text: localText, ref: text(500) }, closed),
    fields: Type.Array(Type.String({ pattern: '^/', maxLength: 300 }), { maxItems: 200 }),
    validFrom: Type.String({ format: 'date-time' }),
    validUntil: Type.String({ format: 'date-time' }),
    /** A draft is in force when it is signed; where signatures are required, all else is a draft too. */
    status: Type.Union(
      [Type.Literal('draft'), Type.Literal('active'), Type.Literal('suspended'), Type.Literal('ended')],
      { default: 'active' },
    ),
    terms: Type.Optional(
      Type.Object(
        {
          condition: Type.Optional(text(1_000)),
          ratePerMinute: Type.Optional(count),
          quota: Type.Optional(Type.Object({ perDay: Type.Optional(count), perMonth: Type.Optional(count) }, closed)),
          otherBodies: Type.Optional(Type.Union([Type.Literal('whole'), Type.Literal('refuse')])),
          archive: Type.Optional(archiveSchema),
        },
        closed,
      ),
    ),
  },
  closed,
);

const statusSchema = Type.Object(
  {
    status: Type.Union([Type.Literal('active'), Type.Literal('suspended'), Type.Literal('ended')]),
    /** What the client's operator is told. */
    reason: Type.Optional(text(1_000)),
    /** Of an end: notice until then; at once where it is left out. */
    endsAt: Type.Optional(Type.String({ format: 'date-time' })),
  },
  closed,
);

/** The operator's API, on the member's own network only. */
export function gatewayRoutes(core: GatewayCore): readonly OperatorRoute[] {
  return [...trustRoutes(core), ...serviceRoutes(core), ...agreementRoutes(core), ...exchangeRoutes(core)];
}

const READ = { method: 'GET', access: 'console.read', audit: null, rate: 'api' } as const;

function trustRoutes({ context }: GatewayCore): readonly OperatorRoute[] {
  return [
    {
      ...READ,
      id: 'gateway.trust.read',
      summary: 'The trust list that is held, and until when',
      url: '/operator/v1/trust',
      handle: async () => json(trustState(context)),
    },
    {
      id: 'gateway.trust.refresh',
      summary: 'Fetches the trust list now',
      method: 'POST',
      url: '/operator/v1/trust/refresh',
      access: 'keys.change',
      audit: 'trust.refreshed',
      rate: 'api',
      async handle() {
        await context.renewTrust();
        const state = trustState(context);
        if (state.refused !== undefined) throw faultProblem(new Fault(state.refused.fault, state.refused.detail));
        return json(state);
      },
    },
  ];
}

function serviceRoutes({ context, rights }: GatewayCore): readonly OperatorRoute[] {
  return [
    {
      ...READ,
      id: 'gateway.service.list',
      summary: 'Services behind this gateway',
      url: '/operator/v1/services',
      handle: async () => json({ services: [...rights.current().services.values()] }),
    },
    {
      id: 'gateway.service.put',
      summary: 'Puts a service behind this gateway, or changes it',
      body: serviceSchema,
      method: 'PUT',
      url: '/operator/v1/services',
      access: 'services.change',
      audit: 'service.put',
      rate: 'api',
      async handle(request, acting) {
        const entry = readService(request, context);
        await rights.addService(entry, (tx) => acting.record(tx, entry.service, { ...entry }));
        return json(entry);
      },
    },
  ];
}

function agreementRoutes({ rights }: GatewayCore): readonly OperatorRoute[] {
  return [
    {
      ...READ,
      id: 'gateway.agreement.list',
      summary: 'Agreements on this member’s services, each version',
      url: '/operator/v1/agreements',
      handle: async () => json({ agreements: rights.current().agreements }),
    },
    {
      id: 'gateway.agreement.put',
      summary: 'Adds a version of an agreement',
      body: agreementSchema,
      method: 'PUT',
      url: '/operator/v1/agreements',
      access: 'agreements.change',
      audit: 'agreement.put',
      rate: 'api',
      async handle(request, acting) {
        const agreement = readAgreement(request);
        const { id, version } = agreement;
        if (!(await rights.addAgreement(agreement, (tx) => acting.record(tx, id, { version }))))
          assertSame(rights, agreement);
        return json(rights.current().agreements.find((one) => one.id === id && one.version === version) ?? agreement);
      },
    },
    {
      id: 'gateway.agreement.status',
      summary: 'Suspends an agreement, lets it go on, or ends it',
      body: statusSchema,
      method: 'PUT',
      url: '/operator/v1/agreements/:id/status',
      access: 'agreements.change',
      audit: 'agreement.status-changed',
      rate: 'api',
      async handle(request, acting) {
        const { id } = request.params as { readonly id: string };
        const { status, reason, endsAt } = readBody(statusSchema, request);
        const how = { reason, endsAt: endsAt === undefined ? undefined : new Date(endsAt) };
        const record = (tx: Tx) => acting.record(tx, id, { status, ...(endsAt === undefined ? {} : { endsAt }) });
        if (!(await rights.setStatus(id, status, record, how))) throw notFound('There is no agreement of this id.');
        return json({ id, status, ...(endsAt === undefined ? {} : { endsAt }) });
      },
    },
  ];
}

function exchangeRoutes({ context, peers }: GatewayCore): readonly OperatorRoute[] {
  const idOf = (request: FastifyRequest) => (request.params as { readonly exchange: string }).exchange;
  return [
    {
      ...READ,
      id: 'gateway.exchange.list',
      summary: 'The latest messages, without their bodies',
      url: '/operator/v1/exchanges',
      handle: async () => json({ exchanges: (await listMessages(context.db.read, 100)).map(summary) }),
    },
    {
      ...READ,
      id: 'gateway.exchange.read',
      summary: 'One exchange: its messages and their places in the ledger',
      url: '/operator/v1/exchanges/:exchange',
      async handle(request) {
        const found = await findMessages(context.db.read, idOf(request));
        if (found.length === 0) throw notFound('There is no exchange of this id.');
        return json({ messages: found.map(({ index, record }) => ({ index, ...summary(record) })) });
      },
    },
    {
      id: 'gateway.evidence.list',
      summary: 'Exchanges of a period, for an export of their evidence',
      query: periodSchema,
      method: 'GET',
      url: '/operator/v1/evidence',
      access: 'evidence.read',
      audit: null,
      rate: 'api',
      async handle(request) {
        const provable = await listProvable(context.db.read, readPeriod(request), PAGE);
        const next = provable.length === PAGE ? (provable.at(-1)?.index ?? null) : null;
        return json({ exchanges: provable, next });
      },
    },
    {
      id: 'gateway.evidence.export',
      summary: 'The proof of one exchange as one file',
      method: 'GET',
      url: '/operator/v1/exchanges/:exchange/evidence',
      access: 'evidence.read',
      audit: 'evidence.exported',
      rate: 'api',
      handle: async (request) => ({
        kind: 'bytes',
        contentType: 'application/json',
        body: await exportProof(context, peers, idOf(request)),
      }),
    },
  ];
}

const PAGE = 500;

const periodSchema = Type.Object(
  {
    from: Type.String({ format: 'date-time' }),
    until: Type.String({ format: 'date-time' }),
    service: Type.Optional(text(500)),
    after: Type.String({ pattern: '^(-1|\\d{1,15})$', default: '-1' }),
  },
  closed,
);

function readPeriod(request: FastifyRequest): ProvableQuery {
  const { from, until, service, after } = readBody(periodSchema, { body: request.query });
  return { from: new Date(from), until: new Date(until), service, after: Number(after) };
}

const json = (body: unknown): Answer => ({ kind: 'json', body });

/** Sent again, a version changes nothing; sent otherwise, it must be a new one. */
function assertSame(rights: RightsBook, given: Agreement): void {
  const held = rights.current().agreements.find((one) => one.id === given.id && one.version === given.version);
  if (held === undefined || !saysTheSame(held, given)) {
    throw conflict(
      `Version ${given.version} of the agreement ${given.id} stands with another text; send the next one.`,
    );
  }
}

export function readBody<S extends TSchema>(schema: S, request: Pick<FastifyRequest, 'body'>): Static<S> {
  const body = Value.Default(schema, request.body ?? {});
  const fault = Value.Errors(schema, body)[0];
  if (fault === undefined) return body as Static<S>;
  throw invalid('The body is not acceptable.', [{ field: fault.instancePath || '/', message: fault.message }]);
}

/** Throws a Problem (422) that names the fields. */
export function readService(request: Pick<FastifyRequest, 'body'>, context: GatewayContext): ServiceEntry {
  const entry = readBody(serviceSchema, request);
  const refuse = (message: string) => invalid('The service is not acceptable.', [{ field: '/service', message }]);
  const id = parseService(entry.service);
  if (!id.ok) throw refuse(`It ${id.error.detail}.`);
  if (!context.subsystems.has(formatSubsystem(id.value))) throw refuse('It is not of a subsystem of this gateway.');
  if (RESERVED_CODES.has(id.value.service)) throw refuse(`The gateway itself answers ${id.value.service}.`);
  return { ...entry, service: formatService(id.value) };
}

/** Throws a Problem (422) that names the fields. */
export function readAgreement(request: Pick<FastifyRequest, 'body'>): Agreement {
  const agreement = readBody(agreementSchema, request) as Agreement;
  const errors = agreementErrors(agreement);
  if (errors.length > 0) throw invalid('The agreement is not acceptable.', errors);
  return agreement;
}

/** An agreement in a document of another gateway; its state is not part of what was signed. */
export function parseAgreement(payload: Json): Result<Agreement, string> {
  const agreement = { ...(payload as object), status: 'active' } as unknown as Agreement;
  const [fault] = Value.Errors(agreementSchema, agreement);
  if (fault !== undefined) return err(`${fault.instancePath || '/'} ${fault.message}`);
  const [error] = agreementErrors(agreement);
  return error === undefined ? ok(agreement) : err(`${error.field} ${error.message}`);
}

function agreementErrors(agreement: Agreement): readonly { readonly field: string; readonly message: string }[] {
  const errors = [];
  if (!parseSubsystem(agreement.client).ok && !/^GROUP:[A-Za-z0-9._-]{1,80}$/.test(agreement.client))
    errors.push({ field: '/client', message: 'INSTANCE/CLASS/MEMBER/SUBSYSTEM or GROUP:CODE is expected' });
  const condition = agreement.terms?.condition === undefined ? undefined : parseCondition(agreement.terms.condition);
  if (condition?.ok === false)
    errors.push({ field: '/terms/condition', message: `is no condition: ${condition.error}` });
  if (agreement.client.startsWith(GROUP) && (agreement.terms?.archive?.by ?? 'provider') !== 'provider')
    errors.push({ field: '/terms/archive/by', message: 'must be provider: a group has no gateway that could keep' });
  if (!parseService(agreement.service).ok)
    errors.push({ field: '/service', message: 'INSTANCE/CLASS/MEMBER/SUBSYSTEM/SERVICE is expected' });
  if (!(Date.parse(agreement.validFrom) < Date.parse(agreement.validUntil)))
    errors.push({ field: '/validUntil', message: 'must be after validFrom' });
  return errors;
}

/** For lists: who, what, when; never the signed text. */
function summary(record: Awaited<ReturnType<typeof listMessages>>[number]): object {
  const { exchange, kind, side, at, peer, client, service, agreement, purpose, status, fault, xRoadId } = record;
  return { exchange, kind, side, at, peer, client, service, agreement, purpose, status, fault, xRoadId };
}
