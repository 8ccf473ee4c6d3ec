import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { LANGUAGES } from '../kernel/index.ts';
import { dossier, inbox, verify } from './gallery/agent.ts';
import { home, procedure } from './gallery/citizen.ts';
import { fault, results } from './gallery/empty.ts';
import { checkAnswers, formWithErrors, receipt } from './gallery/filing.ts';
import { type Sample, sayIn } from './gallery/frame.ts';
import { webAssets } from './index.ts';

/** Sample pages to look at: `node src/web/gallery.ts OUTDIR`. They use every component, and the tests read them. */
export const SAMPLES: readonly Sample[] = [
  home,
  procedure,
  results,
  formWithErrors,
  checkAnswers,
  receipt,
  inbox,
  dossier,
  verify,
  fault,
];

/** Writes the pages and the files they need; addresses of files become relative, so that `file://` works. */
export function writeGallery(folder: string): readonly string[] {
  const assets = webAssets();
  for (const asset of assets) {
    const target = join(folder, asset.path);
    mkdirSync(dirname(target), { recursive: true });
    const isCss = asset.contentType.startsWith('text/css');
    writeFileSync(target, isCss ? asset.body.toString('utf8').replaceAll('url(/assets/', 'url(') : asset.body);
  }
  return LANGUAGES.flatMap((language) =>
    SAMPLES.map((sample) => {
      const file = join(folder, `${language}-${sample.name}.html`);
      const page = sample.render(language, sayIn(language));
      writeFileSync(
        file,
        assets.reduce((text, asset) => text.replaceAll(`"${asset.path}"`, `".${asset.path}"`), page),
      );
      return file;
    }),
  );
}

if (import.meta.main) {
  const folder = process.argv[2];
  if (folder === undefined) {
    process.stderr.write('node src/web/gallery.ts OUTDIR\n');
    process.exitCode = 2;
  } else {
    for (const file of writeGallery(folder)) process.stdout.write(`${relative(process.cwd(), file)}\n`);
  }
}
