import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { exchangeClient, GATEWAY_MIGRATIONS, verifyEvidence } from '../../src/exchange/index.ts';
import type { HeaderList } from '../../src/exchange/message/headers.ts';
import { parseJson } from '../../src/kernel/index.ts';
import { readCheckpoint, readEntries, verifyLog } from '../../src/ledger/index.ts';
import { onEachDatabase } from '../support/database.ts';
import {
  type Answer,
  anAgreement,
  CLIENT,
  PERSON,
  type RawRequest,
  SERVICE,
  sendRaw,
  startExchange,
  type TestExchange,
  type TestGateway,
} from '../support/gateways.ts';
import { aMessage as aMessageOf, type MessageParts } from '../support/messages.ts';
import { INSTANCE } from '../support/registry.ts';

const PROBLEM = ['accept', 'application/problem+json'] as const;

onEachDatabase(['exchange-registry', ...GATEWAY_MIGRATIONS], (_name, open) => {
  let all: TestExchange;
  before(async () => {
    all = await startExchange(open);
  });
  after(() => all.close());
  beforeEach(() => {
    all.service.calls.length = 0;
    for (const one of [all.consumer, all.provider, all.third]) one.log.lines.length = 0;
  });

  const call = (path: string, options: Omit<RawRequest, 'path'> = {}): Promise<Answer> =>
    sendRaw(all.consumer.gateway.url, {
      path: `/r1/${SERVICE}${path}`,
      ...options,
      headers: options.headers ?? [['x-road-client', CLIENT]],
    });

  const entriesOf = async (one: TestGateway) => {
    const bytes = await readEntries(one.db.read, one.gateway.ledger.name, 0, 100_000);
    return bytes.map((entry) => JSON.parse(Buffer.from(entry).toString('utf8')) as Record<string, unknown>);
  };
  const entriesAbout = async (one: TestGateway, exchange: string) =>
    (await entriesOf(one)).filter((entry) => entry['exchange'] === exchange);

  describe('a request that is allowed', () => {
    test('reaches the service and comes back reduced to the agreed fields', async () => {
      const answer = await call('/find/AB123?lang=ar', {
        headers: [
          ['X-Road-Client', CLIENT],
          ['X-Road-Id', 'my-id'],
        ],
      });
      assert.equal(answer.status, 200);
      assert.deepEqual(JSON.parse(answer.text), {
        number: PERSON.number,
        name: PERSON.name,
        addresses: [{ city: 'Rabat' }],
      });
      assert.equal(all.service.calls.length, 1);
      assert.equal(all.service.calls[0]?.url, '/base/find/AB123?lang=ar');
    });

    test('carries X-Road’s headers back: client, service, id, request id and hash', async () => {
      const { headers } = await call('/find', {
        headers: [
          ['X-Road-Client', CLIENT],
          ['X-Road-Id', 'my-id'],
        ],
      });
      assert.equal(headers['x-road-client'], CLIENT);
      assert.equal(headers['x-road-service'], SERVICE);
      assert.equal(headers['x-road-id'], 'my-id');
      assert.match(headers['x-road-request-id'] ?? '', /^[0-9a-f-]{36}$/);
      assert.match(headers['x-road-request-hash'] ?? '', /^[A-Za-z0-9+/]{86}==$/);
      assert.equal(headers['x-road-error'], undefined);
      assert.equal(headers['wasl-agreement'], 'residence');
      assert.equal(headers['signature'], undefined);
    });

    test('gets an X-Road-Id of the instance where it has none, and never the request id it asks for', async () => {
      const forged = randomUUID();
      const { headers } = await call('/find', {
        headers: [
          ['x-road-client', CLIENT],
          ['x-road-request-id', forged],
        ],
      });
      assert.match(headers['x-road-id'] ?? '', new RegExp(`^${INSTANCE}-[0-9a-f-]{36}$`));
      assert.notEqual(headers['x-road-request-id'], forged);
    });

    test('has a hash of its own each time', async () => {
      const hashes = await Promise.all([call('/find'), call('/find')]);
      assert.notEqual(hashes[0]?.headers['x-road-request-hash'], hashes[1]?.headers['x-road-request-hash']);
    });

    test('brings the service its headers, X-Road’s among them, and nothing between gateways', async () => {
      await call('/find', {
        headers: [
          ['x-road-client', 'A/B/C/ignored'],
          ['X-Road-Client', CLIENT],
          ['X-Road-UserId', 'MA12'],
          ['Authorization', 'Bearer x'],
          ['traceparent', '00-1-2-01'],
          ['Connection', 'keep-alive, X-Hop'],
          ['X-Hop', '1'],
        ],
      });
      const raw = all.service.calls[0]?.headers ?? [];
      const headers = Object.fromEntries(
        raw.flatMap((name, at) => (at % 2 === 0 ? [[name.toLowerCase(), raw[at + 1]]] : [])),
      );
      assert.equal(headers['x-road-client'], CLIENT);
      assert.equal(headers['x-road-userid'], 'MA12');
      assert.equal(headers['authorization'], 'Bearer x');
      assert.equal(headers['traceparent'], '00-1-2-01');
      for (const name of [
        'x-hop',
        'signature',
        'signature-input',
        'content-digest',
        'x-road-service',
        'x-road-request-hash',
      ]) {
        assert.equal(headers[name], undefined, name);
      }
    });

    test('has one entry for the request and one for the answer in the ledger of each side', async () => {
      const { headers } = await call('/find', {
        headers: [
          ['x-road-client', CLIENT],
          ['wasl-subject', 'AB123'],
        ],
      });
      for (const one of [all.consumer, all.provider]) {
        const entries = await entriesAbout(one, headers['x-road-request-id'] ?? '');
        assert.deepEqual(
          entries.map((entry) => entry['kind']),
          ['request', 'response'],
        );
        assert.equal(entries[1]?.['agreement'], 'residence');
        assert.equal(entries[1]?.['status'], 200);
        assert.ok(!JSON.stringify(entries).includes('AB123'));
      }
    });

    test('is proved by one file that holds for the anchor, and for no other letter', async () => {
      const { headers } = await call('/find');
      const file = await all.consumer.gateway.exportEvidence(headers['x-road-request-id'] ?? '');
      const { anchor } = all.registry.registry.keys;
      const verified = verifyEvidence(file, anchor);
      assert.equal(verified.ok, true);
      const changed = Buffer.from(file);
      const at = file.indexOf('"exchange":"') + 14;
      changed[at] = (changed[at] ?? 0) ^ 1;
      assert.equal(verifyEvidence(changed, anchor).ok, false);
    });

    test('may post a body, and gets a body of bytes under an agreement on everything', async () => {
      const agreement = anAgreement({ id: 'whole', fields: ['/'] });
      await all.provider.gateway.rights.addAgreement(agreement);
      const body = Buffer.from([0, 255, 13, 10, 128]);
      const answer = await call('/echo', {
        method: 'POST',
        body,
        headers: [
          ['x-road-client', CLIENT],
          ['wasl-agreement', 'whole'],
          ['content-type', 'application/octet-stream'],
        ],
      });
      await all.provider.gateway.rights.setStatus('whole', 'ended');
      assert.equal(answer.status, 200);
      assert.deepEqual(all.service.calls[0]?.body, body);
    });
  });

  describe('an answer of the service', () => {
    test('that says no keeps its status and its short words, not the record under them', async () => {
      const answer = await call('/missing');
      assert.equal(answer.status, 404);
      assert.deepEqual(JSON.parse(answer.text), { error: 'no such person' });
      assert.equal(answer.headers['x-road-error'], undefined);
      assert.match(answer.headers['x-road-request-hash'] ?? '', /==$/);
    });

    test('that redirects is given as it is and not followed', async () => {
      const answer = await call('/moved');
      assert.equal(answer.status, 302);
      assert.equal(answer.headers['location'], 'http://elsewhere.example/');
    });

    test('cannot speak as a gateway', async () => {
      const { headers, status } = await call('/forge', {
        headers: [
          ['x-road-client', CLIENT],
          ['x-road-id', 'mine'],
        ],
      });
      assert.equal(status, 200);
      assert.equal(headers['x-own'], 'kept');
      assert.equal(headers['x-road-id'], 'mine');
      assert.equal(headers['x-road-client'], CLIENT);
      assert.equal(headers['x-road-error'], undefined);
      assert.equal(headers['wasl-agreement'], 'residence');
    });
  });

  /** What the one who asks gets: X-Road's form by default, the honest one where it is asked for. */
  async function assertRefused(
    one: TestGateway,
    answer: Answer,
    expected: { slug: string; status: number; code: string; side: 'request' | 'message' },
  ): Promise<void> {
    const problem = parseJson(answer.text);
    assert.ok(problem.ok, answer.text);
    const { type, detail } = problem.value as { type: string; detail: string };
    assert.equal(type.split('/').at(-1), expected.slug, detail);
    assert.equal(answer.status, expected.status);
    assert.equal(answer.headers['content-type'], 'application/problem+json');
    assert.equal(answer.headers['x-road-error'], expected.code);
    const refused = one.log.lines.filter(({ event }) => event === `${expected.side}.refused`);
    assert.deepEqual(
      refused.map(({ fields }) => (fields as { fault?: string }).fault),
      [expected.slug],
    );
  }

  describe('an information system that asks wrongly', () => {
    const wrong: readonly [string, Partial<RawRequest>, { slug: string; status: number; code: string }][] = [
      [
        'without X-Road-Client',
        { headers: [PROBLEM] },
        { slug: 'client-header-missing', status: 400, code: 'Server.ClientProxy.InvalidClientIdentifier' },
      ],
      [
        'with an X-Road-Client of two parts',
        { headers: [PROBLEM, ['x-road-client', 'MA/GOV']] },
        { slug: 'client-header-malformed', status: 400, code: 'Server.ClientProxy.InternalError' },
      ],
      [
        'as a client of another member',
        { headers: [PROBLEM, ['x-road-client', `${INSTANCE}/GOV/DGSN/identity`]] },
        { slug: 'client-not-here', status: 403, code: 'Server.ClientProxy.UnknownMember' },
      ],
      [
        'of a provider that nobody serves',
        { path: `/r1/${INSTANCE}/GOV/NOBODY/x/y`, headers: [PROBLEM, ['x-road-client', CLIENT]] },
        { slug: 'provider-unknown', status: 404, code: 'Server.ClientProxy.UnknownMember' },
      ],
      [
        'with four identifiers',
        { path: `/r1/${INSTANCE}/GOV/DGSN/identity`, headers: [PROBLEM, ['x-road-client', CLIENT]] },
        { slug: 'target-malformed', status: 400, code: 'Server.ClientProxy.InternalError' },
      ],
      ...[`${INSTANCE}/GOV/DGSN/gw2`, `${INSTANCE}/GOV/ADD/gw1`, 'gw1'].map(
        (server): [string, Partial<RawRequest>, { slug: string; status: number; code: string }] => [
          `of the security server ${server}`,
          { headers: [PROBLEM, ['x-road-client', CLIENT], ['x-road-security-server', server]] },
          { slug: 'security-server-invalid', status: 400, code: 'Server.ClientProxy.InvalidSecurityServer' },
        ],
      ),
      [
        'with a purpose twice',
        { headers: [PROBLEM, ['x-road-client', CLIENT], ['wasl-purpose', 'a'], ['wasl-purpose', 'residence']] },
        { slug: 'header-repeated', status: 400, code: 'Server.ClientProxy.DuplicateHeaderField' },
      ],
      ...(
        [
          ['%2e%2e', 'identifier-traversal'],
          ['..', 'identifier-traversal'],
          ['%c0%ae', 'identifier-encoding'],
          ['a%0d%0ab', 'identifier-encoding'],
          ['%', 'identifier-encoding'],
        ] as const
      ).map(([code, slug]): [string, Partial<RawRequest>, { slug: string; status: number; code: string }] => [
        `with the service code ${code}`,
        { path: `/r1/${INSTANCE}/GOV/DGSN/identity/${code}`, headers: [PROBLEM, ['x-road-client', CLIENT]] },
        { slug, status: 400, code: 'Server.ClientProxy.InternalError' },
      ]),
      [
        'with a client that hides a mark in its name',
        { headers: [PROBLEM, ['x-road-client', `${INSTANCE}/GOV/ADD/por%e2%80%8btal`]] },
        { slug: 'identifier-encoding', status: 400, code: 'Server.ClientProxy.InternalError' },
      ],
      [
        'with more than the limit',
        { method: 'POST', body: Buffer.alloc(100_001), headers: [PROBLEM, ['x-road-client', CLIENT]] },
        { slug: 'body-too-large', status: 413, code: 'Server.ClientProxy.IOError' },
      ],
      [
        'with an unknown method',
        { method: 'PROPFIND', headers: [PROBLEM, ['x-road-client', CLIENT]] },
        { slug: 'method-unknown', status: 405, code: 'Server.ClientProxy.InternalError' },
      ],
    ];
    for (const [how, request, expected] of wrong) {
      test(`${how} is refused at its own gateway`, async () => {
        const answer = await call('/find', request);
        await assertRefused(all.consumer, answer, { ...expected, side: 'request' });
        assert.equal(all.provider.log.lines.length, 0);
        assert.equal(all.service.calls.length, 0);
      });
    }

    test('is answered in X-Road’s form by default', async () => {
      const answer = await call('/find', { headers: [] });
      assert.equal(answer.status, 500);
      assert.equal(answer.headers['content-type'], 'application/json;charset=utf-8');
      assert.equal(answer.headers['x-road-error'], 'Server.ClientProxy.InvalidClientIdentifier');
      const { detail, ...rest } = JSON.parse(answer.text) as { detail: string };
      assert.deepEqual(rest, {
        type: 'Server.ClientProxy.InvalidClientIdentifier',
        message: 'The client identifier is missing',
      });
      assert.match(detail, /^[0-9a-f-]{36}$/);
    });

    test('is answered in X-Road’s XML where it accepts XML', async () => {
      const answer = await call('/find', { headers: [['accept', 'text/xml']] });
      assert.equal(answer.headers['content-type'], 'text/xml;charset=utf-8');
      assert.match(
        answer.text,
        /^<\?xml version="1.0" encoding="UTF-8"\?><error><type>Server\.ClientProxy\.InvalidClientIdentifier<\/type><message>The client identifier is missing<\/message><detail>[0-9a-f-]{36}<\/detail><\/error>$/,
      );
    });
  });

  describe('a request that the provider’s gateway refuses', () => {
    const refusals: readonly [string, string, HeaderList, { slug: string; status: number; code: string }][] = [
      [
        'for a purpose that was not agreed',
        '/find',
        [['wasl-purpose', 'curiosity']],
        { slug: 'purpose-not-agreed', status: 403, code: 'Server.ServerProxy.AccessDenied' },
      ],
      [
        'under an agreement that is not there',
        '/find',
        [['wasl-agreement', 'other']],
        { slug: 'no-agreement', status: 403, code: 'Server.ServerProxy.AccessDenied' },
      ],
      ...['/a/../secret', '/a/%2e%2e/secret', '/a/%2E%2E%2fsecret', '/a/%252e%252e/secret'].map(
        (path): [string, string, HeaderList, { slug: string; status: number; code: string }] => [
          `with the path ${path}`,
          path,
          [],
          { slug: 'path-traversal', status: 403, code: 'Server.ServerProxy.AccessDenied' },
        ],
      ),
      [
        'because the service never answers',
        '/hang',
        [],
        { slug: 'service-timeout', status: 504, code: 'Server.ServerProxy.IOError' },
      ],
      [
        'because the service answers by drops',
        '/trickle',
        [],
        { slug: 'service-timeout', status: 504, code: 'Server.ServerProxy.IOError' },
      ],
      [
        'because the service hangs up',
        '/cut',
        [],
        { slug: 'service-answer-cut', status: 502, code: 'Server.ServerProxy.IOError' },
      ],
      [
        'because the service answers half',
        '/half',
        [],
        { slug: 'service-answer-cut', status: 502, code: 'Server.ServerProxy.IOError' },
      ],
      [
        'because the answer is nested a thousand times',
        '/bomb',
        [],
        { slug: 'service-answer-excessive', status: 502, code: 'Server.ServerProxy.ServiceFailed' },
      ],
      [
        'because a member stands twice in the answer',
        '/twice',
        [],
        { slug: 'service-answer-ambiguous', status: 502, code: 'Server.ServerProxy.ServiceFailed' },
      ],
      [
        'because the answer would poison a prototype',
        '/poison',
        [],
        { slug: 'service-answer-unsafe', status: 502, code: 'Server.ServerProxy.ServiceFailed' },
      ],
      [
        'because the service speaks no HTTP',
        '/garbage',
        [],
        { slug: 'service-answer-invalid', status: 502, code: 'Server.ServerProxy.ServiceFailed' },
      ],
      [
        'because the answer has no fields to choose from',
        '/text',
        [],
        { slug: 'service-answer-not-json', status: 502, code: 'Server.ServerProxy.ServiceFailed' },
      ],
      [
        'because the answer is over the limit',
        '/huge',
        [],
        { slug: 'body-too-large', status: 413, code: 'Server.ServerProxy.IOError' },
      ],
    ];
    for (const [why, path, headers, expected] of refusals) {
      test(`${why} is answered, logged and kept by both`, async () => {
        const answer = await call(path, { headers: [PROBLEM, ['x-road-client', CLIENT], ...headers] });
        await assertRefused(all.provider, answer, { ...expected, side: 'message' });
        if (expected.status < 500 && expected.slug !== 'body-too-large') assert.equal(all.service.calls.length, 0);
        assert.ok(!answer.text.includes('not agreed on'));
        for (const one of [all.consumer, all.provider]) {
          const last = (await entriesOf(one)).at(-1);
          assert.equal(last?.['kind'], 'refusal');
          assert.equal(last?.['fault'], expected.slug);
        }
      });
    }

    test('because its body is over the provider’s limit is told so', async () => {
      const headers = [PROBLEM, ['x-road-client', CLIENT]] as const;
      const answer = await call('/find', { method: 'POST', body: Buffer.alloc(60_000), headers });
      const expected = { slug: 'body-too-large', status: 413, code: 'Server.ServerProxy.IOError' };
      await assertRefused(all.provider, answer, { ...expected, side: 'message' });
      assert.equal(all.service.calls.length, 0);
    });

    test('for want of an agreement gets X-Road’s AccessDenied with 500 where it speaks X-Road', async () => {
      const other = `${INSTANCE}/GOV/THIRD/other`;
      const answer = await sendRaw(all.third.gateway.url, {
        path: `/r1/${SERVICE}/find`,
        headers: [['x-road-client', other]],
      });
      assert.equal(answer.status, 500);
      assert.equal(answer.headers['x-road-error'], 'Server.ServerProxy.AccessDenied');
      assert.equal((JSON.parse(answer.text) as { type: string }).type, 'Server.ServerProxy.AccessDenied');
      assert.equal(all.service.calls.length, 0);
    });

    test('because the service is unknown or switched off', async () => {
      const headers = [PROBLEM, ['x-road-client', CLIENT]] as const;
      const unknown = await call('', { path: `/r1/${INSTANCE}/GOV/DGSN/identity/other`, headers } as RawRequest);
      await assertRefused(all.provider, unknown, {
        slug: 'service-unknown',
        status: 404,
        code: 'Server.ServerProxy.UnknownService',
        side: 'message',
      });
      const entry = { service: SERVICE, url: all.service.url, timeoutMs: 400, enabled: false, notice: 'until Monday' };
      await all.provider.gateway.rights.addService(entry);
      const off = await call('/find', { headers });
      await all.provider.gateway.rights.addService({ ...entry, enabled: true });
      assert.equal(off.headers['x-road-error'], 'Server.ServerProxy.ServiceDisabled');
      assert.match(off.text, /until Monday/);
      assert.equal(all.service.calls.length, 0);
    });

    test('because its agreement is suspended, from the next message on', async () => {
      await all.provider.gateway.rights.setStatus('residence', 'suspended');
      const answer = await call('/find', { headers: [PROBLEM, ['x-road-client', CLIENT]] });
      await all.provider.gateway.rights.setStatus('residence', 'active');
      assert.equal((JSON.parse(answer.text) as { type: string }).type.split('/').at(-1), 'agreement-not-valid');
      assert.equal((await call('/find')).status, 200);
    });
  });

  const aMessage = (parts: MessageParts = {}) => aMessageOf(all, parts);
  const knock = (message: RawRequest): Promise<Answer> => sendRaw(all.provider.gateway.peerUrl, message);

  describe('a message at the door between gateways', () => {
    test('that is whole is answered with a signature', async () => {
      const answer = await knock(aMessage());
      assert.equal(answer.status, 200);
      assert.match(answer.headers['signature'] ?? '', /^wasl=:[A-Za-z0-9+/]{86}==:$/);
      assert.match(answer.headers['signature-input'] ?? '', /"signature";req;key="wasl"\)/);
    });

    const without = (name: string) => {
      const message = aMessage();
      return { ...message, headers: message.headers.filter(([one]) => one !== name) };
    };
    const changed = (name: string, value: string) => {
      const message = aMessage();
      return { ...message, headers: message.headers.map(([one, old]) => [one, one === name ? value : old] as const) };
    };
    const minutes = (count: number) => new Date(Date.now() + count * 60_000);
    const bad: readonly [string, () => RawRequest, string, number][] = [
      ['is not signed', () => without('signature'), 'signature-missing', 401],
      ['has no digest', () => without('content-digest'), 'signature-missing', 401],
      ['leaves a header out', () => without('wasl-purpose'), 'signature-coverage', 401],
      ['has another client id', () => changed('x-road-id', 'MA-2'), 'signature-wrong', 401],
      ['has another purpose', () => changed('wasl-purpose', 'curiosity'), 'signature-wrong', 401],
      ['has another path', () => ({ ...aMessage(), path: `/r1/${SERVICE}/other` }), 'signature-wrong', 401],
      ['has another method', () => ({ ...aMessage(), method: 'PUT' }), 'signature-wrong', 401],
      ['has another body', () => ({ ...aMessage(), body: Buffer.from('{}') }), 'body-altered', 401],
      ['has an unreadable signature', () => changed('signature', 'wasl=:AAAA:'), 'signature-malformed', 401],
      [
        'names another algorithm',
        () => {
          const input = aMessage().headers.find(([name]) => name === 'signature-input')?.[1] ?? '';
          return changed('signature-input', input.replace('ecdsa-p256-sha256', 'rsa-v1_5-sha256'));
        },
        'signature-malformed',
        401,
      ],
      ['is signed by another member', () => aMessage({ signedBy: all.third }), 'signature-key-unknown', 401],
      ['has expired', () => aMessage({ at: minutes(-7) }), 'message-expired', 401],
      ['comes from the future', () => aMessage({ at: minutes(2) }), 'message-from-the-future', 401],
      ['comes with another member’s certificate', () => aMessage({ as: all.third }), 'sender-mismatch', 403],
      ['comes without a certificate', () => ({ ...aMessage(), tls: {} }), 'certificate-missing', 401],
      ['has a request id that is none', () => aMessage({ exchange: '../../etc' }), 'request-malformed', 400],
      ['asks for what is not there', () => ({ ...aMessage(), path: '/' }), 'request-malformed', 400],
      ['climbs out of the service', () => aMessage({ path: '/a/%2e%2e/b' }), 'path-traversal', 403],
      ['is over the limit', () => aMessage({ body: Buffer.alloc(50_001) }), 'body-too-large', 413],
      [
        'is of a member without agreement',
        () => aMessage({ as: all.third, client: `${INSTANCE}/GOV/THIRD/other` }),
        'no-agreement',
        403,
      ],
    ];
    for (const [how, make, slug, status] of bad) {
      test(`that ${how} is refused as ${slug} and goes no further`, async () => {
        const answer = await knock(make());
        const problem = JSON.parse(answer.text) as { type: string; status: number };
        assert.equal(problem.type.split('/').at(-1), slug);
        assert.equal(answer.status, status);
        assert.equal(problem.status, status);
        assert.equal(all.service.calls.length, 0);
        const refused = all.provider.log.lines.filter(({ event }) => event === 'message.refused');
        assert.deepEqual(
          refused.map(({ fields }) => (fields as { fault?: string }).fault),
          [slug],
        );
      });
    }

    test('that was received before is refused, also after the first was answered', async () => {
      const message = aMessage();
      assert.equal((await knock(message)).status, 200);
      const again = await knock(message);
      assert.equal(again.status, 409);
      assert.match(again.text, /\/problems\/message-replayed"/);
      assert.equal(all.service.calls.length, 1);
    });

    test('that comes ten times at once is answered once, and the honest ones beside it all are', async () => {
      const replayed = aMessage();
      const honest = Array.from({ length: 10 }, () => aMessage());
      const answers = await Promise.all([...Array.from({ length: 10 }, () => knock(replayed)), ...honest.map(knock)]);
      const statuses = answers.map(({ status }) => status);
      assert.deepEqual(
        statuses.slice(0, 10).sort((a, b) => a - b),
        [200, ...Array.from({ length: 9 }, () => 409)],
      );
      assert.deepEqual(
        statuses.slice(10),
        honest.map(() => 200),
      );
      assert.equal(all.service.calls.length, 11);
    });

    test('refused for want of an agreement is an entry of the ledger', async () => {
      const exchange = randomUUID();
      await knock(aMessage({ exchange, headers: [['wasl-agreement', 'other']] }));
      const [entry, ...others] = await entriesAbout(all.provider, exchange);
      assert.equal(entry?.['kind'], 'refusal');
      assert.equal(entry?.['fault'], 'no-agreement');
      assert.equal(others.length, 0);
    });

    test('of nobody known leaves no entry in the ledger', async () => {
      const exchange = randomUUID();
      await knock({ ...aMessage({ exchange }), tls: {} });
      assert.deepEqual(await entriesAbout(all.provider, exchange), []);
    });
  });

  describe('a gateway whose trust list has expired', () => {
    test('passes nothing on, on either side', async () => {
      const week = 7 * 86_400_000;
      all.consumer.skewMs = week;
      const out = await call('/find', { headers: [PROBLEM, ['x-road-client', CLIENT]] });
      all.consumer.skewMs = 0;
      assert.match(out.text, /\/problems\/trust-list-expired"/);
      assert.equal(out.headers['x-road-error'], 'Server.ClientProxy.OutdatedGlobalConf');
      all.provider.skewMs = week;
      const answer = await knock(aMessage());
      all.provider.skewMs = 0;
      assert.equal(answer.status, 503);
      assert.equal(answer.headers['x-road-error'], 'Server.ServerProxy.OutdatedGlobalConf');
      assert.equal(all.service.calls.length, 0);
    });
  });

  describe('who used my data', () => {
    const ask = (subject?: string) =>
      call('', {
        path: `/r1/${INSTANCE}/GOV/DGSN/identity/findUsage`,
        headers: [
          ['x-road-client', CLIENT],
          ['accept', 'application/problem+json'],
          ...(subject === undefined ? [] : [['wasl-subject', subject] as const]),
        ],
      } as RawRequest);

    test('needs an agreement like any service', async () => {
      assert.equal((await ask('AB777')).status, 403);
    });

    test('shows each use newest first, with the agreement it rested on, and only one’s own', async () => {
      await all.provider.gateway.rights.addAgreement(
        anAgreement({ id: 'usage', service: `${INSTANCE}/GOV/DGSN/identity/findUsage`, fields: ['/'] }),
      );
      const headers = (subject: string): HeaderList => [
        ['x-road-client', CLIENT],
        ['wasl-subject', subject],
      ];
      const first = await call('/find', { headers: headers('AB777') });
      const second = await call('/find', { headers: headers('ab777') });
      await call('/find', { headers: headers('ZZ999') });
      const answer = await ask('AB777');
      const { usages, totalUsages } = JSON.parse(answer.text) as {
        usages: Record<string, unknown>[];
        totalUsages: number;
      };
      assert.equal(totalUsages, 2);
      assert.deepEqual(
        usages.map((usage) => usage['exchange']),
        [second.headers['x-road-request-id'], first.headers['x-road-request-id']],
      );
      const { logtime, place, ...usage } = usages[0] ?? {};
      assert.ok(Date.parse(String(logtime)) <= Date.now());
      assert.match(String(place), /^\d+$/);
      assert.deepEqual(usage, {
        exchange: second.headers['x-road-request-id'],
        role: 'gave',
        client: CLIENT,
        clientName: { ar: 'المديرية العامة للأمن الوطني', fr: 'Sûreté nationale' },
        service: SERVICE,
        giverName: { ar: 'المديرية العامة للأمن الوطني', fr: 'Sûreté nationale' },
        serviceTitle: null,
        outcome: 'answered',
        status: 200,
        fault: null,
        contest: null,
        agreement: 'residence',
        agreementVersion: 1,
        legalBasis: { ...anAgreement().legalBasis, title: null },
        keptDays: null,
        purpose: 'residence',
        purposeText: anAgreement().purposes[0]?.text,
        fields: anAgreement().fields,
      });
    });

    test('the side that asked tells the same exchange by the same number, also what was refused', async () => {
      const own = `${CLIENT}/findUsage`;
      await all.consumer.gateway.rights.addAgreement(anAgreement({ id: 'own-usage', service: own, fields: ['/'] }));
      const headers: HeaderList = [
        ['x-road-client', CLIENT],
        ['wasl-subject', 'AB778'],
      ];
      const given = await call('/find', { headers });
      await call('/find', { headers: [...headers, ['wasl-purpose', 'curiosity']] });
      // A member asks its own gateway like any other.
      const answer = await call('', { path: `/r1/${own}`, headers } as RawRequest);
      const { usages, next, answersFor } = JSON.parse(answer.text);
      const told = usages.map((one: Record<string, unknown>) => [one['role'], one['outcome'], one['fault']]);
      assert.deepEqual(told, [
        ['asked', 'refused', 'purpose-not-agreed'],
        ['asked', 'answered', null],
      ]);
      assert.equal(usages[1].exchange, given.headers['x-road-request-id']);
      assert.deepEqual([next, answersFor], [null, [CLIENT]]);
      const bad = await call('', { path: `/r1/${own}?limit=x`, headers } as RawRequest);
      assert.equal(bad.headers['x-road-error'], 'Server.ServerProxy.InvalidRequest');
      assert.match(bad.text, /limit must be 1 to 500/);
    });

    test('asks for the person in a header', async () => {
      const answer = await ask();
      assert.equal(answer.status, 400);
      assert.match(answer.text, /\/problems\/subject-missing"/);
    });
  });

  describe('X-Road’s metaservices', () => {
    test('listClients names members and subsystems, as JSON or XML', async () => {
      const list = (accept: string) =>
        sendRaw(all.consumer.gateway.url, { path: '/listClients', headers: [['accept', accept]] });
      const { member } = JSON.parse((await list('application/json')).text) as { member: { id: object }[] };
      assert.equal(member.length, 6);
      assert.deepEqual(member[1]?.id, {
        object_type: 'SUBSYSTEM',
        xroad_instance: INSTANCE,
        member_class: 'GOV',
        member_code: 'ADD',
        subsystem_code: 'portal',
      });
      assert.match((await list('*/*')).text, /<id:subsystemCode>portal<\/id:subsystemCode>/);
    });

    test('listClients names members in the language that is asked for, and in French unless told', async () => {
      const namesIn = async (language?: string) => {
        const accept: HeaderList = language === undefined ? [] : [['accept-language', language]];
        const headers: HeaderList = [['accept', 'application/json'], ...accept];
        const { text } = await sendRaw(all.consumer.gateway.url, { path: '/listClients', headers });
        return JSON.parse(text).member[0].name;
      };
      assert.deepEqual(
        [await namesIn('ar-MA,fr;q=0.5'), await namesIn('de, fr'), await namesIn('*'), await namesIn()],
        ['المديرية العامة للأمن الوطني', 'Sûreté nationale', 'Sûreté nationale', 'Sûreté nationale'],
      );
    });

    test('listMethods and allowedMethods name services, the latter only with an agreement', async () => {
      const methods = async (one: TestGateway, client: string, code: string) => {
        const answer = await sendRaw(one.gateway.url, {
          path: `/r1/${INSTANCE}/GOV/DGSN/identity/${code}`,
          headers: [['x-road-client', client]],
        });
        return (JSON.parse(answer.text) as { service: Record<string, unknown>[] }).service;
      };
      const third = `${INSTANCE}/GOV/THIRD/other`;
      assert.deepEqual(
        (await methods(all.third, third, 'listMethods')).map((one) => one['service_code']),
        ['persons'],
      );
      assert.deepEqual(await methods(all.third, third, 'allowedMethods'), []);
      assert.deepEqual(await methods(all.consumer, CLIENT, 'allowedMethods'), [
        {
          object_type: 'SERVICE',
          service_type: 'REST',
          xroad_instance: INSTANCE,
          member_class: 'GOV',
          member_code: 'DGSN',
          subsystem_code: 'identity',
          service_code: 'persons',
          endpoint_list: [{ method: '*', path: '/**' }],
        },
      ]);
    });
  });

  describe('the operator’s API', () => {
    const operate = (method: string, path: string, body?: object, token = all.provider.token) =>
      sendRaw(all.provider.gateway.url, {
        method,
        path: `/operator/v1/${path}`,
        headers: [
          ['authorization', `Bearer ${token}`],
          ['content-type', 'application/json'],
        ],
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });

    test('is closed without its token', async () => {
      assert.equal((await operate('GET', 'services', undefined, 'guess')).status, 401);
    });

    test('lists what passed, without what was signed', async () => {
      const { headers } = await call('/find', {
        headers: [
          ['x-road-client', CLIENT],
          ['wasl-subject', 'AB123'],
        ],
      });
      const answer = await operate('GET', `exchanges/${headers['x-road-request-id']}`);
      assert.equal(answer.status, 200);
      assert.equal((JSON.parse(answer.text) as { messages: unknown[] }).messages.length, 2);
      assert.ok(!answer.text.includes('AB123'));
      assert.equal((await operate('GET', 'exchanges')).status, 200);
    });

    test('keeps a version of an agreement as it was first sent, and ends it with the next', async () => {
      const one = anAgreement({ id: 'versions', purposes: [{ code: 'test', text: { ar: 'اختبار', fr: 'essai' } }] });
      assert.equal((await operate('PUT', 'agreements', one)).status, 200);
      assert.equal((await operate('PUT', 'agreements', one)).status, 200);
      assert.equal((await operate('PUT', 'agreements', { ...one, fields: ['/'] })).status, 409);
      assert.equal((await operate('PUT', 'agreements', { ...one, version: 2, fields: ['/'] })).status, 200);
      const { agreements } = JSON.parse((await operate('GET', 'agreements')).text) as {
        agreements: { id: string; status: string }[];
      };
      assert.deepEqual(
        agreements.filter(({ id }) => id === 'versions').map(({ status }) => status),
        ['ended', 'active'],
      );
      assert.equal((await operate('PUT', 'agreements/versions/status', { status: 'ended' })).status, 200);
      assert.equal((await operate('PUT', 'agreements/versions/status', { status: 'active' })).status, 409);
    });

    for (const [what, path, body, field] of [
      [
        'a service of another member',
        'services',
        { service: `${INSTANCE}/GOV/ADD/portal/x`, url: 'http://a/' },
        '/service',
      ],
      [
        'a reserved code',
        'services',
        { service: `${INSTANCE}/GOV/DGSN/identity/findUsage`, url: 'http://a/' },
        '/service',
      ],
      ['an address that is no URL', 'services', { service: SERVICE, url: 'file:///etc/passwd' }, '/url'],
      [
        'an agreement that ends before it begins',
        'agreements',
        { ...anAgreement(), validUntil: '2019-01-01T00:00:00Z' },
        '/validUntil',
      ],
      ['an agreement from a day that is none', 'agreements', { ...anAgreement(), validFrom: 'today' }, '/validFrom'],
      ['an agreement of nobody', 'agreements', { ...anAgreement(), client: 'nobody' }, '/client'],
      [
        'an agreement with a path that is none',
        'agreements',
        { ...anAgreement(), endpoints: [{ method: 'GET', path: 'x' }] },
        '/endpoints/0/path',
      ],
    ] as const) {
      test(`refuses ${what} and names the field`, async () => {
        const answer = await operate('PUT', path, body);
        assert.equal(answer.status, 422);
        const { errors } = JSON.parse(answer.text) as { errors: { field: string }[] };
        assert.deepEqual(
          errors.map((error) => error.field),
          [field],
        );
      });
    }
  });

  test('health and metrics answer, and no metric names a person or a member’s client', async () => {
    const get = (path: string) => sendRaw(all.provider.gateway.url, { path });
    assert.equal((await get('/health/live')).status, 200);
    assert.equal((await get('/health/ready')).status, 200);
    const metrics = await get('/metrics');
    assert.match(metrics.text, /wasl_exchange_refusals_total\{side="provider",fault="no-agreement"/);
    assert.doesNotMatch(metrics.text, /AB123|portal/);
  });

  test('the portal’s client gets an answer, a refusal and a way to tell them apart', async () => {
    const client = exchangeClient({ gatewayUrl: all.consumer.gateway.url, client: CLIENT });
    const good = await client.call({ service: SERVICE, path: '/find', purpose: 'residence', subject: 'AB123' });
    assert.ok(good.ok);
    assert.deepEqual(good.value.json, { number: PERSON.number, name: PERSON.name, addresses: [{ city: 'Rabat' }] });
    assert.equal(good.value.agreement, 'residence');
    const failures = await Promise.all([
      client.call({ service: SERVICE, path: '/find', purpose: 'curiosity' }),
      client.call({ service: SERVICE, path: '/missing' }),
      client.call({ service: SERVICE, path: '/hang' }),
      client.call({ service: `${INSTANCE}/GOV/DGSN/identity/none`, path: '/x' }),
    ]);
    assert.deepEqual(
      failures.map((failure) => (failure.ok ? 'ok' : failure.error.kind)),
      ['refused', 'not-found', 'unavailable', 'refused'],
    );
    await client.close();
  });

  test('every ledger is whole after all of this, and its checkpoint signed', async () => {
    for (const one of [all.consumer, all.provider, all.third]) {
      const { name, vkey } = one.gateway.ledger;
      const verified = await verifyLog(one.db.read, name, vkey);
      assert.equal(verified.ok, true);
      assert.match(await readCheckpoint(one.db.read, name), new RegExp(`^${one.server}\n`));
    }
  });
});
