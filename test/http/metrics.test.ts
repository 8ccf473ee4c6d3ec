import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse } from 'yaml';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { ROOT } from '../../src/platform/index.ts';
import { openForTest } from '../support/database.ts';
import { CLIENT, SERVICE, sendRaw, startExchange, type TestExchange } from '../support/gateways.ts';

type Board = {
  readonly title: string;
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
};
type Alerts = {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
};

const read = (...path: string[]) => readFileSync(join(ROOT, 'deploy', ...path), 'utf8');

/** What the board and the alerts ask for must be there under that name, or they are silent when it matters. */
describe('the metrics of a gateway', () => {
  let all: TestExchange;
  let text = '';
  before(async () => {
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]));
    for (const path of [`/r1/${SERVICE}/find`, `/r1/${SERVICE}x`]) {
      await sendRaw(all.consumer.gateway.url, { path, headers: [['x-road-client', CLIENT]] });
    }
    text = (await sendRaw(all.consumer.gateway.url, { path: '/metrics' })).text;
  });
  after(() => all.close());

  const known = () =>
    new Set(
      [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
      ),
    );
  const value = (name: string) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
  const namesIn = (expr: string) => [...expr.matchAll(/\b((?:wasl|process|nodejs)_\w+)/g)].map(([, name = '']) => name);

  it('are those that the Grafana board draws', () => {
    const board = JSON.parse(read('grafana', 'gateways.json')) as Board;
    assert.ok(board.panels.length >= 6);
    for (const { title, targets } of board.panels) {
      for (const name of targets.flatMap(({ expr }) => namesIn(expr)))
        assert.ok(known().has(name), `${title}: ${name}`);
    }
  });

  it('are those that the alerts watch', () => {
    const rules = (parse(read('prometheus', 'alerts.yml')) as Alerts).groups.flatMap((group) => group.rules);
    assert.ok(rules.length >= 5);
    for (const { alert, expr } of rules)
      for (const name of namesIn(expr)) assert.ok(known().has(name), `${alert}: ${name}`);
  });

  it('say what will expire, and what the ledger holds', () => {
    const now = Date.now() / 1000;
    assert.ok(value('wasl_trust_list_expires_seconds') > now);
    assert.ok(value('wasl_tls_certificate_expires_seconds') > now + 86_400);
    assert.ok(value('wasl_ledger_entries') >= 3);
    assert.equal(value('wasl_alarms_open'), 0);
  });
});
