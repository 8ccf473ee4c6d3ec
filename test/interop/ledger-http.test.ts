import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { GATEWAY_MIGRATIONS } from '../../src/exchange/index.ts';
import { appendIn, createLog, ledgerRoutes, logSigner } from '../../src/ledger/index.ts';
import { createHttpServer, type Database, silentLog } from '../../src/platform/index.ts';
import { openForTest } from '../support/database.ts';
import { until } from '../support/events.ts';
import { CLIENT, SERVICE, sendRaw, startExchange } from '../support/gateways.ts';

const isThere = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const isReady = isThere('python3', '--version') && isThere('openssl', 'version');
const run = promisify(execFile);
const verify = async (...args: string[]): Promise<string> => {
  const ran = await run('python3', [join(import.meta.dirname, 'ledger-verifier', 'verify.py'), ...args]);
  return ran.stdout.trim();
};

/** A log fetched tile by tile over HTTP, by a program that was written from C2SP’s texts alone. */
describe('C2SP tlog-tiles over HTTP', { skip: isReady ? false : 'python3 or openssl is missing' }, () => {
  const signer = logSigner('test.example/acts', generateKeyPairSync('ed25519').privateKey);
  let db: Database;
  let close: () => Promise<unknown>;
  let prefix = '';
  let size = 0;
  const earlier: string[] = [];
  before(async () => {
    db = await openForTest(['ledger']);
    await createLog(db, 'acts', signer);
    const server = await createHttpServer({ log: silentLog, baseUrl: () => 'https://test.example' });
    await server.register(ledgerRoutes([{ name: 'acts', db, vkey: signer.vkey }]));
    prefix = `${await server.listen({ host: '127.0.0.1', port: 0 })}/ledger/acts`;
    close = () => server.close();
  });
  after(async () => {
    await close();
    await db.close();
  });

  const growTo = async (wanted: number): Promise<string> => {
    let root = '';
    while (size < wanted) {
      const step = Math.min(20_000, wanted - size);
      // Empty entries and the longest that a bundle's uint16 can say are among them.
      const entries = Array.from({ length: step }, (_, n) => entryOf(size + n));
      const grown = await db.transaction((tx) => appendIn(tx, 'acts', signer, entries, new Date(0)));
      root = grown.root.toString('base64');
      size += step;
    }
    return root;
  };
  const entryOf = (n: number) => Buffer.from(n % 1000 === 7 ? '' : n === 254 ? 'x'.repeat(65_535) : `{"entry":${n}}`);

  for (const wanted of [1, 2, 255, 256, 257, 65_535, 65_536, 65_537]) {
    it(`a log of ${wanted} entries is read whole, and grew out of what it was before`, async () => {
      const root = await growTo(wanted);
      assert.equal(await verify(prefix, signer.vkey, ...earlier), `${wanted} ${root}`);
      earlier.push('--earlier', String(wanted), root);
    });
  }

  it('partial tiles of before are still there (tlog-tiles: clients may ask for them)', async () => {
    for (const path of ['tile/0/000.p/1', 'tile/0/000.p/255', 'tile/entries/000.p/255', 'tile/1/000.p/255']) {
      assert.equal((await fetch(`${prefix}/${path}`)).status, 200, path);
    }
  });

  it('another key, and another past, are refused', async () => {
    const other = logSigner('test.example/acts', generateKeyPairSync('ed25519').privateKey);
    await assert.rejects(verify(prefix, other.vkey), /no signature of test\.example\/acts/);
    const root = Buffer.alloc(32).toString('base64');
    await assert.rejects(verify(prefix, signer.vkey, '--earlier', '255', root), /was another/);
  });
});

describe('C2SP tlog-cosignature', { skip: isReady ? false : 'python3 or openssl is missing' }, () => {
  it('of one gateway on the other’s checkpoint is verified with its tree', async () => {
    const all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]), {
      witnessIntervalMs: 200,
    });
    try {
      const { url } = all.provider.gateway;
      await sendRaw(all.consumer.gateway.url, { path: `/r1/${SERVICE}/find`, headers: [['X-Road-Client', CLIENT]] });
      const of = async (one: typeof all.provider, path: string) =>
        fetch(`${one.gateway.url}/operator/v1/${path}`, { headers: { authorization: `Bearer ${one.token}` } });
      const { own } = (await (await of(all.consumer, 'witnesses')).json()) as { own: { vkey: string } };
      const list = all.provider.trust.current(new Date());
      assert.ok(list.ok);
      const { ledger } = list.value.gateways.find(({ statement }) => statement.server === all.provider.server)
        ?.statement ?? { ledger: { vkey: '' } };
      const prefix = `${url}/ledger/${all.provider.server.split('/')[2]?.toLowerCase()}`;
      await until('a witness signs', async () => (await fetch(`${prefix}/witnessed-checkpoint`)).status === 200);
      const verified = await verify(
        ...[prefix, ledger.vkey, '--witness', own.vkey, '--checkpoint', 'witnessed-checkpoint'],
      );
      assert.match(verified, /^\d+ \S{44}$/);
      await assert.rejects(verify(prefix, ledger.vkey, '--witness', own.vkey.replace('witness+', 'other+')));
    } finally {
      await all.close();
    }
  });
});
