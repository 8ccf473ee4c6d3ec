import { decodeBase64, decodeBase64url, err, ok, parseJson, type Result } from '../../kernel/index.ts';
import type { TrustAnchor } from '../trust/anchor.ts';
import { canonicalText } from '../trust/jws.ts';
import { parseTsaStatement, type TsaStatement } from '../trust/timestamp-authority.ts';
import { type EvidenceSide, parseEvidence, parseLeaf } from './model.ts';

/** Who says so, and before which instant the side's ledger held both entries. */
export type SideTimestamp = { readonly authority: string; readonly before: string };

export type TimestampReport = {
  readonly required: boolean;
  /** Undefined for a side without a token. */
  readonly consumer: SideTimestamp | undefined;
  readonly provider: SideTimestamp | undefined;
};

export type TimestampRefusal = { readonly step: 'timestamps'; readonly detail: string };

/** Clocks of authorities, gateways and the registry may differ by so much. */
const SKEW_MS = 300_000;

/**
 * The timestamps of a file that `verifyEvidence` has accepted: each token is over its side's checkpoint, and of an
 * authority that the registry vouched for when it was made, by the anchor alone (ADR 0034). A wrong one refuses the
 * file; one that is absent does so where it is demanded. WebCrypto, in Node and in a browser.
 */
export async function verifyTimestamps(
  bytes: Uint8Array,
  anchor: TrustAnchor,
  required: boolean,
): Promise<Result<TimestampReport, TimestampRefusal>> {
  const file = parseEvidence(bytes);
  if (!file.ok) return refuse(file.error.detail);
  const sides: Record<'consumer' | 'provider', SideTimestamp | undefined> = {
    consumer: undefined,
    provider: undefined,
  };
  for (const name of ['consumer', 'provider'] as const) {
    const side = file.value[name];
    if (side.timestamp === undefined) {
      if (required) return refuse(`/${name} has no timestamp, and one is demanded`);
      continue;
    }
    const checked = await checkSide(side, file.value[name === 'consumer' ? 'provider' : 'consumer'], anchor);
    if (!checked.ok) return refuse(`/${name}/timestamp ${checked.error}`);
    sides[name] = checked.value;
  }
  return ok({ required, ...sides });
}

/** What a side leaves out of its authority is what the other side holds. */
async function checkSide(
  side: EvidenceSide,
  other: EvidenceSide,
  anchor: TrustAnchor,
): Promise<Result<SideTimestamp, string>> {
  const token = side.timestamp?.token ?? '';
  const authority = side.timestamp?.authority ?? other.timestamp?.authority ?? '';
  const chain = [...(side.timestamp?.chain ?? []), ...(other.timestamp?.chain ?? [])];
  const statement = await readAuthority(authority, anchor);
  if (!statement.ok) return err(`authority ${statement.error}`);
  const { name, certificate, issuedAt, expiresAt } = statement.value;
  const { verifyToken } = await import('../timestamp/token.ts');
  const verified = await verifyToken(decodeBase64(token) ?? new Uint8Array(), {
    data: new TextEncoder().encode(side.checkpoint),
    authority: certificate,
    certificates: chain.map((one) => decodeBase64(one) ?? new Uint8Array()),
  });
  if (!verified.ok) return err(verified.error.detail);
  const { at, before } = verified.value;
  if (at.getTime() < Date.parse(issuedAt) - SKEW_MS || Date.parse(expiresAt) + SKEW_MS < at.getTime()) {
    return err(`was made at ${at.toISOString()}, outside the time for which the registry vouched for ${name}`);
  }
  const entered = latestEntry(side);
  if (at.getTime() + SKEW_MS < entered) {
    return err(`was made at ${at.toISOString()}, before the entries that it is said to cover`);
  }
  return ok({ authority: name, before: before.toISOString() });
}

function latestEntry(side: EvidenceSide): number {
  const times = [side.request, side.response].map(({ leaf }) => parseLeaf(leaf));
  return Math.max(...times.map((leaf) => (leaf.ok ? Date.parse(leaf.value.at) : 0)));
}

/** The registry's word for an authority: compact JWS in canonical JSON, ES256, by a key that was not laid down then. */
async function readAuthority(jws: string, anchor: TrustAnchor): Promise<Result<TsaStatement, string>> {
  const [head = '', body = '', tail = ''] = jws.split('.');
  const header = readCanonical(head) as Readonly<Record<string, unknown>> | undefined;
  const isOurs = header?.['alg'] === 'ES256' && header['typ'] === 'wasl-timestamp-authority';
  if (!isOurs || Object.keys(header).length !== 3) return err('is not the registry’s word for one');
  const key = anchor.keys.find(({ kid }) => kid === header['kid']);
  if (key === undefined) return err(`is signed with the key ${String(header['kid'])}, which is not of the anchor`);
  const signature = decodeBase64url(tail);
  if (signature === undefined || !(await isSigned(`${head}.${body}`, signature, key))) {
    return err('is not signed by the registry');
  }
  const statement = parseTsaStatement(readCanonical(body) as Parameters<typeof parseTsaStatement>[0]);
  if (!statement.ok) return err(statement.error.detail);
  if (statement.value.instance !== anchor.instance) return err(`is of the instance ${statement.value.instance}`);
  if (key.retiredAt !== undefined && statement.value.issuedAt >= key.retiredAt) {
    return err(`is signed with a key that was laid down at ${key.retiredAt}`);
  }
  return statement;
}

/** Undefined for what has a second spelling. */
function readCanonical(base64url: string): object | undefined {
  const text = decodeBase64url(base64url)?.toString('utf8') ?? '';
  const json = parseJson(text, { maxChars: 4_000, maxDepth: 3 });
  if (!json.ok || canonicalText(json.value) !== text) return undefined;
  return typeof json.value === 'object' && json.value !== null ? json.value : undefined;
}

async function isSigned(input: string, signature: Uint8Array, { x, y }: TrustAnchor['keys'][number]): Promise<boolean> {
  const { subtle } = globalThis.crypto;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const jwk = { kty: 'EC', crv: 'P-256', x, y };
  const key = await subtle.importKey('jwk', jwk, algorithm, false, ['verify']).catch(() => undefined);
  if (key === undefined) return false;
  return subtle.verify(algorithm, key, Uint8Array.from(signature), new TextEncoder().encode(input));
}

/** What it quotes may be hostile: nothing in it may steer the terminal that shows it. */
function refuse(detail: string): Result<never, TimestampRefusal> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const shown = detail.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '\ufffd');
  return err({ step: 'timestamps', detail: shown.slice(0, 600) });
}
