import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatService } from '../message/identifiers.ts';
import { formatLetter, parseLetter } from './model.ts';

const part = fc.string({ minLength: 1, maxLength: 6, unit: 'binary' }).filter((text) => text.isWellFormed());

test('a dead letter is found again by its name, whatever its member, system and type are called', () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 5, maxLength: 5 }), fc.nat(), fc.uuid(), (parts, sequence, id) => {
      const [instance = '', memberClass = '', memberCode = '', subsystem = '', service = ''] = parts;
      const named = formatService({ instance, memberClass, memberCode, subsystem, service });
      const ours = { side: 'subscriber', subscription: id, service: '', sequence } as const;
      const theirs = { side: 'publisher', subscription: 'A/B/C/d', service: named, sequence } as const;
      assert.deepEqual(parseLetter(formatLetter(ours)), ours);
      assert.deepEqual(parseLetter(formatLetter(theirs)), theirs);
    }),
  );
});

test('what is no name of a letter names none', () => {
  for (const text of ['', '.', 'a', 'a.', '.1', 'a.1x', 'a@b@c.1', 'a b.1', '@b.1', `a.${'9'.repeat(16)}`])
    assert.equal(parseLetter(text), undefined, text);
});
