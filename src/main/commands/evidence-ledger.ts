import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { openPeriod, type PeriodHead } from '../../exchange/index.ts';
import { callOperator, type GatewayDoors } from '../parts/operator-call.ts';
import { CommandRefusal } from '../terminal.ts';
import { LEDGER_FILE, type Listed } from './evidence-manifest.ts';

export type Period = { readonly from: string; readonly until: string; readonly service: string | undefined };

const PAGE = 500;

/** Writes the part of the ledger that the period fills, and gives the exchanges that have an entry in it. */
export async function exportLedgerPart(gateway: GatewayDoors, out: string, period: Period): Promise<readonly Listed[]> {
  const query = new URLSearchParams({ from: period.from, until: period.until });
  const head = await callOperator<PeriodHead>(gateway, 'GET', `/evidence/ledger?${query}`);
  const line = JSON.stringify(head);
  const reader = openPeriod(line, gateway.ledger.vkey);
  if (!reader.ok) throw new CommandRefusal(`the gateway’s part of its ledger cannot be used: ${reader.error.detail}`);
  const due = new Map<string, Listed>();
  const path = join(out, LEDGER_FILE);
  const file = await open(`${path}.new`, 'w');
  try {
    await file.write(`${line}\n`);
    for (let first = head.first; first < head.end; first += PAGE) {
      const range = new URLSearchParams({ first: String(first), end: String(Math.min(head.end, first + PAGE)) });
      const page = await callOperator<{ entries: string[] }>(gateway, 'GET', `/evidence/ledger/entries?${range}`);
      for (const entry of page.entries) {
        const { at, message } = reader.value.entry(entry);
        if (message === undefined || at === undefined || !isWithin(period, at, message.service)) continue;
        const { exchange, service } = message;
        if (!due.has(exchange)) due.set(exchange, { exchange, service, at });
      }
      await file.write(page.entries.map((entry) => `${entry}\n`).join(''));
    }
    await file.sync();
  } finally {
    await file.close();
  }
  const fault = reader.value.close();
  if (fault !== undefined) throw new CommandRefusal(`the gateway’s part of its ledger cannot be used: ${fault}`);
  await rename(`${path}.new`, path);
  return [...due.values()];
}

/** By the entry's own words. */
export function isWithin({ from, until, service }: Period, at: string, ofService: string): boolean {
  return from <= at && at < until && (service === undefined || service === ofService);
}
