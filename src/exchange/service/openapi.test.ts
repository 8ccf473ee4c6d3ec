import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { unwrap } from '../../kernel/index.ts';
import { parseOpenApi } from './openapi.ts';

const DOCUMENT = {
  openapi: '3.0.3',
  info: { title: 'Register of persons', version: '1' },
  servers: [{ url: 'http://10.0.0.7:8080/internal' }],
  paths: {
    '/persons/{id}': {
      servers: [{ url: 'http://10.0.0.8' }],
      parameters: [],
      get: { servers: [{ url: 'http://10.0.0.9' }], responses: { 200: { $ref: '#/components/responses/Person' } } },
      put: {},
    },
    '/files/{name}.{kind}/{all}{rest}': { post: {} },
    'x-hidden': { get: {} },
  },
  components: {
    responses: { Person: { description: 'one' } },
    schemas: { Loop: { properties: { next: { $ref: '#/components/schemas/Loop' } } } },
  },
};
const YAML = `openapi: 3.1.0
info: { title: سجل, version: "1" }
paths:
  /a/{b}:
    get: {}
`;

test('operations become endpoints, path parameters become stars', () => {
  const read = unwrap(parseOpenApi(JSON.stringify(DOCUMENT)));
  assert.equal(read.title, 'Register of persons');
  assert.deepEqual(read.endpoints, [
    { method: 'GET', path: '/persons/*' },
    { method: 'PUT', path: '/persons/*' },
    { method: 'POST', path: '/files/*.*/*' },
  ]);
});

test('no address of the service is left in what clients read', () => {
  const { text, contentType } = unwrap(parseOpenApi(JSON.stringify(DOCUMENT)));
  assert.equal(contentType, 'application/json');
  assert.ok(!text.includes('10.0.0.'));
  assert.deepEqual(JSON.parse(text).servers, [{ url: 'http://example.org/xroad-endpoint' }]);
  assert.deepEqual(JSON.parse(text).components, DOCUMENT.components);
});

test('YAML is read and stays YAML', () => {
  const read = unwrap(parseOpenApi(YAML));
  assert.equal(read.contentType, 'application/yaml');
  assert.deepEqual(read.endpoints, [{ method: 'GET', path: '/a/*' }]);
  assert.deepEqual(unwrap(parseOpenApi(read.text)).endpoints, read.endpoints);
});

const bomb = `openapi: 3.0.0\npaths: {}\na: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n`;
for (const [what, text, field, detail] of [
  [
    'a reference to another place',
    '{"openapi":"3.0.0","a":{"$ref":"http://10.0.0.1/x"}}',
    '/a/$ref',
    /nothing is fetched/,
  ],
  [
    'a reference to a file',
    '{"openapi":"3.0.0","a":[{"$ref":"../secret.yaml#/x"}]}',
    '/a/0/$ref',
    /nothing is fetched/,
  ],
  ['YAML that stands for gigabytes', bomb, '/', /aliases/],
  ['OpenAPI 2', '{"swagger":"2.0"}', '/openapi', /3\.0 or 3\.1/],
  ['a list', '[1]', '/', /not an OpenAPI/],
  ['half a file', '{"openapi":"3.0.0"', '/', /not JSON/],
  ['YAML with an error', 'openapi: [', '/', /not YAML/],
  ['a path without a slash', '{"openapi":"3.0.0","paths":{"a":{}}}', '/paths/a', /begins with/],
  ['paths that are a list', '{"openapi":"3.0.0","paths":[]}', '/paths', /object/],
  ['poisoned keys', '{"openapi":"3.0.0","__proto__":{"paths":{}}}', '/', /not JSON/],
  ['too deep a nest', `{"openapi":"3.0.0","a":${'['.repeat(100)}${']'.repeat(100)}}`, '/', /nested/],
  ['too large a file', ' '.repeat(2_000_001), '/', /longer/],
] as const) {
  test(`${what} is refused, with the place`, () => {
    const read = parseOpenApi(text);
    assert.ok(!read.ok);
    assert.equal(read.error.field, field);
    assert.match(read.error.detail, detail);
  });
}

test('references that lead in a circle are never followed', () => {
  const circle = { a: { $ref: '#/components/schemas/b' }, b: { $ref: '#/components/schemas/a' } };
  const self = { $ref: '#' };
  const text = JSON.stringify({
    openapi: '3.1.0',
    paths: { '/x': { get: {}, parameters: [self] } },
    components: { schemas: circle },
  });
  assert.deepEqual(unwrap(parseOpenApi(text)).endpoints, [{ method: 'GET', path: '/x' }]);
});

test('anything at all is read or refused, never thrown at', () => {
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((json) => `openapi: 3.0.0\npaths: ${json}\n`),
  );
  fc.assert(fc.property(text, (given) => typeof parseOpenApi(given).ok === 'boolean'));
});
