import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import * as oidc from 'openid-client';
import { type Clock, canonicalJson, err, type Language, ok, type Result } from '../kernel/index.ts';
import { type Attempt, type ClaimNames, type Identification, parseClaims } from './model.ts';

export type IssuerOptions = {
  /** Asked for at each discovery, so that the issuer may get its port after us. */
  readonly url: () => string;
  readonly clientId: string;
  /** P-256; its public half is what the issuer registers. */
  readonly clientKey: KeyObject;
  readonly claims: ClaimNames;
  readonly scope: string;
  readonly acrValues: readonly string[];
  readonly idTokenAlgorithm: string;
  readonly isLoopbackAllowed: boolean;
  readonly clock: Clock;
};

export type SignInRefusal =
  | { readonly kind: 'issuer-down'; readonly reason: string }
  | { readonly kind: 'denied' }
  | { readonly kind: 'refused'; readonly reason: string };

type Question = Pick<Attempt, 'state' | 'nonce' | 'verifier' | 'language'>;

export type Issuer = {
  /** Where to send the browser. */
  begin(question: Question, redirectUri: string): Promise<Result<URL, SignInRefusal>>;
  /** What the issuer says about the person, when the answer at `callback` is the answer to this attempt. */
  finish(callback: URL, attempt: Attempt): Promise<Result<Identification, SignInRefusal>>;
  /** For registration at the issuer. */
  readonly clientJwks: { readonly keys: readonly Record<string, unknown>[] };
};

/** How old the person's authentication at the issuer may be when we hear of it. */
const MAX_AUTHENTICATION_SECONDS = 300;

/**
 * An OpenID Connect issuer as a relying party sees it: authorization code with PKCE, state and nonce; the client
 * proves itself by a signed assertion (RFC 7523); `iss` in the answer is checked (RFC 9207) and so is the signature
 * of the ID token. The person authenticates anew each time, since computers are shared.
 */
export function openIssuer(options: IssuerOptions): Issuer {
  const jwk = clientJwk(options.clientKey);
  const configure = keepConfiguration(options, String(jwk['kid']));
  return {
    clientJwks: { keys: [jwk] },
    begin: (question, redirectUri) =>
      asking(async () => {
        const config = await configure();
        return ok(await authorizationUrl(config, options, question, redirectUri));
      }),
    finish: (callback, attempt) =>
      asking(async () => {
        const config = await configure();
        const claims = await fetchClaims(config, callback, attempt);
        const read = parseClaims(claims, options.claims, config.serverMetadata().issuer);
        return read.ok ? read : err({ kind: 'refused', reason: `${read.error.kind} ${read.error.claim}` });
      }),
  };
}

async function authorizationUrl(
  config: oidc.Configuration,
  options: IssuerOptions,
  question: Question,
  redirectUri: string,
): Promise<URL> {
  return oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: options.scope,
    state: question.state,
    nonce: question.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(question.verifier),
    code_challenge_method: 'S256',
    ui_locales: localesFor(question.language),
    prompt: 'login',
    max_age: String(MAX_AUTHENTICATION_SECONDS),
    ...(options.acrValues.length === 0 ? {} : { acr_values: options.acrValues.join(' ') }),
  });
}

function localesFor(language: Language): string {
  return [language, ...['ar', 'fr', 'en'].filter((other) => other !== language)].join(' ');
}

async function fetchClaims(
  config: oidc.Configuration,
  callback: URL,
  attempt: Attempt,
): Promise<Record<string, unknown>> {
  const tokens = await oidc.authorizationCodeGrant(config, callback, {
    expectedState: attempt.state,
    expectedNonce: attempt.nonce,
    pkceCodeVerifier: attempt.verifier,
    maxAge: MAX_AUTHENTICATION_SECONDS,
  });
  const idToken = tokens.claims();
  // The nonce check has asked for one; without it no claim is there, and the reader refuses.
  if (idToken === undefined) return {};
  if (config.serverMetadata().userinfo_endpoint === undefined) return idToken;
  const userInfo = await oidc.fetchUserInfo(config, tokens.access_token, idToken.sub);
  // What was signed comes last, so that UserInfo cannot replace it.
  return { ...userInfo, ...idToken };
}

const REDISCOVER_AFTER_MS = 3_600_000;
const RETRY_AFTER_MS = 1_000;

/**
 * Discovery at the first need, shared by those who wait for it. A failure is remembered for a second, so that many
 * sign-ins do not pile up on an issuer that is down; an old answer serves as long as there is no newer one.
 */
function keepConfiguration(options: IssuerOptions, kid: string): () => Promise<oidc.Configuration> {
  let known: { readonly config: oidc.Configuration; readonly url: string; readonly at: number } | undefined;
  let pending: Promise<oidc.Configuration> | undefined;
  let failed: { readonly cause: unknown; readonly at: number } | undefined;
  const learn = async (url: string, at: number) => {
    try {
      const config = await discover(options, url, kid);
      known = { config, url, at };
      failed = undefined;
      return config;
    } catch (cause) {
      failed = { cause, at };
      if (known?.url === url) return known.config;
      throw cause;
    } finally {
      pending = undefined;
    }
  };
  return async () => {
    const now = options.clock().getTime();
    const url = options.url();
    if (known?.url === url && now - known.at < REDISCOVER_AFTER_MS) return known.config;
    if (pending !== undefined) return pending;
    if (failed !== undefined && Math.abs(now - failed.at) < RETRY_AFTER_MS) {
      if (known?.url === url) return known.config;
      throw failed.cause;
    }
    pending = learn(url, now);
    return pending;
  };
}

async function discover(options: IssuerOptions, url: string, kid: string): Promise<oidc.Configuration> {
  assertIssuerUrl(url, options.isLoopbackAllowed);
  const key = options.clientKey.toCryptoKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const isPlain = new URL(url).protocol === 'http:';
  return oidc.discovery(
    new URL(url),
    options.clientId,
    { id_token_signed_response_alg: options.idTokenAlgorithm },
    oidc.PrivateKeyJwt({ key, kid }),
    { timeout: 5, execute: [oidc.enableNonRepudiationChecks, ...(isPlain ? [oidc.allowInsecureRequests] : [])] },
  );
}

/** Throws unless the issuer is reached over TLS, or is the simulator on this very machine where that is allowed. */
export function assertIssuerUrl(url: string, isLoopbackAllowed: boolean): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'https:') return;
  const isLoopback = parsed !== undefined && ['127.0.0.1', '[::1]', 'localhost'].includes(parsed.hostname);
  if (parsed?.protocol === 'http:' && isLoopback && isLoopbackAllowed) return;
  throw new Error(`the sign-in issuer must be an https address, not "${url}"`);
}

export function clientJwk(key: KeyObject): Record<string, unknown> {
  const { kty, crv, x, y } = createPublicKey(key).export({ format: 'jwk' });
  if (kty !== 'EC' || crv !== 'P-256') throw new Error('the key of the sign-in client must be on P-256');
  const members = { crv: 'P-256', kty: 'EC', x: x ?? '', y: y ?? '' };
  // The key's name is its RFC 7638 thumbprint.
  const kid = createHash('sha256').update(canonicalJson(members)).digest('base64url');
  return { ...members, kid, use: 'sig', alg: 'ES256' };
}

async function asking<T>(ask: () => Promise<Result<T, SignInRefusal>>): Promise<Result<T, SignInRefusal>> {
  try {
    return await ask();
  } catch (cause) {
    return err(refusalOf(cause));
  }
}

/** Only codes leave here: what an issuer writes into its errors, and the claims in their causes, stay out of logs. */
function refusalOf(cause: unknown): SignInRefusal {
  if (cause instanceof oidc.AuthorizationResponseError) {
    if (cause.error === 'access_denied') return { kind: 'denied' };
    const isDown = cause.error === 'server_error' || cause.error === 'temporarily_unavailable';
    return { kind: isDown ? 'issuer-down' : 'refused', reason: 'authorization response' };
  }
  if (cause instanceof oidc.ResponseBodyError) {
    return { kind: cause.status >= 500 ? 'issuer-down' : 'refused', reason: knownError(cause.error) };
  }
  if (cause instanceof oidc.ClientError) {
    const code = cause.code ?? 'unknown';
    return { kind: isUnreachable(cause) ? 'issuer-down' : 'refused', reason: code };
  }
  // fetch says so when there is no connection; a TypeError with a code is a wrong argument of ours.
  if (cause instanceof TypeError && !('code' in cause)) return { kind: 'issuer-down', reason: 'unreachable' };
  throw cause;
}

function isUnreachable(cause: oidc.ClientError): boolean {
  if (cause.code === 'OAUTH_TIMEOUT' || cause.code === 'OAUTH_ABORT') return true;
  return cause.cause instanceof Response && cause.cause.status >= 500;
}

/** The error codes of RFC 6749 5.2, the only ones that a token endpoint should know. */
function knownError(error: string): string {
  return /^[a-z_]{1,40}$/.test(error) ? error : 'unknown';
}
