import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  DEFAULT_CLAIMS,
  languageOfPath,
  parseAttempt,
  parseClaims,
  parseNationalId,
  parseReturnPath,
  parseToken,
  preferredLanguage,
} from './model.ts';

const PORTAL = 'https://portal.example';

describe('the address to go back to', () => {
  test('is taken when it is one of this site', () => {
    for (const path of [
      '/',
      '/ar/',
      '/fr/requests/1?tab=2',
      '/ar/procedures?q=%D8%B4',
      '/en/x;y=1',
      '/%2f/elsewhere',
    ]) {
      assert.equal(parseReturnPath(path), path);
    }
  });

  test('is refused when a browser would take it for another site, or when it is none', () => {
    const refused = [
      'https://evil.example/',
      '//evil.example',
      '///evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      '/\n/evil.example',
      '/ar\\..\\..//evil.example',
      '/.//evil.example',
      '/ar/..//evil.example',
      ' /ar/',
      'ar/',
      '',
      'javascript:alert(1)',
      '/ar/\r\nset-cookie: a=b',
      '/ar/é',
      `/${'a'.repeat(1000)}`,
      '/auth/login?return=/ar/',
      '/ar/../auth/callback',
      undefined,
      null,
      42,
      ['/ar/'],
    ];
    for (const text of refused) assert.equal(parseReturnPath(text), undefined, JSON.stringify(text));
  });

  test('leads to this site whatever was typed', () => {
    const pieces = fc.array(
      fc.constantFrom('/', '\\', '.', '..', '//', '@', ':', 'evil.example', '%2f', '\t', 'ar', '?', '#'),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pieces.map((all) => all.join('')),
          fc.webUrl(),
        ),
        (text) => {
          const path = parseReturnPath(text);
          if (path !== undefined) assert.equal(new URL(path, PORTAL).origin, PORTAL);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('read twice is the same', () => {
    fc.assert(
      fc.property(fc.webPath(), (text) => {
        const path = parseReturnPath(text);
        if (path !== undefined) assert.equal(parseReturnPath(path), path);
      }),
    );
  });
});

describe('claims of an issuer', () => {
  const claims = {
    sub: 'pairwise-1',
    'name#ar': 'أمينة بنعلي',
    'name#fr': 'Amina Benali',
    birthdate: '1990-04-12',
    national_id: 'ab 123456',
    acr: 'urn:high',
    auth_time: 1_795_428_000,
  };
  const read = (changed: Record<string, unknown>) => parseClaims({ ...claims, ...changed }, DEFAULT_CLAIMS, PORTAL);

  test('become who the person is', () => {
    assert.deepEqual(read({}), {
      ok: true,
      value: {
        issuer: PORTAL,
        subject: 'pairwise-1',
        name: { ar: 'أمينة بنعلي', fr: 'Amina Benali' },
        birthDate: '1990-04-12',
        nationalId: 'AB123456',
        acr: 'urn:high',
        authenticatedAt: new Date(1_795_428_000_000),
      },
    });
  });

  test('may keep a name in several claims', () => {
    const names = { ...DEFAULT_CLAIMS, nameFr: ['given_name', 'family_name'] };
    const person = parseClaims({ ...claims, given_name: 'Amina', family_name: 'Benali' }, names, PORTAL);
    assert.equal(person.ok && person.value.name.fr, 'Amina Benali');
  });

  test('with a name in one script give that name in both', () => {
    const latin = read({ 'name#ar': undefined });
    assert.deepEqual(latin.ok && latin.value.name, { ar: 'Amina Benali', fr: 'Amina Benali' });
    const plain = read({ 'name#ar': undefined, 'name#fr': undefined, name: 'Amina' });
    assert.deepEqual(plain.ok && plain.value.name, { ar: 'Amina', fr: 'Amina' });
  });

  test('lose control characters and direction overrides in names', () => {
    const named = read({ 'name#fr': ' Amina\u202e\u0000\n Benali ' });
    assert.equal(named.ok && named.value.name.fr, 'Amina Benali');
  });

  test('may lack a birth date and a number, but not hold malformed ones', () => {
    const bare = read({ birthdate: undefined, national_id: undefined });
    assert.deepEqual(bare.ok && [bare.value.birthDate, bare.value.nationalId], [undefined, undefined]);
    for (const [claim, value] of [
      ['birthdate', '1990-02-30'],
      ['birthdate', 1990],
      ['national_id', 'ABCDEF'],
      ['national_id', '<script>'],
      ['national_id', { value: 'AB1' }],
    ] as const) {
      assert.deepEqual(read({ [claim]: value }), { ok: false, error: { kind: 'claim-malformed', claim } });
    }
  });

  test('without subject, name or time of authentication are refused', () => {
    for (const changed of [{ sub: undefined }, { sub: '' }, { sub: 7 }, { auth_time: undefined }, { auth_time: '1' }]) {
      assert.equal(read(changed).ok, false, JSON.stringify(changed));
    }
    assert.equal(read({ 'name#ar': undefined, 'name#fr': '\u200f ' }).ok, false);
    assert.equal(read({ sub: 'x'.repeat(256) }).ok, false);
  });

  test('of a class that is not stated, or not a word, count for nothing', () => {
    for (const acr of [undefined, '', 'two words', 3, 'x'.repeat(201)]) {
      const person = read({ acr });
      assert.equal(person.ok && person.value.acr, 'unstated');
    }
  });

  test('are read or refused without a fault, whatever the issuer sends', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(claims)), fc.anything()), (changed) => {
        assert.equal(typeof read(changed).ok, 'boolean');
      }),
    );
  });
});

describe('a national identity number', () => {
  test('has one spelling', () => {
    for (const text of ['AB123456', 'ab123456', ' AB 123456 ', 'AB-123456']) {
      assert.equal(parseNationalId(text), 'AB123456');
    }
  });

  test('holds Latin letters and digits, and a digit at least', () => {
    for (const text of ['', 'AB', 'ABCDEF', 'AB١٢٣', 'AB123456789012345678901', 'AB12_3']) {
      assert.equal(parseNationalId(text), undefined, text);
    }
  });
});

describe('languages', () => {
  test('are read from the first part of a path', () => {
    assert.deepEqual(['/fr/x', '/ar', '/en?x=1', '/de/', '/france', '/', ''].map(languageOfPath), [
      'fr',
      'ar',
      'en',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('are those that the browser wants most among ours, Arabic where there is none', () => {
    assert.equal(preferredLanguage('de-DE,fr;q=0.8,en;q=0.9'), 'en');
    assert.equal(preferredLanguage('fr-MA, ar;q=0.5'), 'fr');
    assert.equal(preferredLanguage('fr;q=0, en;q=0.1'), 'en');
    for (const header of [undefined, '', '*', ';;;', 'fr;q=x', 'de']) assert.equal(preferredLanguage(header), 'ar');
  });
});

describe('what comes back in cookies', () => {
  test('a token is 32 bytes in the one spelling of base64url', () => {
    const token = Buffer.alloc(32, 255).toString('base64url');
    assert.equal(parseToken(token)?.length, 32);
    // The last letter of 43 holds two spare bits: "9" would decode to the same bytes as "8".
    for (const text of [
      undefined,
      '',
      `${token}A`,
      token.slice(1),
      `${token.slice(0, 42)}9`,
      `${token.slice(0, 42)}=`,
    ]) {
      assert.equal(parseToken(text), undefined);
    }
  });

  test('an attempt of another shape, or with another site to go back to, is none', () => {
    const attempt = { state: 's', nonce: 'n', verifier: 'v', returnTo: '/ar/', language: 'ar', expiresAt: 1 };
    assert.deepEqual(parseAttempt(attempt), attempt);
    for (const wrong of [
      null,
      'x',
      {},
      { ...attempt, state: 1 },
      { ...attempt, returnTo: '//evil' },
      { ...attempt, language: 'de' },
    ]) {
      assert.equal(parseAttempt(wrong), undefined);
    }
  });
});
