import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '../../kernel/index.ts';
import { literalAddress, parseNetworks } from './networks.ts';

const none = unwrap(parseNetworks([]));

for (const url of [
  'http://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:a00:1]/',
  'http://[::]/',
  'http://0.0.0.0/',
  'http://10.1.2.3/',
  'http://172.31.255.255/',
  'http://192.168.1.1/',
  'http://169.254.169.254/latest/meta-data',
  'http://100.64.0.1/',
  'http://[fe80::1]/',
  'http://[fd00::1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
]) {
  test(`${url} is not of the public internet`, () => {
    const address = literalAddress(new URL(url).hostname);
    assert.ok(address);
    assert.equal(none.allows(address), false);
  });
}

for (const address of ['8.8.8.8', '196.200.1.1', '2606:4700::1111', '::ffff:8.8.8.8', '172.32.0.1']) {
  test(`${address} is of the public internet`, () => assert.equal(none.allows(address), true));
}

test('a network is reached when its operator allowed it, and its neighbour is not', () => {
  const some = unwrap(parseNetworks(['10.1.0.0/16', '127.0.0.1', 'fd00:1::/32']));
  for (const address of ['10.1.255.1', '127.0.0.1', '::ffff:10.1.0.1', 'fd00:1::5']) assert.ok(some.allows(address));
  for (const address of ['10.2.0.1', '127.0.0.2', 'fd00:2::5', 'nonsense', '']) assert.ok(!some.allows(address));
});

test('what is no network is refused by name', () => {
  for (const text of ['10.0.0.0/33', '10.0.0/8', 'example.org', '::/129', '10.0.0.0/', '10.0.0.0/x', '']) {
    const parsed = parseNetworks([text]);
    assert.ok(!parsed.ok && parsed.error.includes(`"${text}"`));
  }
});

test('a name is looked up before it is judged', () => {
  assert.equal(literalAddress('localhost'), undefined);
  assert.equal(literalAddress('127.0.0.1.nip.io'), undefined);
});
