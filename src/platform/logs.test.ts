import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLog } from './logs.ts';

function logged(cause: unknown): string {
  let text = '';
  const log = openLog({ destination: { write: (line) => (text += line) } });
  log.error('http.failed', { route: 'request.file' }, cause);
  return text;
}

test('a fault of the database is logged without the values of its statement', () => {
  const fault = Object.assign(new Error('unsupported Unicode escape sequence'), {
    code: '22P05',
    detail: 'Key (national_id)=(AB123456) already exists.',
    where: 'JSON data, line 1: {"reason":"Amina',
    params: ['AB123456'],
  });
  for (const cause of [fault, new Error('not saved', { cause: fault })]) {
    const line = logged(cause);
    assert.ok(!line.includes('AB123456') && !line.includes('Amina'), line);
    assert.ok(line.includes('22P05') && line.includes('logs.test.ts'), 'what an operator needs is there');
  }
});

test('what was thrown without being an error is logged as its words', () => {
  assert.match(logged('no space left'), /"message":"no space left"/);
});
