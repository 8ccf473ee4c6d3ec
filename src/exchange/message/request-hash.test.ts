import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HeaderList } from './headers.ts';
import { requestHash } from './request-hash.ts';

const ids: HeaderList = [
  ['X-Road-Id', 'fa2e18a5-c2cb-4d09-b994-f57727f7c3fb'],
  ['x-road-request-id', 'f92591a3-6bf0-49b1-987b-0dd78c034cc3'],
];

test('a request without a body is hashed over its verb, target and headers', () => {
  const headers: HeaderList = [['X-Road-Client', 'DEV/COM/4321/TestClient'], ['Accept', 'application/json'], ...ids];
  assert.equal(
    requestHash('GET', '/r1/DEV/COM/1234/TestService/mock1/v1/bar?quu=1', headers, Buffer.alloc(0)),
    'brtHQ2T3+a4VDxJ/FhnOhQ3KvyjZrcvxSuy/aW0wYoC+iNMb05f8uTCmuG9S+7Oy3lX0CWdbAByuF6x0p5UoCw==',
  );
});

test('a request with a body is hashed over the hash of its head and that of its body', () => {
  const headers: HeaderList = [
    ['X-Road-Client', 'DEV/COM/4321/TestClient'],
    ['Content-Type', 'application/json'],
    ...ids,
  ];
  assert.equal(
    requestHash('POST', '/r1/DEV/COM/1234/TestService/mock1', headers, Buffer.from('{"data": 1.0}')),
    '2n2KAPuCAfEwBNgn34h5i0y45l8UlPU1SvK0dpauxIsu9Y6R4s1BntxJXGjao5NV9KjF/iigQcotyqGQz9/Gyw==',
  );
});

test('the order and the letters of the headers count', () => {
  const one = requestHash('GET', '/r1/x', ids, Buffer.alloc(0));
  assert.notEqual(requestHash('GET', '/r1/x', [...ids].reverse(), Buffer.alloc(0)), one);
  assert.notEqual(
    requestHash(
      'GET',
      '/r1/x',
      ids.map(([name, value]) => [name.toLowerCase(), value]),
      Buffer.alloc(0),
    ),
    one,
  );
});
