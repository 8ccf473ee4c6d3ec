import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type HookCall = { readonly method: string; readonly headers: IncomingHttpHeaders; readonly body: string };
export type TestWebhook = {
  readonly url: string;
  /** Those with events, not the handshakes. */
  readonly calls: HookCall[];
  readonly handshakes: HookCall[];
  /** What it answers from now on; 204 by default. */
  answer: (call: HookCall) => { readonly status: number; readonly headers?: Record<string, string> };
  /** What it says to the handshake; null stands for nothing. */
  allowedOrigin: string | null;
  /** Requests a minute that it grants; null for not a word about it. */
  allowedRate: string | null;
  close(): Promise<void>;
};

/** A system that wants to hear of events. */
export async function startWebhook(): Promise<TestWebhook> {
  const calls: HookCall[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((bytes) => {
      const call = { method: request.method ?? '', headers: request.headers, body: bytes.toString('utf8') };
      if (call.method === 'OPTIONS') {
        const origin = hook.allowedOrigin === null ? {} : { 'webhook-allowed-origin': hook.allowedOrigin };
        const rate = hook.allowedRate === null ? {} : { 'webhook-allowed-rate': hook.allowedRate };
        hook.handshakes.push(call);
        response.writeHead(200, { allow: 'POST', ...origin, ...rate }).end();
        return;
      }
      const { status, headers } = hook.answer(call);
      calls.push(call);
      response.writeHead(status, headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const hook: TestWebhook = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    calls,
    handshakes: [],
    answer: () => ({ status: 204 }),
    allowedOrigin: '*',
    allowedRate: null,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return hook;
}
