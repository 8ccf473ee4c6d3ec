import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { unwrap } from '../../src/kernel/index.ts';
import {
  appendIn,
  consistencyProof,
  createLog,
  exportLog,
  inclusionProof,
  leafHash,
  logSigner,
  openCheckpoint,
  readCheckpoint,
  verifyConsistency,
  verifyInclusion,
} from '../../src/ledger/index.ts';
import { parseNote, verifyNote } from '../../src/ledger/note.ts';
import { parseVkey } from '../../src/ledger/vkey.ts';
import type { Database } from '../../src/platform/index.ts';
import { openForTest } from '../support/database.ts';
import {
  C2SP_NOTE,
  CT_CONSISTENCY,
  CT_ENTRIES,
  CT_INCLUSION,
  CT_ROOTS,
  GO_NOTE,
  SUMDB,
  WITNESSED,
} from './ledger-vectors.ts';

const SIGNER = logSigner('test.example/acts', generateKeyPairSync('ed25519').privateKey);
const fromHex = (text: string) => Buffer.from(text, 'hex');
const toHex = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString('hex'));
const keysOf = (...vkeys: string[]) => vkeys.map((vkey) => unwrap(parseVkey(vkey)));

async function withLog(
  work: (db: Database, append: (entry: Buffer[]) => Promise<Buffer>) => Promise<void>,
): Promise<void> {
  const db = await openForTest(['ledger']);
  try {
    await createLog(db, 'acts', SIGNER);
    await work(db, async (entries) => {
      const appended = await db.transaction((tx) => appendIn(tx, 'acts', SIGNER, entries, new Date(0)));
      return appended.root;
    });
  } finally {
    await db.close();
  }
}

test('a log of the entries of the Certificate Transparency tests has their roots and proofs', () =>
  withLog(async (db, append) => {
    assert.equal(
      unwrap(openCheckpoint(await readCheckpoint(db.read, 'acts'), SIGNER.vkey)).root.toString('hex'),
      CT_ROOTS[0],
    );
    for (const [n, entry] of CT_ENTRIES.entries()) {
      assert.equal((await append([fromHex(entry)])).toString('hex'), CT_ROOTS[n + 1]);
    }
    const rootAt = (size: number) => fromHex(CT_ROOTS[size] ?? '');
    for (const { index, size, proof } of CT_INCLUSION) {
      assert.deepEqual(toHex(await inclusionProof(db.read, 'acts', index, size)), proof);
      const leaf = leafHash(fromHex(CT_ENTRIES[index] ?? ''));
      assert.ok(verifyInclusion(leaf, index, size, proof.map(fromHex), rootAt(size)));
    }
    for (const { from, to, proof } of CT_CONSISTENCY) {
      assert.deepEqual(toHex(await consistencyProof(db.read, 'acts', from, to)), proof);
      assert.ok(verifyConsistency(from, to, proof.map(fromHex), rootAt(from), rootAt(to)));
    }
  }));

test("the notes of Go's own tests verify, and signing their text gives their bytes", () => {
  const { text, signature, otherSignature } = GO_NOTE;
  const note = unwrap(parseNote(`${text}\n${signature}${otherSignature}`));
  assert.equal(note.text, text);
  const both = unwrap(verifyNote(note, keysOf(GO_NOTE.vkey, GO_NOTE.otherVkey)));
  assert.deepEqual(
    both.map(({ name }) => name),
    ['PeterNeumann', 'EnochRoot'],
  );
  assert.equal(unwrap(verifyNote(note, keysOf(GO_NOTE.vkey))).length, 1);

  // Go writes a private key as PRIVATE+KEY+NAME+ID+BASE64(1 || seed); the prefix makes PKCS #8 of the seed.
  const seed = Buffer.from(GO_NOTE.signer.split('+').slice(4).join('+'), 'base64').subarray(1);
  const der = Buffer.concat([fromHex('302e020100300506032b657004220420'), seed]);
  const signer = logSigner('PeterNeumann', createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  assert.equal(signer.vkey, GO_NOTE.vkey);
  assert.equal(signer.sign(text), `${text}\n${signature}`);
});

test("what Go's own tests refuse is refused", () => {
  const { text, signature, vkey, badVkeys } = GO_NOTE;
  for (const bad of badVkeys) assert.equal(parseVkey(bad).ok, false);
  const inserted = `${signature.slice(0, 60)}ABCD${signature.slice(60)}`;
  const refused = verifyNote(unwrap(parseNote(`${text}\n${inserted}`)), keysOf(vkey));
  assert.equal(!refused.ok && refused.error.kind, 'bad-signature');
  const malformed = [
    text,
    `${text}\n`,
    `${text}\n${signature.slice(0, -1)}`,
    `\u0001${text}\n${signature}`,
    `${text}\n— Bad Name${signature.slice(14)}`,
    `${text}\n${signature}Unexpected line.\n`,
    `${text}\n${signature.repeat(101)}`,
  ];
  for (const note of malformed) assert.equal(parseNote(note).ok, false, note);
});

test('the example of C2SP signed-note verifies', () => {
  const note = unwrap(parseNote(C2SP_NOTE.note));
  assert.equal(unwrap(verifyNote(note, keysOf(C2SP_NOTE.vkey))).length, 1);
});

test('a signed tree of the Go checksum database is opened', () => {
  const opened = unwrap(openCheckpoint(SUMDB.note, SUMDB.vkey, { origin: SUMDB.origin }));
  assert.equal(opened.size, SUMDB.size);
  assert.equal(
    openCheckpoint(SUMDB.note.replace('6476701', '6476702'), SUMDB.vkey, { origin: SUMDB.origin }).ok,
    false,
  );
});

test('a checkpoint of a public log is opened with the cosignatures of its witnesses', () => {
  const opened = unwrap(openCheckpoint(WITNESSED.note, WITNESSED.vkey, { witnesses: WITNESSED.witnesses }));
  assert.equal(opened.size, WITNESSED.size);
  assert.equal(opened.signatures.length, 1 + WITNESSED.witnesses.length);
  assert.deepEqual(new Set(opened.signatures.map(({ time }) => time)), new Set([undefined, 0x6a122120]));
  const altered = WITNESSED.note.replace('1432088532', '1432088533');
  for (const witness of WITNESSED.witnesses) {
    assert.equal(verifyNote(unwrap(parseNote(altered)), keysOf(witness)).ok, false);
  }
});

const run = promisify(execFile);
const GO_PATH = '/usr/share/gocode';
const VERIFIER = join(import.meta.dirname, 'ledger-verifier', 'main.go');

async function missingForGo(): Promise<string | false> {
  if (!existsSync(join(GO_PATH, 'src/golang.org/x/mod/sumdb/tlog'))) return 'golang-golang-x-mod-dev is not installed';
  return run('go', ['version']).then(
    () => false as const,
    () => 'go is not installed',
  );
}

test("Go's transparency-log packages verify an exported log and our proofs", { skip: await missingForGo() }, () =>
  withLog(async (db, append) => {
    const dir = await mkdtemp(join(tmpdir(), 'ledger-interop-'));
    try {
      const entries = Array.from({ length: 66_000 }, (_, n) =>
        Buffer.from(n % 1000 === 0 ? '' : JSON.stringify({ entry: n })),
      );
      const steps = [1, 255, 256, 300, 65_536];
      const roots = [];
      for (const [n, size] of steps.entries())
        roots.push({ from: size, root: await append(entries.slice(steps[n - 1] ?? 0, size)) });
      const root = await append(entries.slice(65_536));

      const size = entries.length;
      const inclusion = [];
      for (const index of [0, 1, 255, 256, 65_535, 65_536, size - 1]) {
        inclusion.push({ index, proof: base64(await inclusionProof(db.read, 'acts', index, size)) });
      }
      const consistency = [];
      for (const { from, root: earlier } of roots) {
        const proof = base64(await consistencyProof(db.read, 'acts', from, size));
        consistency.push({ from, root: earlier.toString('base64'), proof });
      }
      const proofs = join(dir, 'proofs.json');
      await writeFile(proofs, JSON.stringify({ inclusion, consistency }));
      const folder = join(dir, 'log');
      await exportLog(db.read, 'acts', SIGNER.vkey, folder);

      const verify = () => run(binary, [folder, proofs]);
      const binary = join(dir, 'verifier');
      const env = { ...process.env, GO111MODULE: 'off', GOPATH: GO_PATH, GOFLAGS: '' };
      await run('go', ['build', '-o', binary, VERIFIER], { env });
      assert.equal((await verify()).stdout, `${size} ${root.toString('base64')}\n`);
      await appendFile(join(folder, 'tile/entries/007'), 'x');
      await assert.rejects(verify());
    } finally {
      await rm(dir, { recursive: true });
    }
  }),
);

const base64 = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString('base64'));
