import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Clock,
  canonicalJson,
  type Json,
  malformed,
  Problem,
  parseJson,
  type Result,
  unavailable,
} from '../../kernel/index.ts';
import { emptyRoot, formatCheckpoint, logSigner } from '../../ledger/index.ts';
import { writeDurably } from '../../platform/index.ts';
import { callRegistry, type RegistryAnswer } from './fetch.ts';
import { type JoinAnswer, type JoinRequest, type JoinToken, parseJoinAnswer, parseJoinToken } from './joining.ts';
import { anchorFingerprint } from './jws.ts';
import { draftGatewayKeys, keepGatewayKeys, loadGatewayKeys } from './keys.ts';
import { type GatewayKeys, type GatewayStatement, parseAnchor, type TrustAnchor, type TrustList } from './model.ts';
import { parseTrustList } from './rules.ts';
import { TRUST_LIST_FILE } from './source.ts';

export type JoinOptions = {
  readonly registryUrl: string;
  /** The line that the registry's operator handed over. */
  readonly token: string;
  /** The gateway's own folder: keys, anchor and trust list are put there. */
  readonly dir: string;
  /** https://host:port of the door for other gateways. */
  readonly address: string;
  /** The origin of the gateway's log; its server identifier unless told. */
  readonly ledgerName?: string;
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
  const draft = await draftGatewayKeys(dir, token.value.server);
  const request = joinRequest(options, token.value, draft);
  const answer = readAnswer(await callRegistry(registryUrl, '/join', request));
  const list = parseTrustList(answer.trustList, anchor, options.clock());
  if (!list.ok) throw malformed(`The registry's trust list is refused: ${list.error.detail}.`);
  const statement = confirmStatement(list.value, answer, request, token.value);
  await writeDurably(join(dir, `${ANCHOR_FILE}.new`), join(dir, ANCHOR_FILE), anchorText(anchor));
  await writeDurably(join(dir, `${TRUST_LIST_FILE}.new`), join(dir, TRUST_LIST_FILE), answer.trustList);
  const [tls, sign] = [answer.tlsCertificate, answer.signCertificate].map((text) => Buffer.from(text, 'base64'));
  await keepGatewayKeys(dir, { tls: tls ?? Buffer.of(), sign: sign ?? Buffer.of() });
  const keys = await loadGatewayKeys(dir);
  if (keys === undefined) throw new Error(`the keys in ${dir} cannot be read back`);
  return { keys, anchor, statement };
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

/** The anchor file: canonical JSON and a newline. */
export function anchorText(anchor: TrustAnchor): string {
  return `${canonicalJson(anchor)}\n`;
}

/** The statement about the gateway that holds these keys, if it takes part. */
export function ownStatement(list: TrustList, keys: GatewayKeys): GatewayStatement | undefined {
  const own = keys.tlsCertPem.replace(/-----[A-Z ]+-----|\s/g, '');
  return list.gateways.find(({ statement }) => statement.tlsCertificate === own)?.statement;
}

/** The registry's address may be anybody's; the fingerprint in the token says whose keys to expect behind it. */
async function fetchAnchor(registryUrl: string, token: JoinToken): Promise<TrustAnchor> {
  const { status, text } = await callRegistry(registryUrl, '/anchor');
  if (status !== 200) throw unavailable(`The registry answered ${status} to the request for its anchor.`);
  const anchor = parseAnchor(text);
  if (!anchor.ok) throw malformed(`The registry's anchor cannot be read: ${anchor.error.detail}.`);
  if (anchorFingerprint(anchor.value) !== token.anchor) {
    throw malformed('The registry at this address is not the one that issued the token.');
  }
  return anchor.value;
}

function joinRequest(
  options: JoinOptions,
  token: JoinToken,
  draft: Awaited<ReturnType<typeof draftGatewayKeys>>,
): JoinRequest {
  const signer = logSigner(options.ledgerName ?? token.server, draft.ledgerKey);
  const proof = signer.sign(formatCheckpoint({ origin: signer.origin, size: 0, root: emptyRoot() }));
  return {
    v: 1,
    token: options.token.trim(),
    tlsCsr: draft.tlsCsr,
    signCsr: draft.signCsr,
    ledger: { name: signer.origin, vkey: signer.vkey, proof },
    address: options.address,
  };
}

function readAnswer({ status, text }: RegistryAnswer): JoinAnswer {
  const json: Result<Json, unknown> = parseJson(text, { maxChars: 48_000_000, maxDepth: 8 });
  const body = json.ok ? json.value : null;
  if (status !== 201) throw refusalOf(status, body);
  const answer = parseJoinAnswer(body);
  if (!answer.ok) throw malformed(`The registry's answer cannot be read: ${answer.error.detail}.`);
  return answer.value;
}

/** The registry's own words to the person who types the command. */
function refusalOf(status: number, body: Json): Problem {
  const { title, detail } = (typeof body === 'object' && body !== null ? body : {}) as Readonly<
    Record<string, unknown>
  >;
  return new Problem(status >= 400 && status < 500 ? status : 503, 'join-refused', 'The registry refused the request', {
    detail: typeof detail === 'string' ? detail : `The registry answered ${status} ${String(title ?? '')}.`,
  });
}

/** What the registry vouches for must be what was asked for: another address or ledger would be somebody else's. */
function confirmStatement(
  list: TrustList,
  answer: JoinAnswer,
  request: JoinRequest,
  token: JoinToken,
): GatewayStatement {
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
