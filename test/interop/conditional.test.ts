import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Database } from '../../src/platform/index.ts';
import { openForTest } from '../support/database.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';

/** RFC 9110 section 13.1.2, as a cache or a mirror of the trust list uses it. */
describe('a trust list that was fetched before', () => {
  let test: TestRegistry;
  let db: Database;
  before(async () => {
    db = await openForTest(['exchange-registry']);
    test = await startRegistry(db);
  });
  after(async () => {
    await test.close();
    await db.close();
  });

  const get = (given?: string, method = 'GET') =>
    fetch(`${test.server.url}/trust-list`, {
      method,
      headers: given === undefined ? {} : { 'if-none-match': given },
    });

  it('is not sent again, by its tag, among others, weak or any', async () => {
    const first = await get();
    const etag = first.headers.get('etag') ?? '';
    // Weak, for it stands for the text in either coding (section 8.8.1); tags are compared weakly here.
    assert.match(etag, /^W\/"[^"]+"$/);
    for (const given of [etag, etag.replace('W/', ''), `"other", ${etag}`, '*']) {
      for (const method of ['GET', 'HEAD']) {
        const again = await get(given, method);
        assert.equal(again.status, 304, `${method} ${given}`);
        assert.equal(await again.text(), '');
        // Section 15.4.5: what a cache would keep of a 200 stands here too.
        assert.equal(again.headers.get('etag'), etag);
        assert.equal(again.headers.get('cache-control'), first.headers.get('cache-control'));
      }
    }
  });

  it('is sent where the tag is another, or none', async () => {
    for (const given of ['"other"', 'nonsense', '']) assert.equal((await get(given)).status, 200, given);
  });
});
