import type { TSchema } from 'typebox';

/** A route with what the description of its API says of it. */
export type DescribedRoute = {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly access: string;
  readonly summary: string;
  readonly body?: TSchema;
  readonly query?: TSchema;
};

type Info = { readonly title: string; readonly description: string };

/** OpenAPI 3.1 of an operators' API, made of its routes. */
export function describeApi(info: Info, routes: readonly DescribedRoute[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: info.title, version: '1', description: info.description },
    security: [{ operator: [] }],
    paths,
    components: {
      securitySchemes: { operator: { type: 'http', scheme: 'bearer' } },
      responses: { problem: { description: 'A problem (RFC 9457)', content: { 'application/problem+json': {} } } },
    },
  };
}

function operationOf(route: DescribedRoute): object {
  const inPath = [...route.url.matchAll(/:(\w+)/g)].map(([, name]) => ({
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
    parameters: [...inPath, ...queryOf(route.query)],
    ...body,
    ...(route.access === 'public' ? { security: [] } : {}),
    'x-permission': route.access,
    responses: { default: { $ref: '#/components/responses/problem' }, '2XX': { description: 'Done' } },
  };
}

function queryOf(schema: TSchema | undefined): readonly object[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    readonly properties?: Readonly<Record<string, TSchema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, property]) => {
    // What has a value of its own where it is left out may be left out.
    const isRequired = required.includes(name) && !('default' in property);
    return { name, in: 'query', required: isRequired, schema: property };
  });
}
