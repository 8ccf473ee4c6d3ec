import type { KeyObject } from 'node:crypto';
import { type Clock, malformed, Problem, parseJson, unavailable } from '../../kernel/index.ts';
import { callRegistry, type RegistryAnswer } from './fetch.ts';
import {
  type MemberRequest,
  type MemberRequestBody,
  type MemberRequestKind,
  parseRequestStatus,
  type RequestStatus,
  signMemberRequest,
} from './requesting.ts';

/** Who asks: the gateway's name and the key of its signing certificate. */
export type Applicant = {
  readonly registryUrl: string;
  /** INSTANCE/CLASS/MEMBER/SERVERCODE */
  readonly server: string;
  readonly signKey: KeyObject;
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Buffer;
};

/**
 * Sends a signed request: a subsystem more, another gateway, new certificates, to leave. Gives how it stands; what
 * waits is asked about with `requestStatus`. Throws a Problem: the registry's own, 503 where it is not there.
 */
export async function askRegistry<K extends Exclude<MemberRequestKind, 'status'>>(
  applicant: Applicant,
  kind: K,
  body: MemberRequestBody<K>,
): Promise<RequestStatus> {
  return send(applicant, '/requests', { kind, body } as Pick<MemberRequest, 'kind' | 'body'>, [202]);
}

/** How a request of one's own stands. */
export function requestStatus(applicant: Applicant, id: string): Promise<RequestStatus> {
  const asked = { kind: 'status', body: { request: id } } as const;
  return send(applicant, '/requests/status', asked, [200]);
}

async function send(
  applicant: Applicant,
  path: string,
  asked: Pick<MemberRequest, 'kind' | 'body'>,
  good: readonly number[],
): Promise<RequestStatus> {
  const request = {
    v: 1,
    id: applicant.randomBytes(16).toString('hex'),
    instance: applicant.server.split('/', 1)[0] ?? '',
    server: applicant.server,
    issuedAt: applicant.clock().toISOString(),
    ...asked,
  } as MemberRequest;
  const jws = signMemberRequest(applicant.signKey, request);
  const answer = await callRegistry(applicant.registryUrl, path, { request: jws });
  if (!good.includes(answer.status)) throw registryRefusal(answer);
  const json = parseJson(answer.text, { maxChars: 48_000_000, maxDepth: 8 });
  const status = parseRequestStatus(json.ok ? json.value : null);
  if (!status.ok) throw malformed(`The registry's answer cannot be read: ${status.error.detail}.`);
  return status.value;
}

/** The registry's own words to the person who asked. */
export function registryRefusal({ status, text }: RegistryAnswer): Problem {
  const json = parseJson(text, { maxChars: 100_000, maxDepth: 8 });
  const body = json.ok && typeof json.value === 'object' && json.value !== null ? json.value : {};
  const { title, detail } = body as Readonly<Record<string, unknown>>;
  if (status >= 500) return unavailable(`The registry answered ${status}.`);
  return new Problem(status >= 400 ? status : 503, 'join-refused', 'The registry refused the request', {
    detail: typeof detail === 'string' ? detail : `The registry answered ${status} ${String(title ?? '')}.`,
  });
}
