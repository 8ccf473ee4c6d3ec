import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAllowedRate, readWebhookAnswer } from './rules.ts';

const NOW = new Date('1994-11-06T08:49:07Z');
const waitOf = (retryAfter: string | undefined, status = 429) => {
  const read = readWebhookAnswer(status, retryAfter, NOW);
  return read.ok ? 'taken' : read.error.retryAfterMs;
};

test('Retry-After is seconds, or a date in any of the three forms of HTTP', () => {
  assert.equal(waitOf('30'), 30_000);
  for (const date of ['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994']) {
    assert.equal(waitOf(date), 30_000, date);
  }
});

test('a date that is over waits no more, and none waits longer than a day', () => {
  assert.equal(waitOf('Sun, 06 Nov 1994 08:00:00 GMT'), 0);
  assert.equal(waitOf('Sun, 06 Nov 2094 08:00:00 GMT'), 86_400_000);
});

test('what is neither is as if it were not there', () => {
  for (const bad of [undefined, '', '-1', '1.5', 'soon', '1994-11-06T08:49:37Z', 'Sun, 06 Xyz 1994 08:49:37 GMT']) {
    assert.equal(waitOf(bad), undefined, bad);
  }
});

test('only a receiver that is busy or away pauses everything; a refused event pauses itself', () => {
  const isPause = (status: number) => {
    const read = readWebhookAnswer(status, '30', NOW);
    return !read.ok && read.error.isPause;
  };
  assert.deepEqual([429, 503, 500, 404].map(isPause), [true, true, false, false]);
});

test('the rate that a receiver grants is a number of requests a minute, and anything else no limit', () => {
  assert.equal(readAllowedRate('120'), 120);
  for (const none of ['*', undefined, '', '0', '-1', '1.5', 'x']) assert.equal(readAllowedRate(none), null, none);
});
