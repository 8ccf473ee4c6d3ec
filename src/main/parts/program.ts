import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Plugin } from 'esbuild';
import { ROOT } from '../../platform/index.ts';

/**
 * The whole of Wasl in a handful of files, for where it runs for months: two thousand modules cost a gateway 45 MB and
 * each command two seconds of processor before its first line. The sources stay what is run where nothing was built,
 * or where one of them is younger (ADR 0011).
 */
export const PROGRAM = join(ROOT, '.tools', 'program');

const SOURCES = join(ROOT, 'src', 'main', 'cli.ts');
const BUILT = 'cli.mjs';

/** What `node` is to run: the built program where it is of these sources, else the sources. */
export function entryPoint(): string {
  const built = join(PROGRAM, BUILT);
  return existsSync(built) && !isOlder(statSync(built).mtimeMs) ? built : SOURCES;
}

/** The launcher's own rule (`find -newer`). A file that was taken away changes its folder. */
function isOlder(builtAtMs: number): boolean {
  const isYounger = (path: string) => statSync(path).mtimeMs > builtAtMs;
  if (isYounger(join(ROOT, 'package-lock.json')) || isYounger(join(ROOT, 'src'))) return true;
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).some((name) =>
    isYounger(join(ROOT, 'src', name)),
  );
}

/** Packages that are not JavaScript alone, or bring files of their own: they stay in node_modules. */
const LEFT_OUT = ['@electric-sql/pglite', '@myriaddreamin/typst-ts-node-compiler', 'esbuild', 'pg-native', '*.node'];

// In two words, so that the plugin below leaves this text as it is when the program builds itself anew.
const META = 'import.meta';
// Each file of the program stands two folders below the root, as src/main does.
const HEAD = `import { createRequire as __createRequire } from 'node:module';
import { join as __join } from 'node:path';
import { pathToFileURL as __pathToFileURL } from 'node:url';
const require = __createRequire(${META}.url);
const __path = (path) => __join(${META}.dirname, '..', '..', path);
const __url = (path) => __pathToFileURL(__path(path)).href;`;

/** Builds into `folder`, a folder of its own in `.tools`. What stood there serves until the new one is whole. */
export async function buildProgram(folder: string): Promise<{ readonly bytes: number }> {
  const { build } = await import('esbuild');
  const next = `${folder}.next`;
  rmSync(next, { recursive: true, force: true });
  await build({
    entryPoints: [SOURCES],
    absWorkingDir: ROOT,
    outdir: next,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external: LEFT_OUT,
    banner: { js: HEAD },
    plugins: [placesOfSources],
    minifyWhitespace: true,
    minifySyntax: true,
    // oidc-provider and others look at the names of classes.
    keepNames: true,
    legalComments: 'external',
    // Letters beyond ASCII would be kept as they are in tagged templates, and one of them doubles a file in memory.
    supported: { 'template-literal': false },
    logLevel: 'silent',
  });
  const files = readdirSync(next).filter((name) => name.endsWith('.mjs'));
  for (const name of files) writeFileSync(join(next, name), escaped(readFileSync(join(next, name), 'utf8')));
  // The launcher looks at this file's time: it is written last.
  writeFileSync(join(next, BUILT), readFileSync(join(next, BUILT)));
  rmSync(folder, { recursive: true, force: true });
  renameSync(next, folder);
  return { bytes: files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) };
}

/** What is left beyond ASCII stands in regular expressions, where the escape means the same. */
function escaped(program: string): string {
  return program.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A module that looks for files beside itself finds them where its source is. */
const placesOfSources: Plugin = {
  name: 'places of sources',
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?[jt]s$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      if (path === SOURCES || !/import\.meta\.(?:dirname|filename|url)|\b__(?:dirname|filename)\b/.test(source)) return;
      const here = JSON.stringify(relative(ROOT, path));
      const folder = JSON.stringify(relative(ROOT, dirname(path)));
      return {
        loader: /\.[cm]?ts$/.test(path) ? 'ts' : 'js',
        contents: source
          .replaceAll(/import\.meta\.dirname|\b__dirname\b/g, `__path(${folder})`)
          .replaceAll(/import\.meta\.filename|\b__filename\b/g, `__path(${here})`)
          .replaceAll('import.meta.url', `__url(${here})`),
      };
    });
  },
};
