import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { unwrap } from '../kernel/index.ts';
import { formatNote, parseNote, verifyNote } from './note.ts';
import { logSigner, openWitness } from './signer.ts';
import { formatVkey, isKeyName, parseVkey } from './vkey.ts';

/** A private key that is the same in each run. */
function keyOf(seed: string) {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  const der = Buffer.concat([prefix, hash('sha256', seed, 'buffer')]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

const LOG = logSigner('log.example/acts', keyOf('log'));
const OTHER = logSigner('other.example', keyOf('other'));
const WITNESS = openWitness('witness.example/w1', keyOf('witness'));
const TEXT = 'a text\n\nof three lines, وصل\n';
const SEEN = new Date('2026-05-01T10:00:00.900Z');
const keysOf = (...vkeys: string[]) => vkeys.map((vkey) => unwrap(parseVkey(vkey)));

test('a note is verified by the key that signed it, and its text is what was signed', () => {
  const note = unwrap(parseNote(LOG.sign(TEXT)));
  assert.equal(note.text, TEXT);
  const [signature] = unwrap(verifyNote(note, keysOf(LOG.vkey)));
  assert.equal(signature?.name, 'log.example/acts');
  assert.equal(signature?.time, undefined);
});

test('formatting a parsed note gives the same bytes', () => {
  const note = LOG.sign(TEXT) + WITNESS.cosign(TEXT, SEEN);
  assert.equal(formatNote(unwrap(parseNote(Buffer.from(note)))), note);
});

test('a cosignature carries the second at which the witness saw the text', () => {
  const note = unwrap(parseNote(LOG.sign(TEXT) + WITNESS.cosign(TEXT, SEEN)));
  const signatures = unwrap(verifyNote(note, keysOf(LOG.vkey, WITNESS.vkey)));
  assert.deepEqual(
    signatures.map((signature) => signature.time),
    [undefined, 1_777_629_600],
  );
});

test('a cosignature whose time was changed is refused', () => {
  const note = unwrap(parseNote(LOG.sign(TEXT) + WITNESS.cosign(TEXT, SEEN)));
  note.signatures[1]?.bytes.writeUInt8(7, 7);
  const refused = verifyNote(note, keysOf(LOG.vkey, WITNESS.vkey));
  assert.equal(!refused.ok && refused.error.kind, 'bad-signature');
});

test("a log's signature does not pass for a cosignature by the same key", () => {
  const log = logSigner('same.example', keyOf('same'));
  const witness = openWitness('same.example', keyOf('same'));
  const note = unwrap(parseNote(log.sign(TEXT)));
  assert.equal(verifyNote(note, keysOf(witness.vkey)).ok, false);
});

test('signatures by unknown keys are passed over, whatever they hold', () => {
  const garbage = `— nobody.example ${Buffer.alloc(500, 9).toString('base64')}\n`;
  const note = unwrap(parseNote(LOG.sign(TEXT) + garbage));
  assert.equal(unwrap(verifyNote(note, keysOf(LOG.vkey))).length, 1);
});

test('a note that no known key has signed is refused', () => {
  const refused = verifyNote(unwrap(parseNote(LOG.sign(TEXT))), keysOf(OTHER.vkey));
  assert.equal(!refused.ok && refused.error.kind, 'unknown-key');
});

test('one bad signature by a known key refuses the note, though another is good', () => {
  const otherText = OTHER.sign('another text\n').split('\n\n').at(-1) ?? '';
  const note = unwrap(parseNote(LOG.sign(TEXT) + otherText));
  const refused = verifyNote(note, keysOf(LOG.vkey, OTHER.vkey));
  assert.equal(!refused.ok && refused.error.kind, 'bad-signature');
});

test('a note with any one of its bytes changed is refused', () => {
  const note = Buffer.from(LOG.sign(TEXT));
  const keys = keysOf(LOG.vkey);
  fc.assert(
    fc.property(fc.nat(note.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Buffer.from(note);
      changed[at] = (changed[at] ?? 0) ^ change;
      const parsed = parseNote(changed);
      assert.ok(!parsed.ok || !verifyNote(parsed.value, keys).ok);
    }),
    { numRuns: 500 },
  );
});

test('what is not a note is refused', () => {
  const good = LOG.sign(TEXT);
  const signature = good.slice(good.lastIndexOf('—'));
  const bad: (string | Buffer)[] = [
    '',
    '\n',
    '\n\n',
    TEXT,
    `${TEXT}\n`,
    good.slice(0, -1),
    `\u0001${good}`,
    `${good}more\n`,
    `${good}\n`,
    good.replaceAll('\n', '\r\n'),
    good.replace('— ', '- '),
    good.replace('log.example/acts ', 'log.example acts '),
    good.replace('log.example/acts ', 'log+example '),
    good.replace('log.example/acts ', ' '),
    `${TEXT}\n— log.example \n`,
    `${TEXT}\n— log.example AAAA\n`,
    `${TEXT}\n— log.example AAAAAA\n`,
    `${TEXT}\n— log.example AAAAAB==\n`,
    `${TEXT}\n${signature.repeat(101)}`,
    `${'x'.repeat(1_000_001)}\n\n${signature}`,
    '\ud800\n\n— a AAAAAAA=\n',
    Buffer.concat([Buffer.of(0xff), Buffer.from(good)]),
    Buffer.alloc(1_000_001, 0x61),
  ];
  for (const note of bad) assert.equal(parseNote(note).ok, false, JSON.stringify(String(note).slice(0, 80)));
  assert.ok(parseNote(`${TEXT}\n${signature.repeat(100)}`).ok);
});

test('reading never throws, whatever the bytes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => typeof parseNote(bytes).ok === 'boolean'));
  const pieces = fc.constantFrom('\n', '— ', 'name ', 'AAAAAAA=', '\n\n', 'x');
  fc.assert(fc.property(fc.array(pieces), (parts) => typeof parseNote(parts.join('')).ok === 'boolean'));
});

test('a verifier key with any character changed, added or missing is refused', () => {
  const vkey = LOG.vkey;
  for (let at = 0; at < vkey.length; at += 1) {
    const changed = vkey.slice(0, at) + String.fromCharCode(vkey.charCodeAt(at) ^ 1) + vkey.slice(at + 1);
    assert.equal(parseVkey(changed).ok, false, changed);
    assert.equal(parseVkey(vkey.slice(0, at) + vkey.slice(at + 1)).ok, false);
  }
  for (const wrong of [`${vkey}\n`, ` ${vkey}`, `${vkey}=`, '', '+', '++', 'a+b+c'])
    assert.equal(parseVkey(wrong).ok, false);
});

test('names that would end early in a note are no key names', () => {
  for (const name of ['', 'a b', 'a+b', 'a\nb', 'a\u00a0b', 'a\u2003b', 'a\u0085b', 'a\u0000b', '\ud800']) {
    assert.equal(isKeyName(name), false, JSON.stringify(name));
    assert.throws(() => logSigner(name, keyOf('log')));
  }
  assert.ok(isKeyName('وصل.example/سجل'));
});

test('a key may come as a key object, as PEM or as a JWK', () => {
  const key = keyOf('log');
  const pem = key.export({ format: 'pem', type: 'pkcs8' }) as string;
  assert.equal(logSigner('log.example/acts', pem).vkey, LOG.vkey);
  assert.equal(logSigner('log.example/acts', key.export({ format: 'jwk' })).vkey, LOG.vkey);
  assert.equal(formatVkey('log.example/acts', 'ed25519', createPublicKey(key)), LOG.vkey);
});
