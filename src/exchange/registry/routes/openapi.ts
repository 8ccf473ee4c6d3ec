import type { Route } from '../../../platform/index.ts';
import { describeApi } from '../../operators/openapi.ts';
import type { ApiRoute } from './api.ts';
import { V1 } from './api.ts';

const INFO = { title: 'Wasl registry', description: 'The operator’s API of the registry of an instance.' };

/** The description of the operator's API, made of its routes: a route without a summary does not compile. */
export function openApiRoute(routes: readonly ApiRoute[]): Route<'public'> {
  const body = describeApi(INFO, routes);
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
