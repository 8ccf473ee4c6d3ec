/**
 * Headers as pairs in the order received. What X-Road passes and what it keeps to itself (reference: PR-REST 4.3 and
 * the proxy's own list).
 */
export type HeaderList = readonly (readonly [name: string, value: string])[];

const HOP_BY_HOP = new Set([
  'transfer-encoding',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'trailers',
  'upgrade',
  'connection',
  'proxy-connection',
  'user-agent',
  'host',
  'content-length',
  'server',
  'expect',
]);

/** The gateways' own words to each other: an information system may neither set nor see them. */
const BETWEEN_GATEWAYS = new Set(['signature', 'signature-input', 'content-digest', 'x-road-request-hash']);
const SET_BY_GATEWAY = new Set([
  'x-road-id',
  'x-road-client',
  'x-road-service',
  'x-road-request-id',
  'x-road-error',
  'wasl-agreement',
  'date',
]);

export function toHeaderList(raw: readonly string[]): HeaderList {
  const list: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) list.push([raw[i] ?? '', raw[i + 1] ?? '']);
  return list;
}

/** The last value of a header: X-Road takes the last where one is repeated. */
export function lastOf(headers: HeaderList, name: string): string | undefined {
  for (let i = headers.length - 1; i >= 0; i -= 1) {
    const pair = headers[i];
    if (pair !== undefined && pair[0].toLowerCase() === name) return pair[1];
  }
  return undefined;
}

/** Of `names`, those that are there, with their last value; `repeated` names one that stands twice. */
export function pickHeaders(
  headers: HeaderList,
  names: ReadonlySet<string>,
): { readonly values: ReadonlyMap<string, string>; readonly repeated: string | undefined } {
  const values = new Map<string, string>();
  let repeated: string | undefined;
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (!names.has(lower)) continue;
    if (values.has(lower)) repeated ??= lower;
    values.set(lower, value);
  }
  return { values, repeated };
}

/** From the information system to the other gateway, and from there to the service. */
export function passRequestHeaders(headers: HeaderList): HeaderList {
  const named = connectionNames(headers);
  return headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return !HOP_BY_HOP.has(lower) && !BETWEEN_GATEWAYS.has(lower) && !named.has(lower);
  });
}

/** From the service back; what identifies the exchange is set by the gateway whatever the service said. */
export function passResponseHeaders(headers: HeaderList): HeaderList {
  return passRequestHeaders(headers).filter(([name]) => !SET_BY_GATEWAY.has(name.toLowerCase()));
}

/** Headers that `Connection` names are hop by hop too (RFC 9110 section 7.6.1). */
function connectionNames(headers: HeaderList): ReadonlySet<string> {
  const value = lastOf(headers, 'connection');
  return value === undefined
    ? new Set()
    : new Set(
        value
          .toLowerCase()
          .split(',')
          .map((name) => name.trim()),
      );
}

/** Of each of `names` only the last one stays; the others keep their places. */
export function keepLastOf(headers: HeaderList, names: readonly string[]): HeaderList {
  const lower = headers.map(([name]) => name.toLowerCase());
  return headers.filter((_pair, at) => {
    const name = lower[at] ?? '';
    return !names.includes(name) || lower.lastIndexOf(name) === at;
  });
}

export function withoutHeaders(headers: HeaderList, names: readonly string[]): HeaderList {
  return headers.filter(([name]) => !names.includes(name.toLowerCase()));
}
