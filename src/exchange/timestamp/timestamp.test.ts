import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { onEachDatabase } from '../../../test/support/database.ts';
import { recordLog } from '../../../test/support/gateways.ts';
import { startAuthority, type TestAuthority } from '../../../test/support/tsa.ts';
import { appendIn, createLog, logSigner, readCheckpoint } from '../../ledger/index.ts';
import type { Database } from '../../platform/index.ts';
import { parseNetworks } from '../address/networks.ts';
import type { GatewayContext } from '../gateway/model.ts';
import { certificateId } from '../trust/certificate.ts';
import type { TrustList } from '../trust/model.ts';
import type { Cosignature } from '../witness/store.ts';
import { openAuthorityClient } from './ask.ts';
import { bareToken } from './bare-token.ts';
import { readAnswer } from './query.ts';
import { chooseCheckpoint, pauseAfter } from './rules.ts';
import { stampCheckpoint } from './service.ts';
import { findCovering, listTimestamps, readRound } from './store.ts';
import { verifyToken } from './token.ts';

const MINUTE_MS = 60_000;
let authority: TestAuthority;
before(async () => {
  authority = await startAuthority();
});
after(() => authority.close());

describe('what is to be stamped', () => {
  const own = { checkpoint: 'own', size: 10 };
  const by = (witness: string, size: number): Cosignature => ({
    ...{ witness, vkey: witness, size, signedAt: new Date(0) },
    ...{ checkpoint: `tree ${size}\n`, line: `— ${witness}\n` },
  });

  test('is nothing while the log has not moved', () => {
    assert.equal(chooseCheckpoint(own, [by('a', 10)], 10), undefined);
  });
  test('is our own word where no witness has signed since', () => {
    assert.deepEqual(chooseCheckpoint(own, [by('a', 4)], 4), { ...own, witnesses: 0 });
  });
  test('is the tree that most witnesses have signed, with their lines', () => {
    const seen = [by('a', 10), by('b', 8), by('c', 8)];
    assert.deepEqual(chooseCheckpoint(own, seen, 4), { checkpoint: 'tree 8\n— b\n— c\n', size: 8, witnesses: 2 });
    assert.equal(chooseCheckpoint(own, seen, 8)?.size, 10);
    assert.equal(chooseCheckpoint(own, [by('a', 9), by('b', 10)], 4)?.size, 10, 'of equals the newest');
  });
  test('is asked for again sooner after a failure, and never later than the interval', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4, 99].map((failures) => pauseAfter(failures, 10 * MINUTE_MS) / MINUTE_MS),
      [1, 2, 4, 8, 10, 10],
    );
    assert.equal(pauseAfter(0, 1000), 1000);
  });
});

test('whatever an authority sends is a token or a refusal', async () => {
  const data = Buffer.from('data');
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      readAnswer(bytes);
      assert.equal((await verifyToken(bytes, { data, authority: 'x', certificates: [bytes] })).ok, false);
    }),
  );
});

onEachDatabase(['ledger', 'exchange-witness', 'exchange-timestamp'], (_name, open) => {
  const log = recordLog();
  const signer = logSigner('log.example/stamped', generateKeyPairSync('ed25519').privateKey);
  let db: Database;
  let now = new Date();
  let listed: { how: string; certificate: 'rsa' | 'ec' | 'other' | 'expired' | 'not-tsa' | 'ca' }[] = [];
  const client = openAuthorityClient(() => networks);
  const impatient = openAuthorityClient(() => networks, 300);
  const networks = (() => {
    const parsed = parseNetworks(['127.0.0.1']);
    return parsed.ok ? parsed.value : assert.fail();
  })();
  const refusals: string[] = [];
  let rounds: Parameters<typeof stampCheckpoint>[0];

  before(async () => {
    db = await open();
    await createLog(db, 'stamped', signer);
    const certificates = new Map<string, string>();
    for (const name of ['rsa', 'ec', 'other', 'expired', 'not-tsa', 'ca'] as const)
      certificates.set(name, (await authority.certificate(name)).toString('base64'));
    const current = () => {
      const timestampAuthorities = listed.map(({ how, certificate }) => ({
        ...{ name: `TSA ${how}`, url: `${authority.url}${how}`, statement: 'of the registry' },
        certificate: certificates.get(certificate) ?? '',
      }));
      return { ok: true, value: { timestampAuthorities } as unknown as TrustList } as const;
    };
    const context = {
      ...{ db, clock: () => now, log, randomBytes, trust: { current } },
      ledger: { name: 'stamped', signer },
      settings: { timestampIntervalMs: 10 * MINUTE_MS },
    } as unknown as GatewayContext;
    rounds = { context, client, failed: (name, detail) => refusals.push(`${name}: ${detail}`) };
  });
  after(async () => {
    await client.close();
    await impatient.close();
    await db.close();
  });

  const grow = () => db.transaction((tx) => appendIn(tx, 'stamped', signer, [randomBytes(20)], now));
  /** Moves the clock past the next round, and makes it. */
  const round = async (by = client) => {
    await db.script("update exchange_timestamp_round set due_at = now() - interval '1 day'");
    return stampCheckpoint({ ...rounds, client: by });
  };

  for (const [how, certificate] of [
    ['rsa', 'rsa'],
    ['ec', 'ec'],
    ['issued', 'ca'],
  ] as const) {
    test(`a token of ${how} is kept and OpenSSL finds it right, also without the certificates in it`, async () => {
      listed = [{ how, certificate }];
      const { size } = await grow();
      assert.equal(await round(), 'stamped', refusals.at(-1));
      const kept = (await findCovering(db.read, size)) ?? assert.fail();
      const checkpoint = await readCheckpoint(db.read, 'stamped');
      assert.equal(kept.checkpoint, checkpoint);
      assert.equal(kept.path.length, how === 'issued' ? 2 : 1);
      assert.match(await authority.verify(kept.token, Buffer.from(checkpoint), certificate), /Verification: OK/);
      const bare = bareToken(kept.token);
      assert.match(await authority.verify(bare, Buffer.from(checkpoint), certificate, how), /Verification: OK/);
      await assert.rejects(authority.verify(bare, Buffer.from(`${checkpoint}x`), certificate, how));
      assert.ok(Math.abs(kept.beforeAt.getTime() - kept.stampedAt.getTime() - 1000) < 1, 'its accuracy is a second');
    });
  }

  test('a log that has not moved asks nobody', async () => {
    const before = authority.asked.length;
    assert.equal(await round(), 'not-moved');
    assert.equal(authority.asked.length, before);
  });

  test('one of several processes asks, and a round is made once an interval', async () => {
    listed = [{ how: 'ec', certificate: 'ec' }];
    await grow();
    await db.script("update exchange_timestamp_round set due_at = now() - interval '1 day'");
    const before = authority.asked.length;
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => stampCheckpoint(rounds)));
    assert.deepEqual(
      outcomes.filter((one) => one !== 'not-due'),
      ['stamped'],
    );
    assert.equal(authority.asked.length, before + 1);
    await grow();
    assert.equal(await stampCheckpoint(rounds), 'not-due');
    now = new Date(now.getTime() + 10 * MINUTE_MS);
    // The authority's clock is now ten minutes behind ours.
    assert.equal(await stampCheckpoint(rounds), 'failed');
    assert.match(refusals.at(-1) ?? '', /more than five minutes from ours/);
    now = new Date();
  });

  test('a process that died while it asked keeps nobody from asking later', async () => {
    await db.script("update exchange_timestamp_round set due_at = now() + interval '2 minutes'");
    assert.equal(await stampCheckpoint(rounds), 'not-due');
    await db.script("update exchange_timestamp_round set due_at = now() - interval '1 second'");
    assert.equal(await stampCheckpoint(rounds), 'stamped');
  });

  test('the next authority is asked where the first gives none', async () => {
    listed = [
      { how: 'failing', certificate: 'rsa' },
      { how: 'rsa', certificate: 'rsa' },
    ];
    const { size } = await grow();
    assert.equal(await round(), 'stamped');
    assert.equal((await findCovering(db.read, size))?.authority, 'TSA rsa');
    assert.match(refusals.at(-1) ?? '', /TSA failing: it answered 503/);
  });

  for (const [how, certificate, why] of [
    ['wrong-nonce', 'ec', /nonce is not that of the query/],
    ['wrong-imprint', 'ec', /imprint is of other bytes/],
    ['altered', 'ec', /signature is not of these bytes/],
    ['other', 'ec', /neither the one that the registry named nor issued by it/],
    ['issued', 'ec', /neither the one that the registry named nor issued by it/],
    ['expired', 'expired', /was not valid at/],
    ['not-tsa', 'not-tsa', /not for timestamps alone/],
    ['granted-nothing', 'ec', /granted a token and sent none/],
    ['rejecting', 'ec', /status 2/],
    ['huge', 'ec', /more than 65536 bytes/],
    ['redirect', 'rsa', /answered 302/],
    ['silent', 'ec', /did not answer within 0.3 s/],
    ['garbage', 'ec', /not a TimeStampResp/],
    ['page', 'ec', /not a TimeStampResp/],
  ] as const) {
    test(`an authority that is ${how} gives no token, and its failure is told`, async () => {
      listed = [{ how, certificate }];
      await grow();
      const held = (await listTimestamps(db.read, Number.MAX_SAFE_INTEGER, 1000)).length;
      assert.equal(await round(how === 'silent' ? impatient : client), 'failed');
      assert.match(refusals.at(-1) ?? '', why);
      assert.equal((await listTimestamps(db.read, Number.MAX_SAFE_INTEGER, 1000)).length, held);
      const { failures, failure } = (await readRound(db.read)) ?? assert.fail();
      assert.ok(failures > 0);
      assert.match(failure ?? '', why);
    });
  }

  test('an address of the member’s own network is not connected to', async () => {
    const guarded = openAuthorityClient(() => {
      const parsed = parseNetworks([]);
      return parsed.ok ? parsed.value : assert.fail();
    });
    listed = [{ how: 'rsa', certificate: 'rsa' }];
    const before = authority.asked.length;
    await db.script("update exchange_timestamp_round set due_at = now() - interval '1 day'");
    assert.equal(await stampCheckpoint({ ...rounds, client: guarded }), 'failed');
    assert.match(refusals.at(-1) ?? '', /no public and no allowed network/);
    assert.equal(authority.asked.length, before);
    await guarded.close();
  });

  test('a token whose registry word is missing is asked of nobody', async () => {
    listed = [];
    assert.equal(await round(), 'no-authority');
  });

  test('the first token that covers an entry is the one that evidence gets, of a witnessed tree where there is one', async () => {
    const all = await listTimestamps(db.read, Number.MAX_SAFE_INTEGER, 1000);
    const sizes = all.map(({ size }) => size).sort((a, b) => a - b);
    assert.equal((await findCovering(db.read, 1))?.size, sizes[0]);
    await db.script(`update exchange_timestamp set witnesses = 2 where size = ${sizes[2]}`);
    assert.equal((await findCovering(db.read, 1))?.size, sizes[2]);
    assert.equal((await findCovering(db.read, (sizes[2] ?? 0) + 1))?.size, sizes[3]);
    assert.equal(await findCovering(db.read, 1_000_000), undefined);
  });
});

test('the registry names a certificate by what is hashed here too', async () => {
  const der = await authority.certificate('ec');
  const other = { data: Buffer.from('x'), authority: certificateId(der), certificates: [der] };
  assert.equal((await verifyToken(Buffer.from('3000', 'hex'), other)).ok, false);
});
