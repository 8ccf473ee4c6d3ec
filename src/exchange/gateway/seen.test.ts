import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rememberSeenMessages } from './seen.ts';

test('a message is known once it was added', () => {
  const seen = rememberSeenMessages();
  assert.equal(seen.has('a'), false);
  seen.add('a');
  assert.equal(seen.has('a'), true);
});

test('at least the last messages are remembered, and never more than twice as many', () => {
  const size = 10;
  const seen = rememberSeenMessages(size);
  const keys = Array.from({ length: 100 }, (_, at) => `message-${at}`);
  keys.forEach((key, at) => {
    seen.add(key);
    const known = keys.slice(0, at + 1).filter((one) => seen.has(one));
    assert.ok(known.length <= 2 * size);
    for (const recent of keys.slice(Math.max(0, at + 1 - size), at + 1)) assert.ok(seen.has(recent), recent);
  });
});
