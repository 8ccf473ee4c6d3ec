import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A timestamp authority of OpenSSL: a certificate, its key, and `openssl ts -reply` over HTTP. */
export type TestAuthority = {
  /** What follows the address says how it answers; nothing: as it should. */
  readonly url: string;
  /** Paths that were asked, in order. */
  readonly asked: string[];
  readonly certificate: (name: CertificateName) => Promise<Buffer>;
  readonly pem: (name: CertificateName) => string;
  /** What `openssl ts -verify` says of a token over these bytes. */
  verify(token: Uint8Array, data: Uint8Array, trusted: CertificateName, signer?: CertificateName): Promise<string>;
  close(): Promise<void>;
};

const NAMES = ['rsa', 'ec', 'other', 'expired', 'not-tsa', 'ca', 'issued'] as const;
export type CertificateName = (typeof NAMES)[number];

const CONFIG = `
[req]
distinguished_name = dn
[dn]
[tsa]
extendedKeyUsage = critical,timeStamping
[plain]
keyUsage = digitalSignature
[ca]
basicConstraints = critical,CA:true
[signing]
default_tsa = service
[service]
serial = serial
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
signer_digest = sha256
[once]
new_certs_dir = .
database = index
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
`;

export async function startAuthority(): Promise<TestAuthority> {
  const dir = await mkdtemp(join(tmpdir(), 'wasl-tsa-'));
  await makeCertificates(dir);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const how = (request.url ?? '').slice(1);
    asked.push(how);
    buffer(request)
      .then((query) => answerAs(dir, how, query, response))
      .catch((cause: unknown) => response.writeHead(500).end(String(cause)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const pem = (name: CertificateName) => join(dir, `${name}.pem`);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    pem,
    certificate: async (name) => new X509Certificate(await readFile(pem(name))).raw,
    async verify(token, data, trusted, signer = trusted) {
      const [tokenFile, dataFile] = [join(dir, 'to-verify.tst'), join(dir, 'to-verify.data')];
      await writeFile(tokenFile, token);
      await writeFile(dataFile, data);
      const of = ['-data', dataFile, '-in', tokenFile, '-token_in', '-CAfile', pem(trusted), '-untrusted', pem(signer)];
      const { stdout, stderr } = await run('openssl', ['ts', '-verify', ...of]);
      return `${stdout}${stderr}`;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function makeCertificates(dir: string): Promise<void> {
  await writeFile(join(dir, 'openssl.cnf'), CONFIG);
  await writeFile(join(dir, 'index'), '');
  const openssl = (...args: string[]) => run('openssl', args, { cwd: dir });
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const request = (name: string, key: readonly string[], ...more: string[]) =>
    openssl(
      ...['req', ...key, '-nodes', '-keyout', `${name}.key`, '-subj', `/CN=Authority ${name}`],
      ...['-config', 'openssl.cnf', ...more],
    );
  const selfSigned = (name: string, key: readonly string[], extensions: string) =>
    request(name, key, '-x509', '-days', '30', '-extensions', extensions, '-out', `${name}.pem`);
  await selfSigned('rsa', ['-newkey', 'rsa:2048'], 'tsa');
  await selfSigned('ec', ec, 'tsa');
  await selfSigned('other', ec, 'tsa');
  await selfSigned('not-tsa', ec, 'plain');
  await selfSigned('ca', ec, 'ca');
  await request('issued', ec, '-new', '-out', 'issued.csr');
  const issue = [
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-extfile',
    'openssl.cnf',
    '-extensions',
    'tsa',
  ];
  await openssl('x509', '-req', '-in', 'issued.csr', ...issue, '-days', '30', '-out', 'issued.pem');
  await request('expired', ec, '-new', '-out', 'expired.csr');
  const past = ['-startdate', '20200101000000Z', '-enddate', '20210101000000Z', '-selfsign', '-keyfile', 'expired.key'];
  await openssl(
    ...['ca', '-batch', '-config', 'openssl.cnf', '-name', 'once', '-extensions', 'tsa', ...past],
    ...['-in', 'expired.csr', '-notext', '-out', 'expired.pem'],
  );
}

async function answerAs(dir: string, how: string, query: Buffer, response: ServerResponse): Promise<void> {
  const reply = (body: Uint8Array) => {
    response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(body);
  };
  switch (how) {
    case 'silent':
      return;
    case 'failing':
      response.writeHead(503).end();
      return;
    case 'redirect':
      response.writeHead(302, { location: '/rsa' }).end();
      return;
    case 'huge':
      return reply(Buffer.alloc(200_000, 0x30));
    case 'garbage':
      return reply(Buffer.from('3082ffff3003020100', 'hex'));
    case 'page':
      return reply(Buffer.from('<html>maintenance</html>'));
    case 'granted-nothing':
      return reply(Buffer.from('30053003020100', 'hex'));
    case 'rejecting':
      return reply(Buffer.from('30053003020102', 'hex'));
    case 'wrong-nonce':
      return reply(await stamp(dir, 'ec', withOther(query, query.length - 5)));
    case 'wrong-imprint':
      return reply(await stamp(dir, 'ec', withOther(query, query.indexOf(Buffer.from([0x04, 0x20])) + 5)));
    case 'altered': {
      const answer = await stamp(dir, 'ec', query);
      return reply(withOther(answer, answer.length - 3));
    }
    case 'not-tsa':
      return reply(await stampUnfit(dir, query));
    default:
      return reply(await stamp(dir, NAMES.find((name) => name === how) ?? 'rsa', query));
  }
}

function withOther(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

let stamps = 0;

async function stamp(dir: string, name: string, query: Buffer): Promise<Buffer> {
  stamps += 1;
  const work = join(dir, `stamp-${stamps}`);
  await mkdir(work);
  await writeFile(join(work, 'query'), query);
  await writeFile(join(work, 'serial'), `${(stamps + 16).toString(16).padStart(4, '0')}\n`);
  const by = ['-section', 'service', '-signer', `../${name}.pem`, '-inkey', `../${name}.key`];
  const files = ['-config', '../openssl.cnf', '-queryfile', 'query', '-out', 'reply'];
  await run('openssl', ['ts', '-reply', ...by, ...files], { cwd: work });
  return readFile(join(work, 'reply'));
}

/** A token that is right in all but this: its certificate is not for timestamps. OpenSSL's authority refuses to make one. */
async function stampUnfit(dir: string, query: Buffer): Promise<Buffer> {
  stamps += 1;
  const work = join(dir, `unfit-${stamps}`);
  await mkdir(work);
  await writeFile(join(work, 'reply'), await stamp(dir, 'ec', query));
  const openssl = (...args: string[]) => run('openssl', args, { cwd: work });
  await openssl('ts', '-reply', '-in', 'reply', '-token_out', '-out', 'token');
  await openssl('cms', '-verify', '-noverify', '-inform', 'DER', '-in', 'token', '-out', 'info');
  const signer = ['-signer', '../not-tsa.pem', '-inkey', '../not-tsa.key', '-cades', '-md', 'sha256'];
  const form = ['-econtent_type', 'id-smime-ct-TSTInfo', '-nodetach', '-binary', '-outform', 'DER'];
  await openssl('cms', '-sign', '-in', 'info', ...signer, ...form, '-out', 'unfit');
  const [status, token] = [Buffer.from('3003020100', 'hex'), await readFile(join(work, 'unfit'))];
  const length = Buffer.alloc(2);
  length.writeUInt16BE(status.length + token.length);
  return Buffer.concat([Buffer.from([0x30, 0x82]), length, status, token]);
}
