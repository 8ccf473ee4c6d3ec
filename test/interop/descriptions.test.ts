import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import asyncapi from '@asyncapi/specs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { asyncApiOf } from '../../src/exchange/events/async-api.ts';
import { GATEWAY_MIGRATIONS, parseOpenApi } from '../../src/exchange/index.ts';
import type { Database } from '../../src/platform/index.ts';
import { openForTest } from '../support/database.ts';
import { startExchange } from '../support/gateways.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';

type Operation = {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: { readonly type?: string } }>>;
  };
};
type Described = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };

/** What we publish about ourselves, judged by the schemas of those who made the formats. */
describe('descriptions that others read', () => {
  let test: TestRegistry;
  let db: Database;
  before(async () => {
    db = await openForTest(['exchange-registry']);
    test = await startRegistry(db);
  });
  after(async () => {
    await test.close();
    await db.close();
  });

  const judged = async (description: object) => {
    const { valid, errors } = await new Validator().validate(description as Record<string, unknown>);
    assert.ok(valid, JSON.stringify(errors, null, 1)?.slice(0, 2_000));
  };

  it('the registry’s API is OpenAPI 3.1 as the OpenAPI Initiative’s schema has it', async () => {
    const answer = await fetch(`${test.server.url}/registry/v1/openapi.json`);
    const description = (await answer.json()) as { readonly openapi: string; readonly paths: object };
    assert.match(description.openapi, /^3\.1\./);
    assert.ok(Object.keys(description.paths).length > 10);
    await judged(description);
  });

  it('the operators’ API of a gateway is one too, with every route that it serves, its bodies and queries', async () => {
    const all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]));
    try {
      const answer = await fetch(`${all.provider.gateway.url}/operator/v1/openapi.json`);
      const description = (await answer.json()) as Described;
      await judged(description);
      const operations = Object.values(description.paths).flatMap((path) => Object.values(path));
      assert.ok(operations.length > 70, String(operations.length));
      assert.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length);
      const { put } = description.paths['/operator/v1/services'] ?? {};
      assert.equal(put?.requestBody?.content['application/json']?.schema.type, 'object');
      const { get } = description.paths['/operator/v1/archive'] ?? {};
      assert.ok(get?.parameters.some((one) => one.in === 'query'));
    } finally {
      await all.close();
    }
  });

  it('a service’s description, as getOpenAPI gives it, is still one', async () => {
    const file = join(import.meta.dirname, '..', '..', 'examples', 'land-register', 'openapi.yaml');
    const read = parseOpenApi(await readFile(file, 'utf8'));
    assert.ok(read.ok);
    const { valid, errors } = await new Validator().validate(read.value.text);
    assert.ok(valid, JSON.stringify(errors));
  });

  it('a description that is none is found out by the same judge', async () => {
    const { valid } = await new Validator().validate({ openapi: '3.1.0', info: { title: 'x' }, paths: {} });
    assert.equal(valid, false);
  });

  const judge = new Ajv({ strict: false, validateFormats: false, allErrors: false }).compile(
    asyncapi.schemasWithoutId['3.0.0'] as object,
  );

  it('what a subsystem publishes is AsyncAPI 3.0 as its schema has it, also where it publishes nothing', () => {
    const type = {
      service: 'MA/GOV/DGSN/identity/ma.gov.dgsn.person-moved',
      title: { ar: 'انتقال شخص', fr: 'changement d’adresse' },
      aboutPerson: true,
      dataSchema: { type: 'object', properties: { city: { type: 'string' } } },
    };
    const arabic = { ...type, service: `MA/GOV/DGSN/identity/${encodeURIComponent('حدث')}`, aboutPerson: false };
    for (const types of [[type, arabic], []]) {
      const description = asyncApiOf('MA/GOV/DGSN/identity', types);
      assert.ok(judge(description), JSON.stringify(judge.errors?.slice(0, 3), null, 1));
    }
    assert.equal(judge({ asyncapi: '3.0.0', info: { title: 'without a version' } }), false);
  });
});
