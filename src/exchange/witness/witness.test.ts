import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { onEachDatabase } from '../../../test/support/database.ts';
import { unwrap } from '../../kernel/index.ts';
import {
  appendIn,
  consistencyProof,
  createLog,
  logSigner,
  openCheckpoint,
  openWitness,
  readCheckpoint,
} from '../../ledger/index.ts';
import type { Database } from '../../platform/index.ts';
import { formatAddCheckpoint, parseAddCheckpoint, type WitnessRefusal } from './model.ts';
import { addCheckpoint, type WitnessDeps } from './service.ts';
import { listAlarms } from './store.ts';

const NOW = new Date('2026-03-02T09:00:00Z');
const LOG_KEY = generateKeyPairSync('ed25519').privateKey;

test('the body of add-checkpoint is read as it is written', () => {
  const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
  const parts = fc.record({ old: fc.nat(), proof: fc.array(hash, { maxLength: 63 }), checkpoint: fc.string() });
  fc.assert(
    fc.property(parts, (given) =>
      assert.deepEqual(unwrap(parseAddCheckpoint(formatAddCheckpoint(given))), { ...given }),
    ),
  );
});

for (const body of [
  '',
  'old 1',
  'old -1\n\nx',
  'old 01\n\nx',
  'old 1\nnot base64!\n\nx',
  'old 1\nAAAA\n\nx',
  `old 1\n${`${'A'.repeat(43)}=\n`.repeat(64)}\nx`,
  'old 99999999999999999999\n\nx',
]) {
  test(`${JSON.stringify(body.slice(0, 40))} is no add-checkpoint`, () => {
    const parsed = parseAddCheckpoint(body);
    assert.ok(!parsed.ok && parsed.error.status === 400);
  });
}

onEachDatabase(['ledger', 'exchange-witness'], (_name, open) => {
  let db: Database;
  let deps: WitnessDeps;
  let logs = 0;
  before(async () => {
    db = await open();
    deps = {
      db,
      witness: openWitness('witness.example/one', generateKeyPairSync('ed25519').privateKey),
      vkeyOf: (origin) => (origin.startsWith('log.example/') ? logSigner(origin, LOG_KEY).vkey : undefined),
      clock: () => NOW,
    };
  });
  after(() => db.close());

  /** Two logs of one origin and key are what a liar has. */
  async function aLog(origin: string) {
    const name = `log-${logs++}`;
    const signer = logSigner(origin, LOG_KEY);
    await createLog(db, name, signer);
    return {
      grow: (...texts: string[]) =>
        db.transaction((tx) =>
          appendIn(
            tx,
            name,
            signer,
            texts.map((text) => Buffer.from(text)),
            NOW,
          ),
        ),
      async show(old: number) {
        const checkpoint = await readCheckpoint(db.read, name);
        const { size } = unwrap(openCheckpoint(checkpoint, signer.vkey));
        const proof = old === 0 || old > size ? [] : await consistencyProof(db.read, name, old, size);
        const added = await addCheckpoint(deps, formatAddCheckpoint({ old, proof: [...proof], checkpoint }));
        return { added, checkpoint, signer };
      },
    };
  }
  const refusal = (added: Awaited<ReturnType<typeof addCheckpoint>>): WitnessRefusal =>
    added.ok ? assert.fail('it was signed') : added.error;
  const alarmsOf = async (origin: string) =>
    (await listAlarms(db.read, 100)).filter((alarm) => alarm.about === origin).map((alarm) => alarm.kind);

  test('a log that grows is signed each time, and the signature is good in anybody’s hands', async () => {
    const log = await aLog('log.example/grows');
    let old = 0;
    for (const count of [1, 2, 300]) {
      await log.grow(...Array.from({ length: count }, (_, n) => `entry ${old} ${n}`));
      const { added, checkpoint, signer } = await log.show(old);
      const opened = unwrap(
        openCheckpoint(`${checkpoint}${unwrap(added)}`, signer.vkey, { witnesses: [deps.witness.vkey] }),
      );
      assert.ok(opened.signatures.some((one) => one.time === NOW.getTime() / 1000));
      old = opened.size;
    }
    const again = await log.show(old);
    assert.ok(again.added.ok, 'the same tree is signed again');
    assert.deepEqual(await alarmsOf('log.example/grows'), []);
  });

  test('one who thinks that the witness holds something else is told its size', async () => {
    const log = await aLog('log.example/lost');
    await log.grow('a', 'b', 'c');
    unwrap((await log.show(0)).added);
    const { kind, status, size } = refusal((await log.show(1)).added);
    assert.deepEqual({ kind, status, size }, { kind: 'other-size', status: 409, size: 3 });
  });

  test('a fork of the same size is refused, and its proof is kept', async () => {
    const origin = 'log.example/forked';
    const [one, other] = [await aLog(origin), await aLog(origin)];
    await one.grow('a', 'b');
    await other.grow('a', 'B');
    unwrap((await one.show(0)).added);
    assert.equal(refusal((await other.show(2)).added).kind, 'forked');
    assert.deepEqual(await alarmsOf(origin), ['log-forked']);
    const [alarm] = (await listAlarms(db.read, 100)).filter((found) => found.about === origin);
    const { held, given } = (alarm ?? assert.fail()).detail as { held: string; given: string };
    const { vkey } = logSigner(origin, LOG_KEY);
    assert.notDeepEqual(unwrap(openCheckpoint(held, vkey)).root, unwrap(openCheckpoint(given, vkey)).root);
  });

  test('a log that was put back and grew otherwise is found out', async () => {
    const origin = 'log.example/rewritten';
    const [one, other] = [await aLog(origin), await aLog(origin)];
    await one.grow('a', 'b', 'c', 'd');
    unwrap((await one.show(0)).added);
    await other.grow('a', 'b');
    const behind = refusal((await other.show(2)).added);
    assert.equal(behind.kind, 'other-size');
    assert.equal(behind.size, 4);
    await other.grow('x', 'y', 'z');
    assert.equal(refusal((await other.show(4)).added).status, 422);
    assert.ok((await alarmsOf(origin)).includes('log-forked'));
  });

  test('a log of nobody, and a checkpoint that its log did not sign, are not looked at', async () => {
    const stranger = await aLog('other.example/log');
    await stranger.grow('a');
    assert.equal(refusal((await stranger.show(0)).added).status, 404);
    const forger = logSigner('log.example/mine', generateKeyPairSync('ed25519').privateKey);
    await createLog(db, 'forged', forger);
    const checkpoint = await readCheckpoint(db.read, 'forged');
    assert.equal(
      refusal(await addCheckpoint(deps, formatAddCheckpoint({ old: 0, proof: [], checkpoint }))).status,
      403,
    );
  });

  test('a proof that was altered signs nothing', async () => {
    const log = await aLog('log.example/altered');
    await log.grow('a', 'b', 'c');
    unwrap((await log.show(0)).added);
    await log.grow('d', 'e');
    const checkpoint = await readCheckpoint(db.read, `log-${logs - 1}`);
    const proof = (await consistencyProof(db.read, `log-${logs - 1}`, 3, 5)).map((hash) => Buffer.from(hash));
    proof[0]?.reverse();
    assert.equal(refusal(await addCheckpoint(deps, formatAddCheckpoint({ old: 3, proof, checkpoint }))).status, 422);
    assert.ok((await log.show(3)).added.ok, 'the honest proof is still good');
  });

  test('two that show the same log at once are judged one after the other', async () => {
    const log = await aLog('log.example/twice');
    await log.grow('a', 'b');
    const answers = await Promise.all(Array.from({ length: 8 }, () => log.show(0)));
    assert.equal(answers.filter(({ added }) => added.ok).length, 1);
    assert.ok(answers.every(({ added }) => added.ok || added.error.kind === 'other-size'));
  });
});
