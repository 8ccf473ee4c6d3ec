import { err, type Json, ok, parseJson, type Result } from '../../kernel/index.ts';
import { type HeaderList, lastOf } from '../message/headers.ts';
import { type CloudEvent, MAX_BATCH_EVENTS, MAX_EVENT_BYTES } from './model.ts';

/** `field` is a JSON pointer, or the name of a header. `status` is 400, 413, 415 or 422. */
export type EventRefusal = { readonly status: number; readonly field: string; readonly detail: string };

const refuse = (field: string, detail: string, status = 422) => err<EventRefusal>({ status, field, detail });
const LIMITS = { maxChars: 8_000_000, maxDepth: 64 };

const STRUCTURED = 'application/cloudevents+json';
export const BATCH = 'application/cloudevents-batch+json';

/** Events as the HTTP binding of CloudEvents 1.0.2 carries them: structured, batched or binary, told by Content-Type. */
export function readCloudEvents(headers: HeaderList, body: Buffer): Result<readonly CloudEvent[], EventRefusal> {
  const given = lastOf(headers, 'content-type') ?? '';
  const type = given.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === BATCH) return readBatch(body);
  if (type === STRUCTURED) return asList(readStructured(body));
  if (type.startsWith('application/cloudevents')) {
    return refuse('Content-Type', `is ${type}; send ${STRUCTURED} or ${BATCH}`, 415);
  }
  if (lastOf(headers, 'ce-specversion') === undefined) {
    return refuse(
      'Content-Type',
      `must be ${STRUCTURED} or ${BATCH}, or the event's attributes stand in ce- headers`,
      415,
    );
  }
  return asList(readBinary(headers, given, body));
}

function asList(read: Result<CloudEvent, EventRefusal>): Result<readonly CloudEvent[], EventRefusal> {
  return read.ok ? ok([read.value]) : read;
}

function readBatch(body: Buffer): Result<readonly CloudEvent[], EventRefusal> {
  const json = readJson(body);
  if (!json.ok) return json;
  if (!Array.isArray(json.value)) return refuse('/', 'must be a list of events');
  const items = json.value as readonly Json[];
  if (items.length > MAX_BATCH_EVENTS)
    return refuse('/', `holds more than ${MAX_BATCH_EVENTS} events; send fewer at a time`, 413);
  const events: CloudEvent[] = [];
  for (const [nth, item] of items.entries()) {
    const event = readMembers(item, `/${nth}`);
    if (!event.ok) return event;
    events.push(event.value);
  }
  return ok(events);
}

function readStructured(body: Buffer): Result<CloudEvent, EventRefusal> {
  const json = readJson(body);
  return json.ok ? readMembers(json.value, '') : json;
}

/** JSON is UTF-8 (RFC 8259 section 8.1); what is not would be changed while it is read. */
function readJson(body: Buffer): Result<Json, EventRefusal> {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return refuse('/', 'is not UTF-8', 400);
  }
  const json = parseJson(text, LIMITS, 'exact');
  if (json.ok) return json;
  return refuse('/', `cannot be read: ${json.error.detail}`, json.error.kind === 'too-large' ? 413 : 400);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** One event in the JSON format, from `at` in the body. */
export function readMembers(json: Json, at: string): Result<CloudEvent, EventRefusal> {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) return refuse(at || '/', 'must be an object');
  const members = withoutUnset(json as Readonly<Record<string, Json>>);
  if (members['specversion'] !== '1.0') return refuse(`${at}/specversion`, 'must be "1.0"');
  for (const [name, value] of Object.entries(members)) {
    const fault = attributeFault(name, value);
    if (fault !== undefined) return refuse(`${at}/${name.slice(0, 100)}`, fault);
  }
  const { id, source, type, subject } = members;
  for (const [name, value] of [
    ['id', id],
    ['source', source],
    ['type', type],
  ] as const) {
    if (typeof value !== 'string' || value === '')
      return refuse(`${at}/${name}`, 'must be there, as a text that is not empty');
  }
  if ('data' in members && 'data_base64' in members) return refuse(`${at}/data_base64`, 'must not stand beside data');
  if (Buffer.byteLength(JSON.stringify(members)) > MAX_EVENT_BYTES) {
    return refuse(at || '/', `is larger than the ${MAX_EVENT_BYTES} bytes that an event may have`, 413);
  }
  return ok({
    id: id as string,
    source: source as string,
    type: type as string,
    ...(typeof subject === 'string' ? { subject } : {}),
    members,
  });
}

/** JSON format 2.2: an attribute that is null is unset. Data that is null is null. */
function withoutUnset(members: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(members).filter(([name, value]) => value !== null || name === 'data'));
}

const DATA = new Set(['data', 'data_base64']);
const MOST_TEXT = 2_000;

/** CloudEvents 3 and 3.1: names are of small letters and digits, values of a few simple types. Undefined where it is right. */
function attributeFault(name: string, value: Json): string | undefined {
  if (name === 'data') return undefined;
  if (name === 'data_base64') return typeof value === 'string' && isBase64(value) ? undefined : 'must be base64';
  if (!/^[a-z0-9]{1,40}$/.test(name)) return 'is no attribute’s name: 1 to 40 small letters and digits';
  if (typeof value === 'boolean') return isKnown(name) ? 'must be a text' : undefined;
  if (typeof value === 'number') {
    if (isKnown(name)) return 'must be a text';
    return Number.isInteger(value) && value >= -2_147_483_648 && value <= 2_147_483_647
      ? undefined
      : 'must be a whole number of 32 bits';
  }
  if (typeof value !== 'string') return 'must be a text, a whole number, true or false';
  return textFault(name, value);
}

function textFault(name: string, value: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused (type system, String)
  if (value.length > MOST_TEXT || /[\u0000-\u001f\u007f-\u009f]/.test(value) || !value.isWellFormed()) {
    return `must be a text of at most ${MOST_TEXT} characters without control characters`;
  }
  if (name === 'source' || name === 'dataschema') return /\s/.test(value) ? 'must be a URI' : undefined;
  if (name === 'time')
    return isTimestamp(value) ? undefined : 'must be a time of RFC 3339, such as 2026-11-24T09:30:00Z';
  if ((name === 'subject' || name === 'datacontenttype') && value === '') return 'must not be empty';
  return undefined;
}

const KNOWN = new Set(['id', 'source', 'type', 'specversion', 'subject', 'time', 'datacontenttype', 'dataschema']);
const isKnown = (name: string) => KNOWN.has(name);

/** RFC 3339 section 5.6, with a day that there is. */
function isTimestamp(value: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/.exec(value);
  if (match === null || Number.isNaN(Date.parse(value.toUpperCase()))) return false;
  const [, year, month, day] = match;
  return Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
}

function isBase64(value: string): boolean {
  return value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
}

/** Binary mode (HTTP binding 3.1): attributes in headers, percent-encoded; the body is the data as it is. */
function readBinary(headers: HeaderList, contentType: string, body: Buffer): Result<CloudEvent, EventRefusal> {
  const members: Record<string, Json> = Object.create(null);
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (!lower.startsWith('ce-')) continue;
    const attribute = lower.slice(3);
    if (DATA.has(attribute) || attribute === 'datacontenttype')
      return refuse(lower, 'stands in Content-Type and the body');
    if (attribute in members) return refuse(lower, 'must stand once');
    const decoded = decodeHeader(value);
    if (decoded === undefined) return refuse(lower, 'is not percent-encoded UTF-8');
    members[attribute] = decoded;
  }
  if (contentType !== '') members['datacontenttype'] = contentType;
  if (body.length === 0) return readMembers(members, '');
  if (!/^[^;]*[/+]json\b/i.test(contentType)) {
    return readMembers({ ...members, data_base64: body.toString('base64') }, '');
  }
  const data = readJson(body);
  return data.ok ? readMembers({ ...members, data: data.value }, '') : data;
}

/** HTTP binding 3.1.3.2: quotes are taken off, then percent-encoding is undone. */
function decodeHeader(value: string): string | undefined {
  const bare = /^"(.*)"$/s.exec(value.trim())?.[1]?.replace(/\\(.)/gs, '$1') ?? value.trim();
  try {
    return decodeURIComponent(bare.replace(/%(?![0-9A-Fa-f]{2})/g, '%25'));
  } catch {
    return undefined;
  }
}

/** An event in binary mode, for a webhook that wants it so. */
export function toBinary(members: Readonly<Record<string, Json>>): {
  readonly headers: HeaderList;
  readonly body: Buffer;
} {
  const headers: [string, string][] = [];
  for (const [name, value] of Object.entries(members)) {
    if (DATA.has(name) || name === 'datacontenttype') continue;
    headers.push([`ce-${name}`, encodeHeader(String(value))]);
  }
  const { data, data_base64: base64, datacontenttype } = members;
  if (typeof base64 === 'string') {
    return {
      headers: [...headers, ['content-type', String(datacontenttype ?? 'application/octet-stream')]],
      body: Buffer.from(base64, 'base64'),
    };
  }
  if (data === undefined) return { headers, body: Buffer.alloc(0) };
  const type = String(datacontenttype ?? 'application/json');
  const isText = typeof data === 'string' && !/[/+]json\b/i.test(type);
  return { headers: [...headers, ['content-type', type]], body: Buffer.from(isText ? data : JSON.stringify(data)) };
}

/** HTTP binding 3.1.3.2: space, quote, percent and what is beyond printable ASCII are percent-encoded. */
function encodeHeader(value: string): string {
  return value.replace(/[^\u0021\u0023\u0024\u0026-\u007e]+/gu, (text) =>
    [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}
