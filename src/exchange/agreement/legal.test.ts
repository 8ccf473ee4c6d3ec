import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { unwrap } from '../../kernel/index.ts';
import { basisError, parseLegalRegister, textOf } from './legal.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const shipped = () => parseLegalRegister(readFileSync(join(ROOT, 'content', 'legal', 'register.yaml'), 'utf8'));

test('the register that ships is read, and says of each text how certain it is', () => {
  const register = unwrap(shipped());
  for (const code of ['55-19', '09-08', '43-20']) assert.ok(register.has(code), code);
  assert.equal(register.get('55-19')?.bulletin?.number, '6866');
  assert.equal(register.get('09-08')?.certainty, 'unconfirmed');
});

test('a reference names a text, or an article of it; anything else is refused with the list', () => {
  const register = unwrap(shipped());
  assert.equal(textOf(register, '55-19/7')?.code, '55-19');
  assert.equal(basisError(register, '55-19'), undefined);
  for (const ref of ['55-20', 'Loi 55-19', '', '/7', '__proto__', 'toString']) {
    assert.match(basisError(register, ref)?.message ?? '', /55-19, 2-20-660/, ref);
  }
  assert.equal(basisError(undefined, 'whatever'), undefined, 'without a register any text will do');
});

test('a register that is damaged is refused with the place', () => {
  const refusal = (source: string) => {
    const read = parseLegalRegister(source);
    return read.ok ? 'read' : read.error;
  };
  const text = '{ code: 1-2, kind: law, title: { ar: أ, fr: a }, certainty: confirmed }';
  assert.equal(refusal(`- ${text}`), 'read');
  assert.match(refusal(`- ${text}\n- ${text}`), /same code/);
  assert.match(refusal('- { code: 1-2, kind: law, title: { ar: أ }, certainty: confirmed }'), /\/0\/title/);
  assert.match(refusal('- { code: 1-2, kind: rumour, title: { ar: أ, fr: a }, certainty: confirmed }'), /\/0\/kind/);
  assert.match(refusal('&a [*a]'), /./);
  assert.match(refusal(': : :'), /./);
});
