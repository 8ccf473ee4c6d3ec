import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { gatherPieces } from './pieces.ts';

test('what is gathered is what came, in its order, however it was cut', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5_000 }), fc.integer({ min: 1, max: 5_000 }), (bytes, step) => {
      const pieces = gatherPieces();
      for (let at = 0; at < bytes.length; at += step) pieces.add(bytes.subarray(at, at + step));
      assert.equal(pieces.size, bytes.length);
      assert.deepEqual(pieces.whole(), Buffer.from(bytes));
      assert.deepEqual(Buffer.concat(pieces.parts()), Buffer.from(bytes));
    }),
  );
});

test('single bytes are not kept one by one', () => {
  const pieces = gatherPieces();
  for (let nth = 0; nth < 300_000; nth += 1) pieces.add(Buffer.of(nth & 255));
  assert.ok(pieces.parts().length < 1_400, `${pieces.parts().length} parts`);
  assert.equal(pieces.whole().length, 300_000);
});

test('what came as one is not copied', () => {
  const pieces = gatherPieces();
  const only = Buffer.from('only');
  pieces.add(only);
  assert.equal(pieces.whole(), only);
});
