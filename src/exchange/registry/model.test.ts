import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { anAdmission, INSTANCE } from '../../../test/support/registry.ts';
import { formatJoinToken, parseJoinToken, SECRET_BYTES } from '../trust/joining.ts';
import { hashSecret, parseAdmission } from './model.ts';

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
