import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MODULES = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so'];
const modulePath = MODULES.find((path) => existsSync(path));

/** Why tests with a token are not run; false where they are. */
export const noSoftHsm: string | false =
  modulePath === undefined || spawnSync('pkcs11-tool', ['--version']).error !== undefined
    ? 'no token: softhsm2 and opensc are not installed'
    : !hasLibrary() && 'no token: the package pkcs11js is not compiled';

function hasLibrary(): boolean {
  try {
    createRequire(import.meta.url)('pkcs11js');
    return true;
  } catch {
    return false;
  }
}

/** A token of SoftHSM2 with its own folder, for this process and those that it starts. */
export type TestToken = {
  readonly modulePath: string;
  readonly pinFile: string;
  /** A new Ed25519 pair, made by `pkcs11-tool` as an operator would. */
  makeKey(label: string, id: string): Promise<void>;
  uri(
    object: string,
    parts?: { readonly token?: string; readonly pinFile?: string; readonly module?: string; readonly id?: string },
  ): string;
  /** As if it were pulled out. */
  pull(): Promise<void>;
  putBack(): Promise<void>;
  close(): Promise<void>;
};

export async function startToken(): Promise<TestToken> {
  const dir = await mkdtemp(join(tmpdir(), 'wasl-softhsm-'));
  const [tokens, away, pinFile] = [join(dir, 'tokens'), join(dir, 'away'), join(dir, 'pin')];
  await mkdir(tokens);
  await writeFile(
    join(dir, 'softhsm2.conf'),
    `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  await writeFile(pinFile, '4711\n', { mode: 0o600 });
  process.env['SOFTHSM2_CONF'] = join(dir, 'softhsm2.conf');
  await run('softhsm2-util', [
    '--init-token',
    '--free',
    '--label',
    'wasl ledger',
    '--so-pin',
    '08154711',
    '--pin',
    '4711',
  ]);
  const module = modulePath ?? '';
  return {
    modulePath: module,
    pinFile,
    async makeKey(label, id) {
      const where = ['--module', module, '--token-label', 'wasl ledger', '--login', '--pin', '4711'];
      await run('pkcs11-tool', [
        ...where,
        '--keypairgen',
        '--key-type',
        'EC:edwards25519',
        '--label',
        label,
        '--id',
        id,
      ]);
    },
    uri(object, parts = {}) {
      const path = `token=${encodeURIComponent(parts.token ?? 'wasl ledger')};object=${object}${parts.id === undefined ? '' : `;id=${parts.id}`}`;
      return `pkcs11:${path}?module-path=${parts.module ?? module}&pin-source=file:${parts.pinFile ?? pinFile}`;
    },
    pull: () => rename(tokens, away),
    putBack: () => rename(away, tokens),
    async close() {
      await rm(dir, { recursive: true, force: true });
    },
  };
}
