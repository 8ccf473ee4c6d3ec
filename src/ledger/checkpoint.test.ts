import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { unwrap } from '../kernel/index.ts';
import { type Checkpoint, formatCheckpoint, openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { emptyRoot, leafHash } from './merkle.ts';
import { logSigner, openWitness } from './signer.ts';

const ROOT = leafHash(Buffer.from('root'));
const SIGNER = logSigner('log.example', generateKeyPairSync('ed25519').privateKey);
const WITNESS = openWitness('witness.example', generateKeyPairSync('ed25519').privateKey);
const CHECKPOINT: Checkpoint = { origin: 'log.example', size: 42, root: ROOT };

const kindOf = (result: { ok: true } | { ok: false; error: { kind: string } }) =>
  result.ok ? 'ok' : result.error.kind;

test('a checkpoint is three lines', () => {
  assert.equal(formatCheckpoint(CHECKPOINT), `log.example\n42\n${ROOT.toString('base64')}\n`);
  assert.match(formatCheckpoint({ origin: 'a', size: 0, root: emptyRoot() }), /^a\n0\n47DEQpj8HBSa\+/);
});

test('reading a checkpoint gives back what was written', () => {
  const origins = fc.string({ minLength: 1 }).filter((text) => !text.includes('\n'));
  const roots = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(origins, fc.maxSafeNat(), roots, (origin, size, root) => {
      const checkpoint = { origin, size, root: Buffer.from(root) };
      assert.deepEqual(unwrap(parseCheckpoint(formatCheckpoint(checkpoint))), checkpoint);
    }),
  );
});

test('extension lines of other logs are let pass, empty ones are not', () => {
  const text = formatCheckpoint(CHECKPOINT);
  assert.deepEqual(unwrap(parseCheckpoint(`${text}extension\n`)), CHECKPOINT);
  assert.equal(parseCheckpoint(`${text}\n`).ok, false);
});

test('a text that is not exactly a checkpoint is refused', () => {
  const root = ROOT.toString('base64');
  const texts = [
    '',
    '\n\n\n',
    `a\n1\n${root}`,
    `\n1\n${root}\n`,
    `a\n\n${root}\n`,
    `a\n01\n${root}\n`,
    `a\n-1\n${root}\n`,
    `a\n1.0\n${root}\n`,
    `a\n1e3\n${root}\n`,
    `a\n 1\n${root}\n`,
    `a\n9007199254740992\n${root}\n`,
    `a\n99999999999999999999\n${root}\n`,
    'a\n1\n\n',
    'a\n1\nAAAA\n',
    `a\n1\n${root.slice(0, -1)}\n`,
    `a\n1\n${root} \n`,
    `a\n٤٢\n${root}\n`,
  ];
  for (const text of texts) assert.equal(parseCheckpoint(text).ok, false, JSON.stringify(text));
});

test('a checkpoint is opened by the key of its log', () => {
  const opened = unwrap(openCheckpoint(SIGNER.sign(formatCheckpoint(CHECKPOINT)), SIGNER.vkey));
  assert.equal(opened.size, 42);
  assert.deepEqual(opened.root, ROOT);
  assert.equal(opened.text, formatCheckpoint(CHECKPOINT));
});

test('a checkpoint of another log, though signed by this key, is refused', () => {
  const note = SIGNER.sign(formatCheckpoint({ ...CHECKPOINT, origin: 'elsewhere.example' }));
  assert.equal(kindOf(openCheckpoint(note, SIGNER.vkey)), 'other-log');
  assert.equal(kindOf(openCheckpoint(note, SIGNER.vkey, { origin: 'elsewhere.example' })), 'ok');
});

test('a signed text that is no checkpoint is refused', () => {
  assert.equal(kindOf(openCheckpoint(SIGNER.sign('hello\n'), SIGNER.vkey)), 'malformed-checkpoint');
});

test('witnesses count only beside the signature of the log', () => {
  const text = formatCheckpoint(CHECKPOINT);
  const line = WITNESS.cosign(text, new Date(0));
  const witnessed = unwrap(openCheckpoint(SIGNER.sign(text) + line, SIGNER.vkey, { witnesses: [WITNESS.vkey] }));
  assert.deepEqual(
    witnessed.signatures.map((signature) => signature.name),
    ['log.example', 'witness.example'],
  );
  const withoutLog = openCheckpoint(`${text}\n${line}`, SIGNER.vkey, { witnesses: [WITNESS.vkey] });
  assert.equal(kindOf(withoutLog), 'unknown-key');
});

test('a key that cannot be read is refused before anything else', () => {
  assert.equal(kindOf(openCheckpoint('', 'nonsense')), 'malformed-key');
  assert.equal(kindOf(openCheckpoint('', SIGNER.vkey, { witnesses: ['nonsense'] })), 'malformed-key');
});
