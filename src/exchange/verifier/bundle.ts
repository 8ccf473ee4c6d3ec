import { join } from 'node:path';
import { build, type Plugin, stop } from 'esbuild';

const HERE = import.meta.dirname;
const SRC = join(HERE, '..', '..');
const BROWSER = join(HERE, 'browser');

/** What stands in the place of what a browser has not, and of doors behind which there is more than a verifier needs. */
const INSTEAD: readonly (readonly [path: RegExp, instead: string])[] = [
  [/^node:crypto$/, join(BROWSER, 'crypto.ts')],
  [/\/subtle\.ts$/, join(BROWSER, 'subtle.ts')],
  [/\/ledger\/index\.ts$/, join(SRC, 'ledger', 'portable.ts')],
  [/\/web\/index\.ts$/, join(SRC, 'web', 'portable.ts')],
  // TypeBox tries whether it may make code of text, which the page's policy forbids; it goes on without.
  [/\/environment\/index\.mjs$/, join(BROWSER, 'no-code-from-text.ts')],
];

const instead: Plugin = {
  name: 'instead',
  setup({ onResolve }) {
    for (const [filter, path] of INSTEAD) onResolve({ filter }, () => ({ path, sideEffects: false }));
  },
};

/**
 * The verifier's own TypeScript as one script for browsers (ADR 0038). `page` runs by itself; `module` exports what
 * browser/entry.ts does. Rejects where a module reaches for something of Node that has no counterpart here.
 */
export async function bundleVerifier(kind: 'page' | 'module'): Promise<string> {
  const entry = kind === 'page' ? join(HERE, 'client', 'page.js') : join(BROWSER, 'entry.ts');
  try {
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      minify: true,
      platform: 'browser',
      target: 'es2022',
      format: kind === 'page' ? 'iife' : 'esm',
      inject: [join(BROWSER, 'bytes.ts')],
      plugins: [instead],
      legalComments: 'none',
      charset: 'utf8',
      logLevel: 'silent',
    });
    return outputFiles[0]?.text ?? '';
  } finally {
    // The compiler is a process of its own: nobody needs it once the page is made.
    await stop();
  }
}
