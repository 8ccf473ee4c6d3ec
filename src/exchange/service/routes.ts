import Type from 'typebox';
import { notFound } from '../../kernel/index.ts';
import type { GatewayCore } from '../gateway/extension.ts';
import { readBody } from '../gateway/operator.ts';
import type { OperatorRoute } from '../operators/guard.ts';
import { fetchDescription } from './fetch.ts';
import { importService, readDescription, requiredUrl } from './import.ts';

const bodySchema = Type.Object(
  {
    service: Type.String({ minLength: 1, maxLength: 500 }),
    /** The description itself, or the address that it is fetched from. */
    text: Type.Optional(Type.String({ minLength: 1, maxLength: 2_000_000 })),
    url: Type.Optional(Type.String({ pattern: '^https?://', maxLength: 2_000 })),
  },
  { additionalProperties: false },
);

const importSchema = Type.Object(
  {
    text: bodySchema.properties.text,
    from: bodySchema.properties.url,
    url: Type.String({ pattern: '^https?://[^\\s?#]+$', maxLength: 500 }),
    subsystem: Type.Optional(Type.String({ minLength: 1, maxLength: 400 })),
    code: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    timeoutMs: Type.Optional(Type.Integer({ minimum: 100, maximum: 600_000 })),
  },
  { additionalProperties: false },
);

/** The OpenAPI description of a service: what its clients may read, and where its endpoints come from. */
export function descriptionRoutes(core: GatewayCore): readonly OperatorRoute[] {
  const { context, rights } = core;
  return [
    {
      id: 'gateway.service.import',
      summary: 'Puts a service behind this gateway by its OpenAPI description',
      body: importSchema,
      method: 'POST',
      url: '/operator/v1/services/import',
      access: 'services.change',
      audit: 'service.imported',
      rate: 'api',
      bodyLimit: 4_000_000,
      async handle(request, acting) {
        const { entry, isNew } = await importService(core, readBody(importSchema, request), acting);
        return { kind: 'json', status: isNew ? 201 : 200, body: entry };
      },
    },
    {
      id: 'gateway.service.remove',
      summary: 'Takes a service out',
      method: 'DELETE',
      url: '/operator/v1/services/:service',
      access: 'services.change',
      audit: 'service.removed',
      rate: 'api',
      async handle(request, acting) {
        const { service } = request.params as { readonly service: string };
        if (!(await rights.removeService(service, (tx) => acting.record(tx, service))))
          throw notFound(`There is no service ${service} here.`);
        return { kind: 'json', body: { service } };
      },
    },
    {
      id: 'gateway.service.describe',
      summary: 'Replaces the OpenAPI description of a service, by a text or from an address',
      body: bodySchema,
      method: 'PUT',
      url: '/operator/v1/services/description',
      access: 'services.change',
      audit: 'service.described',
      rate: 'api',
      async handle(request, acting) {
        const { service, text, url } = readBody(bodySchema, request);
        if (!rights.current().services.has(service))
          throw notFound(`There is no service ${service} here; add it first.`);
        const description = readDescription(
          text ?? (await fetchDescription(requiredUrl(url, '/url'), context.networks)),
        );
        await rights.describeService(service, description, (tx) => acting.record(tx, service));
        const { title, contentType, endpoints } = description;
        return { kind: 'json', status: 200, body: { service, title, contentType, endpoints } };
      },
    },
  ];
}
