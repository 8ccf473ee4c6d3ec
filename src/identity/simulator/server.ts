import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Provider from 'oidc-provider';
import { isLanguage, type Language } from '../../kernel/index.ts';
import { type WebAsset, webAssets } from '../../web/index.ts';
import { preferredLanguage } from '../model.ts';
import { openSimulatorKeys, type SimulatorKeys } from './keys.ts';
import { SIMULATOR_ACR, type Simulator, type SimulatorOptions } from './model.ts';
import { choicePage, lostPage } from './pages.ts';
import { SESSION_COOKIE, simulatedProvider } from './provider.ts';

type Context = {
  readonly options: SimulatorOptions;
  readonly keys: SimulatorKeys;
  readonly provider: Provider;
  readonly assets: ReadonlyMap<string, WebAsset>;
  /** Origin of the relying party. */
  readonly portal: string;
};

/** The provider's own endpoints come from the library; this server adds the page with the people and the styles. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const keys = await openSimulatorKeys(options.folder, options.random);
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 });
  const issuer = await listen(server, options);
  const portal = originOf(options.redirectUris);
  const errorPage = (locales: unknown) => lostPage({ language: localeOf(locales) ?? 'ar', portal });
  const now = () => performance.timeOrigin + performance.now();
  const provider = simulatedProvider({ ...options, issuer, keys, now, errorPage });
  const assets = new Map(webAssets().map((asset) => [asset.path, asset]));
  const context: Context = { options, keys, provider, assets, portal };
  const callback = provider.callback();
  server.on('request', (request, response) => {
    answer(context, callback, request, response).catch((cause: unknown) => {
      options.log.error('identity.simulator.failed', {}, cause);
      response.writeHead(500).end();
    });
  });
  return { issuer, close: () => close(server) };
}

async function listen(server: Server, options: SimulatorOptions): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => resolve());
  });
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function originOf(redirectUris: readonly string[]): string {
  const [first] = redirectUris;
  if (first === undefined) throw new Error('the identity simulator needs the address of the portal to go back to');
  return new URL(first).origin;
}

async function answer(
  context: Context,
  callback: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://simulator.invalid');
  setHeaders(context, response);
  const asset = context.assets.get(url.pathname);
  if (asset !== undefined) return sendAsset(response, asset);
  if (url.pathname.startsWith('/interaction/')) return interact(context, request, response, url);
  if (url.pathname === '/')
    return sendPage(response, 200, lostPage({ language: languageOf(request, url), portal: context.portal }));
  forgetWhoSignedIn(request);
  return callback(request, response);
}

function setHeaders(context: Context, response: ServerResponse): void {
  // Chromium applies form-action to the redirects that follow a form, and ours end at the portal.
  response.setHeader(
    'content-security-policy',
    `default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self' ${context.portal}; base-uri 'none'; frame-ancestors 'none'`,
  );
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
}

/**
 * The provider would remember the last person and ask to sign them out by a script when another is chosen. This one
 * asks each time and needs no script.
 */
function forgetWhoSignedIn(request: IncomingMessage): void {
  const pairs = (request.headers.cookie ?? '').split(';').filter((pair) => !pair.trim().startsWith(SESSION_COOKIE));
  request.headers.cookie = pairs.join(';');
}

/** The cookie of the attempt is SameSite and bound to this path: another site can neither show nor post this page. */
async function interact(context: Context, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const { provider, options, keys, portal } = context;
  const attempt = await provider.interactionDetails(request, response).catch(() => undefined);
  const language = languageOf(request, url, attempt?.params['ui_locales']);
  if (attempt === undefined) return sendPage(response, 400, lostPage({ language, portal }));
  const form = request.method === 'POST' ? await readForm(request) : undefined;
  const person = options.people.find(({ nationalId }) => nationalId === form?.get('person'));
  if (person !== undefined) {
    const accountId = keys.subjectOf(options.clientId, person.nationalId);
    const login = { accountId, acr: SIMULATOR_ACR, amr: ['simulator'], remember: false };
    return provider.interactionFinished(request, response, { login });
  }
  if (form?.has('cancel')) {
    const refusal = { error: 'access_denied', error_description: 'the person has cancelled' };
    return provider.interactionFinished(request, response, refusal, { mergeWithLastSubmission: false });
  }
  const view = { language, people: options.people, action: url.pathname, portal };
  return sendPage(response, form === undefined ? 200 : 422, choicePage(view));
}

const MAX_FORM_BYTES = 4096;

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // More than one name and one number is nothing that our page sends: read no further.
    if (size > MAX_FORM_BYTES) return new URLSearchParams();
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

/** Asked for on the page, else by the relying party, else by the browser. */
function languageOf(request: IncomingMessage, url: URL, uiLocales?: unknown): Language {
  const asked = url.searchParams.get('language');
  if (isLanguage(asked)) return asked;
  return localeOf(uiLocales) ?? preferredLanguage(request.headers['accept-language']);
}

function localeOf(uiLocales: unknown): Language | undefined {
  if (typeof uiLocales !== 'string') return undefined;
  return uiLocales
    .split(' ')
    .map((tag) => tag.toLowerCase().split('-', 1)[0])
    .find(isLanguage);
}

function sendPage(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(body);
}

function sendAsset(response: ServerResponse, asset: WebAsset): void {
  const cache = asset.immutable ? 'public, max-age=31536000, immutable' : 'public, max-age=3600';
  response.writeHead(200, { 'content-type': asset.contentType, 'cache-control': cache }).end(asset.body);
}
