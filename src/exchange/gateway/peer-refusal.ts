import { type Json, parseJson } from '../../kernel/index.ts';
import { Fault, type FaultSlug, faultCode, isFaultSlug } from '../message/fault.ts';
import { type HeaderList, lastOf } from '../message/headers.ts';
import type { HttpAnswer } from './wire.ts';

/**
 * A refusal between gateways is a problem (RFC 9457) in the body, with X-Road's code in a signed header. An answer to
 * HEAD has no body and its digest is of nothing (RFC 9530, appendix B.2), so there the problem's name is a header.
 */
const REFUSAL_NAME = 'wasl-fault';

export function saidOfRefusal(method: string, slug: FaultSlug, body: string): { headers: HeaderList; body: Buffer } {
  if (method === 'HEAD') return { headers: [[REFUSAL_NAME, slug]], body: Buffer.alloc(0) };
  return { headers: [], body: Buffer.from(body) };
}

/** Which of our faults the provider's gateway names; null for none that is known here. */
export function refusalSlug(answer: HttpAnswer): FaultSlug | null {
  const type = problemOf(answer)['type'];
  const slug = typeof type === 'string' ? (type.split('/').at(-1) ?? '') : namedInHeader(answer.headers);
  return isFaultSlug(slug) ? slug : null;
}

/** That header is not signed: it is believed where it says the same as X-Road's code, which is. */
function namedInHeader(headers: HeaderList): string {
  const slug = lastOf(headers, REFUSAL_NAME) ?? '';
  const code = lastOf(headers, 'x-road-error');
  const codes = isFaultSlug(slug) ? [faultCode(slug, 'legacy', 'provider'), faultCode(slug, 'v78', 'provider')] : [];
  return code !== undefined && codes.includes(code) ? slug : '';
}

/** The provider's refusal, passed on in its own words. */
export function refusalFault(answer: HttpAnswer, slug: FaultSlug | null): Fault {
  const said = problemOf(answer);
  const wordOf = (name: string, otherwise: string): string => {
    const value = said[name];
    return typeof value === 'string' && value !== '' ? value : otherwise;
  };
  const detail = wordOf('detail', 'The provider’s gateway refused the request.');
  const xRoadMessage = wordOf('xRoadMessage', detail);
  const wait = Number(lastOf(answer.headers, 'retry-after'));
  const retry = Number.isInteger(wait) && wait > 0 ? { retryAfterSeconds: wait } : {};
  return new Fault(slug ?? 'peer-answer-invalid', detail, { side: 'provider', xRoadMessage, ...retry });
}

function problemOf({ body }: HttpAnswer): Readonly<Record<string, Json | undefined>> {
  const problem = parseJson(body.toString('utf8'), { maxChars: 10_000, maxDepth: 8 });
  const isObject = problem.ok && typeof problem.value === 'object' && !Array.isArray(problem.value);
  return isObject ? ((problem.value as Record<string, Json> | null) ?? {}) : {};
}
