import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import fc from 'fast-check';
import { identityKeys, isSameText, openIdentityKeys } from './keys.ts';

const keys = identityKeys(Buffer.alloc(32, 7));
const NONCE = Buffer.alloc(12, 1);

describe('sealed letters', () => {
  test('open to what was sealed, for the same purpose and with the same secret only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (plain) => {
        const sealed = keys.seal(plain, 'number', NONCE);
        assert.equal(keys.open(sealed, 'number'), plain);
        assert.equal(keys.open(sealed, 'attempt'), undefined);
        assert.equal(identityKeys(Buffer.alloc(32, 8)).open(sealed, 'number'), undefined);
      }),
    );
  });

  test('do not open after any bit was changed or any byte cut off', () => {
    const sealed = keys.seal('AB123456', 'number', NONCE);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      assert.equal(keys.open(changed, 'number'), undefined, `bit ${bit}`);
    }
    for (let size = 0; size < sealed.length; size += 1) {
      assert.equal(keys.open(sealed.subarray(0, size), 'number'), undefined, `${size} bytes`);
    }
  });
});

test('a number is found by its index, and another secret gives another index', () => {
  assert.deepEqual(keys.blindIndex('AB123456'), keys.blindIndex('AB123456'));
  assert.notDeepEqual(keys.blindIndex('AB123456'), keys.blindIndex('AB123457'));
  assert.notDeepEqual(keys.blindIndex('AB123456'), identityKeys(Buffer.alloc(32, 8)).blindIndex('AB123456'));
});

test('texts are the same only when each letter is', () => {
  assert.equal(isSameText('token', 'token'), true);
  for (const other of ['', 'Token', 'token ', 'toke']) assert.equal(isSameText(other, 'token'), false);
});

describe('the key file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'wasl-identity-keys-'));
  const path = join(dir, 'identity.secret');
  after(() => rmSync(dir, { recursive: true, force: true }));

  test('is made for its owner alone, and read again as it was', async () => {
    const made = await openIdentityKeys(path, Buffer.alloc(32, 3));
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const again = await openIdentityKeys(path, Buffer.alloc(32, 4));
    assert.deepEqual(again.blindIndex('AB1'), made.blindIndex('AB1'));
    assert.equal(readFileSync(path).length, 32);
  });

  test('that others can read is refused with the remedy', async () => {
    chmodSync(path, 0o640);
    await assert.rejects(openIdentityKeys(path), /others can read.*chmod 600/);
    chmodSync(path, 0o600);
  });

  test('that is missing or cut short stops the start', async () => {
    await assert.rejects(openIdentityKeys(join(dir, 'none')), /no key file/);
    const short = join(dir, 'short');
    writeFileSync(short, 'x', { mode: 0o600 });
    await assert.rejects(openIdentityKeys(short, Buffer.alloc(32)), /32 bytes, this file has 1/);
  });
});
