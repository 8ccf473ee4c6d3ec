import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf, openTurnstile } from './connections.ts';

const limits = { connections: 4, connectionsPerAddress: 2 };

test('one address holds its share of a door’s connections, and another has the rest', () => {
  const door = openTurnstile(limits, 0);
  const enter = (address: string) => door.enter(address, 0);
  assert.deepEqual([enter('10.0.0.1'), enter('10.0.0.1'), enter('10.0.0.1')], [undefined, undefined, 'address-full']);
  assert.deepEqual([enter('10.0.0.2'), enter('10.0.0.3'), enter('10.0.0.4')], [undefined, undefined, 'door-full']);
  door.leave('10.0.0.1');
  assert.equal(enter('10.0.0.1'), undefined);
});

test('handshakes of one address have a rate, which a second fills again', () => {
  const door = openTurnstile({ connections: 100, connectionsPerAddress: 100 }, 2);
  assert.deepEqual(
    [0, 0, 0, 400, 500, 500, 5_000, 5_000, 5_000].map((now) => door.enter('10.0.0.1', now)),
    [undefined, undefined, 'too-fast', 'too-fast', undefined, 'too-fast', undefined, undefined, 'too-fast'],
  );
  assert.equal(door.enter('10.0.0.2', 0), undefined);
});

test('a connection that was not taken takes no place', () => {
  const door = openTurnstile(limits, 1);
  for (let tries = 0; tries < 50; tries += 1) door.enter('10.0.0.1', 0);
  assert.equal(door.enter('10.0.0.1', 1_000), undefined);
  assert.equal(door.enter('10.0.0.1', 2_000), 'address-full');
});

test('addresses of one IPv6 network are one, and of IPv4 each is its own', () => {
  assert.equal(networkOf('2001:db8:0:1::5'), networkOf('2001:0db8:0:1:ffff:1:2:3'));
  assert.notEqual(networkOf('2001:db8:0:1::5'), networkOf('2001:db8:0:2::5'));
  assert.equal(networkOf('::ffff:10.0.0.1'), '10.0.0.1');
  assert.equal(networkOf('fe80::1%eth0'), 'fe80:0:0:0');
  assert.equal(networkOf('::1'), '0:0:0:0');
});

test('who comes from ever new addresses does not fill the memory, nor frees a place of those who are in', () => {
  const door = openTurnstile({ connections: 20_000, connectionsPerAddress: 1 }, 0);
  assert.equal(door.enter('10.9.9.9', 0), undefined);
  for (let nth = 0; nth < 20_500; nth += 1) {
    const address = `10.${nth >> 16}.${(nth >> 8) & 255}.${nth & 255}`;
    assert.equal(door.enter(address, 0), undefined);
    door.leave(address);
  }
  assert.equal(door.enter('10.9.9.9', 0), 'address-full');
});

test('a clock that is set back closes no door', () => {
  const door = openTurnstile({ connections: 100, connectionsPerAddress: 100 }, 2);
  assert.equal(door.enter('10.0.0.1', 600_000), undefined);
  assert.deepEqual([door.enter('10.0.0.1', 0), door.enter('10.0.0.1', 1_000)], [undefined, undefined]);
});
