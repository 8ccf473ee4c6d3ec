import assert from 'node:assert/strict';
import { test } from 'node:test';
import { optionsToKeep, withKeptOptions } from './kept-options.ts';

const kept = { 'allow-network': ['10.1.0.0/16'], 'tls-key': '/etc/wasl/key.pem', 'take-keys-seconds': '5' };

test('a gateway goes on with the options that it was given before', () => {
  assert.deepEqual(withKeptOptions({}, kept, {}), { ...withKeptOptions({}), ...kept });
  assert.deepEqual(optionsToKeep({}, kept), kept);
});

test('what is given takes the place of what was kept, and the environment is nearer than that', () => {
  const given = { 'allow-network': ['10.2.0.0/16'] };
  assert.deepEqual(withKeptOptions(given, kept, {})['allow-network'], ['10.2.0.0/16']);
  assert.deepEqual(optionsToKeep(given, kept)['allow-network'], ['10.2.0.0/16']);
  const env = { WASL_TAKE_KEYS_SECONDS: '90' };
  assert.equal(withKeptOptions({}, kept, env)['take-keys-seconds'], undefined);
  assert.equal(optionsToKeep({}, kept)['take-keys-seconds'], '5');
});

test('"none" takes an option away, of this start and of the next', () => {
  const given = { 'allow-network': ['none'], 'tls-key': 'none' };
  assert.equal(withKeptOptions(given, kept, {})['allow-network'], undefined);
  assert.deepEqual(optionsToKeep(given, kept), { 'take-keys-seconds': '5' });
});

test('files are kept as whole paths, and neither a secret nor an address that may hold one is kept', () => {
  const given = { 'tls-cert': 'cert.pem', 'nats-url': 'nats://user:secret@broker:4222', token: 'secret', port: '1' };
  assert.deepEqual(optionsToKeep(given), { 'tls-cert': `${process.cwd()}/cert.pem` });
  assert.deepEqual(optionsToKeep({ 'nats-url': 'nats://broker:4222' }), { 'nats-url': 'nats://broker:4222' });
});

test('what somebody wrote into the file by mistake is as good as nothing', () => {
  const wrong = { 'allow-network': 'all', 'tls-key': ['a'], port: '1' } as Record<string, string | string[]>;
  assert.deepEqual(optionsToKeep({}, wrong), {});
});
