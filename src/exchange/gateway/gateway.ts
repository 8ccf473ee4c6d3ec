import { createSecretKey, type KeyObject } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import type { Clock } from '../../kernel/index.ts';
import { createLog, type LogSigner, ledgerRoutes, logSigner, openSequencer, openWitness } from '../../ledger/index.ts';
import {
  createHttpServer,
  type Database,
  type Log,
  mountHealth,
  NO_TRACING,
  type Tracing,
  tracedLog,
} from '../../platform/index.ts';
import { type Networks, parseNetworks } from '../address/networks.ts';
import type { Recipients } from '../archive/keys.ts';
import { openSignedTerms } from '../archive/terms.ts';
import { openArchive } from '../archive/vault.ts';
import { menuTexts } from '../console/texts/console.ts';
import type { Fault } from '../message/fault.ts';
import { consoleProblemPage } from '../operators/house.ts';
import { type Operators, openOperators } from '../operators/operators.ts';
import { openSystems } from '../systems/book.ts';
import type { InternalTls } from '../systems/internal-tls.ts';
import { arrivalOf, openTlsDoor } from '../systems/tls-door.ts';
import type { GatewayKeys, TrustSource } from '../trust/model.ts';
import { DOOR_LIMITS, openAdmission } from './admission.ts';
import { guardConnections, openTurnstile } from './connections.ts';
import { relayToProvider } from './consumer.ts';
import { openPeerServer, readIncoming, refuseUnparsed, writeAnswer } from './doors.ts';
import { type Drain, openDrain } from './drain.ts';
import type { GatewayCore, GatewayExtension } from './extension.ts';
import { EXTENSIONS } from './extensions.ts';
import { exportProof } from './failed-proof.ts';
import { openGauges } from './gauges.ts';
import { type Keyring, openKeyring } from './keyring.ts';
import { resumed, spoolBody } from './large-body.ts';
import { openLimits } from './limits.ts';
import { closeServer, listen, portOf } from './listening.ts';
import { type Door, openMeasures } from './measures.ts';
import { listClients, refuseOtherProtocol } from './metaservices.ts';
import type { GatewayContext, GatewaySettings, Kept } from './model.ts';
import { peerListener } from './peer-door.ts';
import { openPeers, type Peers } from './peers.ts';
import { poolRandom } from './random-pool.ts';
import { throttledRenewal } from './renewal.ts';
import { openRights, type RightsBook } from './rights.ts';
import { rememberSeenMessages } from './seen.ts';
import { serve } from './serve.ts';
import { forgetExpired, placeMessages } from './store.ts';
import { tracedPeers } from './traced.ts';
import { trustMissing } from './trust-state.ts';
import type { HttpAnswer } from './wire.ts';

export type GatewayOptions = {
  readonly db: Database;
  /** INST/CLASS/MEMBER/SERVERCODE */
  readonly server: string;
  /** INST/CLASS/MEMBER/SUBSYSTEM of each subsystem it serves. */
  readonly subsystems: readonly string[];
  readonly keys: GatewayKeys;
  /** 32 bytes of this gateway's own, under which persons' numbers are hashed. */
  readonly subjectSecret: Buffer;
  /** With `refresh`, somebody unknown is looked for in a fresh list before being refused. */
  readonly trust: TrustSource & { refresh?: () => Promise<unknown> };
  readonly host: string;
  /** For the member's own information systems; 0 takes a free one. */
  readonly port: number;
  readonly peerPort: number;
  /** The certificate towards the member's own systems and services; without it there is no door over TLS. */
  readonly internalTls?: InternalTls;
  /** The own door over TLS beside the plain one; 0 takes a free port. */
  readonly tlsPort?: number;
  /** https://host:port as registered. */
  readonly address: string;
  /** Name of the log in the database and of its path under /ledger/; its checkpoints' origin; what signs where the key is in a token. */
  readonly ledger: { readonly name: string; readonly origin: string; readonly signer?: LogSigner };
  /** Ed25519, of this gateway as a witness: no log may have it too. */
  readonly witnessKey: KeyObject;
  /** Where bodies are kept that an agreement asks for; without it such messages are refused. */
  readonly archive?: { readonly dir: string; readonly recipients: Recipients };
  /** Stands for every role of an operator; it makes the first accounts. */
  readonly operatorToken: string;
  /** Where operators' browsers reach the own door, `https://host[:port]`; by default its port on localhost. */
  readonly consoleOrigin?: string;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly randomBytes: (size: number) => Buffer;
  readonly log: Log;
  /** Closed by who opened it, after the gateway. */
  readonly tracing?: Tracing;
  readonly settings?: Partial<GatewaySettings>;
};

export type Gateway = {
  readonly url: string;
  /** Undefined where the own door is open without TLS only. */
  readonly tlsUrl: string | undefined;
  readonly peerUrl: string;
  readonly rights: RightsBook;
  readonly operators: Operators;
  readonly ledger: { readonly name: string; readonly vkey: string };
  /** Those in use, and others from now on: new connections and signatures are made with them. */
  readonly keyring: Keyring;
  exportEvidence(exchange: string): Promise<Buffer>;
  /** From now on it says that it is not ready and ends its connections, but answers: for some seconds before `close`. */
  drain(): void;
  close(): Promise<void>;
};

const DEFAULTS: GatewaySettings = {
  dialect: 'legacy',
  maxBodyBytes: 10 * 1_048_576,
  maxStreamBytes: 16 * 1024 ** 3,
  spoolDir: tmpdir(),
  allowedNetworks: [],
  archiveSweepMs: 60_000,
  witnessIntervalMs: 5_000,
  timestampIntervalMs: 600_000,
  requireSignatures: true,
  peerTimeoutMs: 90_000,
  doors: DOOR_LIMITS,
  problemBase: 'https://wasl.example',
};

/** Starts both doors of a member's gateway. `close` lets what is under way end, then commits what waits. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const keyring = openKeyring(options.keys);
  const context = await openContext(options, keyring);
  openGauges(context);
  const rights = await openRights(options.db, {
    clock: context.clock,
    areSignaturesRequired: context.settings.requireSignatures,
    legalRegister: context.settings.legalRegister,
  });
  const peers = tracedPeers(
    openPeers(keyring.keys, () => context.networks, options.internalTls?.current),
    context.tracing,
  );
  let url = '';
  const operators = openOperators({
    db: options.db,
    ledger: context.ledger,
    clock: options.clock,
    random: options.randomBytes,
    house: options.server,
    bootstrapToken: options.operatorToken,
    origin: () => options.consoleOrigin ?? localOrigin(url),
    log: options.log,
  });
  const core: GatewayCore = { context, rights, peers, operators };
  const extensions = await openExtensions(core);
  const drain = openDrain();
  const own = await openOwnDoor(options, core, extensions, drain);
  url = own.url;
  const peerServer = openPeerServer(context, peerListener(core, extensions));
  drain.watch(peerServer);
  guard(context, peerServer, 'peers');
  await listen(peerServer, options.peerPort, options.host);
  const forget = setInterval(() => void forgetExpired(options.db.read, context.clock()).catch(() => {}), 60_000);
  forget.unref();
  return {
    url: own.url,
    tlsUrl: own.tlsUrl,
    peerUrl: `https://${options.host}:${portOf(peerServer)}`,
    rights,
    operators,
    ledger: { name: context.ledger.name, vkey: context.ledger.signer.vkey },
    keyring,
    exportEvidence: (exchange) => exportProof(context, peers, exchange),
    drain: drain.begin,
    async close() {
      clearInterval(forget);
      // First nothing new comes in, then what is under way gets its answer, then the ledger is closed behind it.
      await Promise.all([own.close(), closeServer(peerServer)]);
      for (const extension of [...extensions].reverse()) await extension.close?.();
      await context.sequencer.close();
      rights.close();
      context.signedTerms.close();
      context.systems.close();
      await peers.close();
    },
  };
}

/** Passkeys are for names, not for addresses of digits; browsers hold localhost for safe without TLS. */
function localOrigin(url: string): string {
  return url === '' ? 'http://localhost' : `http://localhost:${new URL(url).port}`;
}

async function openExtensions(core: GatewayCore): Promise<readonly GatewayExtension[]> {
  const opened: GatewayExtension[] = [];
  for (const open of EXTENSIONS) {
    const extension = await open(core);
    if (extension.answers !== undefined) core.context.partServices.push(extension.answers);
    opened.push(extension);
  }
  return opened;
}

async function openContext(options: GatewayOptions, keyring: Keyring): Promise<GatewayContext> {
  const signer = options.ledger.signer ?? localSigner(options);
  await createLog(options.db, options.ledger.name, signer);
  const { db, clock, trust } = options;
  const settings = { ...DEFAULTS, ...options.settings };
  const tracing = options.tracing ?? NO_TRACING;
  const sequencer = openSequencer<Kept>({ db, log: options.ledger.name, signer, clock, place: placeMessages });
  return {
    db,
    server: options.server,
    subsystems: new Set(options.subsystems),
    address: options.address,
    instance: options.server.split('/')[0] ?? '',
    trust,
    renewTrust: throttledRenewal(clock, () => options.trust.refresh?.() ?? Promise.resolve()),
    get keys() {
      return keyring.keys();
    },
    get signing() {
      return keyring.signing();
    },
    subjectKey: createSecretKey(options.subjectSecret),
    ledger: { name: options.ledger.name, signer },
    witness: openWitness(`${options.server}/witness`, options.witnessKey),
    sequencer,
    seen: rememberSeenMessages(),
    limits: openLimits(db),
    archive: openArchive(options.archive),
    signedTerms: await openSignedTerms(db),
    systems: await openSystems(db),
    internalTls:
      options.internalTls === undefined
        ? undefined
        : { tls: options.internalTls, isDoorOpen: options.tlsPort !== undefined },
    measures: openMeasures(options.server),
    tracing,
    admission: openAdmission(settings.doors),
    clock,
    newId: options.newId,
    randomBytes: poolRandom(options.randomBytes),
    log: tracedLog(options.log, tracing),
    settings,
    networks: openNetworks(settings.allowedNetworks),
    partServices: [],
  };
}

function localSigner({ ledger, keys }: GatewayOptions): LogSigner {
  if ('pkcs11' in keys.ledgerKey) throw new Error('the ledger’s key is in a token, which was not opened');
  return logSigner(ledger.origin, keys.ledgerKey);
}

function openNetworks(allowed: readonly string[]): Networks {
  const networks = parseNetworks(allowed);
  if (!networks.ok) throw new Error(`allowedNetworks: ${networks.error}`);
  return networks.value;
}

/** A gigabyte over a poor line takes its time; who sends nothing for a while is let go before (doors.ts). */
const MOST_REQUEST_MS = 3_600_000;

type OwnDoor = { readonly url: string; readonly tlsUrl: string | undefined; close(): Promise<void> };

/** The door for the member's information systems, with health, metrics, the log and the operator's API beside it. */
async function openOwnDoor(
  options: GatewayOptions,
  core: GatewayCore,
  extensions: readonly GatewayExtension[],
  drain: Drain,
): Promise<OwnDoor> {
  const { context } = core;
  const relay = ownListener(context, core.peers);
  const server = await createHttpServer({
    log: options.log,
    baseUrl: () => context.settings.problemBase,
    problemPage: consoleProblemPage(menuTexts.house),
    secure: options.consoleOrigin?.startsWith('https:') === true,
    requestTimeoutMs: MOST_REQUEST_MS,
    headTimeoutMs: context.settings.doors.headPatienceMs,
    refuseUnparsed: refuseUnparsed(context, 'consumer'),
    intercept: (request, response) => relay(request, response),
  });
  mountHealth(server, context.measures.registry, async () => trustMissing(context) ?? drain.missing());
  drain.watch(server.server);
  await server.register(
    ledgerRoutes([{ name: context.ledger.name, db: options.db, vkey: context.ledger.signer.vkey }]),
  );
  for (const extension of extensions) await extension.mount?.(server);
  guard(context, server.server, 'own');
  await server.listen({ port: options.port, host: options.host });
  const url = `http://${options.host}:${portOf(server.server)}`;
  const { internalTls: tls, tlsPort } = options;
  if (tls === undefined || tlsPort === undefined) return { url, tlsUrl: undefined, close: () => server.close() };
  const door = openTlsDoor({ tls, plain: server.server, refuseUnparsed: refuseUnparsed(context, 'consumer') });
  guard(context, door, 'own-tls');
  await listen(door, tlsPort, options.host);
  const close = async () => void (await Promise.all([closeServer(door), server.close()]));
  return { url, tlsUrl: `https://${options.host}:${portOf(door)}`, close };
}

/** Each door has its own turnstile: who crowds at one of them leaves the others as they are. */
function guard({ settings, clock, measures }: GatewayContext, server: Server, door: Door): void {
  const turnstile = openTurnstile(settings.doors, door === 'own' ? 0 : settings.doors.handshakesPerSecond);
  const now = () => clock().getTime();
  guardConnections(server, turnstile, now, (why) => measures.turned(door, why));
}

function ownListener(context: GatewayContext, peers: Peers) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    // A client that takes us for its proxy sends the whole address; the server must take it (RFC 9112 section 3.2.2).
    if (request.url?.startsWith('http')) request.url = request.url.replace(/^https?:\/\/[^/?#]*(?=\/)/, '');
    const url = request.url ?? '';
    if (/^\/r\d+(\/|$)/.test(url) && !/^\/r1(\/|$)/.test(url)) {
      writeAnswer(response, refuseOtherProtocol(request.method ?? ''));
      return true;
    }
    const isMessage = /^\/r1(\/|$)/.test(url);
    if (!isMessage && !/^\/listClients(\?|$)/.test(url)) return false;
    const answer = () => (isMessage ? relayRaw(context, peers, request) : listRaw(context, request));
    const refuse = (fault: Fault) => Promise.reject(fault);
    const caller = { kind: 'client', id: clientOf(context, request) } as const;
    serve(context, 'consumer', { request, response, caller, answer, refuse });
    return true;
  };
}

/** Its systems by their names; who names none of them is known by the address that it calls from. */
function clientOf(context: GatewayContext, request: IncomingMessage): string {
  const named = request.headers['x-road-client'];
  return typeof named === 'string' && context.subsystems.has(named) ? named : (request.socket.remoteAddress ?? '');
}

async function relayRaw(context: GatewayContext, peers: Peers, request: IncomingMessage): Promise<HttpAnswer> {
  const { maxBodyBytes, maxStreamBytes, spoolDir } = context.settings;
  const incoming = await readIncoming(request, maxBodyBytes, (first, rest) =>
    spoolBody(resumed(first, rest), spoolDir, maxStreamBytes),
  );
  const relayed = relayToProvider(context, peers, { ...incoming, arrival: arrivalOf(request) });
  return incoming.large === undefined ? relayed : relayed.finally(() => incoming.large?.discard());
}

async function listRaw(context: GatewayContext, request: IncomingMessage): Promise<HttpAnswer> {
  return listClients(context, await readIncoming(request, 1000));
}
