import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { anAdmission, INSTANCE } from '../../../test/support/registry.ts';
import { formatJoinToken, parseJoinToken, SECRET_BYTES } from '../trust/joining.ts';
import { hashSecret, lookAlikeOf, parseAdmission } from './model.ts';

describe('a member’s identifier', () => {
  const known = ['MA/GOV/LAND', 'MA/GOV/INTERIOR', 'MA/COM/BANK-1'];

  it('that could be taken for another member’s is found', () => {
    for (const [id, other] of [
      ['MA/GOV/land', 'MA/GOV/LAND'],
      ['MA/G0V/LAND', 'MA/GOV/LAND'],
      ['MA/GOV/lNTERIOR', 'MA/GOV/INTERIOR'],
      ['MA/GOV/1NTERI0R', 'MA/GOV/INTERIOR'],
      ['MA/COM/BANKl', 'MA/COM/BANK-1'],
      ['MA/COM/BANK_1', 'MA/COM/BANK-1'],
    ] as const)
      assert.equal(lookAlikeOf(id, known), other, id);
  });

  it('is itself no look-alike, nor is one that reads otherwise', () => {
    for (const id of [...known, 'MA/GOV/LANDS', 'MA/COM/LAND', 'MA/COM/BANK-2'])
      assert.equal(lookAlikeOf(id, known), undefined, id);
  });
});

describe('an admission', () => {
  const refusalOf = (value: unknown) => {
    const result = parseAdmission(value, INSTANCE);
    return result.ok ? 'accepted' : result.error.detail;
  };

  it('is accepted with names in Arabic and French', () => assert.equal(refusalOf(anAdmission()), 'accepted'));

  it('is refused for a member of another instance, or with codes that are not plain', () => {
    const { member } = anAdmission();
    assert.match(refusalOf(anAdmission('X', { member: { ...member, id: 'FR/GOV/X' } })), /not of the instance/);
    assert.notEqual(refusalOf(anAdmission('X', { member: { ...member, id: 'MA-TEST/GOV' } })), 'accepted');
    assert.notEqual(refusalOf(anAdmission('X', { server: '../gw' })), 'accepted');
    assert.notEqual(refusalOf(anAdmission('X', { subsystems: [] })), 'accepted');
    const twice = [...anAdmission().subsystems, ...anAdmission().subsystems];
    assert.match(refusalOf(anAdmission('X', { subsystems: twice })), /twice/);
    assert.notEqual(refusalOf({ ...anAdmission(), extra: 1 }), 'accepted');
  });

  it('is refused with a name that turns the direction, breaks the line or hides letters', () => {
    const { member } = anAdmission();
    for (const hidden of ['\u202e', '\n', '\u200b', '\u200f', '\u2060', '\ufeff', '\u00ad', '\u0000'])
      assert.notEqual(
        refusalOf(anAdmission('X', { member: { ...member, name: { ar: `الأ${hidden}من`, fr: 'X' } } })),
        'accepted',
      );
    assert.notEqual(
      refusalOf(anAdmission('X', { member: { ...member, name: { ar: 'م'.repeat(201), fr: 'X' } } })),
      'accepted',
    );
    assert.notEqual(refusalOf(anAdmission('Х')), 'accepted', 'a Cyrillic letter that looks like a Latin one');
  });

  it('is refused when the identifier does not fit into a certificate’s name', () => {
    assert.match(refusalOf(anAdmission('C'.repeat(50))), /shorten a code/);
  });
});

describe('a join token', () => {
  const token = {
    server: `${INSTANCE}/GOV/DGSN/gw1`,
    anchor: randomBytes(32).toString('base64url'),
    secret: randomBytes(SECRET_BYTES),
  };

  it('is read as it was written', () => {
    const read = parseJoinToken(formatJoinToken(token));
    assert.deepEqual(read.ok ? read.value : undefined, token);
  });

  it('is refused when it is cut, changed in form, or of something else', () => {
    const text = formatJoinToken(token);
    for (const wrong of [
      '',
      text.slice(0, -1),
      `${text}A`,
      `${text}.x`,
      text.replace('wasl1', 'wasl2'),
      'a.b.c.d',
      'x'.repeat(5000),
    ]) {
      assert.equal(parseJoinToken(wrong).ok, false, wrong.slice(0, 40));
    }
  });

  it('is kept as a hash that does not show the secret', () => {
    assert.equal(hashSecret(token.secret).length, 32);
    assert.notDeepEqual(hashSecret(token.secret), token.secret);
  });
});
