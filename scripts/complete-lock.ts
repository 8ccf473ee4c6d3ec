import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Adds to package-lock.json the packages of other platforms that the registry in use did not hold: `npm ci` refuses a
 * lock that lacks them, on every platform. Run it after a change of the packages.
 */
type Entry = { version?: string; dev?: boolean; optionalDependencies?: Record<string, string> };
type Lock = { packages: Record<string, Entry & { cpu?: string[]; os?: string[]; optional?: boolean }> };

const SYSTEMS = ['android', 'darwin', 'linux', 'win32', 'freebsd', 'openbsd', 'netbsd', 'sunos', 'aix', 'openharmony'];
const PROCESSORS = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32'];
const path = join(import.meta.dirname, '..', 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8')) as Lock;
let added = 0;
for (const [at, entry] of Object.entries({ ...lock.packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    const isThere = key in lock.packages || `${at}/${key}` in lock.packages;
    if (isThere || !/^\d+\.\d+\.\d+/.test(version)) continue;
    const tail = name.split('/').at(-1) ?? '';
    const os = SYSTEMS.filter((system) => tail.includes(`-${system}`));
    const cpu = PROCESSORS.filter((processor) => new RegExp(`-${processor}(-|$)`).test(tail));
    lock.packages[key] = { version, cpu, ...(entry.dev === true ? { dev: true } : {}), optional: true, os };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added} packages of other platforms added\n`);
