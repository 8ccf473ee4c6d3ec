import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULTS, Fault, type FaultAnswerOptions, type FaultSlug, faultAnswer, faultCode } from './fault.ts';

const answer = (accept: string | undefined, more: Partial<FaultAnswerOptions> = {}, fault?: Fault) =>
  faultAnswer(fault ?? new Fault('no-agreement', 'Request is not allowed: <none> & "no"'), {
    accept,
    dialect: 'legacy',
    side: 'provider',
    id: '6f1c',
    base: 'https://wasl.example',
    ...more,
  });

test('by default a fault is X-Road’s JSON with its status 500', () => {
  assert.deepEqual(answer(undefined), {
    status: 500,
    contentType: 'application/json;charset=utf-8',
    code: 'Server.ServerProxy.AccessDenied',
    body: '{"type":"Server.ServerProxy.AccessDenied","message":"Request is not allowed: <none> & \\"no\\"","detail":"6f1c"}',
  });
});

for (const [accept, contentType] of [
  ['application/xml', 'application/xml;charset=utf-8'],
  ['text/xml', 'text/xml;charset=utf-8'],
  ['text/*', 'text/xml;charset=utf-8'],
  ['application/json, text/xml;q=0.1', 'text/xml;charset=utf-8'],
  ['text/xml-patch+xml', 'application/json;charset=utf-8'],
  ['*/*', 'application/json;charset=utf-8'],
  ['application/problem+json, application/json', 'application/problem+json'],
] as const) {
  test(`Accept: ${accept} is answered with ${contentType}`, () => {
    assert.equal(answer(accept).contentType, contentType);
  });
}

test('X-Road’s XML holds the same three words, escaped', () => {
  assert.equal(
    answer('text/xml').body,
    '<?xml version="1.0" encoding="UTF-8"?><error><type>Server.ServerProxy.AccessDenied</type><message>Request is not allowed: &lt;none&gt; &amp; "no"</message><detail>6f1c</detail></error>',
  );
});

test('whoever asks for a problem gets the honest status, the slug and a remedy', () => {
  const { status, body, code } = answer('application/problem+json');
  assert.equal(status, 403);
  assert.equal(code, 'Server.ServerProxy.AccessDenied');
  assert.deepEqual(JSON.parse(body), {
    type: 'https://wasl.example/problems/no-agreement',
    title: 'There is no agreement',
    status: 403,
    detail: 'Request is not allowed: <none> & "no"',
    remedy: 'Ask the member that provides the service for an agreement that covers this call.',
    instance: 'urn:uuid:6f1c',
    xRoadError: 'Server.ServerProxy.AccessDenied',
  });
});

test('a fault keeps the name of the side that raised it', () => {
  const passedOn = new Fault('no-agreement', 'x', { side: 'provider' });
  assert.equal(answer(undefined, { side: 'consumer' }, passedOn).code, 'Server.ServerProxy.AccessDenied');
  assert.equal(
    answer(undefined, { side: 'consumer' }, new Fault('client-header-missing', 'x')).code,
    'Server.ClientProxy.InvalidClientIdentifier',
  );
});

for (const [slug, side, v78] of [
  ['client-header-missing', 'consumer', 'server.clientproxy.invalid_client_identifier'],
  ['client-not-here', 'consumer', 'server.clientproxy.unknown_member'],
  ['trust-list-expired', 'provider', 'server.serverproxy.global_conf_outdated'],
  ['body-too-large', 'consumer', 'server.clientproxy.io_error'],
  ['sender-unknown', 'provider', 'server.serverproxy.ssl_authentication_failed'],
  ['no-agreement', 'provider', 'server.serverproxy.access_denied'],
] as const) {
  test(`${slug} is ${v78} since X-Road 7.8`, () => {
    assert.equal(faultCode(slug, 'v78', side), v78);
  });
}

test('every fault has a status of its class, a title and a remedy', () => {
  for (const slug of Object.keys(FAULTS) as FaultSlug[]) {
    const { status, title, remedy } = FAULTS[slug];
    assert.ok(status >= 400 && status < 600, slug);
    assert.ok(title.length > 0 && remedy.endsWith('.'), slug);
    assert.match(slug, /^[a-z]+(-[a-z]+)*$/);
  }
});
