import { writeFile } from 'node:fs/promises';
import {
  describeProof,
  describeRefusal,
  describeTimestampRefusal,
  describeTimestamps,
  type EvidenceWords,
  readAnchorFile,
  verifyDocument,
  verifyEvidenceFiles,
  verifyTimestampFiles,
} from '../../exchange/index.ts';
import { isLanguage } from '../../kernel/index.ts';
import { configFrom, readOptions, severalOf } from '../options.ts';
import { askRunning } from '../parts/ask-running.ts';
import { findRunning } from '../parts/running.ts';
import type { openWasl } from '../parts/wasl.ts';
import { CommandRefusal, print } from '../terminal.ts';
import { verifyFolder } from './evidence-folder.ts';
import { exportPeriod, isFolder } from './evidence-period.ts';

type Values = Readonly<Record<string, string | boolean | undefined>>;

/** `./wasl evidence export ID FILE`, `./wasl evidence verify FILE --anchor FILE` and `./wasl evidence page --out FILE`. */
export async function evidenceCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('evidence', args, {
    data: { type: 'string' },
    'database-url': { type: 'string' },
    anchor: { type: 'string', multiple: true },
    witnesses: { type: 'string', multiple: true },
    complete: { type: 'boolean' },
    timestamps: { type: 'boolean' },
    language: { type: 'string' },
    from: { type: 'string' },
    until: { type: 'string' },
    service: { type: 'string' },
    out: { type: 'string' },
  });
  const [action, first, second] = positionals;
  const given = { anchors: severalOf(values['anchor']), policies: severalOf(values['witnesses']) };
  if (action === 'export' && first === undefined && values['out'] !== undefined) return exportPeriod(values);
  if (action === 'export' && first !== undefined && second !== undefined) return exportFile(values, first, second);
  if (action === 'page' && values['out'] !== undefined) return writePage(values, given.anchors);
  if (action === 'verify' && first !== undefined && (await isFolder(first)))
    return verifyFolder(first, {
      ...given,
      complete: values['complete'],
      timestamps: values['timestamps'],
    });
  if (action === 'verify' && first !== undefined) return verifyFile(first, values, given);
  throw new CommandRefusal(
    'use: evidence export ID FILE; evidence export --from … --until … --out FOLDER; evidence verify FILE|FOLDER --anchor FILE… [--witnesses FILE…] [--timestamps]; evidence page --out FILE [--anchor FILE…] [--language ar|fr|en]',
    2,
  );
}

/** The verifier as one file for a browser, which works without network; with the anchors in it that are given. */
async function writePage({ out, language }: Values, anchors: readonly string[]): Promise<number> {
  const held = await Promise.all(anchors.map(readAnchorFile));
  const made = await verifyDocument(isLanguage(language) ? language : 'ar', held);
  await writeFile(String(out), made.html);
  print(`the page that checks proofs: ${out}, ${made.html.length} bytes; open it in a browser, also without network`);
  return 0;
}

async function exportFile(values: Values, id: string, path: string): Promise<number> {
  const config = configFrom({ data: values['data'], 'database-url': values['database-url'] });
  const running = await findRunning(config.data);
  const bytes = running === undefined ? await exportFromFolder(config, id) : await exportFromRunning(running, id);
  await writeFile(path, bytes);
  print(`evidence of ${id}: ${path}, ${bytes.length} bytes`);
  return 0;
}

async function exportFromRunning(running: Parameters<typeof askRunning>[0], id: string): Promise<Buffer> {
  const answer = await askRunning(running, `/evidence/${encodeURIComponent(id)}`);
  if (answer.ok) return Buffer.from(await answer.arrayBuffer());
  const problem = (await answer.json()) as { detail?: string };
  throw new CommandRefusal(problem.detail ?? `the running process answered ${answer.status}`);
}

/** Nothing runs on the folder: its parts are started for the time of the export, on the ports that they had. */
async function exportFromFolder(config: Parameters<typeof openWasl>[0], id: string): Promise<Buffer> {
  // Brought only here: who verifies a file needs nothing of the rest of the house.
  const { openWasl: open } = await import('../parts/wasl.ts');
  const wasl = await open({ ...config, port: 0 });
  try {
    const file = await wasl.exportEvidence(id);
    if (file === undefined) throw new CommandRefusal(`no gateway of ${config.data} knows an answered exchange ${id}`);
    return file;
  } finally {
    await wasl.close();
  }
}

type Given = { readonly anchors: readonly string[]; readonly policies: readonly string[] };

async function verifyFile(
  path: string,
  { timestamps, language }: Values,
  { anchors, policies }: Given,
): Promise<number> {
  if (anchors.length === 0)
    throw new CommandRefusal(
      '--anchor is needed: the trust anchor of the instance, from GET /anchor of its registry',
      2,
    );
  const chosen = language === 'ar' || language === 'fr' ? language : 'en';
  const verified = await verifyEvidenceFiles(path, anchors, policies).catch((cause: unknown) => {
    throw new CommandRefusal(cause instanceof Error ? cause.message : String(cause));
  });
  if (!verified.ok) {
    process.stderr.write(`refused: ${path}\n`);
    printWords(describeRefusal(verified.error, chosen));
    throw new CommandRefusal(`the file proves nothing: ${verified.error.step}: ${verified.error.detail}`);
  }
  const stamps = await verifyTimestampFiles(path, anchors, timestamps === true);
  if (!stamps.ok) {
    process.stderr.write(`refused: ${path}\n`);
    printStep(describeTimestampRefusal(chosen));
    throw new CommandRefusal(`the file proves nothing: ${stamps.error.step}: ${stamps.error.detail}`);
  }
  printWords(describeProof(verified.value, chosen));
  printStep(describeTimestamps(stamps.value, chosen));
  print(`verified: ${path}`);
  return 0;
}

function printWords(words: EvidenceWords): void {
  print(words.headline);
  for (const step of words.steps) printStep(step);
  for (const { title, items } of words.claims ?? []) {
    if (items.length > 0) print(`${title}:`);
    for (const item of items) print(`  - ${item}`);
  }
  print(words.note);
}

function printStep({ holds, name, text }: { readonly holds: boolean; readonly name: string; readonly text: string }) {
  print(`  ${holds ? 'ok  ' : 'FAIL'} ${name}: ${text}`);
}
