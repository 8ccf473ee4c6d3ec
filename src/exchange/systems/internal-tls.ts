import { createPrivateKey, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { Clock } from '../../kernel/index.ts';
import { type Log, writeDurably } from '../../platform/index.ts';
import { ECDSA_P256, x509Library } from '../trust/x509.ts';
import type { TlsIdentity } from './model.ts';

/** The gateway's certificate towards its member's systems. Read anew when its files change. */
export type InternalTls = {
  current(): TlsIdentity;
  /** Called with each new one. */
  onChange(listener: (identity: TlsIdentity) => void): void;
  close(): void;
};

export type InternalTlsFiles = { readonly key: string; readonly certificate: string };

export type InternalTlsOptions = {
  /** Where the gateway's own pair is kept, made at the first start. */
  readonly dir: string;
  /** The operator's in place of it: PEM, the certificate with its chain. */
  readonly files?: InternalTlsFiles | undefined;
  /** DNS names and addresses that the member's systems reach the door by. */
  readonly names: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
};

const LOOK_MS = 2_000;
/** Systems know it by its fingerprint, so that changing it is work for each: as long as X-Road's. */
const TWENTY_YEARS_MS = 20 * 365 * 86_400_000;

/** Throws where the operator's files cannot be used. */
export async function openInternalTls(options: InternalTlsOptions): Promise<InternalTls> {
  const own = { key: join(options.dir, 'internal-tls.key.pem'), certificate: join(options.dir, 'internal-tls.pem') };
  const files = options.files ?? own;
  if (options.files === undefined) await makeOnce(own, options);
  let mark = await markOf(files);
  let identity = await readIdentity(files);
  const listeners: ((identity: TlsIdentity) => void)[] = [];
  const look = async () => {
    const now = await markOf(files);
    if (now === mark) return;
    // Whatever happens next, this state of the files is not looked at again.
    mark = now;
    const changed = await readIdentity(files);
    if (changed.certPem === identity.certPem && changed.keyPem === identity.keyPem) return;
    identity = changed;
    for (const listener of listeners) listener(identity);
    options.log.info('internal-tls.renewed', { file: files.certificate });
  };
  const timer = setInterval(() => {
    // Half a pair is there while the operator copies: the one before stays until the other half has come.
    look().catch((cause: unknown) => options.log.warn('internal-tls.unusable', { cause: String(cause) }));
  }, LOOK_MS);
  timer.unref();
  return {
    current: () => identity,
    onChange: (listener) => void listeners.push(listener),
    close: () => clearInterval(timer),
  };
}

async function markOf({ key, certificate }: InternalTlsFiles): Promise<string> {
  const [one, other] = await Promise.all([stat(key), stat(certificate)]);
  return [one, other].map(({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`).join(' ');
}

async function readIdentity({ key, certificate }: InternalTlsFiles): Promise<TlsIdentity> {
  const [keyPem, certPem] = await Promise.all([readFile(key, 'utf8'), readFile(certificate, 'utf8')]);
  if (!new X509Certificate(certPem).checkPrivateKey(createPrivateKey(keyPem))) {
    throw new Error(`${key} is not the key of ${certificate}`);
  }
  createSecureContext({ key: keyPem, cert: certPem });
  return { keyPem, certPem };
}

/** The key is written first: a crash between leaves a key without a certificate, which the next start replaces. */
async function makeOnce(files: InternalTlsFiles, options: InternalTlsOptions): Promise<void> {
  if (existsSync(files.certificate)) return;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const from = options.clock();
  const names = [...new Set(options.names)].filter((name) => name !== '');
  const library = await x509Library();
  const certificate = await library.X509CertificateGenerator.createSelfSigned({
    serialNumber: `00${randomBytes(15).toString('hex')}`,
    name: [{ CN: [names[0] ?? 'localhost'] }],
    notBefore: from,
    notAfter: new Date(from.getTime() + TWENTY_YEARS_MS),
    signingAlgorithm: ECDSA_P256,
    keys: {
      publicKey: publicKey.toCryptoKey(ECDSA_P256, true, ['verify']),
      privateKey: privateKey.toCryptoKey(ECDSA_P256, false, ['sign']),
    },
    extensions: [
      new library.BasicConstraintsExtension(false, undefined, true),
      new library.KeyUsagesExtension(library.KeyUsageFlags.digitalSignature, true),
      // It answers systems and calls services with the same certificate.
      new library.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']),
      new library.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const),
      ),
    ],
  });
  await mkdir(options.dir, { recursive: true, mode: 0o700 });
  const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  await writeDurably(`${files.key}.new`, files.key, keyPem);
  const pem = new X509Certificate(Buffer.from(certificate.rawData)).toString();
  await writeDurably(`${files.certificate}.new`, files.certificate, pem);
}
