import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { GATEWAY_MIGRATIONS, issueToken, verifyEvidence } from '../../src/exchange/index.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { openCheckpoint } from '../../src/ledger/index.ts';
import { type RunningCommand, runCommand, startCommand } from '../support/commands.ts';
import { openForTest } from '../support/database.ts';
import { until } from '../support/events.ts';
import { anAgreement, SERVICE, sendRaw, startExchange, type TestExchange } from '../support/gateways.ts';
import { anAdmission, INSTANCE } from '../support/registry.ts';
import { noSoftHsm, startToken, type TestToken } from '../support/softhsm.ts';

const CLIENT = `${INSTANCE}/GOV/HSM/vault`;

/** A gateway whose ledger's key was made in a token and never leaves it, as a process of its own. */
describe('a gateway with its ledger’s key in a token', { skip: noSoftHsm }, () => {
  let token: TestToken;
  let all: TestExchange;
  let dir: string;
  let gateway: RunningCommand;
  before(async () => {
    token = await startToken();
    await token.makeKey('ledger', '01');
    await token.makeKey('other', '02');
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]));
    // The test is not about time: a busy machine takes longer than the 400 ms of others.
    const entry = { service: SERVICE, url: all.service.url, timeoutMs: 60_000, enabled: true, notice: '' };
    await all.provider.gateway.rights.addService(entry);
    await all.provider.gateway.rights.addAgreement(anAgreement({ id: 'vault', client: CLIENT }));
    dir = join(await mkdtemp(join(tmpdir(), 'wasl-hsm-')), 'data');
    const vault = { code: 'vault', name: { ar: 'خزنة', fr: 'Coffre' } };
    const admission = anAdmission('HSM', { subsystems: [vault] });
    const join_ = await issueToken(all.registry.registry, admission, new Date());
    gateway = await startCommand([
      ...['gateway', 'join', all.registry.server.url, join_, '--data', dir, '--port', '0'],
      ...['--ledger-pkcs11', token.uri('ledger')],
    ]);
    unwrap(await all.provider.trust.refresh());
  });
  after(async () => {
    await gateway?.stop();
    await all.close();
    await token.close();
    await rm(join(dir, '..'), { recursive: true, force: true });
  });

  const call = () => sendRaw(gateway.url, { path: `/r1/${SERVICE}/find`, headers: [['x-road-client', CLIENT]] });
  const start = (...more: string[]) => startCommand(['gateway', '--data', dir, ...more]);

  it('exchanges messages, and its checkpoint verifies under the key that the registry vouches for', async () => {
    const answer = await call();
    assert.equal(answer.status, 200, answer.text);
    const exchange = answer.headers['x-road-request-id'] ?? '';
    const checkpoint = await (await fetch(`${gateway.url}/ledger/gateway/checkpoint`)).text();
    const list = unwrap(all.provider.trust.current(new Date()));
    const { ledger } =
      list.gateways.find(({ statement }) => statement.server.includes('/HSM/'))?.statement ?? assert.fail();
    assert.ok(unwrap(openCheckpoint(checkpoint, ledger.vkey)).size >= 2);
    const bytes = await all.provider.gateway.exportEvidence(exchange);
    assert.equal(unwrap(verifyEvidence(bytes, all.registry.registry.keys.anchor)).client, CLIENT);
    assert.match(await runCommand(['ledger', 'verify', '--data', dir]), /verified {2}gateway: \d+ entries/);
  });

  it('keeps the key’s name on the disk, and neither the key nor the PIN', async () => {
    const keys = await readdir(join(dir, 'keys'));
    assert.ok(keys.includes('ledger-key.pkcs11') && !keys.includes('ledger-key.pem'), keys.join());
    assert.equal((await readFile(join(dir, 'keys', 'ledger-key.pkcs11'), 'utf8')).trim(), token.uri('ledger'));
    assert.ok(!existsSync(join(dir, 'keys.new')));
    assert.doesNotMatch(await readFile(join(dir, 'gateway.json'), 'utf8'), /pin|4711/);
  });

  it('passes no message on while the token is away, and goes on by itself when it is back', async () => {
    await token.pull();
    const refused = await call();
    assert.equal(refused.status, 500);
    assert.match(refused.text, /evidence could not be kept/);
    await token.putBack();
    await until('an answer', async () => (await call()).status === 200);
  });

  it('starts again with the token’s name that it kept, and goes on with its log', async () => {
    await gateway.stop();
    assert.match(await runCommand(['ledger', 'verify', '--data', dir]), /verified/);
    gateway = await start();
    unwrap(await all.provider.trust.refresh());
    assert.equal((await call()).status, 200);
  });

  it('does not start without its token, or with another key, and says why in one line', async () => {
    await gateway.stop();
    const refusal = async (...more: string[]) => {
      const said = await start(...more).then(
        () => assert.fail('it started'),
        (cause: Error) => cause.message,
      );
      assert.doesNotMatch(said, /4711|at .*\.ts:\d/);
      return said;
    };
    await token.pull();
    assert.match(await refusal(), /the ledger’s key cannot be used: /);
    await token.putBack();
    assert.match(
      await refusal('--ledger-pkcs11', token.uri('other')),
      /holds another ledger key .* than the registry vouches for/,
    );
    assert.match(await refusal('--ledger-pkcs11', token.uri('nothing')), /has no private Ed25519 key "nothing"/);
    const withPin = `${token.uri('ledger')}&pin-value=1`;
    assert.match(await refusal('--ledger-pkcs11', withPin), /it holds the PIN/);
    gateway = await start();
  });
});
