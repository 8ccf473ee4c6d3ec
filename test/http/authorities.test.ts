import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { startCivilStatus } from '../../examples/authorities/civil-status.ts';
import { startIdentityRegister } from '../../examples/authorities/identity-register.ts';
import { PEOPLE } from '../../examples/authorities/people.ts';
import type { RunningService } from '../../examples/authorities/service.ts';
import { parseIsoDate } from '../../src/kernel/index.ts';
import { ROOT } from '../../src/platform/index.ts';

type OpenApi = {
  readonly paths: Readonly<Record<string, { readonly get: { readonly responses: { readonly '200': ResponseFact } } }>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
};
type ResponseFact = { readonly content: { readonly 'application/json': { readonly schema: object } } };

let civil: RunningService;
let identity: RunningService;

before(async () => {
  civil = await startCivilStatus({ port: 0 });
  identity = await startIdentityRegister({ port: 0 });
});
after(async () => {
  await civil.close();
  await identity.close();
});

/** The schema of a path's answer with every reference replaced by what it names. */
function schemaOf(openapi: OpenApi, path: string): object {
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const reference = (value as { $ref?: string }).$ref;
    if (reference !== undefined) return resolve(openapi.components.schemas[reference.split('/').at(-1) ?? '']);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
  };
  const schema = openapi.paths[path]?.get.responses['200'].content['application/json'].schema;
  assert.ok(schema !== undefined, path);
  return resolve(schema) as object;
}

describe('the sample authorities', () => {
  it('answer about every invented person as their OpenAPI file says', async () => {
    for (const [service, paths] of [
      [civil, ['/birth-records/{nationalId}', '/family/{nationalId}']],
      [identity, ['/persons/{nationalId}']],
    ] as const) {
      const openapi = (await (await fetch(`${service.url}/openapi.json`)).json()) as OpenApi;
      for (const path of paths) {
        const schema = Compile(Type.Unsafe(schemaOf(openapi, path)));
        for (const { nationalId } of PEOPLE) {
          const record = await (await fetch(service.url + path.replace('{nationalId}', nationalId))).json();
          assert.deepEqual(schema.Errors(record), [], `${path} ${nationalId}`);
        }
      }
    }
  });

  it('say plainly that there is no such record, address or method', async () => {
    for (const [path, method, status] of [
      ['/persons/ZZ999999', 'GET', 404],
      ['/persons/..%2f..%2fetc', 'GET', 404],
      ['/constructor/AB123456', 'GET', 404],
      ['/elsewhere', 'GET', 404],
      ['/persons/AB123456', 'POST', 405],
    ] as const) {
      const response = await fetch(identity.url + path, { method });
      assert.equal(response.status, status, path);
      assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
      assert.equal(typeof ((await response.json()) as { error?: string }).error, 'string');
    }
  });

  it('serve their health', async () => {
    for (const { url } of [civil, identity]) assert.equal((await fetch(`${url}/health`)).status, 200);
  });
});

describe('the invented people', () => {
  it('are marked as such, and each has a number, dates and a place that exist', () => {
    const provinces = readFileSync(join(ROOT, 'content/geography/provinces.csv'), 'utf8');
    assert.equal(new Set(PEOPLE.map(({ nationalId }) => nationalId)).size, PEOPLE.length);
    for (const person of PEOPLE) {
      assert.equal(person.synthetic, true);
      assert.match(person.nationalId, /^[A-Z]{1,2}\d{1,6}$/);
      assert.match(person.phone, /^\+212 6 00 00 00 \d\d$/);
      for (const date of [
        person.birthDate,
        person.birthRecord.registeredOn,
        ...person.children.map((c) => c.birthDate),
      ]) {
        assert.ok(parseIsoDate(date) !== undefined, date);
      }
      const { provinceCode, province, regionCode } = person.address;
      const line = provinces.split('\n').find((one) => one.startsWith(`${provinceCode},`));
      assert.ok(line?.includes(province.ar) && line.endsWith(`,${regionCode}`), provinceCode);
      assert.match(person.name.ar, /^[\u0600-\u06ff ]+$/);
    }
  });

  it('have Amina of Rabat first: an adult with a family', () => {
    const [amina] = PEOPLE;
    assert.equal(amina?.nationalId, 'AB123456');
    assert.equal(amina.address.provinceCode, '04.421');
    assert.ok(amina.children.length > 0);
  });
});
