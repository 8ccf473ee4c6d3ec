import type { Json, LocalText } from '../../kernel/index.ts';
import type { EventType } from './model.ts';

/**
 * AsyncAPI 3.0 of what a subsystem publishes: a channel an event type, its messages as CloudEvents' JSON. What names an
 * address is left out: a subscriber speaks to its own gateway, whose address the publisher does not know.
 */
export function asyncApiOf(subsystem: string, types: readonly EventType[]): Json {
  const own = types.filter((type) => type.service.startsWith(`${subsystem}/`));
  const keyed = own.map((type, nth) => ({ type, key: `event${nth + 1}`, code: codeOf(type) }));
  return {
    asyncapi: '3.0.0',
    id: `urn:x-road:${subsystem.split('/').map(encodeURIComponent).join(':')}`,
    info: { title: subsystem, version: '1.0.0', description: DESCRIPTION },
    defaultContentType: 'application/cloudevents+json',
    channels: Object.fromEntries(keyed.map((one) => [one.key, channelOf(one)])),
    operations: Object.fromEntries(keyed.map((one) => [`publish-${one.key}`, operationOf(one)])),
    components: {
      messages: Object.fromEntries(keyed.map((one) => [one.key, messageOf(one)])),
      schemas: { cloudEvent: CLOUD_EVENT },
    },
  };
}

type Keyed = { readonly type: EventType; readonly key: string; readonly code: string };

const DESCRIPTION =
  'Subscribe through your own gateway: PUT /events/v1/subscriptions with the address of a channel as "service". Each channel needs an agreement.';

const codeOf = (type: EventType) => decodeURIComponent(type.service.split('/').at(-1) ?? '');

function channelOf({ type, key }: Keyed): Json {
  return {
    address: type.service,
    title: titleOf(type.title),
    description: descriptionOf(type.title),
    messages: { [key]: { $ref: `#/components/messages/${key}` } },
  };
}

function operationOf({ key }: Keyed): Json {
  return {
    action: 'send',
    channel: { $ref: `#/channels/${key}` },
    messages: [{ $ref: `#/channels/${key}/messages/${key}` }],
  };
}

function messageOf({ type, code }: Keyed): Json {
  const data: Json = type.dataSchema ?? {};
  return {
    name: code,
    title: titleOf(type.title),
    contentType: 'application/cloudevents+json',
    payload: {
      allOf: [
        { $ref: '#/components/schemas/cloudEvent' },
        {
          type: 'object',
          properties: { type: { const: code }, data },
          ...(type.aboutPerson ? { required: ['subject'] } : {}),
        },
      ],
    },
  };
}

const titleOf = (title: LocalText) => title.en ?? title.fr;
const descriptionOf = (title: LocalText) => `${title.ar} — ${title.fr}`;

/** The context attributes of CloudEvents 1.0.2. */
const CLOUD_EVENT: Json = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type'],
  properties: {
    specversion: { const: '1.0' },
    id: { type: 'string', minLength: 1 },
    source: { type: 'string', format: 'uri-reference', minLength: 1 },
    type: { type: 'string', minLength: 1 },
    subject: { type: 'string', minLength: 1 },
    time: { type: 'string', format: 'date-time' },
    datacontenttype: { type: 'string', minLength: 1 },
    dataschema: { type: 'string', format: 'uri' },
    data: {},
    data_base64: { type: 'string', contentEncoding: 'base64' },
  },
};
