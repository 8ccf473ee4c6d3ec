import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { type RunningCommand, runCommand, startCommand } from '../support/commands.ts';

describe('a gateway renews its certificates by command', () => {
  const dir = mkdtempSync(join(tmpdir(), 'wasl-renew-'));
  const registryData = ['--data', join(dir, 'registry')];
  const data = ['--data', join(dir, 'gateway')];
  let registry: RunningCommand;
  let gateway: RunningCommand;
  const certificate = () => readFileSync(join(dir, 'gateway', 'keys', 'tls.pem'), 'utf8');
  const kept = () => JSON.parse(readFileSync(join(dir, 'gateway', 'gateway.json'), 'utf8')) as Kept;
  const peerPort = () => kept().peerPort;
  const status = async () => JSON.parse(await runCommand(['gateway', 'status', ...data, '--json'])) as Status;

  before(async () => {
    registry = await startCommand(['registry', ...registryData, '--port', '0']);
    const names = ['--name-ar', 'السجل', '--name-fr', 'Registre', '--subsystem', 'land'];
    const token = await runCommand(['registry', 'token', ...registryData, '--member', 'MA/GOV/LAND', ...names]);
    const join_ = ['gateway', 'join', registry.url, token.trim(), ...data, '--port', '0'];
    gateway = await startCommand([...join_, '--take-keys-seconds', '0']);
  });
  after(async () => {
    await gateway?.stop();
    await registry?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('takes the new ones while it runs, and at its next start', async () => {
    const former = certificate();
    const renewal = runCommand(['gateway', 'renew', ...data]);
    await approveIfAsked(renewal, registryData);
    assert.match(await renewal, /has new certificates/);
    assert.notEqual(certificate(), former);
    const isTaken = async () => (await shownCertificate(peerPort())).toString() === certificate();
    for (let waited = 0; !(await isTaken()); waited += 200) {
      assert.ok(waited < 20_000, 'the new certificate is not shown');
      await sleep(200);
    }
    assert.equal((await status()).certificateUntil, new Date(new X509Certificate(certificate()).validTo).toISOString());
    await gateway.stop();
    gateway = await startCommand(['gateway', ...data]);
    // What it was given when it joined is not asked for again.
    assert.deepEqual(kept().options, { 'take-keys-seconds': '0' });
    const { server, trustList } = await status();
    assert.equal(server, 'MA/GOV/LAND/gw1');
    assert.ok('version' in trustList);
    assert.equal((await shownCertificate(peerPort())).toString(), certificate());
  });
});

type Kept = { readonly peerPort: number; readonly options: object };
type Status = { readonly server: string; readonly trustList: object; readonly certificateUntil: string };

/** What the door for other gateways shows. */
async function shownCertificate(port: number): Promise<X509Certificate> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return new X509Certificate(raw);
}

/** Where renewals wait for an operator, one says yes. */
async function approveIfAsked(renewal: Promise<string>, registryData: readonly string[]): Promise<void> {
  let isOver = false;
  renewal.then(
    () => {
      isOver = true;
    },
    () => {
      isOver = true;
    },
  );
  while (!isOver) {
    const waiting = await runCommand(['registry', 'request', 'list', ...registryData]);
    const id = /\b[0-9a-f]{32}\b/.exec(waiting)?.[0];
    if (id === undefined) continue;
    await runCommand(['registry', 'request', 'approve', id, ...registryData, '--reason', 'the old ones end']).catch(
      () => {},
    );
  }
}
