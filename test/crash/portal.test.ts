import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { signInAs } from '../../src/identity/index.ts';
import { visitor } from '../../src/main/demo/browser.ts';
import { fileOne } from '../../src/main/demo/journey.ts';
import { entryPoint } from '../../src/main/parts/program.ts';
import { areFree } from '../support/ports.ts';

/**
 * The whole platform in one process is killed at random moments while citizens file; it is started again on the same
 * folder, and every receipt that somebody has in hand must be there, and every ledger must verify.
 */
const KILLS = process.env['WASL_TEST_LONG'] === '1' ? 20 : 1;
const NODE = ['--disable-warning=ExperimentalWarning', entryPoint()];
const CITIZENS = ['AB123456', 'IJ567890', 'KL678901'];
const dir = mkdtempSync(join(tmpdir(), 'wasl-crash-portal-'));
let child: ChildProcess | undefined;

after(() => {
  child?.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

type Receipt = { readonly citizen: string; readonly dossier: string; readonly number: string };

/** A port with the ten after it free: the doors of one process follow each other. */
async function freeRange(): Promise<number> {
  for (let base = 20_000 + (process.pid % 10_000); ; base += 17) {
    if (await areFree(Array.from({ length: 12 }, (_one, nth) => base + nth))) return base;
  }
}

function start(port: number): Promise<ChildProcess> {
  const up = spawn(process.execPath, [...NODE, 'up', '--port', String(port), '--data', dir, '--log-level', 'error'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    up.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes('Ctrl+C')) resolve(up);
    });
    up.once('exit', (code) => reject(new Error(`up ended with ${code}: ${said}`)));
  });
}

/** Files until the server is gone; keeps what it was told. */
async function fileUntilKilled(url: string, citizen: string, receipts: Receipt[]): Promise<void> {
  for (;;) {
    try {
      const session = visitor(url, await signInAs(url, citizen));
      const { dossier, number } = await fileOne(session, join(dir, 'papers'));
      receipts.push({ citizen, dossier, number });
    } catch (cause) {
      // A fault of ours is never an answer to a crash; anything else that a dying or slow server says only ends the round.
      if (cause instanceof assert.AssertionError && /status 5\d\d/.test(cause.message)) throw cause;
      return;
    }
  }
}

/** All four, on the folder as the kill left it or through the process that runs on it. */
function verifyLedgers(): void {
  const verified = spawnSync(process.execPath, [...NODE, 'ledger', 'verify', '--data', dir], { encoding: 'utf8' });
  assert.equal(verified.status, 0, verified.stderr);
  assert.equal(verified.stdout.match(/^verified/gm)?.length, 4, verified.stdout);
}

/** So that a slow machine kills a working platform too, not one that is still warming up; gives up after 20 s. */
async function firstReceipt(receipts: readonly Receipt[], before: number): Promise<void> {
  for (let waited = 0; receipts.length === before && waited < 20_000; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test(`the platform killed ${KILLS} times while citizens file loses no receipt, and its ledgers verify`, async () => {
  const port = await freeRange();
  const url = `http://127.0.0.1:${port}`;
  const receipts: Receipt[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const up = await start(port);
    child = up;
    const filing = CITIZENS.map((citizen) => fileUntilKilled(url, citizen, receipts));
    await firstReceipt(receipts, receipts.length);
    await new Promise((resolve) => setTimeout(resolve, (kill * 977) % 1900));
    const gone = new Promise((resolve) => up.once('exit', resolve));
    up.kill('SIGKILL');
    await gone;
    await Promise.all(filing);
    verifyLedgers();
  }
  assert.ok(receipts.length >= KILLS, `only ${receipts.length} receipts were given`);
  child = await start(port);
  for (const citizen of CITIZENS) {
    const session = visitor(url, await signInAs(url, citizen));
    for (const receipt of receipts.filter((one) => one.citizen === citizen)) {
      const page = await session.get(`/fr/requests/${receipt.dossier}/receipt`);
      assert.equal(page.status, 200);
      assert.ok(page.html.includes(receipt.number), `the receipt ${receipt.number} is there`);
    }
  }
  assert.equal(new Set(receipts.map((one) => one.number)).size, receipts.length, 'no number was given twice');
  verifyLedgers();
});
