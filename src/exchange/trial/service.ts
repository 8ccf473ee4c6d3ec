import { performance } from 'node:perf_hooks';
import { parseEvidence } from '../evidence/model.ts';
import { verifyEvidence } from '../evidence/verify.ts';
import type { Agreement } from '../message/agreement.ts';
import type { Headers, Trial, TrialDeps, TrialEntry, TrialProof, TrialRequest, TrialSide } from './model.ts';

const PATIENCE_MS = 60_000;
const MOST_SHOWN = 20_000;

/**
 * Sends one message the way any information system does, over HTTP to its own gateway, then asks both gateways what
 * they kept of it and verifies the proof. Throws where the sandbox's own gateway does not answer at all.
 */
export async function sendTrial(deps: TrialDeps, request: TrialRequest): Promise<Trial> {
  const id = `trial-${deps.newId()}`;
  const sent = { url: `${deps.consumer.url}/r1/${deps.service}${request.path}`, headers: headersOf(deps, request, id) };
  const from = performance.now();
  const response = await fetch(sent.url, {
    method: request.method,
    headers: sent.headers.map(([name, value]) => [name, value] as [string, string]),
    redirect: 'manual',
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(hasBody(request) ? { body: request.body } : {}),
  });
  const body = (await response.text()).slice(0, MOST_SHOWN);
  const answer = { status: response.status, headers: [...response.headers], body, ms: performance.now() - from };
  const [consumer, provider] = await Promise.all([entriesOf(deps.consumer, id), entriesOf(deps.provider, id)]);
  const named = provider.find((one) => one.agreement !== null)?.agreement;
  return {
    ...{ id, request, sent, answer, entries: { consumer, provider } },
    refusal: refusalOf(response, body),
    agreement: await agreementOf(deps.provider, named ?? undefined),
    proof: await proofOf(deps, id),
  };
}

const hasBody = ({ method, body }: TrialRequest) => method !== 'GET' && body !== '';

function headersOf(deps: TrialDeps, request: TrialRequest, id: string): Headers {
  return [
    ['X-Road-Client', deps.client],
    ['X-Road-Id', id],
    ['Accept', 'application/json'],
    ...(request.purpose === '' ? [] : [['Wasl-Purpose', request.purpose] as const]),
    ...(hasBody(request) ? [['Content-Type', 'application/json'] as const] : []),
  ];
}

function refusalOf(response: Response, body: string): Trial['refusal'] {
  const type = response.headers.get('x-road-error');
  if (type === null) return undefined;
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown };
    return { type, message: typeof message === 'string' ? message : '' };
  } catch {
    return { type, message: '' };
  }
}

async function askOperator({ url, operatorToken }: TrialSide, path: string): Promise<Response> {
  return fetch(`${url}/operator/v1${path}`, {
    headers: { authorization: `Bearer ${operatorToken}` },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
}

/** None where the message never reached this gateway. */
async function entriesOf(side: TrialSide, id: string): Promise<readonly TrialEntry[]> {
  const answer = await askOperator(side, `/exchanges/${encodeURIComponent(id)}`);
  if (!answer.ok) return [];
  return ((await answer.json()) as { readonly messages: readonly TrialEntry[] }).messages;
}

async function agreementOf(side: TrialSide, id: string | undefined): Promise<Agreement | undefined> {
  if (id === undefined) return undefined;
  const answer = await askOperator(side, '/agreements');
  if (!answer.ok) return undefined;
  const { agreements } = (await answer.json()) as { readonly agreements: readonly Agreement[] };
  return agreements.findLast((one) => one.id === id);
}

/** Refused and unanswered messages have entries, but no two signed messages to prove. */
async function proofOf(deps: TrialDeps, id: string): Promise<TrialProof | undefined> {
  const answer = await askOperator(deps.consumer, `/exchanges/${encodeURIComponent(id)}/evidence`);
  if (!answer.ok) return undefined;
  const bytes = Buffer.from(await answer.arrayBuffer());
  const file = parseEvidence(bytes);
  const report = verifyEvidence(bytes, deps.anchor);
  return file.ok && report.ok ? { file: file.value, report: report.value, bytes } : undefined;
}
