import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** What the issuer answers; each part can be made wrong. */
export type Lies = {
  readonly idToken?: (honest: JWTPayload) => JWTPayload;
  readonly signedByAnother?: boolean;
  readonly algorithm?: 'none';
  readonly userInfo?: Record<string, unknown>;
  readonly tokenStatus?: number;
  readonly tokenBody?: string;
  /** The issuer's name in its answer; `null` leaves it out. */
  readonly iss?: string | null;
};

export type HostileIssuer = {
  readonly url: string;
  lie(lies: Lies): void;
  /** Where the browser would be sent back to, with a code. */
  answerTo(authorizationUrl: URL): URL;
  readonly assertions: readonly string[];
  close(): Promise<void>;
};

/** An OpenID provider that tells the truth until told to lie; it asks nobody for anything. */
export async function hostileIssuer(): Promise<HostileIssuer> {
  const asked = { nonce: '', clientId: '' };
  const assertions: string[] = [];
  let lies: Lies = {};
  const tokens = await tokenMaker();
  const server = createServer(async (request, response) => {
    const json = (body: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/.well-known/openid-configuration') return json(discoveryOf(url));
    if (request.url === '/jwks') return json({ keys: [tokens.jwk] });
    if (request.url === '/userinfo') return json({ ...USER_INFO, ...lies.userInfo });
    assertions.push(new URLSearchParams(await bodyOf(request)).get('client_assertion') ?? '');
    if (lies.tokenBody !== undefined) return response.end(lies.tokenBody);
    if (lies.tokenStatus !== undefined) return json({ error: 'server_error' }, lies.tokenStatus);
    return json({ access_token: 'a', token_type: 'Bearer', id_token: await tokens.make(url, asked, lies) });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    lie: (told) => {
      lies = told;
    },
    answerTo(authorizationUrl) {
      const query = authorizationUrl.searchParams;
      asked.nonce = query.get('nonce') ?? '';
      asked.clientId = query.get('client_id') ?? '';
      const back = new URL(query.get('redirect_uri') ?? '');
      back.searchParams.set('code', 'code-1');
      back.searchParams.set('state', query.get('state') ?? '');
      if (lies.iss !== null) back.searchParams.set('iss', lies.iss ?? url);
      return back;
    },
    assertions,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const USER_INFO = { sub: 'subject-1', 'name#ar': 'أمينة', 'name#fr': 'Amina', national_id: 'AB123456' };

async function tokenMaker() {
  const keys = await generateKeyPair('ES256');
  const others = await generateKeyPair('ES256');
  return {
    jwk: { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' },
    async make(issuer: string, asked: { readonly nonce: string; readonly clientId: string }, lies: Lies) {
      const now = Math.floor(Date.now() / 1000);
      const times = { iat: now, exp: now + 60, auth_time: now };
      const honest = { iss: issuer, sub: USER_INFO.sub, aud: asked.clientId, nonce: asked.nonce, ...times };
      const claims = lies.idToken?.(honest) ?? honest;
      if (lies.algorithm === 'none') return `${letters({ alg: 'none' })}.${letters(claims)}.`;
      const key = lies.signedByAnother === true ? others.privateKey : keys.privateKey;
      return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(key);
    },
  };
}

function letters(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function discoveryOf(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    userinfo_endpoint: `${issuer}/userinfo`,
    response_types_supported: ['code'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['ES256'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
