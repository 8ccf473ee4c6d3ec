import Type from 'typebox';
import { invalid, notFound } from '../../kernel/index.ts';
import type { GatewayCore } from '../gateway/extension.ts';
import { readBody } from '../gateway/operator.ts';
import type { OperatorRoute } from '../operators/guard.ts';
import { fetchDescription } from './fetch.ts';
import { parseOpenApi, type ServiceDescription } from './openapi.ts';

const bodySchema = Type.Object(
  {
    service: Type.String({ minLength: 1, maxLength: 500 }),
    /** The description itself, or the address that it is fetched from. */
    text: Type.Optional(Type.String({ minLength: 1, maxLength: 2_000_000 })),
    url: Type.Optional(Type.String({ pattern: '^https?://', maxLength: 2_000 })),
  },
  { additionalProperties: false },
);

/** The OpenAPI description of a service: what its clients may read, and where its endpoints come from. */
export function descriptionRoutes({ context, rights }: GatewayCore): readonly OperatorRoute[] {
  return [
    {
      id: 'gateway.service.describe',
      method: 'PUT',
      url: '/operator/v1/services/description',
      access: 'services.change',
      audit: 'service.described',
      rate: 'api',
      async handle(request, acting) {
        const { service, text, url } = readBody(bodySchema, request);
        if (!rights.current().services.has(service))
          throw notFound(`There is no service ${service} here; add it first.`);
        const description = readDescription(text ?? (await fetchDescription(requiredUrl(url), context.networks)));
        await rights.describeService(service, description, (tx) => acting.record(tx, service));
        const { title, contentType, endpoints } = description;
        return { kind: 'json', status: 200, body: { service, title, contentType, endpoints } };
      },
    },
  ];
}

function requiredUrl(url: string | undefined): string {
  if (url !== undefined) return url;
  throw invalid('The body is not acceptable.', [{ field: '/text', message: 'text or url must be there' }]);
}

function readDescription(text: string): ServiceDescription {
  const read = parseOpenApi(text);
  if (read.ok) return read.value;
  const { field, detail } = read.error;
  throw invalid('The OpenAPI description is not acceptable.', [{ field, message: `it ${detail}` }]);
}
