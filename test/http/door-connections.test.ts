import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { DOOR_LIMITS } from '../../src/exchange/gateway/admission.ts';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { openForTest } from '../support/database.ts';
import { startExchange, type TestExchange } from '../support/gateways.ts';

/** Connections over which nothing is asked, by raw sockets. */
describe('a gateway’s doors', () => {
  let all: TestExchange;
  before(async () => {
    const doors = { ...DOOR_LIMITS, connectionsPerAddress: 12, handshakesPerSecond: 6, headPatienceMs: 2_000 };
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]), { doors });
  });
  after(() => all.close());

  const turned = async (door: string, why: string) => {
    const told = await (await fetch(`${all.provider.gateway.url}/metrics`)).text();
    const line = new RegExp(`wasl_connections_refused_total\\{[^}]*door="${door}",why="${why}"[^}]*\\} (\\d+)`).exec(
      told,
    );
    return Number(line?.[1] ?? 0);
  };
  const open = (url: string): Socket => {
    const { hostname, port } = new URL(url);
    return connect({ host: hostname, port: Number(port) }).on('error', () => {});
  };

  it('close at once what one address holds beyond its share, count it and log nothing of it', async () => {
    const lines = all.provider.log.lines.length;
    const idle = Array.from({ length: 20 }, () => open(all.provider.gateway.url));
    const closed = new Set<Socket>();
    for (const one of idle) one.once('close', () => closed.add(one)).resume();
    await new Promise((go) => setTimeout(go, 500));
    assert.ok(closed.size >= 8 && closed.size < 20, `${closed.size} were closed`);
    for (const one of idle) one.destroy();
    await new Promise((go) => setTimeout(go, 200));
    assert.ok((await turned('own', 'address-full')) >= 8);
    assert.equal((await fetch(`${all.provider.gateway.url}/health/live`)).status, 200, 'places are free again');
    assert.equal(all.provider.log.lines.length, lines);
  });

  it('begin no more TLS handshakes of one address than it may have in a second', async () => {
    const { port } = new URL(all.provider.gateway.peerUrl);
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const socket = connectTls({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false });
        const done = once(socket, 'secureConnect').then(
          () => true,
          () => false,
        );
        const isShaken = await done;
        socket.destroy();
        return isShaken;
      }),
    );
    assert.ok(outcomes.includes(true));
    assert.ok(outcomes.filter((isShaken) => !isShaken).length >= 3, JSON.stringify(outcomes));
    assert.ok((await turned('peers', 'too-fast')) >= 3);
  });

  it('let go of who says nothing, at either of them', async () => {
    await new Promise((go) => setTimeout(go, 1_200));
    for (const url of [all.provider.gateway.url, all.provider.gateway.peerUrl]) {
      const socket = open(url).resume();
      const begun = Date.now();
      await once(socket, 'close');
      const waitedMs = Date.now() - begun;
      assert.ok(waitedMs >= 1_000 && waitedMs < 15_000, `${url} waited ${waitedMs} ms`);
    }
  });
});
