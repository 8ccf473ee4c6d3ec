import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { DOOR_LIMITS } from '../../src/exchange/gateway/admission.ts';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { openForTest } from '../support/database.ts';
import {
  anAgreement,
  CLIENT,
  type RawRequest,
  SERVICE,
  sendRaw,
  startExchange,
  type TestExchange,
} from '../support/gateways.ts';
import { aMessage } from '../support/messages.ts';
import { talk } from '../support/raw-socket.ts';
import { INSTANCE } from '../support/registry.ts';

const OTHER = `${INSTANCE}/GOV/THIRD/other`;

/** What one caller may hold of a gateway, by raw connections. */
describe('a gateway that is asked for more than it takes on', () => {
  let all: TestExchange;
  before(async () => {
    const doors = { ...DOOR_LIMITS, inFlight: 6, inFlightPerPeer: 3, inFlightPerClient: 3, patienceMs: 4_000 };
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]), {
      doors,
      maxBodyBytes: 40_000_000,
      maxStreamBytes: 40_000_000,
    });
    await all.provider.gateway.rights.addAgreement(anAgreement({ id: 'third', client: OTHER }));
    await all.provider.gateway.rights.addAgreement(anAgreement({ id: 'whole', fields: ['/'] }));
  });
  after(() => all.close());
  beforeEach(() => {
    all.service.calls.length = 0;
  });

  const own = (path: string) =>
    sendRaw(all.consumer.gateway.url, {
      path: `/r1/${SERVICE}${path}`,
      headers: [
        ['x-road-client', CLIENT],
        ['wasl-agreement', 'residence'],
        ['accept', 'application/problem+json'],
      ],
    });
  const knock = (message: RawRequest) => sendRaw(all.provider.gateway.peerUrl, message);
  const fromThird = () =>
    aMessage(all, { as: all.third, client: OTHER, path: '/hang', headers: [['wasl-agreement', 'third']] });
  const slugOf = (text: string) => /problems\/([\w-]+)"/.exec(text)?.[1];

  it('refuses what one noisy gateway sends beyond its share, signed and with a time to wait, and serves another', async () => {
    const noisy = Array.from({ length: 9 }, () => knock(fromThird()));
    const quiet = await knock(aMessage(all));
    const answers = await Promise.all(noisy);
    const now = answers.filter(({ status }) => status === 429);
    assert.ok(now.length >= 3, `${now.length} were refused`);
    assert.ok(answers.every(({ status }) => status === 429 || status === 504));
    assert.equal(quiet.status, 200, quiet.text);
    for (const one of now) {
      assert.equal(slugOf(one.text), 'too-many-at-once');
      assert.equal(one.headers['retry-after'], '1');
      assert.match(one.headers['signature'] ?? '', /^wasl=:/);
    }
    assert.equal((await knock(aMessage(all))).status, 200);
  });

  it('says that it is overloaded when all its places are taken, and its health still answers', async () => {
    const busy = [1, 2, 3].flatMap(() => [knock(fromThird()), knock(aMessage(all, { path: '/hang' }))]);
    await new Promise((go) => setTimeout(go, 1_000));
    const answer = await sendRaw(all.provider.gateway.url, {
      path: `/r1/${SERVICE}/find`,
      headers: [
        ['x-road-client', SERVICE.split('/').slice(0, 4).join('/')],
        ['accept', 'application/problem+json'],
      ],
    });
    assert.equal(answer.status, 503);
    assert.equal(slugOf(answer.text), 'gateway-overloaded');
    assert.equal(answer.headers['retry-after'], '1');
    assert.equal((await fetch(`${all.provider.gateway.url}/health/ready`)).status, 200);
    await Promise.all(busy);
    assert.equal((await own('/find')).status, 200);
  });

  it('lets go of who sends a body by drops, and says why', async () => {
    const head = `POST /r1/${SERVICE}/echo HTTP/1.1\r\nHost: g\r\nX-Road-Client: ${CLIENT}\r\nContent-Length: 1000\r\nAccept: application/problem+json\r\n\r\n`;
    const drops = Array.from({ length: 100 }, () => 'x');
    const answer = await talk({ url: all.consumer.gateway.url }, [head, ...drops], { pauseMs: 100, quietMs: 9_000 });
    assert.deepEqual(answer.statuses, [408]);
    assert.equal(slugOf(answer.text), 'request-too-slow');
    assert.equal(all.service.calls.length, 0);
  });

  it('lets go of who takes nothing of an answer, and its place is free again', async () => {
    const body = Buffer.alloc(12_000_000, 'x');
    const head = `POST /r1/${SERVICE}/echo HTTP/1.1\r\nHost: g\r\nX-Road-Client: ${CLIENT}\r\nWasl-Agreement: whole\r\nContent-Length: ${body.length}\r\n\r\n`;
    const { hostname, port } = new URL(all.consumer.gateway.url);
    const idle = [1, 2, 3].map(() => {
      const socket = connectTcp({ host: hostname, port: Number(port) }).on('error', () => {});
      socket.write(head);
      socket.write(body);
      return socket;
    });
    // What has come of an answer is in each socket’s buffer, which nobody empties; the rest waits in the gateway.
    await Promise.all(idle.map((socket) => once(socket, 'readable')));
    const meanwhile = await Promise.all([own('/find'), sendRaw(all.consumer.gateway.url, { path: '/listClients' })]);
    assert.deepEqual(
      meanwhile.map(({ status }) => status),
      [429, 200],
      'they hold their own share, and only that',
    );
    const statuses: number[] = [];
    for (let tries = 0; tries < 200 && statuses.at(-1) !== 200; tries += 1) {
      statuses.push((await own('/find')).status);
      await new Promise((go) => setTimeout(go, 100));
    }
    for (const socket of idle) socket.destroy();
    assert.equal(statuses.at(-1), 200);
  });
});
