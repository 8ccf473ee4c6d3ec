import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { openForTest } from '../support/database.ts';
import { CLIENT, SERVICE, sendRaw, startExchange, type TestExchange } from '../support/gateways.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const isThere = spawnSync('promtool', ['--version']).status === 0;

/** What Prometheus reads of us, judged by its own tool. */
describe('promtool', { skip: isThere ? false : 'promtool is not installed' }, () => {
  let all: TestExchange;
  before(async () => {
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]));
    for (const path of [`/r1/${SERVICE}/find`, `/r1/${SERVICE}-unknown`]) {
      await sendRaw(all.consumer.gateway.url, { path, headers: [['X-Road-Client', CLIENT]] });
    }
  });
  after(() => all.close());

  const judge = (args: readonly string[], input = '') => {
    const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8', cwd: ROOT });
    return { status, said: stdout + stderr };
  };

  for (const [part, address] of [
    ['a gateway', () => all.provider.gateway.url],
    ['the other gateway', () => all.consumer.gateway.url],
    ['the registry', () => all.registry.server.url],
  ] as const) {
    it(`finds nothing to say about the metrics of ${part}`, async () => {
      const answer = await fetch(`${address()}/metrics`);
      assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
      const text = await answer.text();
      assert.match(text, /^# TYPE \w+ counter$/m);
      assert.deepEqual(judge(['check', 'metrics'], text), { status: 0, said: '' });
    });
  }

  it('accepts the alert rules, and finds out a bad metric', () => {
    assert.match(judge(['check', 'rules', 'deploy/prometheus/alerts.yml']).said, /SUCCESS: \d+ rules found/);
    assert.notEqual(judge(['check', 'metrics'], '# TYPE a_total gauge\na_total 1\n').status, 0);
  });
});
