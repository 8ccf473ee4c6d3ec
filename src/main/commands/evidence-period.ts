import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeDurably } from '../../platform/index.ts';
import { configFrom } from '../options.ts';
import { callOperator, findGateway, type GatewayDoors } from '../parts/operator-call.ts';
import { CommandRefusal, print } from '../terminal.ts';
import { exportLedgerPart } from './evidence-ledger.ts';
import { fileOf, type Listed, SEAL_FILE, writeManifest } from './evidence-manifest.ts';

type Values = Readonly<Record<string, string | boolean | undefined>>;
const TELL_EVERY = 100;

/**
 * `./wasl evidence export --from … --until … --out FOLDER`: the part of the ledger that the period fills, one file for
 * each exchange in it, and a signed list of them. What is there already is left, so that an export that was interrupted
 * goes on where it stopped; each file is whole or not there.
 */
export async function exportPeriod(values: Values): Promise<number> {
  const [from, until] = [instantOf('from', values['from']), instantOf('until', values['until'])];
  const out = resolve(String(values['out']));
  const gateway = await findGateway(configFrom({ data: values['data'] }).data);
  await mkdir(out, { recursive: true });
  const service = typeof values['service'] === 'string' ? values['service'] : undefined;
  const due = await exportLedgerPart(gateway, out, { from, until, service });
  const listed: Listed[] = [];
  const missing: (Listed & { readonly reason: string })[] = [];
  let written = 0;
  for (const one of due) {
    const outcome = await exportOne(gateway, out, one.exchange);
    if (outcome === 'written' || outcome === 'there') listed.push(one);
    else missing.push({ ...one, reason: outcome });
    if (outcome === 'written') written += 1;
    const done = listed.length + missing.length;
    if (done % TELL_EVERY === 0) print(`  ${done} of ${due.length} exchanges`);
  }
  const period = { gateway: gateway.server, from, until, service: service ?? null };
  const manifest = await writeManifest(out, { ...period, exchanges: listed, missing });
  const seal = await callOperator<object>(gateway, 'POST', '/evidence/seal', { manifest });
  await writeDurably(join(out, `${SEAL_FILE}.new`), join(out, SEAL_FILE), `${JSON.stringify(seal)}\n`);
  print(`${listed.length} exchanges in ${out}: ${written} new, ${listed.length - written} were there`);
  for (const [reason, ones] of Map.groupBy(missing, (one) => one.reason)) {
    print(`${ones.length} could not be had: ${REASONS[reason as keyof typeof REASONS] ?? reason}`);
  }
  return missing.length === 0 ? 0 : 1;
}

const REASONS = {
  away: 'the gateway at the other end holds its half and is away; run this again',
  'not-found': 'one of the two gateways has no such exchange any more',
  refused: 'this operator may not read evidence',
  failed: 'the gateway failed; its log says why',
};

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
): Promise<'written' | 'there' | keyof typeof REASONS> {
  const path = join(out, fileOf(exchange));
  if (existsSync(path)) return 'there';
  for (;;) {
    const answer = await fetch(`${gateway.url}/operator/v1/exchanges/${exchange}/evidence`, {
      headers: { authorization: `Bearer ${gateway.operatorToken}` },
    });
    if (answer.status === 429) {
      await sleep(1_000 * Math.max(1, Number(answer.headers.get('retry-after') ?? 1)));
      continue;
    }
    if (answer.status === 503) return 'away';
    if (answer.status === 404) return 'not-found';
    if (answer.status === 401 || answer.status === 403) return 'refused';
    if (!answer.ok) return 'failed';
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
