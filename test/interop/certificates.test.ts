import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readCsr } from '../../src/exchange/registry/authority.ts';
import { draftGatewayKeys } from '../../src/exchange/trust/keys.ts';
import { AT, aGateway, anInstance, type Gateway } from '../support/evidence.ts';

const version = spawnSync('openssl', ['version'], { encoding: 'utf8' });
const skip = version.status === 0 ? false : 'openssl is not installed';

describe('OpenSSL', { skip }, () => {
  let dir: string;
  let gateway: Gateway;
  const openssl = (...args: string[]) => spawnSync('openssl', args, { cwd: dir, encoding: 'utf8' });
  const verify = (purpose: string, file: string) =>
    openssl(
      ...['verify', '-x509_strict', '-check_ss_sig', '-attime', String(AT.getTime() / 1000)],
      ...['-purpose', purpose, '-CAfile', 'ca.pem', file],
    );

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'wasl-openssl-'));
    const instance = await anInstance();
    gateway = await aGateway(instance, 'DGSN', 'identity');
    const pem = (der: Buffer) => new X509Certificate(der).toString();
    await writeFile(join(dir, 'ca.pem'), pem(instance.authority.certificate));
    await writeFile(join(dir, 'tls.pem'), pem(Buffer.from(gateway.statement.tlsCertificate, 'base64')));
    await writeFile(join(dir, 'sign.pem'), pem(Buffer.from(gateway.statement.signCertificate, 'base64')));
  });
  after(() => rm(dir, { recursive: true, force: true }));

  it('accepts the chain, strictly, for both ends of a TLS connection', () => {
    for (const purpose of ['sslserver', 'sslclient']) {
      const result = verify(purpose, 'tls.pem');
      assert.equal(result.status, 0, result.stderr);
    }
    assert.equal(verify('any', 'sign.pem').status, 0);
  });

  it('does not accept a gateway’s certificate as an authority', async () => {
    const result = openssl('verify', '-x509_strict', '-CAfile', 'tls.pem', 'sign.pem');
    assert.notEqual(result.status, 0);
  });

  it('reads in the certificates the uses, the address and the name that were meant', () => {
    const text = (file: string) => openssl('x509', '-in', file, '-noout', '-text').stdout;
    const [ca, tls, sign] = [text('ca.pem'), text('tls.pem'), text('sign.pem')];
    assert.match(ca, /Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    assert.match(ca, /Key Usage: critical\s+Certificate Sign, CRL Sign/);
    assert.match(tls, /Subject: CN ?= ?MA-TEST\/GOV\/DGSN\/gw1/);
    assert.match(tls, /TLS Web Server Authentication, TLS Web Client Authentication/);
    assert.match(tls, /IP Address:127\.0\.0\.1/);
    assert.match(sign, /Key Usage: critical\s+Digital Signature, Non Repudiation/);
    assert.doesNotMatch(sign, /Extended Key Usage/);
    for (const one of [tls, sign]) assert.match(one, /CA:FALSE/);
  });

  it('verifies our request for a certificate, and we verify OpenSSL’s', async () => {
    const server = gateway.statement.server;
    const { tlsCsr } = await draftGatewayKeys(dir, server);
    await writeFile(join(dir, 'ours.csr'), tlsCsr);
    const result = openssl('req', '-in', 'ours.csr', '-verify', '-noout', '-subject');
    assert.match(result.stdout + result.stderr, /verify OK/i);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await writeFile(join(dir, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const subject = `/CN=${server.replaceAll('/', '\\/')}`;
    const theirs = openssl('req', '-new', '-key', 'key.pem', '-subj', subject).stdout;
    const read = await readCsr(theirs, server);
    assert.ok(read.ok, JSON.stringify(read));
  });
});
