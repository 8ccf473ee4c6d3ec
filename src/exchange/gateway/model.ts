import type { KeyObject } from 'node:crypto';
import type { Clock, Json } from '../../kernel/index.ts';
import type { LogSigner, Sequencer, Witness } from '../../ledger/index.ts';
import type { Database, Log, Tracing } from '../../platform/index.ts';
import type { Networks } from '../address/networks.ts';
import type { LegalRegister } from '../agreement/legal.ts';
import type { Archive, BodyToKeep, SignedTerms } from '../archive/model.ts';
import type { PublishedEvent } from '../events/model.ts';
import type { Agreement } from '../message/agreement.ts';
import type { Dialect } from '../message/fault.ts';
import type { ServiceId } from '../message/identifiers.ts';
import type { SigningKey } from '../message/signature.ts';
import type { ServiceDescription } from '../service/openapi.ts';
import type { SystemsBook } from '../systems/book.ts';
import type { InternalTls } from '../systems/internal-tls.ts';
import type { GatewayKeys, TrustSource } from '../trust/model.ts';
import type { Admission, DoorLimits } from './admission.ts';
import type { Measures } from './measures.ts';
import type { SeenMessages } from './seen.ts';

/** A service of this member, as its operator registered it. */
export type ServiceEntry = {
  /** INST/CLASS/MEMBER/SUBSYSTEM/SERVICE */
  readonly service: string;
  readonly url: string;
  readonly timeoutMs: number;
  readonly enabled: boolean;
  readonly notice: string;
  /** Its OpenAPI description, where the operator gave one. */
  readonly description?: ServiceDescription;
};

/** One signed message as one side kept it. */
export type MessageRecord = {
  readonly exchange: string;
  readonly kind: 'request' | 'response' | 'refusal';
  readonly side: 'consumer' | 'provider';
  readonly at: Date;
  /** INST/CLASS/MEMBER/SERVERCODE of the gateway at the other end. */
  readonly peer: string;
  readonly client: string;
  readonly service: string;
  readonly agreement: string | null;
  /** Known to the provider's side, which decided. */
  readonly agreementVersion: number | null;
  readonly purpose: string | null;
  readonly status: number | null;
  readonly fault: string | null;
  readonly xRoadId: string;
  readonly keyid: string;
  readonly base: string;
  readonly signatureInput: string;
  readonly signature: string;
  readonly salt: Buffer;
  readonly subjectHash: Buffer | null;
};

/** A message's private row, and for a request received, the mark against replay. */
export type KeptMessage = {
  readonly record: MessageRecord;
  readonly seen?: { readonly key: Buffer; readonly until: Date };
  /** Where the agreement says so: what was signed, sealed. */
  readonly kept?: BodyToKeep | undefined;
};

/** What is appended with a ledger entry: a message, or an event that a system of this member publishes. */
export type Kept = KeptMessage | { readonly event: PublishedEvent };

/** How often an agreement may be used. */
export type Limits = {
  /** One message. Throws Fault `rate-exceeded` or `quota-exceeded`. */
  take(agreement: Agreement, now: Date): Promise<void>;
  /** What would refuse the next message, without using anything up. */
  missing(agreement: Agreement, now: Date): Promise<'rate' | 'quota' | undefined>;
};

/** Data, of which an agreement may leave some fields only, or a file as it is. */
export type OwnAnswer = { readonly data: Json } | { readonly text: string; readonly contentType: string };

/** A message to a service that a part of the gateway answers: signed, allowed and kept like any other. */
export type PartMessage = {
  /** INST/CLASS/MEMBER/SUBSYSTEM of the one who asks. */
  readonly client: string;
  /** INST/CLASS/MEMBER/SUBSYSTEM/SERVICE */
  readonly service: string;
  readonly exchange: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** The person that it is about, empty where it names none. */
  readonly subject: string;
  readonly body: Buffer;
  readonly agreement: Agreement | undefined;
  readonly purpose: string | undefined;
};

export type PartService = {
  readonly needsAgreement: boolean;
  /** Throws Fault. */
  answer(message: PartMessage): Promise<OwnAnswer>;
};

/** The part's service that a message to a subsystem of this gateway is for; undefined where it is for none. */
export type PartServiceFinder = (asked: {
  readonly service: ServiceId;
  readonly method: string;
  /** What follows the service code, as `parseRestTarget` gives it. */
  readonly path: string;
}) => PartService | undefined;

export type GatewaySettings = {
  readonly dialect: Dialect;
  /** Held in memory and signed before it leaves; what is larger is passed on while it comes in. */
  readonly maxBodyBytes: number;
  /** The largest body of all. */
  readonly maxStreamBytes: number;
  /** Where requests above `maxBodyBytes` are put aside, encrypted and without a name, until they are signed. */
  readonly spoolDir: string;
  readonly peerTimeoutMs: number;
  /**
   * Networks beside the public internet that services, webhooks and descriptions may be on, as `10.1.0.0/16`: a
   * member names those of its own information systems.
   */
  readonly allowedNetworks: readonly string[];
  /** How often bodies whose time is over are erased; files that nothing names, sixty times as seldom. */
  readonly archiveSweepMs: number;
  /** How often the newest checkpoint is shown to witnesses. */
  readonly witnessIntervalMs: number;
  /** How often the newest checkpoint is stamped by an authority of the trust list; 0 for never. */
  readonly timestampIntervalMs: number;
  /** Whether an agreement is in force only with both members' signatures. */
  readonly requireSignatures: boolean;
  /** The texts that an agreement may rest on; without it any reference will do. */
  readonly legalRegister?: LegalRegister | undefined;
  /** NATS JetStream between what is published and its subscribers; without it the database serves both. */
  readonly eventBroker?: EventBroker | undefined;
  /** How much one process takes on. */
  readonly doors: DoorLimits;
  /** Where problem pages are served. */
  readonly problemBase: string;
};

export type EventBroker = {
  /** `nats://host:4222` or `tls://…`; several of one cluster. */
  readonly servers: readonly string[];
  /** Copies of the stream, 1, 3 or 5: with three, one server may die and nothing is lost. */
  readonly replicas: number;
  /** File with a user's credentials (JWT and seed), as `nsc` writes them. */
  readonly credentialsFile?: string | undefined;
};

/** Everything that handling a message needs; made once in `openGateway`. */
export type GatewayContext = {
  readonly db: Database;
  readonly server: string;
  readonly subsystems: ReadonlySet<string>;
  readonly address: string;
  readonly instance: string;
  readonly trust: TrustSource;
  /** Asks the registry for the list now, at most every few seconds: somebody unknown may have joined just now. */
  readonly renewTrust: () => Promise<void>;
  readonly keys: GatewayKeys;
  readonly signing: SigningKey;
  readonly subjectKey: KeyObject;
  readonly ledger: { readonly name: string; readonly signer: LogSigner };
  /** Signs other gateways' checkpoints. */
  readonly witness: Witness;
  readonly sequencer: Sequencer<Kept>;
  readonly seen: SeenMessages;
  readonly limits: Limits;
  readonly archive: Archive;
  /** What this member has signed as the client, where its own gateway is to keep bodies. */
  readonly signedTerms: SignedTerms;
  /** How the member's own systems connect. */
  readonly systems: SystemsBook;
  /** What the gateway shows to them, and whether its own door is open over TLS. */
  readonly internalTls: { readonly tls: InternalTls; readonly isDoorOpen: boolean } | undefined;
  readonly measures: Measures;
  readonly tracing: Tracing;
  readonly admission: Admission;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly randomBytes: (size: number) => Buffer;
  readonly log: Log;
  readonly settings: GatewaySettings;
  /** Of `settings.allowedNetworks`. */
  readonly networks: Networks;
  /** Asked in turn who answers a message, before the member's own systems; parts of the gateway add themselves. */
  readonly partServices: PartServiceFinder[];
};
