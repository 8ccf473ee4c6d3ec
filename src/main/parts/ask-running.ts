import type { Running } from './running.ts';

/** A call to the running process; refusals become one line. */
export async function askRunning(running: Running, path: string, body?: object): Promise<Response> {
  return fetch(`${running.controlUrl}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${running.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
