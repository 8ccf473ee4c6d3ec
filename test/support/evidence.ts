import { createHash, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { buildEvidence, type EvidenceParts, type Sealer } from '../../src/exchange/evidence/build.ts';
import type { EvidenceEntry, EvidenceMessage, EvidenceSide } from '../../src/exchange/evidence/model.ts';
import { contentDigest, type SignedParts, signRequest, signResponse } from '../../src/exchange/message/signature.ts';
import { createAuthorityCertificate, issueCertificate } from '../../src/exchange/registry/authority.ts';
import { certificateId } from '../../src/exchange/trust/certificate.ts';
import { anchorKeyOf, signJws } from '../../src/exchange/trust/jws.ts';
import type { GatewayStatement, TrustAnchor } from '../../src/exchange/trust/model.ts';
import { canonicalJson } from '../../src/kernel/index.ts';
import { formatCheckpoint, type LocalLogSigner, leafHash, logSigner } from '../../src/ledger/index.ts';

/** An instance without a database: a registry's keys, two gateways, and one exchange between them. */
export const AT = new Date('2026-03-02T10:15:30.000Z');
export const INSTANCE = 'MA-TEST';
const DAY_MS = 86_400_000;
const PERIOD = { from: new Date(AT.getTime() - 30 * DAY_MS), until: new Date(AT.getTime() + 300 * DAY_MS) };

const p256 = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

export type Instance = {
  readonly anchor: TrustAnchor;
  readonly signer: { readonly kid: string; readonly key: KeyObject };
  readonly authority: { readonly certificate: Buffer; readonly key: KeyObject; readonly name: string };
};

export type Gateway = {
  readonly statement: GatewayStatement;
  readonly jws: string;
  readonly signKey: KeyObject;
  readonly keyid: string;
  readonly log: LocalLogSigner;
};

export async function anInstance(name = INSTANCE): Promise<Instance> {
  const [ca, signing] = [p256(), p256()];
  const certificate = await createAuthorityCertificate(ca, `${name} authority`, PERIOD, randomBytes(16));
  const jwk = anchorKeyOf(signing.publicKey);
  return {
    anchor: { v: 1, instance: name, keys: [jwk] },
    signer: { kid: jwk.kid, key: signing.privateKey },
    authority: { certificate, key: ca.privateKey, name: `${name} authority` },
  };
}

export async function aGateway(
  instance: Instance,
  code: string,
  subsystem: string,
  replace: Partial<GatewayStatement> = {},
): Promise<Gateway> {
  const server = `${instance.anchor.instance}/GOV/${code}/gw1`;
  const [tls, sign] = [p256(), p256()];
  const issue = (use: 'tls' | 'sign', publicKey: KeyObject) =>
    issueCertificate(instance.authority, { publicKey, server, use, host: '127.0.0.1' }, PERIOD, randomBytes(16));
  const signCertificate = await issue('sign', sign.publicKey);
  const log = logSigner(server, generateKeyPairSync('ed25519').privateKey);
  const statement: GatewayStatement = {
    v: 1,
    instance: instance.anchor.instance,
    server,
    member: { id: server.replace('/gw1', ''), name: { ar: `إدارة ${code}`, fr: `Administration ${code}` } },
    subsystems: [{ code: subsystem, name: { ar: 'نظام فرعي', fr: 'Sous-système' } }],
    address: `https://127.0.0.1:${code.length}443`,
    tlsCertificate: (await issue('tls', tls.publicKey)).toString('base64'),
    signCertificate: signCertificate.toString('base64'),
    ledger: { name: log.origin, vkey: log.vkey },
    issuedAt: new Date(AT.getTime() - DAY_MS).toISOString(),
    expiresAt: new Date(AT.getTime() + 200 * DAY_MS).toISOString(),
    ...replace,
  };
  const ca = certificateId(instance.authority.certificate);
  const jws = signJws(instance.signer, 'wasl-gateway', statement, { ca });
  return { statement, jws, signKey: sign.privateKey, keyid: certificateId(signCertificate), log };
}

export type World = {
  readonly instance: Instance;
  /** The provider's, where that is another one. */
  readonly abroad?: Instance;
  readonly consumer: Gateway;
  readonly provider: Gateway;
};

export async function aWorld(): Promise<World> {
  const instance = await anInstance();
  return {
    instance,
    consumer: await aGateway(instance, 'ADD', 'portal'),
    provider: await aGateway(instance, 'DGSN', 'identity'),
  };
}

/** The provider is a member of another instance. */
export async function aWorldAcross(): Promise<World & { readonly abroad: Instance }> {
  const [instance, abroad] = [await anInstance(), await anInstance('XX-TEST')];
  return {
    instance,
    abroad,
    consumer: await aGateway(instance, 'ADD', 'portal'),
    provider: await aGateway(abroad, 'CIVIL', 'identity'),
  };
}

export type ExchangeOptions = {
  /** Levels of the ledgers' trees above the two entries. */
  readonly depth?: number;
  readonly client?: string;
  readonly target?: string;
  readonly headers?: readonly (readonly [string, string])[];
  /** What the leaves say otherwise than the truth. */
  readonly leaf?: Readonly<Record<string, string | number>>;
  readonly at?: Date;
  readonly status?: number;
};

/** One exchange as the two gateways would have kept it. */
export function anExchange(world: World, options: ExchangeOptions = {}): EvidenceParts {
  const { consumer, provider } = world;
  const exchange = '5d3b8c1e-6a52-4c39-9b57-2f0f3f6f9a10';
  const client = options.client ?? `${consumer.statement.member.id}/portal`;
  const service = `${provider.statement.member.id}/identity/persons`;
  const targetUri = options.target ?? `${provider.statement.address}/r1/${service}/AB123456`;
  const at = options.at ?? AT;
  const requestHeaders: [string, string][] = [
    ['content-type', 'application/json'],
    ['x-road-client', client],
    ['x-road-id', `${INSTANCE}-1f0c0a52`],
    ['x-road-request-id', exchange],
    ['wasl-purpose', 'residence-certificate'],
    ...(options.headers ?? [['wasl-subject', 'AB123456']]).map(([name, value]): [string, string] => [name, value]),
  ];
  const request = signRequest(
    { method: 'GET', targetUri, headers: requestHeaders },
    contentDigest(Buffer.alloc(0)),
    { keyid: consumer.keyid, key: consumer.signKey },
    at,
    'nonce-of-the-request',
  );
  const status = options.status ?? 200;
  const response = signResponse(
    {
      status,
      headers: [
        ['content-type', 'application/json'],
        ['x-road-id', `${INSTANCE}-1f0c0a52`],
        ['x-road-request-id', exchange],
        ['x-road-request-hash', createHash('sha512').update('request').digest('base64')],
        ['wasl-agreement', 'agr-residence-identity'],
      ],
    },
    contentDigest(Buffer.from('{"familyName":"…"}')),
    { method: 'GET', targetUri, signature: request.signature },
    { keyid: provider.keyid, key: provider.signKey },
    at,
    'nonce-of-the-response',
  );
  const facts = { exchange, client, service, at: at.toISOString(), status, leaf: options.leaf ?? {} };
  const side = (gateway: Gateway) => sideOf(world, gateway, request, response, facts, options.depth ?? 5);
  return {
    instance: INSTANCE,
    exchange,
    request: messageOf(request),
    response: messageOf(response),
    consumer: side(consumer),
    provider: side(provider),
  };
}

/** The whole file, sealed by the consumer's gateway. */
export function anEvidenceFile(world: World, options: ExchangeOptions = {}): Buffer {
  return buildEvidence(anExchange(world, options), sealerOf(world.consumer), AT);
}

export function sealerOf(gateway: Gateway): Sealer {
  return { server: gateway.statement.server, keyid: gateway.keyid, key: gateway.signKey };
}

function messageOf(parts: SignedParts): EvidenceMessage {
  return { base: parts.base, signatureInput: parts.input, signature: parts.signature };
}

type LeafFacts = {
  exchange: string;
  client: string;
  service: string;
  at: string;
  status: number;
  leaf: Readonly<Record<string, string | number>>;
};

/** Two entries side by side in a full tree whose other hashes are random: as long a proof as a log of 2^depth gives. */
function sideOf(
  world: World,
  gateway: Gateway,
  request: SignedParts,
  response: SignedParts,
  facts: LeafFacts,
  depth: number,
): EvidenceSide {
  const [first, second] = [leafOf('request', request, facts), leafOf('response', response, facts)];
  const [firstHash, secondHash] = [leafHash(Buffer.from(first.leaf)), leafHash(Buffer.from(second.leaf))];
  const siblings = Array.from({ length: depth - 1 }, () => randomBytes(32));
  // The entries are the last two but for index 2 and 3 in the smallest trees: every sibling is on the left.
  const size = 2 ** depth;
  const root = siblings.reduce((node, sibling) => nodeHash(sibling, node), nodeHash(firstHash, secondHash));
  const home = [world.abroad, world.instance].find((one) => one?.anchor.instance === gateway.statement.instance);
  if (home === undefined) throw new Error(`${gateway.statement.server} is of no instance of this world`);
  const proof = (sibling: Buffer) => [sibling, ...siblings].map((hash) => hash.toString('base64'));
  return {
    statement: gateway.jws,
    ca: home.authority.certificate.toString('base64'),
    checkpoint: gateway.log.sign(formatCheckpoint({ origin: gateway.log.origin, size, root })),
    request: { ...first, index: size - 2, proof: proof(secondHash) },
    response: { ...second, index: size - 1, proof: proof(firstHash) },
  };
}

function leafOf(
  kind: 'request' | 'response',
  message: SignedParts,
  facts: LeafFacts,
): Pick<EvidenceEntry, 'leaf' | 'salt'> {
  const salt = randomBytes(16);
  const raw = Buffer.from(message.signature.slice('wasl=:'.length, -1), 'base64');
  const commitment = createHash('sha256').update(salt).update(message.base).update('\n').update(raw);
  const leaf = canonicalJson({
    v: 1,
    kind,
    exchange: facts.exchange,
    at: facts.at,
    client: facts.client,
    service: facts.service,
    purpose: 'residence-certificate',
    ...(kind === 'response' ? { status: facts.status, agreement: 'agr-residence-identity' } : {}),
    commitment: commitment.digest('base64url'),
    ...facts.leaf,
  });
  return { leaf, salt: salt.toString('base64url') };
}

function nodeHash(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();
}
