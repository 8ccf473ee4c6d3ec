import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { malformed, notFound, parseJson } from '../../../kernel/index.ts';
import { type Answer, mountRoutes, type Route } from '../../../platform/index.ts';
import type { GatewayCore } from '../../gateway/extension.ts';
import { readBody } from '../../gateway/operator.ts';
import { toHeaderList } from '../../message/headers.ts';
import { formatSubsystem, parseSubsystem } from '../../message/identifiers.ts';
import { asyncApiOf } from '../async-api.ts';
import { readCloudEvents } from '../cloud-event.ts';
import { MAX_BATCH_BYTES, type Subscription } from '../model.ts';
import { eventProblem } from '../service/problems.ts';
import { publishEvents } from '../service/publish.ts';
import { acknowledge, pullEvents } from '../service/pull.ts';
import { subscribe, unsubscribe } from '../service/subscribe.ts';
import type { EventTypes } from '../service/types.ts';
import type { Webhooks } from '../service/webhook.ts';
import { checkWebhook } from '../service/webhook-address.ts';
import { findSubscription, listSubscriptions } from '../store/subscription.ts';

export type SystemDeps = {
  readonly core: GatewayCore;
  readonly types: EventTypes;
  readonly webhooks: Webhooks;
  /** Something new to hand on: at once, not at the next look. */
  readonly wake: () => void;
};

const closed = { additionalProperties: false } as const;

const wantedSchema = Type.Object(
  {
    service: Type.String({ minLength: 1, maxLength: 500 }),
    delivery: Type.Union([Type.Literal('webhook'), Type.Literal('pull')]),
    url: Type.Optional(Type.String({ pattern: '^https?://[^\\s#]+$', maxLength: 500 })),
    contentMode: Type.Union([Type.Literal('structured'), Type.Literal('binary'), Type.Literal('batch')], {
      default: 'structured',
    }),
    maxTries: Type.Integer({ minimum: 1, maximum: 100, default: 24 }),
    agreement: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
    purpose: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
    start: Type.Optional(Type.Union([Type.Literal('earliest'), Type.Literal('now')])),
  },
  closed,
);

const pullSchema = Type.Object(
  {
    max: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
    waitSeconds: Type.Integer({ minimum: 0, maximum: 30, default: 0 }),
    leaseSeconds: Type.Integer({ minimum: 1, maximum: 3_600, default: 60 }),
  },
  closed,
);

const ackSchema = Type.Object(
  {
    lease: Type.String({ minLength: 1, maxLength: 80 }),
    failed: Type.Array(Type.Integer({ minimum: 0 }), { maxItems: 1_000, default: [] }),
  },
  closed,
);

/**
 * The events' API for the member's own information systems, beside /r1/ and as open as it: on the member's own network,
 * the system named by X-Road-Client. All refusals are RFC 9457.
 */
export async function mountSystemRoutes(server: FastifyInstance, deps: SystemDeps): Promise<void> {
  await server.register(async (scope) => {
    // CloudEvents come with any content type: their data's own.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_BATCH_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    mountRoutes(scope, [...publishRoutes(deps), ...subscriptionRoutes(deps), ...pullRoutes(deps)], async () => {});
  });
}

const OPEN = { access: 'information-system', audit: null, rate: 'message' } as const;

function publishRoutes({ core: { context }, types, wake }: SystemDeps): readonly Route[] {
  return [
    {
      ...OPEN,
      id: 'events.publish',
      method: 'POST',
      url: '/events/v1/events',
      bodyLimit: MAX_BATCH_BYTES,
      async handle(request) {
        const client = clientOf(request);
        const events = readCloudEvents(toHeaderList(request.raw.rawHeaders), bytesOf(request));
        if (!events.ok) throw eventProblem(events.error);
        const accepted = await publishEvents(context, types, client, events.value);
        wake();
        return { kind: 'json', status: 202, body: { events: accepted } };
      },
    },
    {
      ...OPEN,
      id: 'events.describe',
      method: 'GET',
      url: '/events/v1/asyncapi.json',
      async handle(request) {
        const client = clientOf(request);
        if (!context.subsystems.has(client)) throw notFound(`${client} is not a subsystem of this gateway.`);
        return { kind: 'json', body: asyncApiOf(client, types.all()) };
      },
    },
  ];
}

function subscriptionRoutes({ core, webhooks }: SystemDeps): readonly Route[] {
  const { context } = core;
  return [
    {
      ...OPEN,
      id: 'events.subscription.put',
      method: 'PUT',
      url: '/events/v1/subscriptions',
      async handle(request) {
        const wanted = readBody(wantedSchema, { body: jsonOf(request) });
        const handshake = await checkWebhook(webhooks, wanted);
        const held = await subscribe(core, clientOf(request), wanted, handshake?.ratePerMinute ?? null);
        return json({ ...viewOf(held), ...(handshake === undefined ? {} : { permission: handshake.permission }) });
      },
    },
    {
      ...OPEN,
      id: 'events.subscription.list',
      method: 'GET',
      url: '/events/v1/subscriptions',
      handle: async (request) =>
        json({ subscriptions: (await listSubscriptions(context.db.read, clientOf(request))).map(viewOf) }),
    },
    {
      ...OPEN,
      id: 'events.subscription.read',
      method: 'GET',
      url: '/events/v1/subscriptions/:id',
      async handle(request) {
        const { id, client } = keyOf(request);
        const found = await findSubscription(context.db.read, id, client);
        if (found === undefined) throw notFound('There is no such subscription of this client.');
        return json(viewOf(found));
      },
    },
    {
      ...OPEN,
      id: 'events.subscription.remove',
      method: 'DELETE',
      url: '/events/v1/subscriptions/:id',
      async handle(request) {
        const { id, client } = keyOf(request);
        await unsubscribe(core, id, client);
        return json({ id, state: 'ended' });
      },
    },
  ];
}

function pullRoutes({ core: { context } }: SystemDeps): readonly Route[] {
  return [
    {
      ...OPEN,
      id: 'events.pull',
      method: 'POST',
      url: '/events/v1/subscriptions/:id/pull',
      async handle(request) {
        const wish = readBody(pullSchema, { body: jsonOf(request) });
        return json(await pullEvents(context, keyOf(request), wish, () => request.raw.socket.destroyed));
      },
    },
    {
      ...OPEN,
      id: 'events.acknowledge',
      method: 'POST',
      url: '/events/v1/subscriptions/:id/ack',
      handle: async (request) =>
        json(await acknowledge(context, keyOf(request), readBody(ackSchema, { body: jsonOf(request) }))),
    },
  ];
}

const keyOf = (request: FastifyRequest) => ({
  id: (request.params as { readonly id: string }).id,
  client: clientOf(request),
});

const json = (body: unknown): Answer => ({ kind: 'json', body });

const viewOf = ({
  id,
  client,
  service,
  delivery,
  url,
  contentMode,
  ratePerMinute,
  maxTries,
  state,
  fault,
  createdAt,
}: Subscription) => ({
  ...{ id, client, service, delivery, url, contentMode, ratePerMinute, maxTries, state, fault, createdAt },
});

function clientOf(request: FastifyRequest): string {
  const given = request.headers['x-road-client'];
  const parsed = parseSubsystem(typeof given === 'string' ? given : '');
  if (parsed.ok) return formatSubsystem(parsed.value);
  const message = 'must be INSTANCE/CLASS/MEMBER/SUBSYSTEM of the system that calls';
  throw malformed(`X-Road-Client ${message}.`, [{ field: 'X-Road-Client', message }]);
}

const NOTHING = Buffer.alloc(0);

function bytesOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : NOTHING;
}

function jsonOf(request: FastifyRequest): unknown {
  const body = bytesOf(request);
  if (body.length === 0) return {};
  const read = parseJson(body.toString('utf8'), { maxChars: 100_000, maxDepth: 8 });
  if (read.ok) return read.value;
  throw malformed(`The body is not JSON that can be read: ${read.error.detail}.`, [
    { field: '/', message: 'must be JSON' },
  ]);
}
