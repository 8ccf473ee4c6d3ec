import { writeFile } from 'node:fs/promises';
import { describeRefusal, describeReport, type EvidenceWords, verifyEvidenceFiles } from '../../exchange/index.ts';
import { configFrom, readOptions } from '../options.ts';
import { askRunning } from '../parts/control.ts';
import { findRunning } from '../parts/running.ts';
import type { openWasl } from '../parts/wasl.ts';
import { CommandRefusal, print } from '../terminal.ts';
import { exportPeriod, isFolder, verifyFolder } from './evidence-period.ts';

/** `./wasl evidence export ID FILE` and `./wasl evidence verify FILE --anchor FILE`. */
export async function evidenceCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('evidence', args, {
    data: { type: 'string' },
    'database-url': { type: 'string' },
    anchor: { type: 'string' },
    witnesses: { type: 'string' },
    language: { type: 'string' },
    from: { type: 'string' },
    until: { type: 'string' },
    service: { type: 'string' },
    out: { type: 'string' },
  });
  const [action, first, second] = positionals;
  if (action === 'export' && first === undefined && values['out'] !== undefined) return exportPeriod(values);
  if (action === 'export' && first !== undefined && second !== undefined) return exportFile(values, first, second);
  if (action === 'verify' && first !== undefined && (await isFolder(first)))
    return verifyFolder(first, values['anchor'], values['witnesses']);
  if (action === 'verify' && first !== undefined) return verifyFile(first, values);
  throw new CommandRefusal(
    'use: evidence export ID FILE; evidence export --from … --until … --out FOLDER; evidence verify FILE|FOLDER --anchor FILE [--witnesses FILE]',
    2,
  );
}

async function exportFile(
  values: Readonly<Record<string, string | boolean | undefined>>,
  id: string,
  path: string,
): Promise<number> {
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

async function verifyFile(
  path: string,
  { anchor, witnesses, language }: Readonly<Record<string, string | boolean | undefined>>,
): Promise<number> {
  if (typeof anchor !== 'string')
    throw new CommandRefusal(
      '--anchor is needed: the trust anchor of the instance, from GET /anchor of its registry',
      2,
    );
  const chosen = language === 'ar' || language === 'fr' ? language : 'en';
  const verified = await verifyEvidenceFiles(path, anchor, typeof witnesses === 'string' ? witnesses : undefined).catch(
    (cause: unknown) => {
      throw new CommandRefusal(cause instanceof Error ? cause.message : String(cause));
    },
  );
  if (!verified.ok) {
    process.stderr.write(`refused: ${path}\n`);
    printWords(describeRefusal(verified.error, chosen));
    throw new CommandRefusal(`the file proves nothing: ${verified.error.step}: ${verified.error.detail}`);
  }
  printWords(describeReport(verified.value, chosen));
  print(`verified: ${path}`);
  return 0;
}

function printWords(words: EvidenceWords): void {
  print(words.headline);
  for (const step of words.steps) print(`  ${step.holds ? 'ok  ' : 'FAIL'} ${step.name}: ${step.text}`);
  print(words.note);
}
