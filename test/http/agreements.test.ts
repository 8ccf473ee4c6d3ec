import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { openLimits } from '../../src/exchange/gateway/limits.ts';
import type { Agreement } from '../../src/exchange/index.ts';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { onUsualDatabase } from '../support/database.ts';
import {
  type Answer,
  anAgreement,
  CLIENT,
  SERVICE,
  sendRaw,
  startExchange,
  type TestExchange,
} from '../support/gateways.ts';

const NOW = new Date('2026-03-02T12:00:00Z');

onUsualDatabase(['exchange-registry', ...GATEWAY_MIGRATIONS], (_name, open) => {
  describe('the terms of an agreement', () => {
    let all: TestExchange;
    let nth = 0;
    before(async () => {
      all = await startExchange(open);
    });
    after(() => all.close());
    beforeEach(() => {
      all.service.calls.length = 0;
    });

    /** A new agreement with these terms, by the operator's API. */
    async function agree(parts: Partial<Agreement>): Promise<string> {
      const id = `terms-${nth++}`;
      const answer = await operator('PUT', 'agreements', anAgreement({ id, fields: ['/number'], ...parts }));
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return id;
    }
    async function operator(method: string, path: string, body: object) {
      const answer = await fetch(`${all.provider.gateway.url}/operator/v1/${path}`, {
        method,
        headers: { authorization: `Bearer ${all.provider.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    }
    const call = (
      agreement: string,
      path = '/find',
      more: readonly (readonly [string, string])[] = [],
    ): Promise<Answer> =>
      sendRaw(all.consumer.gateway.url, {
        path: `/r1/${SERVICE}${path}`,
        headers: [
          ['x-road-client', CLIENT],
          ['wasl-agreement', agreement],
          ['accept', 'application/problem+json'],
          ...more,
        ],
      });
    const slugOf = (answer: Answer) => (JSON.parse(answer.text) as { type: string }).type.split('/').at(-1);

    it('say which bodies are kept, for how long and by whom; anything else is refused by its field', async () => {
      const archive = { keep: 'both', days: 3_653, by: 'client' } as const;
      await agree({ terms: { archive } });
      const refused: readonly [Partial<Agreement>, string][] = [
        [{ terms: { archive: { ...archive, days: 0 } } }, '/terms/archive/days'],
        [{ terms: { archive: { ...archive, days: 3_654 } } }, '/terms/archive/days'],
        [{ terms: { archive: { ...archive, days: 1.5 } } }, '/terms/archive/days'],
        [{ terms: { archive: { ...archive, keep: 'all' as 'both' } } }, '/terms/archive/keep'],
        [{ terms: { archive: { ...archive, by: 'nobody' as 'both' } } }, '/terms/archive/by'],
        [{ client: 'GROUP:ministries', terms: { archive } }, '/terms/archive/by'],
      ];
      for (const [parts, field] of refused) {
        const answer = await operator('PUT', 'agreements', anAgreement({ id: `terms-${nth++}`, ...parts }));
        assert.equal(answer.status, 422, field);
        const errors = answer.body['errors'] as readonly { readonly field: string }[];
        assert.equal(errors[0]?.field, field);
      }
    });

    it('a condition lets through what it holds for, and nothing else', async () => {
      const id = await agree({
        terms: { condition: 'headers["x-road-issue"].startsWith("R-") && query.kind == "short"' },
      });
      assert.equal((await call(id, '/find?kind=short', [['x-road-issue', 'R-7']])).status, 200);
      for (const refused of [
        await call(id, '/find?kind=long', [['x-road-issue', 'R-7']]),
        await call(id, '/find?kind=short', [['x-road-issue', 'Q-7']]),
        await call(id, '/find'),
      ]) {
        assert.equal(refused.status, 403);
        assert.equal(slugOf(refused), 'condition-not-met');
      }
      assert.equal(all.service.calls.length, 1);
    });

    it('what is no condition is refused when the agreement is made, with its field', async () => {
      const answer = await operator('PUT', 'agreements', anAgreement({ id: 'bad', terms: { condition: 'secret' } }));
      assert.equal(answer.status, 422);
      assert.match(JSON.stringify(answer.body), /\/terms\/condition/);
    });

    it('a rate is kept, and the refusal says when to come again', async () => {
      const id = await agree({ terms: { ratePerMinute: 3 } });
      for (let n = 0; n < 3; n += 1) assert.equal((await call(id)).status, 200);
      const refused = await call(id);
      assert.equal(refused.status, 429);
      assert.equal(slugOf(refused), 'rate-exceeded');
      const seconds = Number(refused.headers['retry-after']);
      assert.ok(seconds >= 1 && seconds <= 20, String(seconds));
      assert.equal(all.service.calls.length, 3);
    });

    it('a quota is kept to the last message, and not beyond', async () => {
      const id = await agree({ terms: { quota: { perDay: 4 } } });
      const answers = await Promise.all(Array.from({ length: 7 }, () => call(id)));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 200, 200, 429, 429, 429]);
      assert.equal(all.service.calls.length, 4);
      assert.equal(slugOf(await call(id)), 'quota-exceeded');
    });

    it('several processes of one member keep one quota together', async () => {
      const { db } = all.provider;
      const agreement = anAgreement({ id: 'shared', terms: { quota: { perDay: 250, perMonth: 1_000 } } });
      const processes = [openLimits(db), openLimits(db), openLimits(db)];
      let taken = 0;
      const take = (n: number) =>
        processes[n % 3]?.take(agreement, NOW).then(
          () => {
            taken += 1;
          },
          () => {},
        );
      await Promise.all(Array.from({ length: 400 }, (_one, n) => take(n)));
      assert.equal(taken, 250);
    });

    it('a body that is no JSON is passed whole or refused, by the agreement’s word', async () => {
      assert.equal(
        (await call(await agree({ terms: { otherBodies: 'whole' } }), '/text')).text,
        'a secret in plain text',
      );
      assert.equal(slugOf(await call(await agree({}), '/text')), 'service-answer-not-json');
    });

    it('what is named JSON is reduced or refused, whatever its parameters, and nothing else ever leaves', async () => {
      const id = await agree({ fields: ['/number'], terms: { otherBodies: 'whole' } });
      const typed = (type: string | undefined, body: string) =>
        call(id, `/typed?${new URLSearchParams({ body, ...(type === undefined ? {} : { type }) })}`);
      const record = '{"number":"AB123","secret":"not agreed on"}';
      for (const type of [
        'application/json',
        'application/json; charset=utf-8',
        'text/json;x=1',
        'application/vnd.x+json',
      ])
        assert.equal((await typed(type, record)).text, '{"number":"AB123"}', type);
      // Under the name of something else, or of nothing, it is the same record.
      for (const type of ['text/csv', 'application/xml', 'text/plain; charset=utf-8', undefined])
        assert.equal((await typed(type, ` ${record}`)).text, '{"number":"AB123"}', type);
      const bomb = `${'['.repeat(1_000)}${']'.repeat(1_000)}`;
      for (const body of ['number;secret', `${record}${record}`, '{"number":', ''.padEnd(3, '\uFEFF')]) {
        const answer = await typed('application/json', body);
        assert.equal(slugOf(answer), 'service-answer-not-json', body.slice(0, 20));
      }
      // A bomb has a name of its own, and does not leave whole under another name either.
      for (const type of ['application/json', 'text/csv'])
        assert.equal(slugOf(await typed(type, bomb)), 'service-answer-excessive', type);
    });

    it('CSV and XML leave whole by the agreement’s word, and not at all without it', async () => {
      const bodies = {
        'text/csv; charset=utf-8': 'number;name\nAB123;x',
        'application/xml': '<person number="AB123"/>',
      };
      const whole = await agree({ fields: ['/number'], terms: { otherBodies: 'whole' } });
      const refusing = [
        await agree({ fields: ['/number'] }),
        await agree({ fields: ['/number'], terms: { otherBodies: 'refuse' } }),
      ];
      for (const [type, body] of Object.entries(bodies)) {
        const path = `/typed?${new URLSearchParams({ type, body })}`;
        const passed = await call(whole, path);
        assert.deepEqual([passed.status, passed.text, passed.headers['content-type']], [200, body, type]);
        for (const id of refusing) assert.equal(slugOf(await call(id, path)), 'service-answer-not-json');
      }
    });

    it('a group opens the service to who is in it, from the next list on and no longer', async () => {
      const id = await agree({ client: 'GROUP:desks' });
      const put = async (subsystems: readonly string[]) => {
        const answer = await fetch(new URL('/registry/v1/groups/desks', all.registry.server.url), {
          method: 'PUT',
          headers: { authorization: `Bearer ${all.registry.operatorToken}`, 'content-type': 'application/json' },
          body: JSON.stringify({ name: { ar: 'مكاتب', fr: 'Guichets' }, subsystems }),
        });
        assert.equal(answer.status, 200, await answer.text());
      };
      await put([]);
      await all.provider.trust.refresh();
      assert.equal(slugOf(await call(id)), 'no-agreement');
      await put([CLIENT]);
      assert.equal(slugOf(await call(id)), 'no-agreement', 'the list in force does not say so yet');
      await all.provider.trust.refresh();
      assert.equal((await call(id)).status, 200);
      await put([]);
      assert.equal((await call(id)).status, 200);
      await all.provider.trust.refresh();
      assert.equal(slugOf(await call(id)), 'no-agreement');
    });

    it('a group of nobody opens nothing', async () => {
      const refused = await call(await agree({ client: 'GROUP:ministries' }));
      assert.equal(slugOf(refused), 'no-agreement');
    });

    it('what is suspended or ended answers nobody, in whatever order its versions came', async () => {
      const version = (id: string, number: number, status: Agreement['status'] = 'active') =>
        operator('PUT', 'agreements', anAgreement({ id, version: number, status }));
      assert.equal((await version('stopped', 2)).status, 200);
      assert.equal((await version('stopped', 1)).status, 409);
      assert.equal((await call('stopped')).status, 200);
      assert.equal((await operator('PUT', 'agreements/stopped/status', { status: 'suspended' })).status, 200);
      assert.equal((await call('stopped')).status, 403);
      assert.equal((await operator('PUT', 'agreements/stopped/status', { status: 'active' })).status, 200);
      assert.equal((await call('stopped')).status, 200);
      // A next version that is born suspended stops the one before it.
      assert.equal((await version('stopped', 3, 'suspended')).status, 200);
      assert.equal((await call('stopped')).status, 403);
      // As an earlier release could leave it: an active version below a later one ends with it.
      await all.provider.db.script(
        `update exchange_agreement set status = 'active' where id = 'stopped' and version = 2`,
      );
      assert.equal((await operator('PUT', 'agreements/stopped/status', { status: 'ended' })).status, 200);
      assert.equal((await call('stopped')).status, 403);
    });

    it('a yes and a no are explained step by step in three languages, by the decision itself', async () => {
      const id = await agree({ terms: { condition: 'query.kind == "short"' } });
      const ask = (more: object) =>
        operator('POST', 'agreements/explain', {
          client: CLIENT,
          service: SERVICE,
          path: '/find',
          agreement: id,
          ...more,
        });
      const yes = (await ask({ query: { kind: 'short' } })).body;
      assert.equal(yes['allowed'], true);
      assert.equal(yes['agreement'], id);
      const no = (await ask({ query: { kind: 'long' } })).body;
      assert.equal(no['allowed'], false);
      const steps = no['steps'] as { rule: string; agreement: string; holds: boolean; text: Record<string, string> }[];
      const own = steps.filter((step) => step.agreement === id);
      assert.deepEqual(
        own.map(({ rule, holds }) => [rule, holds]),
        [
          ['parties', true],
          ['validity', true],
          ['endpoint', true],
          ['purpose', true],
          ['condition', false],
        ],
      );
      for (const language of ['ar', 'fr', 'en']) assert.ok(own.every((step) => (step.text[language] ?? '').length > 5));
      assert.equal((await ask({ service: `${SERVICE}x` })).body['allowed'], false);
      assert.equal((await ask({ path: '/../x' })).body['allowed'], false);
      assert.equal(all.service.calls.length, 0);
    });
  });
});
