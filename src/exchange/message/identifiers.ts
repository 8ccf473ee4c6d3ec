import { err, ok, type Result } from '../../kernel/index.ts';

/** X-Road identifiers, decoded. Written `INSTANCE/CLASS/MEMBER/SUBSYSTEM[/SERVICE]` with each part percent-encoded. */
export type SubsystemId = {
  readonly instance: string;
  readonly memberClass: string;
  readonly memberCode: string;
  readonly subsystem: string;
};
export type ServiceId = SubsystemId & { readonly service: string };

/** `encoding` and `traversal` are what an honest client never sends. */
export type IdentifierRefusal = { readonly kind: 'identifier' | 'encoding' | 'traversal'; readonly detail: string };

const refuse = (detail: string, kind: IdentifierRefusal['kind'] = 'identifier') =>
  err<IdentifierRefusal>({ kind, detail });

/** Encodes one part so that `/` and every other delimiter inside it stays inside (PR-REST 4.2). */
export function encodePart(part: string): string {
  return encodeURIComponent(part);
}

export function formatSubsystem(id: SubsystemId): string {
  return [id.instance, id.memberClass, id.memberCode, id.subsystem].map(encodePart).join('/');
}

export function formatService(id: ServiceId): string {
  return `${formatSubsystem(id)}/${encodePart(id.service)}`;
}

/** As X-Road's faults name a service: decoded, behind its kind. */
export function describeService(id: ServiceId): string {
  return `SERVICE:${[id.instance, id.memberClass, id.memberCode, id.subsystem, id.service].join('/')}`;
}

export function parseSubsystem(text: string): Result<SubsystemId, IdentifierRefusal> {
  const parts = decodeParts(text, 4);
  if (!parts.ok) return parts;
  const [instance = '', memberClass = '', memberCode = '', subsystem = ''] = parts.value;
  return ok({ instance, memberClass, memberCode, subsystem });
}

export function parseService(text: string): Result<ServiceId, IdentifierRefusal> {
  const parts = decodeParts(text, 5);
  if (!parts.ok) return parts;
  const [instance = '', memberClass = '', memberCode = '', subsystem = '', service = ''] = parts.value;
  return ok({ instance, memberClass, memberCode, subsystem, service });
}

function decodeParts(text: string, count: number): Result<readonly string[], IdentifierRefusal> {
  if (text.length > 1000) return refuse('is longer than 1000 characters');
  const parts = text.split('/');
  if (parts.length !== count) return refuse(`has ${parts.length} parts, not ${count}`);
  const decoded: string[] = [];
  for (const part of parts) {
    const value = decodePart(part);
    if (!value.ok) return value;
    decoded.push(value.value);
  }
  return ok(decoded);
}

/**
 * X-Road tolerates `%2F` and letters beyond ASCII on the wire. Control characters, dot segments, zero-width marks
 * and bad percent-encoding have no honest use in a code, and would let two spellings name one thing.
 */
function decodePart(part: string): Result<string, IdentifierRefusal> {
  if (part === '') return refuse('has a part that is empty');
  let value: string;
  try {
    value = decodeURIComponent(part);
  } catch {
    return refuse('has a part that is not percent-encoded UTF-8', 'encoding');
  }
  if (/^\.{1,2}$/.test(value)) return refuse('has a part that is a dot segment', 'traversal');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\u007f\u200b\u2028\u2029\ufeff]/.test(value)) {
    return refuse('has a part with a control or invisible character', 'encoding');
  }
  return ok(value);
}

export type RestTarget = {
  readonly service: ServiceId;
  /** What follows the service code, still percent-encoded: `''` or beginning with `/`. */
  readonly path: string;
  /** With its `?`, or empty. */
  readonly query: string;
};

/** Reads `/r1/INST/CLASS/MEMBER/SUBSYSTEM/SERVICE[/path][?query]` from the raw request target (PR-REST 4.1). */
export function parseRestTarget(target: string): Result<RestTarget, IdentifierRefusal> {
  const at = target.indexOf('?');
  const rawPath = at === -1 ? target : target.slice(0, at);
  if (rawPath.includes('\\')) return refuse('has a backslash', 'traversal');
  if (rawPath.includes('#')) return refuse('has a character that no URI path holds');
  const parts = rawPath.split('/');
  if (parts[0] !== '' || parts[1] !== 'r1') return refuse('does not begin with /r1/');
  if (parts.length < 7) return refuse('needs five identifier parts after /r1/');
  const service = parseService(parts.slice(2, 7).join('/'));
  if (!service.ok) return service;
  const rest = parts.slice(7);
  return ok({
    service: service.value,
    path: rest.length === 0 ? '' : `/${rest.join('/')}`,
    query: at === -1 ? '' : target.slice(at),
  });
}
