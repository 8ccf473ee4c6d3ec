import { existsSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyEvidenceFiles } from '../../exchange/index.ts';
import { writeDurably } from '../../platform/index.ts';
import { configFrom } from '../options.ts';
import { callOperator, findGateway, type GatewayDoors } from '../parts/operator-call.ts';
import { CommandRefusal, print } from '../terminal.ts';

type Values = Readonly<Record<string, string | boolean | undefined>>;
type Listed = { readonly exchange: string; readonly service: string; readonly at: string };
type Page = { readonly exchanges: readonly Listed[]; readonly next: number | null };

const MANIFEST = 'manifest.json';
const TELL_EVERY = 100;

/**
 * `./wasl evidence export --from … --until … --out FOLDER`: one file an exchange, and a list of them. What is there
 * already is left, so that an export that was interrupted goes on where it stopped; each file is whole or not there.
 */
export async function exportPeriod(values: Values): Promise<number> {
  const [from, until] = [instantOf('from', values['from']), instantOf('until', values['until'])];
  const out = resolve(String(values['out']));
  const gateway = await findGateway(configFrom({ data: values['data'] }).data);
  await mkdir(out, { recursive: true });
  const service = typeof values['service'] === 'string' ? values['service'] : undefined;
  const listed: Listed[] = [];
  let [written, missing] = [0, 0];
  for (let after: number | null = -1; after !== null; ) {
    const query = new URLSearchParams({
      from,
      until,
      after: String(after),
      ...(service === undefined ? {} : { service }),
    });
    const page: Page = await callOperator<Page>(gateway, 'GET', `/evidence?${query}`);
    for (const one of page.exchanges) {
      const outcome = await exportOne(gateway, out, one.exchange);
      if (outcome === 'missing') missing += 1;
      else listed.push(one);
      if (outcome === 'written') written += 1;
      if ((listed.length + missing) % TELL_EVERY === 0) print(`  ${listed.length + missing} exchanges`);
    }
    after = page.next;
  }
  const manifest = { gateway: gateway.server, from, until, service: service ?? null, exchanges: listed };
  const path = join(out, MANIFEST);
  await writeDurably(`${path}.new`, path, `${JSON.stringify(manifest, null, 2)}\n`);
  print(`${listed.length} exchanges in ${out}: ${written} new, ${listed.length - written} were there`);
  if (missing === 0) return 0;
  print(`${missing} could not be had, because the gateway at the other end holds its half and is away; run this again`);
  return 1;
}

function instantOf(name: string, given: unknown): string {
  const at = new Date(typeof given === 'string' ? given : '');
  if (Number.isNaN(at.getTime()))
    throw new CommandRefusal(`--${name} is needed: a day as 2026-01-31, or an instant as 2026-01-31T08:00:00Z`, 2);
  return at.toISOString();
}

async function exportOne(
  gateway: GatewayDoors,
  out: string,
  exchange: string,
): Promise<'written' | 'there' | 'missing'> {
  const path = join(out, `${exchange}.json`);
  if (existsSync(path)) return 'there';
  for (;;) {
    const answer = await fetch(`${gateway.url}/operator/v1/exchanges/${exchange}/evidence`, {
      headers: { authorization: `Bearer ${gateway.operatorToken}` },
    });
    if (answer.status === 429) {
      await sleep(1_000 * Math.max(1, Number(answer.headers.get('retry-after') ?? 1)));
      continue;
    }
    if (!answer.ok) return 'missing';
    await writeDurably(`${path}.new`, path, Buffer.from(await answer.arrayBuffer()));
    return 'written';
  }
}

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Every file of a folder; says each that proves nothing, and how many do. */
export async function verifyFolder(
  folder: string,
  anchor: string | boolean | undefined,
  witnesses: string | boolean | undefined,
): Promise<number> {
  if (typeof anchor !== 'string') throw new CommandRefusal('--anchor is needed: the trust anchor of the instance', 2);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json') && name !== MANIFEST).sort();
  if (files.length === 0) throw new CommandRefusal(`${folder} holds no evidence files`);
  const policy = typeof witnesses === 'string' ? witnesses : undefined;
  let refused = 0;
  for (const [nth, name] of files.entries()) {
    const verified = await verifyEvidenceFiles(join(folder, name), anchor, policy).catch((cause: unknown) => {
      throw new CommandRefusal(cause instanceof Error ? cause.message : String(cause));
    });
    if (!verified.ok) {
      refused += 1;
      print(`refused: ${name}: ${verified.error.step}: ${verified.error.detail}`);
    }
    if ((nth + 1) % TELL_EVERY === 0) print(`  ${nth + 1} of ${files.length}`);
  }
  print(`verified: ${files.length - refused} of ${files.length} files`);
  return refused === 0 ? 0 : 1;
}
