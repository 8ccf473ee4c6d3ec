import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service as any administration might have it: it knows nothing of the exchange. All that it answers is invented. */
const PARCELS = [
  {
    number: 'T-1001',
    commune: 'Sidi Moumen',
    areaM2: 420,
    charges: [],
    owner: { name: 'Amina Exemple', nationalId: 'ZZ100001' },
  },
  {
    number: 'T-1002',
    commune: 'Sidi Moumen',
    areaM2: 187.5,
    charges: ['hypothèque'],
    owner: { name: 'Youssef Exemple', nationalId: 'ZZ100002' },
  },
  {
    number: 'T-2001',
    commune: 'Agdal',
    areaM2: 96,
    charges: [],
    owner: { name: 'Salma Exemple', nationalId: 'ZZ100003' },
  },
] as const;

type Reply = { readonly status: number; readonly body: object };

function answer(method: string, url: URL, body: string): Reply {
  const number = /^\/parcels\/([^/]+)$/.exec(url.pathname)?.[1];
  if (method === 'GET' && url.pathname === '/parcels') {
    const commune = url.searchParams.get('commune');
    return { status: 200, body: { parcels: PARCELS.filter((one) => commune === null || one.commune === commune) } };
  }
  if (method === 'GET' && number !== undefined) return parcelOf(decodeURIComponent(number));
  if (method === 'POST' && url.pathname === '/statements') return statementOf(body);
  return { status: 404, body: { error: 'there is nothing here' } };
}

function parcelOf(number: string): Reply {
  const parcel = PARCELS.find((one) => one.number === number);
  return parcel === undefined
    ? { status: 404, body: { error: `there is no parcel ${number}` } }
    : { status: 200, body: parcel };
}

function statementOf(body: string): Reply {
  try {
    const { number } = JSON.parse(body) as { readonly number?: unknown };
    const known = PARCELS.some((one) => one.number === number);
    if (known) return { status: 201, body: { number, state: 'in preparation' } };
  } catch {
    // Not JSON: refused like a parcel that is not there.
  }
  return { status: 422, body: { error: 'send {"number": "…"} of a parcel that is in the register' } };
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > 100_000) throw new Error('the body is too large');
  }
  return text;
}

export type LandRegister = { readonly url: string; close(): Promise<void> };

export function openLandRegister(port: number): Promise<LandRegister> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://land-register');
    readText(request)
      .then((body) => answer(request.method ?? 'GET', url, body))
      .catch((): Reply => ({ status: 400, body: { error: 'the request cannot be read' } }))
      .then(({ status, body }) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`),
      );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () =>
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      }),
    );
  });
}
