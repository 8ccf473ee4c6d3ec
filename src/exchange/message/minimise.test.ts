import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Json, parseJson, unwrap } from '../../kernel/index.ts';
import { fieldTree, minimise } from './minimise.ts';

const person = {
  name: { ar: 'أمينة', fr: 'Amina', en: 'Amina' },
  born: '1990-01-02',
  addresses: [
    { city: 'Rabat', street: 'A', since: 2001 },
    { city: 'Fès', street: 'B', since: 2010 },
  ],
  secret: { deep: [1, 2, 3] },
};

const reduce = (body: Json, ...fields: string[]) => JSON.parse(JSON.stringify(minimise(body, fieldTree(fields))));

test('only the fields that were agreed are left, at any depth and in each item', () => {
  assert.deepEqual(reduce(person, '/name/fr', '/addresses/*/city'), {
    name: { fr: 'Amina' },
    addresses: [{ city: 'Rabat' }, { city: 'Fès' }],
  });
});

test('a field brings all that is under it', () => {
  assert.deepEqual(reduce(person, '/name'), { name: person.name });
});

test('a list at the top is reduced item by item', () => {
  assert.deepEqual(reduce([person, person], '/*/born'), [{ born: person.born }, { born: person.born }]);
});

test('an agreement without fields lets nothing through', () => {
  assert.deepEqual(reduce(person), {});
  assert.deepEqual(reduce([person]), []);
  assert.equal(reduce('a plain text'), null);
});

test('an agreement on / lets everything through', () => {
  assert.deepEqual(reduce(person, '/'), person);
});

test('a plain value under a deeper path was not agreed', () => {
  assert.deepEqual(reduce({ name: 'Amina' }, '/name/fr'), {});
});

test('slashes and tildes in names are escaped as in JSON pointers', () => {
  assert.deepEqual(reduce({ 'a/b': 1, 'c~d': 2, e: 3 }, '/a~1b', '/c~0d'), { 'a/b': 1, 'c~d': 2 });
});

test('a member that would poison a prototype stays a member', () => {
  const body = JSON.parse('{"__proto__": {"admin": true}, "a": 1}') as Json;
  const kept = minimise(body, fieldTree(['/__proto__', '/toString', '/a']));
  assert.equal(({} as { admin?: boolean }).admin, undefined);
  assert.equal(JSON.stringify(kept), '{"__proto__":{"admin":true},"a":1}');
});

const names = ['a', 'b', 'c', 'd'] as const;
const { tree: bodies } = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.nat().map((n) => `value-${n}`),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie('tree')),
  ),
}));
const field = fc
  .array(fc.constantFrom(...names, '*'), { minLength: 1, maxLength: 4 })
  .map((parts) => `/${parts.join('/')}`);
const someFields = fc.array(field, { maxLength: 4 });

test('what leaves is named by a field, and is a part of the answer in its order', () => {
  fc.assert(
    fc.property(bodies, someFields, (body, fields) => {
      const globs = fields.map((one) => new RegExp(`^${one.replaceAll('*', '\\d+')}(/|$)`));
      const kept = reduce(body, ...fields);
      for (const path of leavesOf(kept).keys()) {
        assert.ok(
          globs.some((glob) => glob.test(path)),
          `${path} by ${fields.join(' ')}`,
        );
      }
      assert.ok(kept === null || isPartOf(kept, body), JSON.stringify({ kept, body }));
    }),
  );
});

test('reducing twice is reducing once, and one more field takes nothing away', () => {
  fc.assert(
    fc.property(bodies, someFields, field, (body, fields, more) => {
      const kept = reduce(body, ...fields);
      assert.deepEqual(reduce(kept, ...fields), kept);
      const wider = reduce(body, ...fields, more);
      assert.ok(kept === null || isPartOf(kept, wider), JSON.stringify({ kept, wider }));
    }),
  );
});

test('an item that holds nothing of what was agreed leaves no hole behind', () => {
  assert.deepEqual(reduce({ list: [{ a: 1 }, 'plain', { b: 2 }, null] }, '/list/*/a'), { list: [{ a: 1 }, {}] });
});

test('members keep the order of the answer, not that of the agreement', () => {
  assert.equal(JSON.stringify(reduce({ z: 1, y: 2, a: 3 }, '/a', '/y', '/z')), '{"z":1,"y":2,"a":3}');
});

/** The texts in a body by their paths. */
function leavesOf(body: Json, path = ''): ReadonlyMap<string, string> {
  if (typeof body === 'string') return new Map([[path, body]]);
  if (body === null || typeof body !== 'object') return new Map();
  return new Map(Object.entries(body).flatMap(([name, value]) => [...leavesOf(value as Json, `${path}/${name}`)]));
}

/** Every member is there with a part of its value, every item is a part of one behind the item before. */
function isPartOf(part: Json, whole: Json): boolean {
  if (Array.isArray(part)) {
    if (!Array.isArray(whole)) return false;
    let from = 0;
    return part.every((item: Json) => {
      const at = whole.findIndex((one: Json, nth: number) => nth >= from && isPartOf(item, one));
      from = at + 1;
      return at !== -1;
    });
  }
  if (part === null || typeof part !== 'object') return part === whole;
  if (whole === null || typeof whole !== 'object' || Array.isArray(whole)) return false;
  const of = whole as Readonly<Record<string, Json>>;
  return Object.entries(part).every(
    ([name, value]) => Object.hasOwn(of, name) && isPartOf(value as Json, of[name] as Json),
  );
}

test('a number that a double would change leaves as it was written', () => {
  const text = '{"id":9007199254740993,"price":1.0,"big":1e400,"list":[{"n":12345678901234567890}],"other":1}';
  const body = unwrap(parseJson(text, { maxChars: 1_000, maxDepth: 8 }, 'exact'));
  const kept = minimise(body, fieldTree(['/id', '/price', '/big', '/list/*/n']));
  assert.equal(JSON.stringify(kept), text.replace(',"other":1', ''));
  assert.equal(JSON.stringify(minimise(body, fieldTree(['/id/deeper', '/list/*/n/deeper']))), '{"list":[{}]}');
});
