import { Pool } from 'undici';
import {
  err,
  type Json,
  LANGUAGES,
  type Language,
  type LocalText,
  ok,
  parseJson,
  type Result,
} from '../../kernel/index.ts';

/** One call of an information system, in X-Road's words and Wasl's three. */
export type ExchangeCall = {
  /** INST/CLASS/MEMBER/SUBSYSTEM/SERVICE */
  readonly service: string;
  /** Begins with `/`, percent-encoded. */
  readonly path: string;
  readonly query?: string;
  /** GET unless told. */
  readonly method?: 'GET' | 'POST';
  readonly body?: Json;
  readonly purpose?: string;
  /** Whom the question is about: travels in a header, never in an address of ours. */
  readonly subject?: string;
  readonly userId?: string;
  readonly issue?: string;
  readonly timeoutMs?: number;
};

export type ExchangeAnswer = {
  readonly status: number;
  readonly json: Json | undefined;
  /** X-Road-Request-Id: the exchange's evidence is found under it. */
  readonly exchangeId: string;
  readonly agreement: string | undefined;
};

export type ExchangeFailure = {
  /** `unavailable` may pass and is worth another try; `refused` is a decision; `not-found` and `invalid` are answers. */
  readonly kind: 'unavailable' | 'refused' | 'not-found' | 'invalid';
  readonly detail: string;
  /** The member asked, INST/CLASS/MEMBER. */
  readonly member: string;
};

/** Who takes part, as the exchange itself lists it. */
export type ExchangeMember = {
  /** INST/CLASS/MEMBER */
  readonly id: string;
  readonly name: LocalText;
  /** Their codes. */
  readonly subsystems: readonly string[];
};

export type ExchangeClient = {
  call(input: ExchangeCall): Promise<Result<ExchangeAnswer, ExchangeFailure>>;
  /** Undefined where the gateway does not say. */
  listMembers(): Promise<readonly ExchangeMember[] | undefined>;
  close(): Promise<void>;
};

/**
 * An ordinary client of an X-Road security server (PR-REST): what stands behind `gatewayUrl` may be Wasl's gateway or
 * X-Road's. Every outcome is a value.
 */
export function exchangeClient(options: { readonly gatewayUrl: string; readonly client: string }): ExchangeClient {
  const pool = new Pool(options.gatewayUrl, { connections: 32 });
  return {
    call: (input) => call(pool, options.client, input),
    listMembers: () => listMembers(pool),
    close: () => pool.close(),
  };
}

async function call(pool: Pool, client: string, input: ExchangeCall): Promise<Result<ExchangeAnswer, ExchangeFailure>> {
  const member = input.service.split('/').slice(0, 3).join('/');
  const failure = (kind: ExchangeFailure['kind'], detail: string) => err<ExchangeFailure>({ kind, detail, member });
  const timeoutMs = input.timeoutMs ?? 10_000;
  try {
    const { statusCode, headers, body } = await pool.request({
      method: input.method ?? 'GET',
      path: `/r1/${input.service}${input.path}${input.query ?? ''}`,
      headers: headersOf(client, input),
      body: input.body === undefined ? null : JSON.stringify(input.body),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      // The two above start anew with each byte: who sends a byte at a time would be waited for without end.
      signal: AbortSignal.timeout(2 * timeoutMs),
    });
    const text = await body.text();
    const code = headers['x-road-error'];
    if (code !== undefined)
      return failure(isPassing(statusCode) ? 'unavailable' : 'refused', detailOf(text) ?? String(code));
    if (statusCode === 404) return failure('not-found', 'The member has no such record.');
    if (statusCode >= 500) return failure('unavailable', `The member's service answered ${statusCode}.`);
    const json = parseJson(text);
    if (statusCode >= 400 || !json.ok)
      return failure('invalid', `The member's service answered ${statusCode} and nothing that could be read.`);
    const agreement = headers['wasl-agreement'];
    const exchangeId = String(headers['x-road-request-id'] ?? '');
    return ok({
      status: statusCode,
      json: json.value,
      exchangeId,
      agreement: typeof agreement === 'string' ? agreement : undefined,
    });
  } catch (cause) {
    return failure('unavailable', cause instanceof Error ? cause.message : 'the gateway did not answer');
  }
}

/** `/listClients` of PR-MREST, once for each language: X-Road has one name for a member, and names it by Accept-Language. */
async function listMembers(pool: Pool): Promise<readonly ExchangeMember[] | undefined> {
  const lists = await Promise.all(LANGUAGES.map((language) => listClients(pool, language)));
  const [ar, fr, en] = lists;
  if (ar === undefined || fr === undefined || en === undefined) return undefined;
  const names = (list: readonly ListedClient[]) => new Map(list.map((one) => [one.member, one.name]));
  const [inArabic, inEnglish] = [names(ar), names(en)];
  const members = Map.groupBy(fr, (one) => one.member);
  return [...members].map(([id, listed]) => {
    const name = listed[0]?.name ?? id;
    return {
      id,
      name: { ar: inArabic.get(id) ?? name, fr: name, en: inEnglish.get(id) ?? name },
      subsystems: listed.flatMap((one) => (one.subsystem === undefined ? [] : [one.subsystem])),
    };
  });
}

type ListedClient = { readonly member: string; readonly name: string; readonly subsystem: string | undefined };
const LIST_TIMEOUT_MS = 3_000;

async function listClients(pool: Pool, language: Language): Promise<readonly ListedClient[] | undefined> {
  try {
    const { statusCode, body } = await pool.request({
      method: 'GET',
      path: '/listClients',
      headers: { accept: 'application/json', 'accept-language': language },
      signal: AbortSignal.timeout(LIST_TIMEOUT_MS),
    });
    const read = parseJson(await body.text());
    if (statusCode !== 200 || !read.ok) return undefined;
    const listed = (read.value as { readonly member?: unknown } | null)?.member;
    return Array.isArray(listed) ? listed.flatMap(readClient) : undefined;
  } catch {
    return undefined;
  }
}

function readClient(value: unknown): readonly ListedClient[] {
  const { id, name } = (value ?? {}) as { readonly id?: Record<string, unknown>; readonly name?: unknown };
  const {
    xroad_instance: instance,
    member_class: memberClass,
    member_code: code,
    subsystem_code: subsystem,
  } = id ?? {};
  if (typeof instance !== 'string' || typeof memberClass !== 'string' || typeof code !== 'string') return [];
  const member = [instance, memberClass, code].map(encodeURIComponent).join('/');
  const named = typeof name === 'string' ? name : member;
  return [
    { member, name: named, subsystem: typeof subsystem === 'string' ? encodeURIComponent(subsystem) : undefined },
  ];
}

function headersOf(client: string, input: ExchangeCall): Record<string, string> {
  return {
    'x-road-client': client,
    accept: 'application/problem+json, application/json',
    ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(input.purpose === undefined ? {} : { 'wasl-purpose': input.purpose }),
    ...(input.subject === undefined ? {} : { 'wasl-subject': input.subject }),
    ...(input.userId === undefined ? {} : { 'x-road-userid': input.userId }),
    ...(input.issue === undefined ? {} : { 'x-road-issue': input.issue }),
  };
}

/** Faults that a later try may not meet: something was away, not forbidden. */
function isPassing(status: number): boolean {
  return status >= 500;
}

function detailOf(text: string): string | undefined {
  const body = parseJson(text, { maxChars: 20_000, maxDepth: 10 });
  if (!body.ok || body.value === null || typeof body.value !== 'object') return undefined;
  const { detail } = body.value as { readonly detail?: unknown };
  return typeof detail === 'string' ? detail : undefined;
}
