import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { Decrypter, generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { identityPath } from '../../src/exchange/archive/keys.ts';
import { type Agreement, GATEWAY_MIGRATIONS, recipientsPath, verifyEvidence } from '../../src/exchange/index.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { verifyLog } from '../../src/ledger/index.ts';
import { onUsualDatabase } from '../support/database.ts';
import {
  type Answer,
  anAgreement,
  CLIENT,
  SERVICE,
  sendRaw,
  startExchange,
  type TestExchange,
  type TestGateway,
} from '../support/gateways.ts';

type Body = {
  readonly index: number;
  readonly kind: string;
  readonly size: number;
  readonly keptAt: string;
  readonly expiresAt: string;
  readonly erasedAt: string | null;
  readonly erasedWhy: string | null;
};
type Term = NonNullable<NonNullable<Agreement['terms']>['archive']>;

const LIMIT = 100_000;
const DAY = 86_400_000;
const PROVIDER = { keep: 'both', days: 30, by: 'provider' } as const;
const digestOf = (bytes: Uint8Array) => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;

onUsualDatabase(['exchange-registry', ...GATEWAY_MIGRATIONS], (_name, open) => {
  describe('the archive of bodies', () => {
    let all: TestExchange;
    let outside: Server;
    let nth = 0;
    before(async () => {
      all = await startExchange(open, { maxBodyBytes: LIMIT, maxStreamBytes: 20_000_000, archiveSweepMs: 50 });
      outside = createServer((request, response) => {
        void buffer(request).then(
          (body) => {
            if (request.url === '/cut') {
              response.write(randomBytes(300_000), () => response.destroy());
              return;
            }
            if (request.url === '/json') response.setHeader('content-type', 'application/json');
            response.end(request.url === '/json' ? '{"number":"AB1","secret":"stays"}' : body);
          },
          () => {},
        );
      });
      await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
      await all.provider.gateway.rights.addService({
        service: SERVICE,
        url,
        timeoutMs: 5_000,
        enabled: true,
        notice: '',
      });
    });
    after(async () => {
      outside.closeAllConnections();
      outside.close();
      await all.close();
    });

    async function operator(one: TestGateway, method: string, path: string, body?: object) {
      const answer = await fetch(`${one.gateway.url}/operator/v1/${path}`, {
        method,
        headers: {
          authorization: `Bearer ${one.token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    }
    /** A new agreement with this word about the archive; without one, none. */
    async function agree(archive?: Term, parts: Partial<Agreement> = {}): Promise<string> {
      const id = `archived-${nth++}`;
      const terms = archive === undefined ? {} : { terms: { archive } };
      const answer = await operator(
        all.provider,
        'PUT',
        'agreements',
        anAgreement({ id, fields: ['/'], ...terms, ...parts }),
      );
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return id;
    }
    async function call(
      agreement: string | undefined,
      body: Buffer | undefined,
      more: { path?: string; subject?: string } = {},
    ): Promise<Answer & { exchange: string }> {
      const answer = await sendRaw(all.consumer.gateway.url, {
        method: body === undefined ? 'GET' : 'POST',
        path: `/r1/${SERVICE}${more.path ?? '/echo'}`,
        headers: [
          ['x-road-client', CLIENT],
          ...(agreement === undefined ? [] : [['wasl-agreement', agreement] as const]),
          ...(more.subject === undefined ? [] : [['wasl-subject', more.subject] as const]),
          ['accept', 'application/problem+json'],
        ],
        ...(body === undefined ? {} : { body }),
      });
      return { ...answer, exchange: answer.headers['x-road-request-id'] ?? '' };
    }
    async function bodiesOf(one: TestGateway, exchange: string): Promise<readonly Body[]> {
      return (await operator(one, 'GET', `archive?exchange=${exchange}`)).body['bodies'] as Body[];
    }
    const take = (one: TestGateway, index: number) =>
      fetch(`${one.gateway.url}/operator/v1/archive/${index}/body`, {
        headers: { authorization: `Bearer ${one.token}` },
      });
    async function openBody(one: TestGateway, index: number, identity?: string): Promise<Buffer> {
      const answer = await take(one, index);
      assert.equal(answer.status, 200, await answer.clone().text());
      const bytes = Buffer.from(await answer.arrayBuffer());
      assert.equal(answer.headers.get('content-length'), String(bytes.length));
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity ?? (await identityOf(one)));
      const plain = Buffer.from(await decrypter.decrypt(bytes));
      assert.equal(answer.headers.get('wasl-content-digest'), digestOf(plain));
      return plain;
    }
    const identityOf = async (one: TestGateway) =>
      /^AGE-SECRET-KEY-.*$/m.exec(await readFile(identityPath(one.dir), 'utf8'))?.[0] ?? '';
    /** Whatever lies in the archive's folder, drafts too. */
    async function filesOf(one: TestGateway): Promise<readonly string[]> {
      const dir = join(one.dir, 'archive');
      if (!existsSync(dir)) return [];
      const found = await readdir(dir, { recursive: true, withFileTypes: true });
      return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    }
    async function until(look: () => Promise<boolean>): Promise<void> {
      for (let tries = 0; tries < 400; tries += 1) {
        if (await look()) return;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      assert.fail('it did not come to pass');
    }

    it('keeps nothing where the agreement does not ask for it', async () => {
      const { status, exchange } = await call(await agree(), Buffer.from('{"a":1}'));
      assert.equal(status, 200);
      assert.deepEqual([await bodiesOf(all.provider, exchange), await bodiesOf(all.consumer, exchange)], [[], []]);
    });

    it('keeps request and answer as they were signed, readable by the identity alone', async () => {
      const sent = Buffer.from('{"number":"AB1","why":"residence"}');
      const { status, exchange } = await call(await agree(PROVIDER), sent, { path: '/json' });
      assert.equal(status, 200);
      const [request, response, ...more] = await bodiesOf(all.provider, exchange);
      assert.ok(request !== undefined && response !== undefined && more.length === 0);
      assert.deepEqual([request.kind, request.size, response.kind], ['request', sent.length, 'response']);
      assert.equal(Date.parse(request.expiresAt) - Date.parse(request.keptAt) > 29.9 * DAY, true);
      assert.deepEqual(await openBody(all.provider, request.index), sent);
      const stored = await all.provider.db.script(`select header, sealed from archive_body`);
      assert.equal(JSON.stringify(stored).includes('AB1'), false);
      await assert.rejects(openBody(all.provider, request.index, await generateX25519Identity()), /no identity/);
      assert.deepEqual(await bodiesOf(all.consumer, exchange), []);
    });

    it('keeps of an answer what left, not what the service said', async () => {
      const id = await agree({ ...PROVIDER, keep: 'response' }, { fields: ['/number'] });
      const { exchange, text } = await call(id, Buffer.from('{}'), { path: '/json' });
      assert.equal(text, '{"number":"AB1"}');
      const bodies = await bodiesOf(all.provider, exchange);
      assert.deepEqual(
        bodies.map((one) => one.kind),
        ['response'],
      );
      assert.equal(String(await openBody(all.provider, bodies[0]?.index ?? -1)), text);
    });

    it('keeps the request alone, and nothing of a request without a body', async () => {
      const id = await agree({ ...PROVIDER, keep: 'request' });
      const bodies = await bodiesOf(all.provider, (await call(id, Buffer.from('x'))).exchange);
      assert.deepEqual(
        bodies.map((one) => one.kind),
        ['request'],
      );
      const { status, exchange } = await call(id, undefined);
      assert.deepEqual([status, await bodiesOf(all.provider, exchange)], [200, []]);
    });

    for (const size of [65_536, 65_537, 99_999, 131_072, 3_000_001])
      it(`keeps ${size} bytes both ways, whole`, async () => {
        const sent = randomBytes(size);
        const { status, exchange, body } = await call(await agree(PROVIDER), sent);
        assert.deepEqual([status, body.equals(sent)], [200, true]);
        const bodies = await bodiesOf(all.provider, exchange);
        assert.deepEqual(
          bodies.map((one) => [one.kind, one.size]),
          [
            ['request', size],
            ['response', size],
          ],
        );
        for (const one of bodies) assert.ok((await openBody(all.provider, one.index)).equals(sent));
        unwrap(verifyEvidence(await all.consumer.gateway.exportEvidence(exchange), all.registry.registry.keys.anchor));
      });

    it('keeps nothing of an answer that was cut', async () => {
      const id = await agree({ ...PROVIDER, keep: 'response' });
      const before = await filesOf(all.provider);
      await assert.rejects(call(id, randomBytes(200_000), { path: '/cut' }));
      await until(async () => (await filesOf(all.provider)).length === before.length);
    });

    it('keeps nothing of a request that the service did not get whole', async () => {
      const id = await agree({ ...PROVIDER, keep: 'request' });
      const before = await filesOf(all.provider);
      const down = { service: SERVICE, url: 'http://127.0.0.1:9', timeoutMs: 1_000, enabled: true, notice: '' };
      const held = all.provider.gateway.rights.current().services.get(SERVICE);
      assert.ok(held);
      await all.provider.gateway.rights.addService(down);
      const answer = await call(id, randomBytes(3_000_000));
      await all.provider.gateway.rights.addService(held);
      assert.match(answer.text, /service-unreachable/);
      await until(async () => (await filesOf(all.provider)).length === before.length);
    });

    it('seals for whom the recipients file names at that moment, post-quantum keys too', async () => {
      const file = recipientsPath(all.provider.dir);
      const former = await readFile(file, 'utf8');
      const [first, second] = [await generateX25519Identity(), await generateHybridIdentity()];
      const id = await agree(PROVIDER);
      for (const identities of [[first], [second]]) {
        const lines = await Promise.all(identities.map((one) => identityToRecipient(one)));
        await writeFile(file, `# officers\n${lines.join('\n')}\n`);
        const { exchange } = await call(id, Buffer.from('{"a":1}'));
        const [body] = await bodiesOf(all.provider, exchange);
        for (const one of identities)
          assert.equal(String(await openBody(all.provider, body?.index ?? -1, one)), '{"a":1}');
        await assert.rejects(openBody(all.provider, body?.index ?? -1), /no identity/);
      }
      await writeFile(file, former);
    });

    it('passes nothing on where it cannot keep what was agreed', async () => {
      const file = recipientsPath(all.provider.dir);
      const former = await readFile(file, 'utf8');
      const id = await agree(PROVIDER);
      for (const bad of ['', 'age1nobody\n']) {
        await writeFile(file, bad);
        const answer = await call(id, Buffer.from('{"a":1}'));
        assert.match(answer.text, /archive-unavailable/);
        assert.equal(answer.status, 503);
      }
      await writeFile(file, former);
      assert.equal((await call(id, Buffer.from('{"a":1}'))).status, 200);
    });

    describe('at the client', () => {
      async function sign(id: string, version = 1): Promise<void> {
        const signed = await operator(all.provider, 'POST', `agreements/${id}/versions/${version}/sign`, {});
        assert.equal(signed.status, 200, JSON.stringify(signed.body));
        const offer = { provider: all.provider.server, agreement: id, version };
        await until(async () => {
          const { body } = await operator(all.consumer, 'GET', 'offers');
          return (body['offers'] as { agreement: string; version: number }[]).some(
            (one) => one.agreement === id && one.version === version,
          );
        });
        assert.equal((await operator(all.consumer, 'POST', 'offers/sign', offer)).status, 200);
      }

      it('keeps bodies under what its member has signed, and under nothing else', async () => {
        const archive = { keep: 'both', days: 10, by: 'both' } as const;
        const [signed, unsigned] = [await agree(archive), await agree(archive)];
        await sign(signed);
        for (const sent of [Buffer.from('{"a":1}'), randomBytes(99_000), randomBytes(2_000_000)]) {
          const { exchange } = await call(signed, sent);
          for (const one of [all.consumer, all.provider]) {
            const bodies = await bodiesOf(one, exchange);
            assert.deepEqual(
              bodies.map(({ kind }) => kind),
              ['request', 'response'],
            );
            for (const { index } of bodies) assert.ok((await openBody(one, index)).equals(sent));
          }
        }
        const other = await call(unsigned, Buffer.from('{"a":1}'));
        assert.deepEqual(await bodiesOf(all.consumer, other.exchange), []);
        assert.equal((await bodiesOf(all.provider, other.exchange)).length, 2);
      });

      it('keeps alone where the agreement says so, until a version says otherwise', async () => {
        const id = await agree({ keep: 'both', days: 10, by: 'client' });
        await sign(id);
        const { exchange } = await call(id, Buffer.from('{"a":1}'));
        assert.deepEqual(await bodiesOf(all.provider, exchange), []);
        assert.equal((await bodiesOf(all.consumer, exchange)).length, 2);
        const next = await operator(all.provider, 'PUT', 'agreements', anAgreement({ id, version: 2, fields: ['/'] }));
        assert.equal(next.status, 200, JSON.stringify(next.body));
        await sign(id, 2);
        assert.deepEqual(await bodiesOf(all.consumer, (await call(id, Buffer.from('{"a":1}'))).exchange), []);
      });

      it('erases a request that was answered under another agreement than foreseen', async () => {
        // The provider takes the first by its id, and this one was not signed here.
        await agree(undefined, { id: '0-first', endpoints: [{ method: 'POST', path: '/other' }] });
        const endpoints = [{ method: 'POST', path: '/other' }];
        await sign(await agree({ keep: 'both', days: 10, by: 'client' }, { endpoints }));
        const { status, exchange, headers } = await call(undefined, randomBytes(80_000), { path: '/other' });
        assert.deepEqual([status, headers['wasl-agreement']], [200, '0-first']);
        const bodies = await bodiesOf(all.consumer, exchange);
        assert.deepEqual(
          bodies.map(({ kind, erasedWhy }) => [kind, erasedWhy]),
          [['request', 'other-agreement']],
        );
      });
    });

    describe('erased', () => {
      it('is what an operator erases with a reason; the proof stays whole, and the ledger says so', async () => {
        const { exchange } = await call(await agree(PROVIDER), randomBytes(90_000));
        const before = (await filesOf(all.provider)).length;
        const reason = 'asked for by the data protection officer';
        const answer = await operator(all.provider, 'POST', 'archive/erase', { exchange, reason });
        assert.deepEqual(answer, { status: 200, body: { erased: 2 } });
        assert.equal((await filesOf(all.provider)).length, before - 2);
        for (const { index, erasedWhy } of await bodiesOf(all.provider, exchange)) {
          assert.equal(erasedWhy, 'operator');
          const gone = await take(all.provider, index);
          assert.equal(gone.status, 410);
          assert.match(await gone.text(), /archived-body-erased/);
        }
        const keys = await all.provider.db.script(
          `select from archive_body where exchange = '${exchange}' and (header is not null or sealed is not null)`,
        );
        assert.equal(keys.length, 0);
        for (const one of [all.consumer, all.provider])
          unwrap(verifyEvidence(await one.gateway.exportEvidence(exchange), all.registry.registry.keys.anchor));
        const events = await operator(all.provider, 'GET', 'events?event=archive.erased');
        assert.ok(JSON.stringify(events.body).includes(exchange));
        assert.equal((await operator(all.provider, 'POST', 'archive/erase', { exchange, reason })).status, 404);
      });

      it('is all about one person, and nothing about another; the person is named nowhere', async () => {
        const id = await agree(PROVIDER);
        const [subject, other] = [`QX${randomUUID().slice(0, 8)}`, 'ZZ999'];
        const mine = [
          await call(id, Buffer.from('{"a":1}'), { subject }),
          await call(id, randomBytes(90_000), { subject }),
        ];
        const theirs = await call(id, Buffer.from('{"a":2}'), { subject: other });
        const answer = await operator(all.provider, 'POST', 'archive/erase-subject', {
          subject: ` ${subject.toLowerCase()} `,
          reason: 'law 09-08, article 8',
        });
        assert.deepEqual(answer, { status: 200, body: { erased: 4 } });
        for (const { exchange } of mine)
          for (const one of await bodiesOf(all.provider, exchange)) assert.equal(one.erasedWhy, 'subject');
        for (const one of await bodiesOf(all.provider, theirs.exchange)) assert.equal(one.erasedAt, null);
        const told = JSON.stringify([
          all.provider.log.lines,
          await all.provider.db.script('select * from operator_event'),
          await all.provider.db.script('select * from archive_body'),
        ]);
        assert.equal(told.toLowerCase().includes(subject.toLowerCase()), false);
        const again = await operator(all.provider, 'POST', 'archive/erase-subject', { subject, reason: 'again' });
        assert.equal(again.status, 404);
      });

      it('is what has had its time, by the gateway itself, and no sooner', async () => {
        const [short, long] = [await agree({ ...PROVIDER, days: 1 }), await agree({ ...PROVIDER, days: 40 })];
        const sent = randomBytes(90_000);
        const [due, kept] = [await call(short, sent), await call(long, sent)];
        all.provider.skewMs = 1.01 * DAY;
        try {
          await until(async () =>
            (await bodiesOf(all.provider, due.exchange)).every((one) => one.erasedWhy === 'expired'),
          );
          assert.ok((await bodiesOf(all.provider, kept.exchange)).every((one) => one.erasedAt === null));
        } finally {
          all.provider.skewMs = 0;
        }
        const events = await operator(all.provider, 'GET', 'events?event=archive.expired');
        assert.ok(JSON.stringify(events.body).includes('retention'));
      });
    });

    it('refuses by name what is not as it was kept: changed on the disk, or gone from it', async () => {
      const id = await agree({ ...PROVIDER, keep: 'request' });
      const before = new Set(await filesOf(all.provider));
      const { exchange } = await call(id, randomBytes(90_000));
      const [file = ''] = (await filesOf(all.provider)).filter((path) => !before.has(path));
      const [body] = await bodiesOf(all.provider, exchange);
      const bytes = await readFile(file);
      bytes[1_000] = (bytes[1_000] ?? 0) ^ 1;
      await chmod(file, 0o600);
      await writeFile(file, bytes);
      const damaged = await take(all.provider, body?.index ?? -1);
      assert.equal(damaged.status, 409);
      assert.match(await damaged.text(), /archived-body-damaged/);
      await rm(file);
      assert.equal((await take(all.provider, body?.index ?? -1)).status, 409);
    });

    it('takes away files that no row names, once they are old enough to be nobody’s', async () => {
      const { exchange } = await call(await agree(PROVIDER), randomBytes(90_000));
      const dir = join(all.provider.dir, 'archive');
      const [young, orphan] = [join(dir, 'ab', 'ab'.repeat(32)), join(dir, 'cd', 'cd'.repeat(32))];
      const draft = join(dir, 'new', 'left-by-a-crash');
      for (const path of [young, orphan, draft]) {
        await mkdir(join(path, '..'), { recursive: true });
        await writeFile(path, 'sealed under a key that was never written');
      }
      const old = new Date(Date.now() - 3 * 3_600_000);
      for (const path of await filesOf(all.provider)) if (path !== young) await utimes(path, old, old);
      await until(async () => !existsSync(orphan) && !existsSync(draft));
      assert.ok(existsSync(young));
      for (const { index } of await bodiesOf(all.provider, exchange)) await openBody(all.provider, index);
    });

    it('refuses by field what is no order to erase, and by name what is not there', async () => {
      const good = { exchange: 'x', reason: 'because' };
      const refused: readonly [string, object, number][] = [
        ['archive/erase', { ...good, reason: '' }, 422],
        ['archive/erase', { ...good, reason: '   ' }, 422],
        ['archive/erase', { ...good, reason: 'x'.repeat(501) }, 422],
        ['archive/erase', { reason: 'because' }, 422],
        ['archive/erase', { ...good, more: 1 }, 422],
        ['archive/erase', good, 404],
        ['archive/erase-subject', { subject: ' ', reason: 'because' }, 422],
        ['archive/erase-subject', { subject: 'x'.repeat(201), reason: 'because' }, 422],
        ['archive/erase-subject', { subject: 'AB-NOBODY', reason: 'because' }, 404],
      ];
      for (const [path, body, status] of refused)
        assert.equal((await operator(all.provider, 'POST', path, body)).status, status, JSON.stringify(body));
      for (const index of ['999999', '-1', 'x', '9'.repeat(30), '0x1'])
        assert.equal((await operator(all.provider, 'GET', `archive/${index}/body`)).status, 404, index);
      assert.equal((await operator(all.provider, 'GET', 'archive?before=x')).status, 422);
    });

    it('counts what is kept', async () => {
      const text = await (await fetch(`${all.provider.gateway.url}/metrics`)).text();
      for (const name of ['bodies', 'bytes', 'overdue', 'oldest_seconds'])
        assert.match(text, new RegExp(`^wasl_archive_${name}\\{[^}]*\\} \\d+$`, 'm'), name);
    });

    it('leaves both ledgers whole', async () => {
      for (const { db, gateway } of [all.consumer, all.provider])
        unwrap(await verifyLog(db.read, gateway.ledger.name, gateway.ledger.vkey));
    });
  });
});
