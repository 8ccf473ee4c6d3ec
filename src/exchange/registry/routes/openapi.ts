import type { Route } from '../../../platform/index.ts';
import type { ApiRoute } from './api.ts';
import { V1 } from './api.ts';

/** The description of the operator's API, made of its routes: a route without a summary does not compile. */
export function openApiRoute(routes: readonly ApiRoute[]): Route<'public'> {
  const body = describeApi(routes);
  return {
    id: 'registry.api.describe',
    method: 'GET',
    url: `${V1}/openapi.json`,
    access: 'public',
    audit: null,
    rate: 'api',
    handle: async () => ({ kind: 'json', body }),
  };
}

export function describeApi(routes: readonly ApiRoute[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Wasl registry', version: '1', description: 'The operator’s API of the registry of an instance.' },
    security: [{ operator: [] }],
    paths,
    components: {
      securitySchemes: { operator: { type: 'http', scheme: 'bearer' } },
      responses: { problem: { description: 'A problem (RFC 9457)', content: { 'application/problem+json': {} } } },
    },
  };
}

function operationOf(route: ApiRoute): object {
  const parameters = [...route.url.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const body =
    route.body === undefined ? {} : { requestBody: { content: { 'application/json': { schema: route.body } } } };
  return {
    operationId: route.id,
    summary: route.summary,
    parameters,
    ...body,
    'x-permission': route.access,
    responses: { default: { $ref: '#/components/responses/problem' }, '2XX': { description: 'Done' } },
  };
}
