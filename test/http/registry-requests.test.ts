import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import {
  askRegistry,
  certificateId,
  initRegistry,
  issueToken,
  type JoinedGateway,
  joinAsGateway,
  leaveRegistry,
  loadGatewayKeys,
  openTrustStore,
  ownStatement,
  parseTrustList,
  renewGateway,
  requestStatus,
} from '../../src/exchange/index.ts';
import { anchorKeys, verifyJws } from '../../src/exchange/trust/jws.ts';
import { parseTsaStatement } from '../../src/exchange/trust/timestamp-authority.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { openWitness, verifyLog } from '../../src/ledger/index.ts';
import { type Database, silentLog } from '../../src/platform/index.ts';
import { onUsualDatabase } from '../support/database.ts';
import { anAdmission, INSTANCE, officer, startRegistry, type TestRegistry } from '../support/registry.ts';

const run = promisify(execFile);
const HOUR_MS = 3_600_000;
const NAME = { ar: 'سجل', fr: 'Registre' };
let ports = 30_000;

onUsualDatabase([], (_name, open) => {
  let db: Database;
  let test: TestRegistry;
  const dirs: string[] = [];
  const folder = async () => {
    const dir = await mkdtemp(join(tmpdir(), 'wasl-member-'));
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

  type Joined = { readonly dir: string; readonly server: string; readonly joined: JoinedGateway };
  const joinNow = async (code: string, approval: 'auto' | 'wait' = 'auto', more: object = {}): Promise<Joined> => {
    const dir = await folder();
    const token = await issueToken(test.registry, anAdmission(code, { approval }), test.now);
    ports += 1;
    const address = `https://127.0.0.1:${ports}`;
    const clock = () => test.now;
    const joined = await joinAsGateway({
      registryUrl: test.server.url,
      token,
      dir,
      address,
      clock,
      pollMs: 20,
      waitMs: 4000,
      ...more,
    });
    return { dir, server: `${INSTANCE}/GOV/${code}/gw1`, joined };
  };
  const call = async (method: string, path: string, body?: object, token = test.operatorToken) => {
    const response = await fetch(new URL(`/registry/v1${path}`, test.server.url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : {};
    return {
      ...json,
      status: response.status,
      text,
      type: String(json.type ?? '')
        .split('/')
        .at(-1),
    };
  };
  const listNow = async () =>
    unwrap(
      parseTrustList(
        await (await fetch(new URL('/trust-list', test.server.url))).text(),
        test.registry.keys.anchor,
        test.now,
      ),
    );
  const waiting = async (server: string): Promise<string> => {
    const { requests } = await call('GET', '/requests?state=waiting');
    return requests.find((one: { server: string }) => one.server === server).id;
  };
  const applicantOf = async ({ dir, server }: Joined) => {
    const keys = await loadGatewayKeys(dir);
    assert.ok(keys);
    const { signKey } = keys;
    return { registryUrl: test.server.url, server, signKey, clock: () => test.now, randomBytes };
  };
  const options = ({ dir, server }: Joined) => ({
    registryUrl: test.server.url,
    dir,
    server,
    clock: () => test.now,
    randomBytes,
    pollMs: 20,
  });

  describe('a request to join that waits', () => {
    it('is in no list until an operator grants it, and then joins by itself', async () => {
      let told = '';
      const joining = joinNow('WAIT1', 'wait', { onWaiting: (id: string) => (told = id) });
      await untilTold(joining, () => told);
      assert.equal(
        (await listNow()).gateways.some(({ statement }) => statement.server.includes('WAIT1')),
        false,
      );
      assert.equal(await waiting(`${INSTANCE}/GOV/WAIT1/gw1`), told);
      assert.equal((await call('POST', `/requests/${told}/approve`, { reason: 'dossier complete' })).state, 'approved');
      const { joined } = await joining;
      assert.deepEqual(ownStatement(await listNow(), joined.keys), joined.statement);
    });

    it('tells the operator’s reason when it is refused', async () => {
      const joining = joinNow('WAIT2', 'wait', {
        onWaiting: (id: string) => void call('POST', `/requests/${id}/refuse`, { reason: 'no decree names this body' }),
      });
      await assert.rejects(joining, /no decree names this body/);
    });

    it('goes on after a restart of the one who asked, with the same keys', async () => {
      const dir = await folder();
      const token = await issueToken(test.registry, anAdmission('WAIT3', { approval: 'wait' }), test.now);
      const once = (waitMs: number) =>
        joinAsGateway({
          registryUrl: test.server.url,
          token,
          dir,
          address: 'https://127.0.0.1:29999',
          clock: () => test.now,
          pollMs: 10,
          waitMs,
        });
      await assert.rejects(once(0), /waits|not decided/);
      await call('POST', `/requests/${await waiting(`${INSTANCE}/GOV/WAIT3/gw1`)}/approve`, {});
      const { keys, statement } = await once(0);
      assert.deepEqual(ownStatement(await listNow(), keys), statement);
    });
  });

  describe('what a gateway asks for', () => {
    it('is a subsystem more, which its statement names once it is granted', async () => {
      const gateway = await joinNow('SUB');
      const applicant = await applicantOf(gateway);
      const { id, state } = await askRegistry(applicant, 'subsystem', { code: 'archive', name: NAME });
      assert.equal(state, 'waiting');
      await call('POST', `/requests/${id}/approve`, {});
      assert.equal((await requestStatus(applicant, id)).state, 'approved');
      const statement = ownStatement(await listNow(), gateway.joined.keys);
      assert.deepEqual(
        statement?.subsystems.map(({ code }) => code),
        ['archive', 'identity'],
      );
    });

    it('is another gateway of its member, whose token it makes itself', async () => {
      const gateway = await joinNow('SECOND');
      const applicant = await applicantOf(gateway);
      await call('PUT', '/members/GOV/SECOND/subsystems/second', { name: NAME });
      const secret = randomBytes(32);
      const { createHash } = await import('node:crypto');
      const secretHash = createHash('sha256').update(secret).digest('base64url');
      const { id } = await askRegistry(applicant, 'gateway', { code: 'gw2', subsystems: ['second'], secretHash });
      await call('POST', `/requests/${id}/approve`, {});
      const { formatJoinToken } = await import('../../src/exchange/trust/joining.ts');
      const { anchorFingerprint } = await import('../../src/exchange/trust/jws.ts');
      const server = `${INSTANCE}/GOV/SECOND/gw2`;
      const token = formatJoinToken({ server, anchor: anchorFingerprint(test.registry.keys.anchor), secret });
      const second = await joinAsGateway({
        registryUrl: test.server.url,
        token,
        dir: await folder(),
        address: 'https://127.0.0.1:29998',
        clock: () => test.now,
      });
      assert.equal(second.statement.server, server);
    });

    it('is new certificates: the former ones count beside them until the overlap ends', async () => {
      const gateway = await joinNow('RENEW');
      const before = gateway.joined.statement;
      let isDown = false;
      const store = await openTrustStore({
        dir: await folder(),
        anchor: gateway.joined.anchor,
        registry: async () => {
          if (isDown) throw new Error('the registry is down');
          return (await fetch(new URL('/trust-list', test.server.url))).text();
        },
        clock: () => test.now,
        log: silentLog,
        pollSeconds: 3600,
      });
      const keys = await renewGateway(options(gateway));
      unwrap(await store.refresh());
      isDown = true;
      const former = certificateId(Buffer.from(before.signCertificate, 'base64'));
      assert.ok(await store.archived?.(former), 'a gateway keeps what the list drops, for evidence');
      await store.close();
      const after = ownStatement(await listNow(), keys);
      assert.notEqual(after?.signCertificate, before.signCertificate);
      assert.equal(after?.former?.signCertificate, before.signCertificate);
      assert.equal(after?.former?.until, new Date(test.now.getTime() + 24 * HOUR_MS).toISOString());
      assert.deepEqual(await loadGatewayKeys(gateway.dir), keys);
      const old = await fetch(
        new URL(`/statements/${certificateId(Buffer.from(before.signCertificate, 'base64'))}`, test.server.url),
      );
      assert.equal(old.status, 200, 'and the statement of before stays to be had');
    });

    it('is to leave: out of the list, and its certificates are revoked', async () => {
      const gateway = await joinNow('LEAVE');
      const leaving = leaveRegistry({
        ...options(gateway),
        onWaiting: (id) => void call('POST', `/requests/${id}/approve`, {}),
      });
      await leaving;
      const list = await listNow();
      assert.equal(ownStatement(list, gateway.joined.keys), undefined);
      const id = certificateId(Buffer.from(gateway.joined.statement.tlsCertificate, 'base64'));
      assert.equal(list.revocations.find(({ certificate }) => certificate === id)?.reason, 'cessation');
    });

    it('is refused when another key signed it, when it is old, and when it is sent twice', async () => {
      const gateway = await joinNow('FORGED');
      const applicant = await applicantOf(gateway);
      const stranger = { ...applicant, signKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey };
      await assert.rejects(askRegistry(stranger, 'leave', {}), /of no gateway/);
      const late = { ...applicant, clock: () => new Date(test.now.getTime() - HOUR_MS) };
      await assert.rejects(askRegistry(late, 'leave', {}), /last five minutes/);
      const other = { ...applicant, server: `${INSTANCE}/GOV/SUB/gw1` };
      await assert.rejects(askRegistry(other, 'leave', {}), /The key is of .*FORGED/);
      const same = { ...applicant, randomBytes: (size: number) => Buffer.alloc(size, 7) };
      const { id } = await askRegistry(same, 'subsystem', { code: 'x', name: NAME });
      await assert.rejects(askRegistry(same, 'subsystem', { code: 'y', name: NAME }), /sent before|waits already/);
      await assert.rejects(requestStatus(stranger, id), /no request of this id/);
    });
  });

  it('lets one of two operators decide, and tells the other who did', async () => {
    const gateway = await joinNow('TWICE');
    const officers = await Promise.all(
      ['Amina', 'Idriss'].map((name) => officer(test, name, ['registration-officer'])),
    );
    const { id } = await askRegistry(await applicantOf(gateway), 'subsystem', { code: 'both', name: NAME });
    const [first, second] = officers as [string, string];
    const answers = await Promise.all([
      call('POST', `/requests/${id}/approve`, {}, first),
      call('POST', `/requests/${id}/refuse`, { reason: 'no' }, second),
    ]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
    const loser = answers.find(({ status }) => status === 409);
    assert.equal(loser?.type, 'request-decided');
    assert.match(String(loser?.decidedBy), /Amina|Idriss/);
    assert.match(String(loser?.detail), /(approved|refused) by (Amina|Idriss)/);
  });

  it('lets each role do its part and no more, and keeps each act in its own ledger', async () => {
    const token = await officer(test, 'Observer', ['observer']);
    const registration = await officer(test, 'Registration', ['registration-officer']);
    const security = await officer(test, 'Security', ['security-officer']);
    assert.equal((await call('GET', '/members', undefined, token)).status, 200);
    assert.equal((await call('PUT', '/members/GOV/ROLE', { name: NAME }, token)).status, 403);
    assert.equal((await call('PUT', '/members/GOV/ROLE', { name: NAME }, security)).status, 403);
    assert.equal((await call('PUT', '/members/GOV/ROLE', { name: NAME }, registration)).status, 200);
    assert.equal((await call('POST', '/keys/rotate', {}, registration)).status, 403);
    assert.equal(
      (await call('GET', '/members')).members.some(({ id }: { id: string }) => id.endsWith('/ROLE')),
      true,
    );
    assert.equal((await call('DELETE', '/members/GOV/ROLE', undefined, registration)).status, 200);
    const { name, signer } = test.registry.ledger;
    const served = await (await fetch(new URL(`/ledger/${name}/checkpoint`, test.server.url))).text();
    assert.equal(served.split('\n')[0], `${INSTANCE}/registry`);
    assert.equal(unwrap(await verifyLog(db.read, name, signer.vkey)).size, Number(served.split('\n')[1]));
  });

  it('publishes groups, witnesses and timestamp authorities, and refuses what is none', async () => {
    await joinNow('GROUPED');
    const subsystem = `${INSTANCE}/GOV/GROUPED/identity`;
    assert.equal((await call('PUT', '/groups/health', { name: NAME, subsystems: [subsystem] })).status, 200);
    assert.equal((await call('PUT', '/groups/bad', { name: NAME, subsystems: [`${subsystem}x`] })).status, 422);
    const { vkey } = openWitness('witness.example', generateKeyPairSync('ed25519').privateKey);
    const url = 'https://witness.example/add-checkpoint';
    assert.equal((await call('PUT', '/witnesses/witness.example', { vkey, url })).status, 200);
    assert.equal((await call('PUT', '/witnesses/other', { vkey, url })).status, 422);
    const { certificate } = (await call('GET', '/authorities')).authorities[0];
    assert.equal((await call('PUT', '/timestamp-authorities/TSA', { url, certificate })).status, 200);
    assert.equal((await call('PUT', '/timestamp-authorities/TSA', { url, certificate: 'AAAA' })).status, 422);
    const list = await listNow();
    assert.deepEqual(list.groups, [{ code: 'health', name: NAME, subsystems: [subsystem] }]);
    assert.deepEqual(list.witnesses, [{ name: 'witness.example', vkey, url }]);
    const [tsa = assert.fail()] = list.timestampAuthorities;
    assert.equal(tsa.url, url);
    const keys = unwrap(anchorKeys(test.registry.keys.anchor));
    const vouched = verifyJws(tsa.statement ?? '', 'wasl-timestamp-authority', (kid) => keys.get(kid)?.key);
    const { name, certificate: id, expiresAt } = unwrap(parseTsaStatement(unwrap(vouched).payload));
    assert.deepEqual([name, id], ['TSA', certificateId(Buffer.from(certificate, 'base64'))]);
    assert.equal(expiresAt, list.expiresAt, 'the registry vouches for it as long as the list holds');
    assert.equal((await call('DELETE', '/groups/health')).status, 200);
    assert.deepEqual((await listNow()).groups, []);
  });

  describe('certificates', () => {
    it('that are revoked stand in the trust list and in a revocation list that OpenSSL follows', async () => {
      const [good, bad] = [await joinNow('GOOD'), await joinNow('BAD')];
      const id = certificateId(Buffer.from(bad.joined.statement.tlsCertificate, 'base64'));
      const revoked = await call('POST', `/certificates/${id}/revoke`, { reason: 'key-compromise' });
      assert.equal(revoked.status, 200);
      assert.equal((await call('POST', `/certificates/${id}/revoke`, { reason: 'unspecified' })).status, 409);
      assert.equal(ownStatement(await listNow(), bad.joined.keys), undefined);
      const dir = await folder();
      const read = async (path: string) =>
        Buffer.from(await (await fetch(new URL(path, test.server.url))).arrayBuffer());
      await writeFile(join(dir, 'crl.der'), await read('/crl'));
      await writeFile(join(dir, 'ca.pem'), await read('/ca'));
      await run('openssl', ['crl', '-inform', 'DER', '-in', join(dir, 'crl.der'), '-out', join(dir, 'crl.pem')]);
      const at = String(Math.floor(test.now.getTime() / 1000) + 5);
      const verify = async (joined: JoinedGateway) => {
        await writeFile(join(dir, 'tls.pem'), joined.keys.tlsCertPem);
        const files = ['-CAfile', join(dir, 'ca.pem'), '-CRLfile', join(dir, 'crl.pem'), join(dir, 'tls.pem')];
        return run('openssl', ['verify', '-crl_check', '-attime', at, ...files]);
      };
      assert.match((await verify(good.joined)).stdout, /OK/);
      await assert.rejects(verify(bad.joined), /certificate revoked/);
    });
  });

  describe('the registry’s signing key', () => {
    it('is followed by a gateway that was away for two rotations, also after a restart, and by an old token', async () => {
      const gateway = await joinNow('AWAY');
      const token = await issueToken(test.registry, anAdmission('OLDTOKEN'), test.now);
      const store = () =>
        openTrustStore({
          dir: gateway.dir,
          anchor: gateway.joined.anchor,
          registry: test.server.url,
          clock: () => test.now,
          log: silentLog,
          pollSeconds: 3600,
        });
      const first = await store();
      for (let nth = 0; nth < 2; nth += 1) assert.equal((await call('POST', '/keys/rotate')).status, 200);
      const list = unwrap(await first.refresh());
      assert.ok(ownStatement(list, gateway.joined.keys));
      assert.deepEqual(first.anchor(), test.registry.keys.anchor);
      assert.equal(first.anchor().keys.filter(({ retiredAt }) => retiredAt === undefined).length, 1);
      await first.close();
      const again = await store();
      assert.equal(unwrap(again.current(test.now)).version, list.version);
      await again.close();
      const joined = await joinAsGateway({
        registryUrl: test.server.url,
        token,
        dir: await folder(),
        address: 'https://127.0.0.1:29997',
        clock: () => test.now,
      });
      assert.deepEqual(joined.anchor, test.registry.keys.anchor);
    });

    it('is the present one again after a restart of the registry', async () => {
      const again = await initRegistry({ db, dir: test.dir, instance: INSTANCE, random: randomBytes }, test.now);
      assert.deepEqual(again.keys.anchor, test.registry.keys.anchor);
      assert.equal(again.keys.signer.kid, test.registry.keys.signer.kid);
    });

    it('that is retired signs no list any more, whoever has it', async () => {
      const { signJws } = await import('../../src/exchange/trust/jws.ts');
      const { createPrivateKey } = await import('node:crypto');
      const key = createPrivateKey(await readFile(join(test.dir, 'keys', 'sign-key.pem'), 'utf8'));
      const jws = await (await fetch(new URL('/trust-list', test.server.url))).text();
      const payload = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8'));
      const kid = test.registry.firstAnchor.keys[0]?.kid ?? '';
      const forged = signJws({ kid, key }, 'wasl-trust-list', { ...payload, version: payload.version + 1 });
      const read = parseTrustList(forged, test.registry.keys.anchor, test.now);
      assert.equal(read.ok ? 'accepted' : read.error.kind, 'forged');
    });
  });

  it('describes its API: each route with its permission', async () => {
    const api = await call('GET', '/openapi.json');
    assert.equal(api.openapi, '3.1.0');
    assert.ok(Object.keys(api.paths).length > 20);
    assert.equal(api.paths['/registry/v1/requests/{id}/approve'].post['x-permission'], 'registration.decide');
  });

  it('gives a 4xx that names what is wrong to whatever is sent to it', async () => {
    for (const [method, path, body] of [
      ['PUT', '/members/GOV/X', { name: { ar: 'x' } }],
      ['PUT', '/members/GOV/..%2F..', { name: NAME }],
      ['PUT', '/members/GOV/X', { name: NAME, more: 1 }],
      ['POST', '/requests/0/approve', {}],
      ['POST', '/requests/0/refuse', {}],
      ['POST', '/certificates/0/revoke', { reason: 'because' }],
      ['POST', '/authorities', { name: 'x', certificate: 'x' }],
      ['PUT', '/federation/XX', { url: 'ftp://x', anchor: {}, filter: {} }],
      ['POST', '/tokens', { member: { id: 'FR/GOV/X', name: NAME } }],
    ] as const) {
      const { status, detail } = await call(method, path, body);
      assert.ok(status >= 400 && status < 500, `${method} ${path}: ${status}`);
      assert.ok(detail.length > 5, path);
    }
  });

  it('takes certificates of an outside authority that an operator brings back, made from the exported request', async () => {
    // OpenSSL 3.0 makes certificates that begin now; no test after this one sets the clock back.
    test.now = new Date(Math.max(Date.now() + 20_000, test.now.getTime()));
    const dir = await folder();
    const ca = await outsideAuthority(dir);
    assert.equal((await call('POST', '/authorities', { name: 'Outside CA', certificate: ca })).status, 201);
    let told = '';
    const joining = joinNow('OUTSIDE', 'wait', { onWaiting: (id: string) => (told = id) });
    await untilTold(joining, () => told);
    const sign = (use: string) => signOutside(dir, use, call('GET', `/requests/${told}/csr/${use}`));
    const certificates = { tls: await sign('tls'), sign: await sign('sign') };
    const swapped = { tls: certificates.sign, sign: certificates.tls };
    assert.equal((await call('POST', `/requests/${told}/approve`, { certificates: swapped })).status, 422);
    const approved = await call('POST', `/requests/${told}/approve`, { certificates });
    assert.equal(approved.status, 200, approved.text);
    const { joined } = await joining;
    assert.match(new X509Certificate(joined.keys.tlsCertPem).issuer, /Outside/);
    const { authorities } = await call('GET', '/authorities');
    const outside = authorities.find((one: { own: boolean }) => !one.own);
    assert.equal((await call('DELETE', `/authorities/${outside.id}`)).type, 'registry-in-use');
  });
});

/** Until the request waits; who was refused instead ends the test at once. */
async function untilTold(joining: Promise<unknown>, told: () => string): Promise<void> {
  const ended = joining.then(() => assert.fail('it joined without an operator'));
  ended.catch(() => {});
  for (let turn = 0; turn < 500 && told() === ''; turn += 1)
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 10))]);
}

/** An authority that OpenSSL makes, valid from now. */
async function outsideAuthority(dir: string): Promise<string> {
  const ca = join(dir, 'outside');
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-keyout', `${ca}.key`, '-out', `${ca}.pem`, '-subj', '/CN=Outside CA'],
    ...['-days', '3000'],
    ...['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
  ]);
  return readFile(`${ca}.pem`, 'utf8');
}

async function signOutside(dir: string, use: string, exported: Promise<{ text: string }>): Promise<string> {
  const file = join(dir, use);
  await writeFile(`${file}.csr`, (await exported).text);
  const usage = use === 'tls' ? 'extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=IP:127.0.0.1\n' : '';
  await writeFile(`${file}.ext`, `basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n${usage}`);
  await run('openssl', [
    ...['x509', '-req', '-in', `${file}.csr`, '-CA', join(dir, 'outside.pem'), '-CAkey', join(dir, 'outside.key')],
    ...['-out', `${file}.pem`, '-extfile', `${file}.ext`, '-days', '300'],
  ]);
  return readFile(`${file}.pem`, 'utf8');
}
