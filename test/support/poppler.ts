import { execFileSync, type StdioOptions } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A page as pixels, four bytes each (RGBA), as a scanner of QR codes wants them. */
export type Picture = { readonly width: number; readonly height: number; readonly pixels: Uint8ClampedArray };

/** `skip` of a test that needs poppler-utils: false where it is installed, else the reason. */
export function popplerAbsent(): false | string {
  try {
    execFileSync('pdftoppm', ['-v'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'poppler-utils (pdftoppm, pdftotext) is not installed';
  }
}

export function textOf(pdf: Buffer): string {
  return withFile(pdf, (path) => execFileSync('pdftotext', ['-layout', path, '-'], quiet).toString('utf8'));
}

/** The output of `pdffonts` or `pdfinfo`, line by line. */
export function linesOf(tool: 'pdffonts' | 'pdfinfo', pdf: Buffer): string[] {
  return withFile(pdf, (path) => execFileSync(tool, [path], quiet).toString('utf8').split('\n'));
}

export function pictureOf(pdf: Buffer, page = 1, dotsPerInch = 110): Picture {
  return withFile(pdf, (path) => {
    const range = ['-f', String(page), '-l', String(page)];
    return parsePpm(execFileSync('pdftoppm', ['-r', String(dotsPerInch), ...range, path], quiet));
  });
}

const quiet: { stdio: StdioOptions; maxBuffer: number } = {
  stdio: ['ignore', 'pipe', 'ignore'],
  maxBuffer: 64_000_000,
};

function withFile<T>(pdf: Buffer, work: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'wasl-pdf-'));
  try {
    writeFileSync(join(folder, 'a.pdf'), pdf);
    return work(join(folder, 'a.pdf'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Portable pixmap, P6 with one byte per sample: what pdftoppm writes. */
function parsePpm(ppm: Buffer): Picture {
  const header = /^P6\s(\d+)\s(\d+)\s255\s/.exec(ppm.toString('latin1', 0, 40));
  if (header === null) throw new Error('pdftoppm wrote something else than P6');
  const [width, height] = [Number(header[1]), Number(header[2])];
  const samples = ppm.subarray(header[0].length);
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let at = 0; at < width * height; at += 1) pixels.set(samples.subarray(at * 3, at * 3 + 3), at * 4);
  return { width, height, pixels };
}
