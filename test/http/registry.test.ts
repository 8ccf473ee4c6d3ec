import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import {
  initRegistry,
  issueToken,
  joinAsGateway,
  loadGatewayKeys,
  openTrustStore,
  ownStatement,
  parseAnchor,
  parseTrustList,
  publishTrustList,
  readAnchorFile,
} from '../../src/exchange/index.ts';
import { parseJoinToken } from '../../src/exchange/trust/joining.ts';
import { draftGatewayKeys } from '../../src/exchange/trust/keys.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { emptyRoot, formatCheckpoint, logSigner } from '../../src/ledger/index.ts';
import { type Database, silentLog } from '../../src/platform/index.ts';
import { onEachDatabase } from '../support/database.ts';
import { anAdmission, INSTANCE, startRegistry, type TestRegistry } from '../support/registry.ts';

const HOUR_MS = 3_600_000;

/** Two files behind any web server: what a mirror of a registry is. */
async function serveCopy(list: string, updates: string) {
  const server = createServer((request, response) => response.end(request.url === '/trust-list' ? list : updates));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise((resolve) => server.close(resolve));
  return { url: `http://127.0.0.1:${port}`, close };
}

let ports = 20_000;
const freshAddress = () => {
  ports += 1;
  return `https://127.0.0.1:${ports}`;
};

async function tempDir(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'wasl-gateway-'));
}

onEachDatabase(['exchange-registry'], (_name, open) => {
  let db: Database;
  let test: TestRegistry;
  const dirs: string[] = [];
  const folder = async () => {
    const dir = await tempDir();
    dirs.push(dir);
    return dir;
  };

  before(async () => {
    db = await open();
    test = await startRegistry(db);
  });
  after(async () => {
    await test.close();
    await db.close();
    for (const dir of dirs) await rm(dir, { recursive: true, force: true });
  });

  const join_ = async (code: string, options: { address?: string; token?: string } = {}) => {
    const dir = await folder();
    const token = options.token ?? (await issueToken(test.registry, anAdmission(code), test.now));
    const address = options.address ?? freshAddress();
    const joined = await joinAsGateway({
      registryUrl: test.server.url,
      token,
      dir,
      address,
      clock: () => test.now,
    });
    return { dir, token, address, joined };
  };
  /** A request to join as a program would send it, with parts replaced. */
  const joinBody = async (code: string, replace: object = {}) => {
    const server = `${INSTANCE}/GOV/${code}/gw1`;
    const draft = await draftGatewayKeys(await folder(), server);
    const signer = logSigner(server, draft.ledgerKey);
    const proof = signer.sign(formatCheckpoint({ origin: server, size: 0, root: emptyRoot() }));
    return {
      v: 1,
      token: await issueToken(test.registry, anAdmission(code), test.now),
      tlsCsr: draft.tlsCsr,
      signCsr: draft.signCsr,
      ledger: { name: server, vkey: signer.vkey, proof },
      address: freshAddress(),
      ...replace,
    };
  };
  const post = async (body: unknown) => {
    const response = await fetch(new URL('/join', test.server.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const problem = (await response.json()) as { type?: string; detail?: string };
    return { status: response.status, type: problem.type?.split('/').at(-1), detail: problem.detail ?? '' };
  };
  const served = async (path: string) => (await fetch(new URL(path, test.server.url))).text();

  describe('joining', () => {
    it('gives a gateway certificates that hold and a place in the trust list', async () => {
      const { joined, dir, address } = await join_('JOIN1');
      const anchor = unwrap(parseAnchor(await served('/anchor')));
      const list = unwrap(parseTrustList(await served('/trust-list'), anchor, test.now));
      const own = ownStatement(list, joined.keys);
      assert.deepEqual(own, joined.statement);
      assert.equal(own?.server, `${INSTANCE}/GOV/JOIN1/gw1`);
      assert.equal(own?.address, address);
      const tls = new X509Certificate(joined.keys.tlsCertPem);
      assert.equal(tls.checkIP('127.0.0.1'), '127.0.0.1');
      assert.deepEqual([...(tls.keyUsage ?? [])].sort(), ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
      assert.deepEqual(await loadGatewayKeys(dir), joined.keys);
      assert.deepEqual(await readAnchorFile(join(dir, 'anchor.json')), anchor);
    });

    it('keeps every private key in a file that only its owner reads, and none in the database', async () => {
      const { dir } = await join_('JOIN2');
      for (const keys of [join(dir, 'keys'), join(test.dir, 'keys')]) {
        for (const name of await readdir(keys)) {
          assert.equal((await stat(join(keys, name))).mode & 0o777, 0o600, name);
        }
      }
      const rows = await sql<{ line: string }>`select row(t.*)::text as line from certificate t
        union all select row(t.*)::text from join_token t union all select row(t.*)::text from gateway t
        union all select row(t.*)::text from registry t`.execute(db.read);
      assert.ok(rows.rows.length > 3);
      assert.ok(rows.rows.every(({ line }) => !line.includes('PRIVATE KEY')));
    });

    it('refuses a token the second time', async () => {
      const { token } = await join_('ONCE');
      const answer = await post(await joinBody('ONCE', { token }));
      assert.equal(answer.status, 403);
      assert.equal(answer.type, 'join-token');
    });

    it('lets one of two gateways in that come with one token at once', async () => {
      const token = await issueToken(test.registry, anAdmission('RACE'), test.now);
      const bodies = [await joinBody('RACE', { token }), await joinBody('RACE', { token })];
      const statuses = (await Promise.all(bodies.map(post))).map(({ status }) => status);
      assert.deepEqual(statuses.sort(), [201, 403]);
    });

    it('refuses an expired token', async () => {
      const body = await joinBody('LATE');
      const issued = test.now;
      test.now = new Date(issued.getTime() + 25 * HOUR_MS);
      const answer = await post(body);
      test.now = issued;
      assert.equal(answer.type, 'join-token');
      assert.match(answer.detail, /expired/);
    });

    it('refuses a token that was made up, or names another server', async () => {
      const body = await joinBody('FORGE');
      const { anchor, secret } = unwrap(parseJoinToken(body.token));
      const other = Buffer.from(`${INSTANCE}/GOV/OTHER/gw1`).toString('base64url');
      const forged = [
        `wasl1.${body.token.split('.')[1]}.${anchor}.${randomBytes(32).toString('base64url')}`,
        `wasl1.${other}.${anchor}.${secret.toString('base64url')}`,
        'wasl1.x.y.z',
      ];
      for (const token of forged)
        assert.ok(['join-token', 'join-request'].includes((await post({ ...body, token })).type ?? ''));
      assert.equal((await post(body)).status, 201, 'and leaves the true one good');
    });

    it('refuses a key of another kind, a request for another member, and a request that is not signed', async () => {
      const body = await joinBody('CSR');
      const { tlsCsr } = await joinBody('ELSE');
      const cases: [string, object, RegExp][] = [
        ['another member', { tlsCsr }, /is for "CN=MA-TEST\/GOV\/ELSE\/gw1"/],
        ['one key for both uses', { signCsr: body.tlsCsr }, /holds the key that is for TLS/],
        ['RSA', { signCsr: await rsaCsr(`${INSTANCE}/GOV/CSR/gw1`) }, /P-256/],
        ['P-384', { signCsr: await csrOf('P-384', `${INSTANCE}/GOV/CSR/gw1`) }, /P-256/],
        ['broken signature', { tlsCsr: damageSignature(body.tlsCsr) }, /not signed with its own key/],
        ['no PEM', { tlsCsr: 'hello' }, /PEM/],
        [
          'garbage',
          { tlsCsr: '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n' },
          /PKCS#10/,
        ],
      ];
      for (const [name, replace, expected] of cases) {
        const answer = await post({ ...body, ...replace });
        assert.equal(answer.status, 422, name);
        assert.equal(answer.type, 'join-request', name);
        assert.match(answer.detail, expected, name);
      }
      assert.equal((await post(body)).status, 201);
    });

    it('refuses a ledger key that the sender does not hold', async () => {
      const body = await joinBody('VKEY');
      const other = logSigner(body.ledger.name, generateKeyPairSync('ed25519').privateKey);
      const answer = await post({ ...body, ledger: { ...body.ledger, vkey: other.vkey } });
      assert.equal(answer.type, 'join-request');
    });

    it('refuses the address or the keys of another gateway', async () => {
      const first = await join_('FIRST');
      const address = await post(await joinBody('SECOND', { address: first.address }));
      assert.equal(address.type, 'join-conflict');
      assert.match(address.detail, /address/);
    });

    it('refuses what is not the shape of a request, and names the member', async () => {
      const body = await joinBody('SHAPE');
      for (const [replace, expected] of [
        [{ extra: 1 }, /extra/],
        [{ address: 'http://127.0.0.1:1' }, /address/],
        [{ address: 'https://user@127.0.0.1:1' }, /address/],
        [{ v: 2 }, /\/v/],
      ] as const) {
        const answer = await post({ ...body, ...replace });
        assert.equal(answer.status, 422);
        assert.match(answer.detail, expected);
      }
    });

    it('puts a gateway that joins anew in place of its former self', async () => {
      const before = await join_('AGAIN');
      const now = await join_('AGAIN', { address: before.address });
      const list = unwrap(parseTrustList(await served('/trust-list'), now.joined.anchor, test.now));
      assert.equal(ownStatement(list, before.joined.keys), undefined);
      assert.deepEqual(ownStatement(list, now.joined.keys), now.joined.statement);
    });

    it('keeps the ledger’s key, and what else is in the folder, of a gateway that joins anew in its place', async () => {
      const { dir, joined, address } = await join_('RENEW');
      await writeFile(join(dir, 'keys', 'other-secret'), 'kept', { mode: 0o600 });
      const token = await issueToken(test.registry, anAdmission('RENEW'), test.now);
      const clock = () => test.now;
      const again = await joinAsGateway({ registryUrl: test.server.url, token, dir, address, clock });
      assert.equal(again.statement.ledger.vkey, joined.statement.ledger.vkey);
      assert.notEqual(again.statement.signCertificate, joined.statement.signCertificate);
      assert.equal(await readFile(join(dir, 'keys', 'other-secret'), 'utf8'), 'kept');
    });

    it('does not join a registry that is not the one that issued the token', async () => {
      const token = await issueToken(test.registry, anAdmission('PHISH'), test.now);
      const parts = token.split('.');
      parts[2] = createHash('sha256').update('another').digest('base64url');
      await assert.rejects(join_('PHISH', { token: parts.join('.') }), /not the one that issued the token/);
    });
  });

  describe('the trust list', () => {
    it('is refused when one letter of it is another', async () => {
      const anchor = unwrap(parseAnchor(await served('/anchor')));
      const jws = await served('/trust-list');
      assert.ok(parseTrustList(jws, anchor, test.now).ok);
      for (let at = 0; at < jws.length; at += Math.ceil(jws.length / 300)) {
        const letter = jws[at] === 'A' ? 'B' : 'A';
        assert.equal(
          parseTrustList(jws.slice(0, at) + letter + jws.slice(at + 1), anchor, test.now).ok,
          false,
          `${at}`,
        );
      }
    });

    it('is refused after its expiry, before its time, and when it goes back', async () => {
      const anchor = unwrap(parseAnchor(await served('/anchor')));
      const first = await publishTrustList(test.registry, test.now);
      const second = await publishTrustList(test.registry, test.now);
      assert.equal(second.version, first.version + 1);
      const kindAt = (now: Date, jws: string, held?: { version: number; jws: string }) => {
        const result = parseTrustList(jws, anchor, now, held);
        return result.ok ? 'accepted' : result.error.kind;
      };
      assert.equal(kindAt(test.now, second.jws, first), 'accepted');
      assert.equal(kindAt(test.now, second.jws, second), 'accepted');
      assert.equal(kindAt(test.now, first.jws, second), 'rolled-back');
      assert.equal(kindAt(test.now, second.jws, { ...first, version: second.version }), 'equivocation');
      assert.equal(kindAt(second.expiresAt, second.jws), 'expired');
      assert.equal(kindAt(new Date(test.now.getTime() - HOUR_MS), second.jws), 'not-yet');
    });

    it('cannot be changed, removed or set back in the database', async () => {
      for (const statement of [
        sql`update trust_list set jws = 'x'`,
        sql`delete from trust_list`,
        sql`truncate trust_list`,
        sql`update registry set list_version = list_version - 1`,
      ]) {
        await assert.rejects(statement.execute(db.read), /never changed|does not go back/);
      }
    });

    it('is renewed when half of its life is over, and keeps its version until then', async () => {
      const start = test.now;
      const before = await served('/trust-list');
      test.now = new Date(start.getTime() + 6 * HOUR_MS);
      assert.equal(await served('/trust-list'), before);
      test.now = new Date(start.getTime() + 13 * HOUR_MS);
      const anchor = unwrap(parseAnchor(await served('/anchor')));
      const renewed = unwrap(parseTrustList(await served('/trust-list'), anchor, test.now));
      assert.equal(renewed.issuedAt, test.now.toISOString());
    });

    it('of another registry is refused', async () => {
      const otherDb = await open();
      const other = await startRegistry(otherDb, test.now);
      const jws = await (await fetch(new URL('/trust-list', other.server.url))).text();
      await other.close();
      await otherDb.close();
      const result = parseTrustList(jws, test.registry.keys.anchor, test.now);
      assert.equal(result.ok ? 'accepted' : result.error.kind, 'forged');
    });
  });

  describe('a gateway’s trust store', () => {
    const openStore = (dir: string, registry: string | (() => Promise<string>), now = () => test.now) =>
      openTrustStore({
        dir,
        anchor: test.registry.keys.anchor,
        registry,
        clock: now,
        log: silentLog,
        pollSeconds: 3600,
      });
    const down = async (): Promise<string> => {
      throw new Error('the registry is down');
    };

    it('survives a restart while the registry is down, until the list expires', async () => {
      const dir = await folder();
      const first = await openStore(dir, test.server.url);
      const list = unwrap(first.current(test.now));
      await first.close();
      let now = test.now;
      const again = await openStore(dir, down, () => now);
      assert.deepEqual(unwrap(again.current(now)), list);
      const refreshed = await again.refresh();
      assert.equal(refreshed.ok ? 'ok' : refreshed.error.kind, 'unreachable');
      now = new Date(Date.parse(list.expiresAt));
      const late = again.current(now);
      assert.equal(late.ok ? 'ok' : late.error.kind, 'expired');
      await again.close();
    });

    it('takes the list from a copy of its files where the registry is away, and from no copy that lags or lies', async () => {
      const dir = await folder();
      const text = async (path: string) => (await fetch(new URL(path, test.server.url))).text();
      const older = await text('/trust-list');
      await publishTrustList(test.registry, test.now);
      const first = await openStore(dir, test.server.url);
      const { version } = unwrap(first.current(test.now));
      await first.close();
      await publishTrustList(test.registry, test.now);
      const newest = await text('/trust-list');
      const updates = await text('/anchor/updates');
      const mirrors = await Promise.all(
        [older, `${newest.slice(0, -8)}AAAAAAAA`, newest].map((list) => serveCopy(list, updates)),
      );
      const store = await openTrustStore({
        ...{ dir, anchor: test.registry.keys.anchor, clock: () => test.now, log: silentLog, pollSeconds: 3600 },
        registry: 'http://127.0.0.1:1',
        mirrors: mirrors.map(({ url }) => url),
      });
      const refreshed = unwrap(await store.refresh());
      assert.equal(refreshed.version, version + 1);
      await store.close();
      for (const { close } of mirrors) await close();
    });

    it('says that there is none when it starts without a registry', async () => {
      const store = await openStore(await folder(), down);
      const current = store.current(test.now);
      assert.equal(current.ok ? 'ok' : current.error.kind, 'none');
      await store.close();
    });

    it('takes the newer list, gives the same object until then, and refuses to go back even after a restart', async () => {
      const dir = await folder();
      const older = await publishTrustList(test.registry, test.now);
      let jws = older.jws;
      const store = await openStore(dir, async () => jws);
      const held = unwrap(store.current(test.now));
      assert.equal(unwrap(await store.refresh()), held);
      const newer = await publishTrustList(test.registry, test.now);
      jws = newer.jws;
      assert.equal(unwrap(await store.refresh()).version, newer.version);
      await store.close();
      jws = older.jws;
      const again = await openStore(dir, async () => jws);
      const refused = await again.refresh();
      assert.equal(refused.ok ? 'ok' : refused.error.kind, 'rolled-back');
      assert.equal(unwrap(again.current(test.now)).version, newer.version);
      await again.close();
    });

    it('does not trust its own disk: a list changed there is refused and fetched anew', async () => {
      const dir = await folder();
      const jws = (await publishTrustList(test.registry, test.now)).jws;
      await writeFile(join(dir, 'trust-list.jws'), `${jws.slice(0, 400)}x${jws.slice(401)}`);
      const store = await openStore(dir, async () => jws);
      assert.ok(store.current(test.now).ok);
      assert.equal(await readFile(join(dir, 'trust-list.jws'), 'utf8'), jws);
      await store.close();
    });

    it('refuses what is no list at all', async () => {
      for (const answer of ['', 'a.b.c', '<html>', '{}', `${'A'.repeat(2_000_000)}.A.A`]) {
        const store = await openStore(await folder(), async () => answer);
        assert.equal(store.current(test.now).ok, false);
        await store.close();
      }
    });
  });

  it('opens again with its own keys, and refuses to start with others', async () => {
    const options = { db, dir: test.dir, instance: INSTANCE, random: randomBytes };
    const again = await initRegistry(options, test.now);
    assert.deepEqual(again.keys.anchor, test.registry.keys.anchor);
    await assert.rejects(initRegistry({ ...options, dir: await folder() }, test.now), /restore the key folder/);
  });

  it('serves its health', async () => {
    assert.equal((await fetch(new URL('/health/ready', test.server.url))).status, 200);
  });
});

async function csrOf(curve: 'P-384', server: string): Promise<string> {
  const { Pkcs10CertificateRequestGenerator } = await import('../../src/exchange/trust/x509-library.ts');
  const algorithm = { name: 'ECDSA', namedCurve: curve, hash: 'SHA-384' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const csr = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [server] }],
    keys,
    signingAlgorithm: algorithm,
  });
  return csr.toString('pem');
}

async function rsaCsr(server: string): Promise<string> {
  const { Pkcs10CertificateRequestGenerator } = await import('../../src/exchange/trust/x509-library.ts');
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: Buffer.of(1, 0, 1),
    modulusLength: 2048,
  };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const csr = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [server] }],
    keys,
    signingAlgorithm: algorithm,
  });
  return csr.toString('pem');
}

/** Changes one bit near the end of the DER, inside the signature's last integer. */
function damageSignature(pem: string): string {
  const der = Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
  der.writeUInt8(der.readUInt8(der.length - 3) ^ 1, der.length - 3);
  return `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
}
