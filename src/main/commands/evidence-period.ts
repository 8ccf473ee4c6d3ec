import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyEvidenceFiles } from '../../exchange/index.ts';
import { writeDurably } from '../../platform/index.ts';
import { configFrom } from '../options.ts';
import { callOperator, findGateway, type GatewayDoors } from '../parts/operator-call.ts';
import { CommandRefusal, print } from '../terminal.ts';
import { differences, evidenceFiles, fileOf, type Listed, readManifest, writeManifest } from './evidence-manifest.ts';

type Values = Readonly<Record<string, string | boolean | undefined>>;
type Page = { readonly exchanges: readonly Listed[]; readonly next: number | null };

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
  const missing: (Listed & { readonly reason: string })[] = [];
  let written = 0;
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
      if (outcome === 'written' || outcome === 'there') listed.push(one);
      else missing.push({ ...one, reason: outcome });
      if (outcome === 'written') written += 1;
      const done = listed.length + missing.length;
      if (done % TELL_EVERY === 0) print(`  ${done} exchanges`);
    }
    after = page.next;
  }
  const period = { gateway: gateway.server, from, until, service: service ?? null };
  await writeManifest(out, { ...period, exchanges: listed, missing });
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

/** Every file of a folder; says each that proves nothing, and how many do. */
export async function verifyFolder(
  folder: string,
  anchor: string | boolean | undefined,
  witnesses: string | boolean | undefined,
): Promise<number> {
  if (typeof anchor !== 'string') throw new CommandRefusal('--anchor is needed: the trust anchor of the instance', 2);
  const files = await evidenceFiles(folder);
  const manifest = await readManifest(folder).catch((cause: unknown) => {
    throw new CommandRefusal(
      `${folder}/manifest.json cannot be read: ${cause instanceof Error ? cause.message : cause}`,
    );
  });
  if (files.length === 0 && (manifest?.exchanges.length ?? 0) === 0)
    throw new CommandRefusal(`${folder} holds no evidence files`);
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
  if (manifest === undefined) {
    print('there is no manifest: whether a file is missing cannot be told');
    return refused === 0 ? 0 : 1;
  }
  const differing = await differences(folder, manifest);
  for (const line of differing) print(line);
  if (manifest.missing.length > 0) print(`${manifest.missing.length} exchanges of the period could not be exported`);
  return refused === 0 && differing.length === 0 ? 0 : 1;
}
