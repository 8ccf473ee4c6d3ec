import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type HeaderList,
  keepLastOf,
  lastOf,
  passRequestHeaders,
  passResponseHeaders,
  toHeaderList,
} from './headers.ts';

const names = (headers: HeaderList) => headers.map(([name]) => name);

test('what belongs to one connection is not passed on', () => {
  const given = toHeaderList(
    [
      'Host Connection Keep-Alive TE Trailer Transfer-Encoding Upgrade Proxy-Authorization Proxy-Authenticate',
      'User-Agent Content-Length Server Expect',
    ]
      .join(' ')
      .split(' ')
      .flatMap((name) => [name, 'x']),
  );
  assert.deepEqual(passRequestHeaders(given), []);
});

test('headers that Connection names go with it', () => {
  const given: HeaderList = [
    ['Connection', 'close, X-Hop'],
    ['x-hop', '1'],
    ['Accept', '*/*'],
  ];
  assert.deepEqual(names(passRequestHeaders(given)), ['Accept']);
});

test('everything else passes as it came: order, letters and X-Road’s extensions', () => {
  const given: HeaderList = [
    ['X-Road-UserId', 'MA12'],
    ['Authorization', 'Bearer x'],
    ['traceparent', '00-1-2-01'],
    ['X-Road-Security-Token', 't'],
    ['Cache-Control', 'no-cache'],
    ['Wasl-Purpose', 'residence'],
  ];
  assert.deepEqual(passRequestHeaders(given), given);
});

test('neither an information system nor a service can speak as a gateway', () => {
  const forged: HeaderList = [
    ['Signature', 'wasl=:AA==:'],
    ['Signature-Input', 'wasl=()'],
    ['Content-Digest', 'sha-256=:AA==:'],
    ['X-Road-Request-Hash', 'AA=='],
  ];
  assert.deepEqual(passRequestHeaders(forged), []);
  const claimed: HeaderList = [
    ['x-road-id', '1'],
    ['X-Road-Client', 'A/B/C/D'],
    ['X-Road-Service', 'A/B/C/D/E'],
    ['x-road-request-id', '2'],
    ['X-Road-Error', 'Server.ServerProxy.AccessDenied'],
    ['Wasl-Agreement', 'other'],
    ['Date', 'today'],
  ];
  assert.deepEqual(passResponseHeaders([...forged, ...claimed, ['ETag', '"1"']]), [['ETag', '"1"']]);
});

test('of a repeated header the last one counts, and the others can be left out', () => {
  const given: HeaderList = [
    ['X-Road-Client', 'A/B/C/one'],
    ['Accept', 'text/html'],
    ['x-road-client', 'A/B/C/two'],
    ['accept', 'text/xml'],
  ];
  assert.equal(lastOf(given, 'x-road-client'), 'A/B/C/two');
  assert.deepEqual(keepLastOf(given, ['x-road-client']), [
    ['Accept', 'text/html'],
    ['x-road-client', 'A/B/C/two'],
    ['accept', 'text/xml'],
  ]);
});
