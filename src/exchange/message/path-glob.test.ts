import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matchesGlob, readServicePath } from './path-glob.ts';

for (const [glob, path, matches] of [
  ['/persons/*', '/persons/1', true],
  ['/persons/*', '/persons/1/address', false],
  ['/persons/*', '/persons', false],
  ['/persons/*/address', '/persons/1/address', true],
  ['/persons/*/address', '/persons/1/2/address', false],
  ['/**', '/', true],
  ['/**', '/persons/1/address', true],
  ['/persons/**', '/persons/1/address', true],
  ['/persons/**', '/person', false],
  ['/', '/', true],
  ['/', '/persons', false],
  ['/v1.0/a+b', '/v1.0/a+b', true],
  ['/v1.0/a+b', '/v1x0/aab', false],
  ['/a|b', '/a', false],
] as const) {
  test(`${glob} ${matches ? 'covers' : 'does not cover'} ${path}`, () => {
    assert.equal(matchesGlob(glob, path), matches);
  });
}

for (const path of [
  '/api/../secret',
  '/api/%2e%2e/secret',
  '/api/%2E./secret',
  '/api/./secret',
  '/api/..',
  '/api/..;x=1/secret',
  '/api/..%2fsecret',
  '/api%5c..%5csecret',
  '/api/%252e%252e/secret',
  '/api/a%252fb',
  '/api/%2500',
  '/api/%00',
  '/api/%ff',
  '/api/%0d%0aX-Road-Client:x',
]) {
  test(`the path ${path} is refused`, () => {
    assert.equal(readServicePath(path), undefined);
  });
}

test('an honest path is compared decoded', () => {
  assert.equal(readServicePath(''), '/');
  assert.equal(readServicePath('/a%20b/%D9%88'), '/a b/و');
  assert.equal(readServicePath('/a..b/...'), '/a..b/...');
});

test('a percent sign is a letter like any other', () => {
  assert.equal(readServicePath('/a%25b/100%25'), '/a%b/100%');
});

test('an encoded slash is covered by what covers anything, and by nothing narrower', () => {
  const path = readServicePath('/files/a%2Fb') ?? assert.fail();
  for (const glob of ['/**', '/files/**']) assert.equal(matchesGlob(glob, path), true);
  for (const glob of ['/files/*', '/files/a/b', '/files/*/b', '/files/*/*'])
    assert.equal(matchesGlob(glob, path), false);
});

test('no path that is let through has a segment that a service could take for its parent', () => {
  const segment = fc.constantFrom('a', '.', '..', '%2e', '%2E%2e', '.%2e', '%2f', '%5c', ';', '%3b', '..;', 'b.c', '');
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 6 }), (segments) => {
      const path = readServicePath(`/${segments.join('/')}`);
      if (path === undefined) return;
      assert.ok(path.split('/').every((one) => !/^\.{1,2}(;|$)/.test(one)));
      assert.equal(new URL(`http://service${path.replaceAll(';', '%3B')}`).pathname.includes('..'), false);
    }),
  );
});
