import Provider, { type Configuration, type JWK } from 'oidc-provider';
import { clientJwk } from '../issuer.ts';
import type { SimulatorKeys } from './keys.ts';
import { memoryAdapter } from './memory.ts';
import { SIMULATOR_ACR, type SimulatedPerson, type SimulatorOptions } from './model.ts';

export const SESSION_COOKIE = 'wasl_simulator_session';
const SCOPES = ['openid', 'profile', 'national_id'] as const;

export type ProviderOptions = SimulatorOptions & {
  readonly issuer: string;
  readonly keys: SimulatorKeys;
  readonly now: () => number;
  readonly errorPage: (uiLocales: unknown) => string;
};

/** An OpenID provider for one client: code with PKCE, `private_key_jwt`, ES256, and nothing else. */
export function simulatedProvider(options: ProviderOptions): Provider {
  const provider = new Provider(options.issuer, {
    ...protocol(options),
    ...identities(options),
    adapter: memoryAdapter(options.now),
    cookies: {
      keys: [options.keys.cookies],
      names: {
        session: SESSION_COOKIE,
        interaction: 'wasl_simulator_interaction',
        resume: 'wasl_simulator_resume',
      },
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    renderError: (context) => {
      context.type = 'html';
      context.body = options.errorPage(context.oidc?.params?.['ui_locales']);
    },
    ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Interaction: 900, Session: 900, Grant: 900 },
  });
  // Koa prints errors by itself; ours go to the log, without what the person sent.
  provider.silent = true;
  provider.on('server_error', (_context, error) => options.log.error('identity.simulator.failed', {}, error));
  return provider;
}

function protocol(options: ProviderOptions): Configuration {
  return {
    clients: [
      {
        client_id: options.clientId,
        redirect_uris: [...options.redirectUris],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        id_token_signed_response_alg: 'ES256',
        // Without it the class of authentication is left out unless the relying party asks for one.
        default_acr_values: [SIMULATOR_ACR],
        // With its key id: the assertion names the key that it was signed with.
        jwks: { keys: [clientJwk(options.clientKey) as unknown as JWK] },
        scope: SCOPES.join(' '),
      },
    ],
    clientAuthMethods: ['private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['ES256'], idTokenSigningAlgValues: ['ES256'] },
    jwks: { keys: [options.keys.signing as JWK] },
    responseTypes: ['code'],
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      resourceIndicators: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
    },
    clientBasedCORS: () => false,
  };
}

function identities(options: ProviderOptions): Configuration {
  const bySubject = new Map(
    options.people.map((person) => [options.keys.subjectOf(options.clientId, person.nationalId), person]),
  );
  return {
    scopes: [...SCOPES],
    claims: { openid: ['sub'], profile: ['name#ar', 'name#fr', 'birthdate'], national_id: ['national_id'] },
    acrValues: [SIMULATOR_ACR],
    findAccount: (_context, subject) => {
      const person = bySubject.get(subject);
      return person && { accountId: subject, claims: () => claimsOf(subject, person) };
    },
    // The page with the people says what is passed on: choosing one is the consent.
    loadExistingGrant: async (context) => {
      const { client, session, provider } = context.oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope(SCOPES.join(' '));
      await grant.save();
      return grant;
    },
  };
}

function claimsOf(subject: string, person: SimulatedPerson) {
  return {
    sub: subject,
    'name#ar': person.name.ar,
    'name#fr': person.name.fr,
    birthdate: person.birthDate,
    national_id: person.nationalId,
  };
}
