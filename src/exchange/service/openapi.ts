import { parseDocument, stringify } from 'yaml';
import { err, type Json, ok, parseJson, type Result } from '../../kernel/index.ts';

/** What an operator gave as a service's OpenAPI description (3.0 or 3.1, JSON or YAML), read and cut to what is used. */
export type ServiceDescription = {
  readonly title: string;
  /** `application/json` or `application/yaml` (RFC 9512). */
  readonly contentType: string;
  /** The description with its servers replaced: clients reach the service through their gateway and no other way. */
  readonly text: string;
  /** Each operation, path parameters as `*`. */
  readonly endpoints: readonly { readonly method: string; readonly path: string }[];
};

export type OpenApiRefusal = {
  /** A reference that would be fetched, and aliases that could stand for gigabytes, are attacks until proved otherwise. */
  readonly kind: 'openapi' | 'remote-reference' | 'aliases';
  readonly field: string;
  readonly detail: string;
};

const MAX_CHARS = 2_000_000;
const MAX_DEPTH = 64;
const MAX_ENDPOINTS = 2_000;
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;
/** What X-Road writes in the place of a service's address. */
const SERVER = 'http://example.org/xroad-endpoint';

type Members = { readonly [name: string]: Json };

const refuse = (field: string, detail: string, kind: OpenApiRefusal['kind'] = 'openapi') =>
  err<OpenApiRefusal>({ kind, field, detail });

/** Nothing is fetched: a reference to another place is refused by name. */
export function parseOpenApi(text: string): Result<ServiceDescription, OpenApiRefusal> {
  if (text.length > MAX_CHARS) return refuse('/', `is longer than ${MAX_CHARS} characters`);
  const isJson = /^\s*\{/.test(text);
  const parsed = isJson ? readJson(text) : readYaml(text);
  if (!parsed.ok) return parsed;
  const document = membersOf(parsed.value);
  if (document === undefined) return refuse('/', 'is not an OpenAPI description');
  const { openapi } = document;
  if (typeof openapi !== 'string' || !/^3\.[01]\.\d+$/.test(openapi)) {
    return refuse('/openapi', 'must be a version 3.0 or 3.1 of OpenAPI');
  }
  const foreign = findForeignReference(document, '', 0);
  if (foreign !== undefined) return foreign;
  const endpoints = readEndpoints(document);
  if (!endpoints.ok) return endpoints;
  const title = membersOf(document['info'])?.['title'];
  const reachable = withoutServers(document);
  return ok({
    title: typeof title === 'string' ? title.slice(0, 500) : '',
    contentType: isJson ? 'application/json' : 'application/yaml',
    text: isJson ? JSON.stringify(reachable) : stringify(reachable, { aliasDuplicateObjects: false }),
    endpoints: endpoints.value,
  });
}

function readJson(text: string): Result<Json, OpenApiRefusal> {
  const parsed = parseJson(text, { maxChars: MAX_CHARS, maxDepth: MAX_DEPTH });
  return parsed.ok ? parsed : refuse('/', 'is not JSON, or nested too deeply');
}

/** JSON's own values only: no tags, no merge keys, and no aliases, which could stand for gigabytes. */
function readYaml(text: string): Result<Json, OpenApiRefusal> {
  const document = parseDocument(text, { schema: 'core', uniqueKeys: true, merge: false });
  const [fault] = document.errors;
  if (fault !== undefined) return refuse('/', `is not YAML: ${fault.message.split('\n')[0]}`);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    return refuse('/', 'uses YAML aliases, which are not read here', 'aliases');
  }
  // What survives this is JSON; timestamps, functions and cycles do not.
  return readJson(JSON.stringify(value) ?? '');
}

/** A `$ref` to another file or address anywhere, or undefined. */
function findForeignReference(value: Json, at: string, depth: number): Result<never, OpenApiRefusal> | undefined {
  if (value === null || typeof value !== 'object' || depth > MAX_DEPTH) return undefined;
  const entries = Array.isArray(value) ? value.entries() : Object.entries(value as Members);
  for (const [name, member] of entries) {
    if (name === '$ref' && typeof member === 'string' && !member.startsWith('#')) {
      const detail = `refers to ${member.slice(0, 200)}; put what it refers to into the file (nothing is fetched)`;
      return refuse(`${at}/$ref`, detail, 'remote-reference');
    }
    const found = findForeignReference(member as Json, `${at}/${String(name).slice(0, 100)}`, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function readEndpoints(document: Members): Result<ServiceDescription['endpoints'], OpenApiRefusal> {
  const paths = membersOf(document['paths'] ?? {});
  if (paths === undefined) return refuse('/paths', 'must be an object');
  const endpoints: { method: string; path: string }[] = [];
  for (const [path, item] of Object.entries(paths)) {
    if (path.startsWith('x-')) continue;
    if (!path.startsWith('/') || path.length > 500 || /[\s?#]/.test(path)) {
      return refuse(`/paths/${path.slice(0, 100)}`, 'is not a path that begins with /');
    }
    const operations = membersOf(item) ?? {};
    const glob = path.replace(/\{[^{}]*\}/g, '*').replace(/\*{2,}/g, '*');
    for (const method of METHODS) {
      if (membersOf(operations[method]) !== undefined) endpoints.push({ method: method.toUpperCase(), path: glob });
    }
  }
  if (endpoints.length > MAX_ENDPOINTS) return refuse('/paths', `has more than ${MAX_ENDPOINTS} operations`);
  return ok(endpoints);
}

/** At the top, and at paths and operations, where OpenAPI allows other servers. */
function withoutServers(document: Members): Members {
  const drop = (members: Members): Members => {
    const { servers: _servers, ...rest } = members;
    return rest;
  };
  const paths = Object.entries(membersOf(document['paths']) ?? {}).map(([path, item]) => {
    const operations = Object.entries(drop(membersOf(item) ?? {})).map(([name, operation]) => {
      const members = METHODS.some((method) => method === name) ? membersOf(operation) : undefined;
      return [name, members === undefined ? operation : drop(members)] as const;
    });
    return [path, Object.fromEntries(operations)] as const;
  });
  return { ...document, servers: [{ url: SERVER }], paths: Object.fromEntries(paths) };
}

function membersOf(value: Json | undefined): Members | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Members) : undefined;
}
