import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  openPeriod,
  type PeriodEntry,
  type ProofReport,
  readAnchorFile,
  readPeriodSeal,
  verifyEvidenceFiles,
  verifyTimestampFiles,
} from '../../exchange/index.ts';
import { CommandRefusal, print } from '../terminal.ts';
import { isWithin } from './evidence-ledger.ts';
import {
  differences,
  digestOfFile,
  evidenceFiles,
  LEDGER_FILE,
  type Manifest,
  type ReadManifest,
  readManifest,
  SEAL_FILE,
} from './evidence-manifest.ts';

type Option = string | boolean | undefined;
type Options = {
  /** Files: an anchor, and where it is demanded a policy, for each instance that the evidence may be of. */
  readonly anchors: readonly string[];
  readonly policies: readonly string[];
  readonly complete: Option;
  readonly timestamps: Option;
};

const TELL_EVERY = 100;

/**
 * Every file of a folder, and whether they are all that the period had. `complete` makes it a failure that this cannot be
 * told, as of files that somebody put together.
 */
export async function verifyFolder(folder: string, options: Options): Promise<number> {
  const { anchors, policies } = options;
  if (anchors.length === 0) throw new CommandRefusal('--anchor is needed: the trust anchor of the instance', 2);
  const files = await evidenceFiles(folder);
  const read = await readManifest(folder).catch((cause: unknown) => {
    throw new CommandRefusal(`${folder}/manifest.json cannot be read: ${reasonOf(cause)}`);
  });
  if (files.length === 0 && (read?.manifest.exchanges.length ?? 0) === 0)
    throw new CommandRefusal(`${folder} holds no evidence files`);
  const proved = await verifyFiles(folder, files, { anchors, policies, timestamps: options.timestamps === true });
  print(`verified: ${proved.length} of ${files.length} files`);
  const isSound = proved.length === files.length;
  if (read === undefined) {
    print('there is no manifest: whether a file is missing cannot be told');
    return isSound && options.complete !== true ? 0 : 1;
  }
  const differing = await differences(folder, read.manifest);
  for (const line of differing) print(line);
  if (read.manifest.missing.length > 0)
    print(`${read.manifest.missing.length} exchanges of the period could not be exported`);
  const faults = await completenessFaults(folder, read, anchors, proved);
  if (faults === undefined)
    print('there is no signed list and part of the ledger: whether one was withheld cannot be told');
  for (const line of faults ?? []) print(line);
  const isComplete = faults === undefined ? options.complete !== true : faults.length === 0;
  return isSound && differing.length === 0 && isComplete ? 0 : 1;
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

async function verifyFiles(
  folder: string,
  files: readonly string[],
  asked: Pick<Options, 'anchors' | 'policies'> & { readonly timestamps: boolean },
): Promise<readonly ProofReport[]> {
  const { anchors, policies, timestamps } = asked;
  const proved: ProofReport[] = [];
  for (const [nth, name] of files.entries()) {
    const verified = await verifyEvidenceFiles(join(folder, name), anchors, policies).catch((cause: unknown) => {
      throw new CommandRefusal(reasonOf(cause));
    });
    const stamped = verified.ok ? await verifyTimestampFiles(join(folder, name), anchors, timestamps) : verified;
    if (verified.ok && stamped.ok) proved.push(verified.value);
    if (!stamped.ok) print(`refused: ${name}: ${stamped.error.step}: ${stamped.error.detail}`);
    if ((nth + 1) % TELL_EVERY === 0) print(`  ${nth + 1} of ${files.length}`);
  }
  return proved;
}

/** What shows that something was withheld; undefined where the folder has neither signed list nor part of the ledger. */
async function completenessFaults(
  folder: string,
  { manifest, digest }: ReadManifest,
  anchorFiles: readonly string[],
  proved: readonly ProofReport[],
): Promise<readonly string[] | undefined> {
  const seal = await readFile(join(folder, SEAL_FILE), 'utf8').catch(() => undefined);
  if (seal === undefined && manifest.ledger === undefined) return undefined;
  const sealed = readPeriodSeal(seal ?? '', digest, await Promise.all(anchorFiles.map(readAnchorFile)));
  if (!sealed.ok) return [`the list is not signed by a gateway: ${sealed.error.detail}`];
  const { server, ledger } = sealed.value.statement;
  if (server !== manifest.gateway) return [`the list says it is of ${manifest.gateway}; ${server} signed it`];
  const found = await digestOfFile(join(folder, LEDGER_FILE)).catch(() => undefined);
  if (found !== manifest.ledger) return ['the part of the ledger is not the one that the list names'];
  return checkLedgerPart(join(folder, LEDGER_FILE), manifest, ledger.vkey, provedHere(proved, server));
}

/** Numbers of the exchanges whose file holds entries of that gateway's ledger. */
function provedHere(proved: readonly ProofReport[], server: string): ReadonlySet<string> {
  const isHere = (party: ProofReport['provider']) => party?.server === server && party.ledger !== undefined;
  return new Set(proved.flatMap((one) => (isHere(one.consumer) || isHere(one.provider) ? [one.exchange] : [])));
}

async function checkLedgerPart(
  path: string,
  manifest: Manifest,
  vkey: string,
  proved: ReadonlySet<string>,
): Promise<readonly string[]> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })[
    Symbol.asyncIterator
  ]();
  const reader = openPeriod((await lines.next()).value ?? '', vkey);
  if (!reader.ok) return [`the part of the ledger cannot be used: ${reader.error.detail}`];
  const { head, entry, close } = reader.value;
  const period = { from: manifest.from, until: manifest.until, service: manifest.service ?? undefined };
  const unavailable = new Set(manifest.missing.map(({ exchange }) => exchange));
  const withheld = new Map<string, string>();
  const seen = new Set<string>();
  let [firstEntry, lastEntry]: [PeriodEntry | undefined, PeriodEntry | undefined] = [undefined, undefined];
  for await (const line of { [Symbol.asyncIterator]: () => lines }) {
    const one = entry(line);
    firstEntry ??= one;
    lastEntry = one;
    if (one.message === undefined || one.at === undefined) continue;
    const { exchange, service, kind } = one.message;
    if (!isWithin(period, one.at, service)) continue;
    seen.add(exchange);
    if (proved.has(exchange) || unavailable.has(exchange)) continue;
    withheld.set(exchange, `withheld: entry ${one.index}, ${kind} of ${exchange}, ${service}, ${one.at}`);
  }
  const faults = [...withheld.values()];
  if (head.first > 0 && !(firstEntry?.at !== undefined && firstEntry.at < manifest.from))
    faults.push('the part of the ledger begins within the period: what stood before is withheld');
  if (head.end < head.size && !(lastEntry?.at !== undefined && lastEntry.at >= manifest.until))
    faults.push('the part of the ledger ends within the period: what stood after is withheld');
  const fault = close();
  if (fault !== undefined) faults.push(`the part of the ledger is not the ledger’s: ${fault}`);
  if (faults.length === 0)
    print(
      `complete: the ledger ${head.log} has ${seen.size} exchanges of the period in entries ${head.first} to ${head.end - 1} of ${head.size}; all are accounted for`,
    );
  return faults;
}
