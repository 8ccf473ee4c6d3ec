import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from './json.ts';

const exact = (text: string) => parseJson(text, { maxChars: 1_000, maxDepth: 8 }, 'exact');

test('of two members of one name neither is believed, however they are written and however deep they stand', () => {
  for (const text of [
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '{"a":{"b":1},"a":2}',
    '[1,{"x":[{"a":1,"b":{},"a":null}]}]',
    '{"1":0,"1":0}',
  ]) {
    const read = exact(text);
    assert.equal(read.ok ? 'taken' : read.error.kind, 'ambiguous', text);
  }
});

test('one name in several objects, colons in strings and lists of anything are no doubt', () => {
  for (const text of [
    '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
    '{"a:b":"c:\\"d:","\\\\":":"}',
    '[[],{},"",[":"]]',
    '1.10',
    '"a:b"',
    'null',
    '{"":{"":1}}',
  ]) {
    assert.ok(exact(text).ok, text);
  }
});
