import { randomBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  anchorPath,
  DOOR_LIMITS,
  GATEWAY_MIGRATIONS,
  type Gateway,
  type GatewayKeys,
  type GatewaySettings,
  type GatewayStatement,
  type InternalTlsFiles,
  joinAsGateway,
  loadGatewayKeys,
  openGateway,
  openInternalTls,
  openServicePublisher,
  openTrustStore,
  ownStatement,
  readAnchorFile,
  recipientsIn,
  type TrustStore,
  trustState,
  watchNewKeys,
} from '../../exchange/index.ts';
import type { LogSigner } from '../../ledger/index.ts';
import { type Log, migrate, type Tracing } from '../../platform/index.ts';
import { CommandRefusal } from '../terminal.ts';
import { keptKey, keptSecret } from './secrets.ts';
import type { Storage } from './storage.ts';

/** What `./wasl gateway status` tells of a running gateway. */
export type GatewayState = {
  readonly server: string;
  readonly member: string;
  readonly subsystems: readonly string[];
  readonly certificateUntil: string;
  /** The held list, or why there is none that is in force. */
  readonly trustList: { readonly version: number; readonly expiresAt: string } | { readonly problem: string };
  /** Why the newest list was not taken, by name and in words. */
  readonly trustRefused?: string;
};

export type GatewayPart = {
  readonly gateway: Gateway;
  readonly dir: string;
  readonly server: string;
  readonly operatorToken: string;
  readonly anchorFile: string;
  /** Asks the registry for the list now, so that members who joined since are known. */
  refreshTrust(): Promise<void>;
  state(): GatewayState;
  close(): Promise<void>;
};

/** What demonstrations allow; a member in production names the networks of its own systems. */
export const LOOPBACK = ['127.0.0.0/8', '::1'];

export type TlsOptions = { readonly port: number; readonly files?: InternalTlsFiles | undefined };

export type GatewayPartOptions = {
  readonly storage: Storage;
  /** Schema, log and folder are named after it: lower-case letters and digits. */
  readonly name: string;
  readonly dir: string;
  readonly registryUrl: string;
  /** Where copies of the trust list are, for when the registry is away. */
  readonly mirrors?: readonly string[];
  /** Asked for only when this gateway has not joined yet. */
  readonly token: () => Promise<string>;
  readonly host: string;
  readonly port: number;
  readonly peerPort: number;
  /** Networks beside the public internet that its services may be on. */
  readonly allowedNetworks: readonly string[];
  /** Agreements are in force only with both members' signatures, unless this says no. */
  readonly requireSignatures?: boolean;
  /** In production somebody who is not this process holds what reads the archive: none is made. */
  readonly isProduction?: boolean;
  /** Where files of archived bodies go; by default into the data folder. Processes of one member share it. */
  readonly archiveDir?: string | undefined;
  readonly legalRegister?: GatewaySettings['legalRegister'];
  readonly eventBroker?: GatewaySettings['eventBroker'];
  readonly timestampIntervalMs?: number;
  /** Signs the log's checkpoints where their key is in a token. */
  readonly ledgerSigner?: (origin: string) => LogSigner;
  /** Where operators' browsers reach the own door, when that is not its port on localhost. */
  readonly consoleOrigin?: string;
  /** The own door over TLS too, by the operator's certificate or one of the gateway's making. */
  readonly tls?: TlsOptions | undefined;
  readonly log: Log;
  readonly doors?: GatewaySettings['doors'];
  /** How long the trust list must have named renewed keys before they are taken; `watchNewKeys` says why. */
  readonly takeKeysMs?: number;
  /** Closed with the gateway. */
  readonly tracing?: Tracing;
};

const clock = () => new Date();

/** Joins the registry at the first start, then runs the gateway on what was kept. */
export async function startGateway(options: GatewayPartOptions): Promise<GatewayPart> {
  const { dir, name, registryUrl, host, log } = options;
  const address = `https://${host}:${options.peerPort}`;
  const keys =
    (await loadGatewayKeys(dir)) ??
    (await joinAsGateway({ registryUrl, token: await options.token(), dir, address, clock })).keys;
  const anchor = await readAnchorFile(anchorPath(dir));
  const trust = await openTrustStore({
    ...{ dir, anchor, registry: registryUrl, mirrors: options.mirrors ?? [], clock, log, pollSeconds: 30 },
  });
  // Keys that were renewed just before the last stop may be in no list that is held.
  if (ownIn(trust.current(clock()), keys) === undefined) await trust.refresh();
  const own = needOwnStatement(trust.current(clock()), keys, options);
  const db = await options.storage.open(`gateway_${name}`);
  await migrate(db, GATEWAY_MIGRATIONS);
  const internalTls = await openOwnTls(options, own.address);
  const operatorToken = (await keptSecret(dir, 'operator-token')).toString('base64url');
  const gateway = await openGateway({
    db,
    server: own.server,
    subsystems: own.subsystems.map((subsystem) => `${own.member.id}/${subsystem.code}`),
    keys,
    subjectSecret: await keptSecret(join(dir, 'keys'), 'subjects'),
    ...{ trust, host, internalTls, port: options.port, peerPort: options.peerPort },
    ...(options.tls === undefined ? {} : { tlsPort: options.tls.port }),
    address: own.address,
    ledger: { name, origin: own.ledger.name, ...signerOf(own, options) },
    witnessKey: await keptKey(dir, 'witness-key', 'ed25519'),
    archive: archiveOf(options, own.server),
    operatorToken,
    settings: settingsOf(options),
    ...(options.consoleOrigin === undefined ? {} : { consoleOrigin: options.consoleOrigin }),
    ...(options.tracing === undefined ? {} : { tracing: options.tracing }),
    ...{ clock, newId: randomUUID, randomBytes, log },
  });
  const publisher = openServicePublisher({
    ...{ registryUrl, server: own.server, clock, log },
    signKey: async () => ((await loadGatewayKeys(dir)) ?? keys).signKey,
    services: () => gateway.rights.current().services.values(),
  });
  const newKeys = takeNewKeys(options, trust, gateway);
  return {
    gateway,
    dir,
    server: own.server,
    operatorToken,
    anchorFile: anchorPath(dir),
    state: () => stateOf(own, trust, gateway.keyring.keys()),
    refreshTrust: async () => void (await trust.refresh()),
    close: async () => {
      newKeys.close();
      await publisher.close();
      await gateway.close();
      internalTls.close();
      await options.tracing?.close();
      await trust.close();
      await db.close();
    },
  };
}

/** Of this member alone, also where several share a folder: the sweep takes away what no row of its database names. */
function archiveOf({ dir, archiveDir, isProduction }: GatewayPartOptions, server: string) {
  return {
    dir: join(archiveDir ?? join(dir, 'archive'), server.replaceAll('/', '-')),
    recipients: recipientsIn(dir, isProduction !== true),
  };
}

function takeNewKeys({ dir, log, takeKeysMs }: GatewayPartOptions, trust: TrustStore, { keyring }: Gateway) {
  const settle = takeKeysMs === undefined ? {} : { settleMs: takeKeysMs };
  return watchNewKeys({ dir, trust, clock, log, current: keyring.keys, take: keyring.take, ...settle });
}

function openOwnTls({ dir, tls, host, log }: GatewayPartOptions, address: string) {
  const names = namesOf(host, address);
  return openInternalTls({ dir, files: tls?.files, names, clock: () => new Date(), log });
}

/** Those that the machine knows itself by; the member's own systems may use any of them. */
function namesOf(host: string, address: string): readonly string[] {
  const bound = host === '0.0.0.0' || host === '::' ? [] : [host];
  return [new URL(address).hostname, ...bound, hostname(), 'localhost', '127.0.0.1'];
}

function settingsOf(options: GatewayPartOptions): Partial<GatewaySettings> {
  const { allowedNetworks, requireSignatures = true, legalRegister, eventBroker, timestampIntervalMs } = options;
  const { doors = DOOR_LIMITS } = options;
  const often = timestampIntervalMs === undefined ? {} : { timestampIntervalMs };
  return { allowedNetworks, requireSignatures, legalRegister, eventBroker, doors, ...often };
}

/** The key that the registry vouches for: with another one, no checkpoint would verify. */
function signerOf({ ledger }: GatewayStatement, { ledgerSigner }: GatewayPartOptions): { readonly signer?: LogSigner } {
  const signer = ledgerSigner?.(ledger.name);
  if (signer === undefined) return {};
  if (signer.vkey === ledger.vkey) return { signer };
  throw new CommandRefusal(
    `the token holds another ledger key (${signer.vkey}) than the registry vouches for (${ledger.vkey}); name the right one with --ledger-pkcs11`,
  );
}

function refusedOf({ refused }: ReturnType<typeof trustState>): Pick<GatewayState, 'trustRefused'> {
  return refused === undefined ? {} : { trustRefused: `${refused.fault}: ${refused.detail}` };
}

function needOwnStatement(
  list: ReturnType<TrustStore['current']>,
  keys: GatewayKeys,
  { registryUrl, name }: GatewayPartOptions,
): GatewayStatement {
  const own = ownIn(list, keys);
  if (own !== undefined) return own;
  const why = list.ok ? 'it does not list this gateway' : list.error.detail;
  throw new CommandRefusal(`the trust list of ${registryUrl} is of no use to ${name}: ${why}`);
}

function ownIn(list: ReturnType<TrustStore['current']>, keys: GatewayKeys): GatewayStatement | undefined {
  return list.ok ? ownStatement(list.value, keys) : undefined;
}

function stateOf(own: GatewayStatement, trust: TrustStore, keys: GatewayKeys): GatewayState {
  const held = trust.current(clock());
  const statement = ownIn(held, keys) ?? own;
  return {
    server: own.server,
    member: own.member.id,
    subsystems: statement.subsystems.map(({ code }) => `${own.member.id}/${code}`),
    certificateUntil: statement.expiresAt,
    trustList: held.ok
      ? { version: held.value.version, expiresAt: held.value.expiresAt }
      : { problem: held.error.detail },
    ...refusedOf(trustState({ trust, clock })),
  };
}
