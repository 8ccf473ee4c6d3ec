import { execFileSync, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../test/support/ports.ts';
import { type Running, stop, temporaryFolder, untilListening } from './processes.ts';

/**
 * The peer that the gateways are measured against: two nginx, one worker each, mutual TLS 1.3 between them and
 * kept-alive connections on every hop. It forwards and does nothing else: no signature, no agreement, no evidence.
 */
export async function startNginxPair(serviceUrl: string): Promise<Running> {
  const dir = temporaryFolder();
  makeCertificates(dir);
  const [front, back] = [await freePort(), await freePort()];
  await writeFile(join(dir, 'provider.conf'), configuration(dir, 'provider', providerServer(dir, back, serviceUrl)));
  await writeFile(join(dir, 'consumer.conf'), configuration(dir, 'consumer', consumerServer(dir, front, back)));
  const children = ['provider', 'consumer'].map((role) =>
    spawn('nginx', ['-p', dir, '-e', 'stderr', '-c', join(dir, `${role}.conf`)], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
    }),
  );
  process.once('exit', () => {
    for (const child of children) child.kill();
  });
  const close = async () => {
    await Promise.all(children.map(stop));
  };
  try {
    await Promise.all([untilListening(front, 5000), untilListening(back, 5000)]);
  } catch (cause) {
    await close();
    throw cause;
  }
  return { url: `http://127.0.0.1:${front}`, close };
}

/** A throw-away authority and two P-256 certificates, as the gateways use them. */
function makeCertificates(dir: string): void {
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=bench ca', '-days', '2');
  for (const role of ['provider', 'consumer']) {
    openssl(
      'req',
      ...key,
      '-keyout',
      `${role}.key`,
      '-out',
      `${role}.csr`,
      '-subj',
      `/CN=${role}.bench`,
      '-addext',
      `subjectAltName=DNS:${role}.bench`,
    );
    openssl(
      'x509',
      '-req',
      '-in',
      `${role}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-copy_extensions',
      'copy',
      '-out',
      `${role}.pem`,
      '-days',
      '2',
    );
  }
}

function configuration(dir: string, role: string, server: string): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${dir}/${role}-${kind};`,
  );
  return `daemon off;
worker_processes 1;
pid ${dir}/${role}.pid;
error_log stderr error;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  client_max_body_size 0;
  ${paths.join('\n  ')}
${server}
}
`;
}

const KEPT_ALIVE = `proxy_http_version 1.1;
      proxy_set_header Connection "";`;

function consumerServer(dir: string, port: number, providerPort: number): string {
  return `  upstream provider { server 127.0.0.1:${providerPort}; keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass https://provider;
      ${KEPT_ALIVE}
      proxy_ssl_protocols TLSv1.3;
      proxy_ssl_certificate ${dir}/consumer.pem;
      proxy_ssl_certificate_key ${dir}/consumer.key;
      proxy_ssl_trusted_certificate ${dir}/ca.pem;
      proxy_ssl_verify on;
      proxy_ssl_name provider.bench;
    }
  }`;
}

function providerServer(dir: string, port: number, serviceUrl: string): string {
  return `  upstream service { server ${new URL(serviceUrl).host}; keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_protocols TLSv1.3;
    ssl_certificate ${dir}/provider.pem;
    ssl_certificate_key ${dir}/provider.key;
    ssl_client_certificate ${dir}/ca.pem;
    ssl_verify_client on;
    location / {
      proxy_pass http://service;
      ${KEPT_ALIVE}
    }
  }`;
}
