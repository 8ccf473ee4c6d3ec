import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { notFound, type Result } from '../../../kernel/index.ts';
import { verifyJws } from '../../trust/jws.ts';
import { memberOf } from '../../trust/model.ts';
import { claimedKey, type MemberRequest, parseMemberRequest, type RequestStatus } from '../../trust/requesting.ts';
import { joinConflict, requestNotSigned, requestRefused } from '../problems.ts';
import { APPLICANT, actingFor, type Registry } from '../registry.ts';
import { findSigner } from '../store/certificate.ts';
import { findRequest, insertRequest, type RequestRow } from '../store/request.ts';
import { readTwoKeys } from './certify.ts';
import { decideByRule } from './decide.ts';
import { currentTrustList } from './publish.ts';

const CLOCK_SKEW_MS = 300_000;

/**
 * Takes what a gateway asks for. The signature says who asks; the id, that it was not asked before. A renewal with a
 * good key is granted at once where the settings say so, everything else waits for an operator.
 */
export async function receiveRequest(registry: Registry, jws: string, now: Date): Promise<RequestStatus> {
  const kid = claimedKey(jws);
  const signer = kid === undefined ? undefined : await findSigner(registry.db.read, Buffer.from(kid, 'base64url'));
  if (kid === undefined || signer === undefined)
    throw requestNotSigned('The key is of no gateway that takes part. Sign with the key of the signing certificate.');
  const key = new X509Certificate(signer.der).publicKey;
  const request = openRequest(registry, jws, key, now);
  if (request.server !== signer.server) throw requestNotSigned(`The key is of ${signer.server}.`);
  if (request.kind === 'status') throw requestRefused('kind', 'of a request is not "status"; ask at /requests/status');
  if (request.kind === 'renew') await readTwoKeys(request.body, request.server);
  const acting = actingFor(registry, 'registry.requested', now, APPLICANT);
  await registry.db.transaction(async (tx) => {
    const isNew = await insertRequest(tx, {
      id: request.id,
      kind: request.kind as RequestRow['kind'],
      server: request.server,
      memberId: memberOf(request.server),
      signer: Buffer.from(kid, 'base64url'),
      signerKey: key.export({ type: 'spki', format: 'der' }),
      payload: request.body,
      receivedAt: now,
    });
    if (!isNew) throw joinConflict('This was sent before, or such a request of the gateway waits already.');
    await acting.record(tx, request.server, { request: request.id, kind: request.kind });
  });
  if (request.kind === 'renew' && registry.settings.autoRenew) await decideByRule(registry, request.id, now);
  return statusOf(registry, await needRequest(registry, request.id), now);
}

/** How a request stands, for whoever holds the key that signed it. */
export async function tellStatus(registry: Registry, jws: string, now: Date): Promise<RequestStatus> {
  const kid = claimedKey(jws);
  const unverified = peekRequest(jws);
  const row = unverified === undefined ? undefined : await findRequest(registry.db.read, unverified);
  if (row === undefined || kid === undefined || !row.signer.equals(Buffer.from(kid, 'base64url')))
    throw notFound('There is no request of this id that this key has signed.');
  const key = createPublicKey({ key: row.signerKey, format: 'der', type: 'spki' });
  const asked = openRequest(registry, jws, key, now);
  if (asked.kind !== 'status' || asked.server !== row.server) throw requestNotSigned('It asks for something else.');
  return statusOf(registry, row, now);
}

function openRequest(registry: Registry, jws: string, key: KeyObject, now: Date): MemberRequest {
  const signed = verifyJws(jws, 'wasl-request', () => key);
  if (!signed.ok) throw requestNotSigned(`It ${signed.error.detail}.`);
  const parsed: Result<MemberRequest, { detail: string }> = parseMemberRequest(signed.value.payload);
  if (!parsed.ok) throw requestRefused('request', parsed.error.detail);
  const request = parsed.value;
  if (request.instance !== registry.keys.anchor.instance)
    throw requestRefused('instance', `is ${request.instance}, this registry is of ${registry.keys.anchor.instance}`);
  if (Math.abs(Date.parse(request.issuedAt) - now.getTime()) > CLOCK_SKEW_MS)
    throw requestNotSigned('It was not signed within the last five minutes; check the clock and sign it anew.');
  return request;
}

/** Which request is asked about; believed only once the signature has been verified with that request's key. */
function peekRequest(jws: string): string | undefined {
  const signed = jws.split('.')[1] ?? '';
  const id = /"request":"([0-9a-f]{32})"/.exec(Buffer.from(signed, 'base64url').toString('utf8'))?.[1];
  return id;
}

async function needRequest(registry: Registry, id: string): Promise<RequestRow> {
  const row = await findRequest(registry.db.read, id);
  if (row === undefined) throw notFound('There is no request of this id.');
  return row;
}

async function statusOf(registry: Registry, row: RequestRow, now: Date): Promise<RequestStatus> {
  const told = { v: 1, id: row.id, kind: row.kind, state: row.state } as const;
  const reason = row.reason === null ? {} : { reason: row.reason };
  if (row.answer === null) return { ...told, ...reason };
  const isCertified = row.kind === 'join' || row.kind === 'renew';
  const list = isCertified ? { trustList: (await currentTrustList(registry, now)).jws } : {};
  return { ...told, ...reason, answer: { ...(row.answer as object), ...list } };
}
