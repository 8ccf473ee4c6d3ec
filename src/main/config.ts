import { existsSync, readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { err, ok, type Result } from '../kernel/index.ts';

/**
 * All that can be configured, in one place. A value comes from the command line, else the environment (`WASL_PORT`
 * for `port`), else the JSON file named by `WASL_CONFIG`, else the default here.
 */
const Schema = Type.Object(
  {
    mode: Type.Union([Type.Literal('demonstration'), Type.Literal('production')], { default: 'demonstration' }),
    host: Type.String({ minLength: 1, maxLength: 255, default: '127.0.0.1' }),
    port: Type.Integer({ minimum: 0, maximum: 65_535, default: 8080 }),
    data: Type.String({ minLength: 1, default: '.wasl' }),
    databaseUrl: Type.Optional(Type.String({ pattern: '^postgres(ql)?://' })),
    baseUrl: Type.Optional(Type.String({ pattern: '^https?://[^/]+$' })),
    registryUrl: Type.Optional(Type.String({ pattern: '^https?://[^/]+$' })),
    issuerUrl: Type.Optional(Type.String({ pattern: '^https?://' })),
    legalRegister: Type.Optional(Type.String({ minLength: 1 })),
    timestampMinutes: Type.Integer({ minimum: 0, maximum: 1_440, default: 10 }),
    takeKeysSeconds: Type.Integer({ minimum: 0, maximum: 3_600, default: 90 }),
    ledgerPkcs11: Type.Optional(Type.String({ pattern: '^pkcs11:' })),
    natsUrl: Type.Optional(Type.String({ pattern: '^(nats|tls)://[^,\\s]+(,(nats|tls)://[^,\\s]+)*$' })),
    natsReplicas: Type.Integer({ minimum: 1, maximum: 5, default: 1 }),
    natsCredentials: Type.Optional(Type.String({ minLength: 1 })),
    archiveDir: Type.Optional(Type.String({ minLength: 1 })),
    otlpEndpoint: Type.Optional(Type.String({ pattern: '^https?://[^\\s?#]+$' })),
    traceRatio: Type.Number({ minimum: 0, maximum: 1, default: 0 }),
    maxInFlight: Type.Integer({ minimum: 1, maximum: 100_000, default: 1_024 }),
    maxPerCaller: Type.Integer({ minimum: 1, maximum: 100_000, default: 512 }),
    clientPerSecond: Type.Integer({ minimum: 0, maximum: 100_000, default: 0 }),
    peerPerSecond: Type.Integer({ minimum: 0, maximum: 100_000, default: 0 }),
    maxConnections: Type.Integer({ minimum: 10, maximum: 1_000_000, default: 4_096 }),
    maxConnectionsPerAddress: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 2_048 }),
    handshakesPerSecond: Type.Integer({ minimum: 0, maximum: 100_000, default: 500 }),
    headSeconds: Type.Integer({ minimum: 1, maximum: 300, default: 15 }),
    logLevel: Type.Union(
      ['debug', 'info', 'warn', 'error', 'silent'].map((level) => Type.Literal(level)),
      { default: 'warn' },
    ),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof Schema>;
export type ConfigRefusal = { readonly name: string; readonly detail: string };

const REMEDIES: Readonly<Record<keyof Config, string>> = {
  mode: 'use "demonstration" or "production"',
  host: 'use an address of this machine, such as 127.0.0.1',
  port: 'use a whole number from 0 to 65535',
  data: 'name a folder',
  databaseUrl: 'use postgresql://user@host:port/database',
  baseUrl: 'use the public address without a path, such as https://wasl.example',
  registryUrl: 'use the registry’s address without a path, such as https://registry.example',
  issuerUrl: 'use the address of the OpenID Connect issuer',
  legalRegister: 'name a file like content/legal/register.yaml, or "none" to take any reference',
  timestampMinutes: 'use the minutes between two timestamps, at most 1440; 0 takes none',
  takeKeysSeconds: 'use the seconds that others have to learn of renewed keys, at most 3600',
  ledgerPkcs11: 'use pkcs11:token=LABEL;object=KEY?module-path=/…&pin-source=file:/…',
  natsUrl: 'use nats://host:4222, or several of one cluster with commas between them',
  natsReplicas: 'use 1, 3 or 5: how many servers keep each event',
  natsCredentials: 'name the file with the NATS user’s credentials',
  archiveDir: 'name a folder that all processes of the member share',
  otlpEndpoint: 'use the address of an OTLP/HTTP collector, such as http://127.0.0.1:4318',
  traceRatio: 'use a number from 0 to 1: the share of traces that begin here',
  maxInFlight: 'use a whole number from 1: messages under way in one process',
  maxPerCaller: 'use a whole number from 1: messages of one caller under way',
  clientPerSecond: 'use a whole number: messages a second of one information system, 0 for no limit',
  peerPerSecond: 'use a whole number: messages a second of one other gateway, 0 for no limit',
  maxConnections: 'use a whole number from 10: connections open at one door',
  maxConnectionsPerAddress: 'use a whole number from 1: connections of one address open at one door',
  handshakesPerSecond: 'use a whole number: TLS handshakes a second of one address, 0 for no limit',
  headSeconds: 'use the seconds that the head of a request may take, from 1 to 300',
  logLevel: 'use debug, info, warn, error or silent',
};

const NUMBERS = new Set([
  'port',
  'timestampMinutes',
  'takeKeysSeconds',
  'natsReplicas',
  'traceRatio',
  'maxInFlight',
  'maxPerCaller',
  'clientPerSecond',
  'peerPerSecond',
  'maxConnections',
  'maxConnectionsPerAddress',
  'handshakesPerSecond',
  'headSeconds',
]);

/** Names of OpenTelemetry's own, for who configures all of a machine's programs alike; ours are nearer. */
const ALSO_KNOWN_AS: Readonly<Record<string, string>> = {
  otlpEndpoint: 'OTEL_EXPORTER_OTLP_ENDPOINT',
  traceRatio: 'OTEL_TRACES_SAMPLER_ARG',
};

/** `given` are the command line's options; what is undefined there falls through to the environment. */
export function readConfig(
  given: Readonly<Record<string, string | undefined>>,
  env: Readonly<Record<string, string | undefined>>,
): Result<Config, ConfigRefusal> {
  const file = readFile(env['WASL_CONFIG']);
  if (!file.ok) return file;
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(REMEDIES)) {
    const value =
      given[name] ??
      env[`WASL_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`] ??
      file.value[name] ??
      env[ALSO_KNOWN_AS[name] ?? ''];
    if (value !== undefined && value !== '') values[name] = NUMBERS.has(name) ? Number(value) : value;
  }
  const unknown = Object.keys(file.value).find((name) => !(name in REMEDIES));
  if (unknown !== undefined)
    return err({ name: unknown, detail: `is not a setting; remove it from ${env['WASL_CONFIG']}` });
  const filled = Value.Default(Schema, values);
  const fault = Value.Errors(Schema, filled)[0];
  if (fault === undefined) return productionRules(filled as Config);
  const name = fault.instancePath.slice(1).split('/')[0] ?? '';
  return err({ name, detail: `is not acceptable: ${REMEDIES[name as keyof Config] ?? fault.message}` });
}

function readFile(path: string | undefined): Result<Record<string, unknown>, ConfigRefusal> {
  if (path === undefined || path === '') return ok({});
  if (!existsSync(path)) return err({ name: 'WASL_CONFIG', detail: `names ${path}, which is not there` });
  try {
    return ok(JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>);
  } catch {
    return err({ name: 'WASL_CONFIG', detail: `names ${path}, which is not JSON` });
  }
}

/** Production has no simulators, no embedded database and no address that only this machine knows. */
function productionRules(config: Config): Result<Config, ConfigRefusal> {
  if (config.mode !== 'production') return ok(config);
  if (config.databaseUrl === undefined) {
    return err({
      name: 'databaseUrl',
      detail: 'is needed in production: the embedded database does not survive a power cut',
    });
  }
  if (config.baseUrl === undefined || !config.baseUrl.startsWith('https://')) {
    return err({ name: 'baseUrl', detail: 'is needed in production, with https' });
  }
  return ok(config);
}
