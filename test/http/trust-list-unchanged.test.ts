import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openTrustStore, publishTrustList } from '../../src/exchange/index.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { type Database, silentLog } from '../../src/platform/index.ts';
import { openForTest } from '../support/database.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';

/** A list of 10,000 gateways has some 40 MB: who holds it asks each minute and is sent it once. */
describe('a trust list that has not changed', () => {
  let db: Database;
  let registry: TestRegistry;
  let between: Server;
  let url: string;
  let dir: string;
  const passed: { status: number; bytes: number }[] = [];
  /** What a server between the two may make of the tag. */
  let isStrong = false;
  before(async () => {
    db = await openForTest([]);
    registry = await startRegistry(db);
    dir = await mkdtemp(join(tmpdir(), 'wasl-unchanged-'));
    between = createServer((request, response) => {
      const tag = request.headers['if-none-match'];
      void fetch(new URL(request.url ?? '', registry.server.url), {
        headers: tag === undefined ? {} : { 'if-none-match': tag },
      }).then(async (answer) => {
        const body = await answer.text();
        const etag = answer.headers.get('etag') ?? '';
        passed.push({ status: answer.status, bytes: body.length });
        response.writeHead(answer.status, { etag: isStrong ? etag.replace('W/', '') : etag }).end(body);
      });
    }).listen(0, '127.0.0.1');
    await once(between, 'listening');
    url = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
  });
  after(async () => {
    between.close();
    await registry.close();
    await db.close();
    await rm(dir, { recursive: true, force: true });
  });
  const open = (clock = () => registry.now) =>
    openTrustStore({
      dir,
      anchor: registry.registry.keys.anchor,
      registry: url,
      clock,
      log: silentLog,
      pollSeconds: 3600,
    });

  it('is not sent again to who holds it, and its successor is', async () => {
    const store = await open();
    const held = unwrap(store.current(registry.now));
    passed.length = 0;
    assert.equal(unwrap(await store.refresh()), held);
    assert.deepEqual(passed, [{ status: 304, bytes: 0 }]);
    const { version } = await publishTrustList(registry.registry, registry.now);
    assert.equal(unwrap(await store.refresh()).version, version);
    assert.equal(passed.at(-1)?.status, 200);
    isStrong = true;
    await publishTrustList(registry.registry, registry.now);
    const next = unwrap(await store.refresh());
    assert.equal(unwrap(await store.refresh()), next);
    assert.equal(passed.at(-1)?.status, 304);
    isStrong = false;
    await store.close();
  });

  it('is sent once more to a gateway that has started anew, and to one whose list has run out', async () => {
    let now = registry.now;
    const store = await open(() => now);
    passed.length = 0;
    await store.refresh();
    await store.refresh();
    assert.deepEqual(
      passed.map(({ status }) => status),
      [200, 304],
    );
    now = new Date(Date.parse(unwrap(store.current(now)).expiresAt));
    const late = await store.refresh();
    assert.equal(passed.at(-1)?.status, 200);
    assert.equal(late.ok ? 'ok' : late.error.kind, 'expired');
    await store.close();
  });

  it('is compressed once for all, and the same text with and without', async () => {
    const fetched = async (coding: string) => {
      const answer = await fetch(new URL('/trust-list', registry.server.url), {
        headers: { 'accept-encoding': coding },
      });
      return {
        text: await answer.text(),
        coding: answer.headers.get('content-encoding'),
        tag: answer.headers.get('etag'),
      };
    };
    const [plain, packed] = [await fetched('identity'), await fetched('gzip, deflate')];
    assert.deepEqual([plain.coding, packed.coding], [null, 'gzip']);
    assert.deepEqual([packed.text, packed.tag], [plain.text, plain.tag]);
  });

  it('is renewed in time though everybody holds it', async () => {
    const start = registry.now;
    const store = await open();
    await store.refresh();
    const held = unwrap(store.current(start));
    registry.now = new Date(start.getTime() + 13 * 3_600_000);
    const renewed = unwrap(await store.refresh());
    assert.equal(renewed.version, held.version + 1);
    await store.close();
  });
});
