import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** A small read-only HTTP service, as any administration might run one. It knows nothing of the exchange. */
export type RegisterService = {
  readonly name: string;
  /** The OpenAPI file beside this one, served at /openapi.json. */
  readonly openapi: string;
  /** First path segment to the record of a number; undefined where there is none. */
  readonly records: Readonly<Record<string, (nationalId: string) => object | undefined>>;
};

export type RunningService = { readonly url: string; close(): Promise<void> };

/** Listens on `host` (loopback unless told) and `port` (0 takes a free one). */
export function startService(
  service: RegisterService,
  options: { readonly port: number; readonly host?: string },
): Promise<RunningService> {
  const openapi = readFileSync(join(import.meta.dirname, service.openapi), 'utf8');
  const server = createServer((request, response) => answer(service, openapi, request, response));
  const host = options.host ?? '127.0.0.1';
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : options.port;
      resolve({
        url: `http://${host}:${port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

function answer(service: RegisterService, openapi: string, request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (!isRead) sendText(response, 405, JSON.stringify({ error: 'only GET and HEAD are answered' }));
  else if (path === '/openapi.json') sendText(response, 200, openapi);
  else {
    const [status, body] = lookUp(service, path);
    sendText(response, status, JSON.stringify(body));
  }
}

function lookUp(service: RegisterService, path: string): [status: number, body: object] {
  if (path === '/health') return [200, { status: 'ok', service: service.name }];
  const [, collection = '', nationalId = ''] = /^\/([a-z-]+)\/([A-Za-z]{1,2}\d{1,6})$/.exec(path) ?? [];
  const find = Object.hasOwn(service.records, collection) ? service.records[collection] : undefined;
  if (find === undefined) return [404, { error: 'no such address' }];
  const record = find(nationalId);
  return record === undefined ? [404, { error: 'no record under this number' }] : [200, record];
}

function sendText(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
  });
  response.end(body);
}

/** `--port N` and `--host H` of the command line; runs until it is told to stop. */
export async function runService(service: RegisterService): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, host: { type: 'string' } } });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    process.stderr.write(`--port must be a number from 0 to 65535, not "${values.port}"\n`);
    process.exitCode = 2;
    return;
  }
  const running = await startService(service, { port, ...(values.host === undefined ? {} : { host: values.host }) });
  process.stdout.write(`${service.name}: ${running.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void running.close());
}
