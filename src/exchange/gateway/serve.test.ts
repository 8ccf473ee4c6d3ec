import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { NO_TRACING, silentLog } from '../../platform/index.ts';
import { DOOR_LIMITS, openAdmission } from './admission.ts';
import { openMeasures } from './measures.ts';
import type { GatewayContext } from './model.ts';
import { serve } from './serve.ts';

test('an answer that fails in its middle is cut, and is no crash', async () => {
  const logged: string[] = [];
  const context = {
    tracing: NO_TRACING,
    measures: openMeasures('MA/GOV/X/gw1'),
    admission: openAdmission(DOOR_LIMITS),
    newId: () => 'id',
    log: { ...silentLog, error: (event: string) => void logged.push(event) },
    settings: { doors: DOOR_LIMITS, dialect: 'legacy', problemBase: 'https://wasl.example' },
  } as unknown as GatewayContext;
  const server = createServer((request, response) => {
    const answer = async () => {
      response.writeHead(200, { 'content-type': 'text/plain' }).write('half of it');
      throw new Error('broken in the middle');
    };
    const caller = { kind: 'client', id: 'a' } as const;
    serve(context, 'consumer', { request, response, caller, answer, refuse: (fault) => Promise.reject(fault) });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    assert.equal(answer.status, 200);
    await assert.rejects(answer.text(), 'half an answer must not end like a whole one');
    assert.deepEqual(logged, ['request.failed']);
  } finally {
    server.close();
  }
});
