import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, malformed, Problem, parseJson, unavailable } from '../../kernel/index.ts';
import { emptyRoot, formatCheckpoint, type LogSigner, logSigner } from '../../ledger/index.ts';
import { writeDurably } from '../../platform/index.ts';
import { anchorText, parseAnchor, type TrustAnchor } from './anchor.ts';
import { followAnchor } from './anchor-chain.ts';
import { registryRefusal } from './asking.ts';
import { callRegistry } from './fetch.ts';
import { fetchUpdates, followKeys } from './follow.ts';
import {
  type JoinAnswer,
  type JoinRequest,
  type JoinToken,
  parseCertifiedAnswer,
  parseJoinToken,
  parseWaitingAnswer,
} from './joining.ts';
import { anchorFingerprint } from './jws.ts';
import { draftedLedgerKey, draftedSignKey, draftGatewayKeys, keepGatewayKeys, loadGatewayKeys } from './keys.ts';
import type { GatewayKeys, GatewayStatement, LedgerToken, TrustList } from './model.ts';
import { parseTrustList } from './rules.ts';
import { TRUST_LIST_FILE } from './source.ts';
import { forgetPending, keepPending, type Patience, readPending, untilDecided } from './waiting.ts';

export type JoinOptions = Patience & {
  readonly registryUrl: string;
  /** The line that the registry's operator handed over. */
  readonly token: string;
  /** The gateway's own folder: keys, anchor and trust list are put there. */
  readonly dir: string;
  /** https://host:port of the door for other gateways. */
  readonly address: string;
  /** The origin of the gateway's log; its server identifier unless told. */
  readonly ledgerName?: string;
  /** Where the log's key is to be in a token: its name, and what signs with it. */
  readonly ledgerToken?: LedgerToken & { readonly signer: (origin: string) => LogSigner };
  readonly clock: Clock;
};

export type JoinedGateway = {
  readonly keys: GatewayKeys;
  readonly anchor: TrustAnchor;
  readonly statement: GatewayStatement;
};

const ANCHOR_FILE = 'anchor.json';

/**
 * Joins an instance: makes the keys, has them certified against the one-time token, checks what comes back against
 * the anchor that the token names, and keeps it all. The `keys` folder appears last: where it is, the join is whole.
 * Throws a Problem: the registry's own, 400 for a token or an answer that does not hold, 503 where it is not there.
 */
export async function joinAsGateway(options: JoinOptions): Promise<JoinedGateway> {
  const { dir, registryUrl } = options;
  const token = parseJoinToken(options.token.trim());
  if (!token.ok) throw malformed(token.error.detail);
  const anchor = await fetchAnchor(registryUrl, token.value);
  const request = (await readJoinPending(options, token.value)) ?? (await joinRequest(options, token.value));
  const answer = await certifiedAnswer(options, token.value, request);
  // The answer's list may be signed with a key that the registry has had since the token was made.
  const present = await followKeys(answer.trustList, anchor, () => fetchUpdates(registryUrl));
  if (!present.ok) throw malformed(`The registry's keys are refused: ${present.error.detail}.`);
  const list = parseTrustList(answer.trustList, present.value, options.clock());
  if (!list.ok) throw malformed(`The registry's trust list is refused: ${list.error.detail}.`);
  const statement = confirmStatement(list.value, answer, request, token.value);
  await writeDurably(join(dir, `${ANCHOR_FILE}.new`), join(dir, ANCHOR_FILE), anchorText(present.value));
  await writeDurably(join(dir, `${TRUST_LIST_FILE}.new`), join(dir, TRUST_LIST_FILE), answer.trustList);
  const [tls, sign] = [answer.tlsCertificate, answer.signCertificate].map((text) => Buffer.from(text, 'base64'));
  await forgetPending(dir);
  await keepGatewayKeys(dir, { tls: tls ?? Buffer.of(), sign: sign ?? Buffer.of() });
  const keys = await loadGatewayKeys(dir);
  if (keys === undefined) throw new Error(`the keys in ${dir} cannot be read back`);
  return { keys, anchor: present.value, statement };
}

/** The anchor that a gateway keeps beside its keys, or any anchor file. Throws where it is not one. */
export async function readAnchorFile(path: string): Promise<TrustAnchor> {
  const anchor = parseAnchor(await readFile(path, 'utf8'));
  if (!anchor.ok) throw malformed(`${path} is not a trust anchor: ${anchor.error.detail}`);
  return anchor.value;
}

export function anchorPath(dir: string): string {
  return join(dir, ANCHOR_FILE);
}

/** The statement about the gateway that holds these keys, if it takes part. */
export function ownStatement(list: TrustList, keys: GatewayKeys): GatewayStatement | undefined {
  const own = keys.tlsCertPem.replace(/-----[A-Z ]+-----|\s/g, '');
  return list.gateways.find(({ statement }) => statement.tlsCertificate === own)?.statement;
}

/**
 * The registry's address may be anybody's; the fingerprint in the token says whose keys to expect behind it. Where the
 * registry has had other keys since, its own chain leads from the anchor of the token to the present one.
 */
async function fetchAnchor(registryUrl: string, token: JoinToken): Promise<TrustAnchor> {
  const named = (anchor: TrustAnchor) => anchorFingerprint(anchor) === token.anchor;
  const present = await fetchAnchorAt(registryUrl, '/anchor');
  if (named(present)) return present;
  const first = await fetchAnchorAt(registryUrl, '/anchor/first').catch(() => undefined);
  const updates = await fetchUpdates(registryUrl);
  const steps = updates.ok ? parseJson(updates.value, { maxChars: 4_000_000, maxDepth: 4 }) : undefined;
  const chain = steps?.ok && Array.isArray(steps.value) ? steps.value.filter((one) => typeof one === 'string') : [];
  for (let length = 0; first !== undefined && length <= chain.length; length += 1) {
    const then = followAnchor(first, chain.slice(0, length));
    if (then.ok && named(then.value)) return then.value;
  }
  throw malformed('The registry at this address is not the one that issued the token.');
}

async function fetchAnchorAt(registryUrl: string, path: string): Promise<TrustAnchor> {
  const { status, text } = await callRegistry(registryUrl, path);
  if (status !== 200) throw unavailable(`The registry answered ${status} to the request for its anchor.`);
  const anchor = parseAnchor(text);
  if (!anchor.ok) throw malformed(`The registry's anchor cannot be read: ${anchor.error.detail}.`);
  return anchor.value;
}

type Asked = Pick<JoinRequest, 'address' | 'ledger'> & { readonly request?: JoinRequest; readonly pending?: string };

async function joinRequest(options: JoinOptions, token: JoinToken): Promise<Asked> {
  const named = options.ledgerToken && { pkcs11: options.ledgerToken.pkcs11 };
  const draft = await draftGatewayKeys(options.dir, token.server, named);
  const signer = signerOf(options, token, draft.ledgerKey);
  const proof = await signer.sign(formatCheckpoint({ origin: signer.origin, size: 0, root: emptyRoot() }));
  const request: JoinRequest = {
    v: 1,
    token: options.token.trim(),
    tlsCsr: draft.tlsCsr,
    signCsr: draft.signCsr,
    ledger: { name: signer.origin, vkey: signer.vkey, proof },
    address: options.address,
  };
  return { request, address: request.address, ledger: request.ledger };
}

/** A log keeps the key that it was begun with, be it in a file or in a token. */
function signerOf(options: JoinOptions, token: JoinToken, key: GatewayKeys['ledgerKey']): LogSigner {
  const origin = options.ledgerName ?? token.server;
  if (!('pkcs11' in key)) return logSigner(origin, key);
  if (options.ledgerToken === undefined) throw malformed('The ledger’s key is in a token, which was not opened.');
  return options.ledgerToken.signer(origin);
}

/** A request of before that waits: the token is spent, the drafted keys are those of the request. */
async function readJoinPending(options: JoinOptions, token: JoinToken): Promise<Asked | undefined> {
  const pending = await readPending(options.dir);
  if (pending?.server !== token.server) return undefined;
  const signer = signerOf(options, token, await draftedLedgerKey(options.dir));
  const ledger = { name: signer.origin, vkey: signer.vkey, proof: '' };
  return { address: options.address, ledger, pending: pending.request };
}

/** What the registry grants, at once or after an operator's decision. */
async function certifiedAnswer(options: JoinOptions, token: JoinToken, asked: Asked): Promise<JoinAnswer> {
  const { dir, registryUrl, clock } = options;
  let { pending } = asked;
  if (pending === undefined) {
    const answer = await callRegistry(registryUrl, '/join', asked.request);
    const json = parseJson(answer.text, { maxChars: 48_000_000, maxDepth: 8 });
    if (answer.status === 201) return readCertified(json.ok ? json.value : null);
    const waiting = answer.status === 202 && json.ok ? parseWaitingAnswer(json.value) : undefined;
    if (waiting?.ok !== true) throw registryRefusal(answer);
    pending = waiting.value.request;
    await keepPending(dir, { v: 1, server: token.server, request: pending });
  }
  const signKey = await draftedSignKey(dir);
  const applicant = { registryUrl, server: token.server, signKey, clock, randomBytes };
  const decided = await untilDecided(applicant, pending, options).catch(async (cause: unknown) => {
    if (cause instanceof Problem && (cause.status === 403 || cause.status === 404)) await forgetPending(dir);
    throw cause;
  });
  return readCertified(decided.answer);
}

function readCertified(value: unknown): JoinAnswer {
  const answer = parseCertifiedAnswer(value);
  if (!answer.ok) throw malformed(`The registry's answer cannot be read: ${answer.error.detail}.`);
  return answer.value;
}

/** What the registry vouches for must be what was asked for: another address or ledger would be somebody else's. */
function confirmStatement(list: TrustList, answer: JoinAnswer, request: Asked, token: JoinToken): GatewayStatement {
  const statement = list.gateways.find(({ jws }) => jws === answer.statement)?.statement;
  const isOurs =
    statement?.server === token.server &&
    statement.address === request.address &&
    statement.ledger.vkey === request.ledger.vkey &&
    statement.tlsCertificate === answer.tlsCertificate &&
    statement.signCertificate === answer.signCertificate;
  if (statement === undefined || !isOurs) throw malformed('The registry vouches for something other than was asked.');
  return statement;
}
