import { canonicalJson, err, type Json, type LocalText, ok, type Result } from '../../kernel/index.ts';
import type { Contest, ContestReason, DataUse, MemberUsages, Usage, UsageMember } from '../model/usage.ts';
import { listAccesses } from '../store/dossier.ts';
import type { Actor, ProceduresDeps } from './deps.ts';

const PATIENCE_MS = 4_000;
/** The page stays a page, whatever a member sends. */
const MOST_LINES = 500;

/** Asks every member at once; one that does not answer is there without usages, so that the page can name it. */
export async function whoUsedMyData(deps: ProceduresDeps, actor: Actor): Promise<DataUse> {
  const nationalId = await deps.nationalIdOf(actor.personId);
  const members =
    nationalId === undefined
      ? []
      : await Promise.all(deps.members.map((member) => askMember(deps, member, nationalId)));
  const accesses = await listAccesses(deps.db.read, actor.personId);
  return {
    members,
    accesses: accesses.map((row) => ({
      at: row.at,
      office: row.office,
      receiptNumber: row.receipt_number ?? undefined,
    })),
  };
}

async function askMember(deps: ProceduresDeps, member: UsageMember, subject: string): Promise<MemberUsages> {
  const answer = await deps.callExchange({ service: member.service, path: '', subject, timeoutMs: PATIENCE_MS });
  if (!answer.ok) {
    deps.log.warn('usage.unavailable', { member: member.id, detail: answer.error.detail });
    return { member, usages: undefined, contests: [] };
  }
  const contests = await readContests(deps, member, subject);
  const body = answer.value.json as { readonly usages?: unknown } | null | undefined;
  const usages = Array.isArray(body?.usages) ? body.usages.slice(0, MOST_LINES).flatMap(readUsage) : undefined;
  return { member, usages, contests };
}

/** Empty where the member takes none: a gateway of X-Road has no such answer, and its list is shown all the same. */
async function readContests(deps: ProceduresDeps, member: UsageMember, subject: string): Promise<readonly Contest[]> {
  const asked = { service: member.service, path: '/contests', subject, timeoutMs: PATIENCE_MS };
  const answer = await deps.callExchange(asked);
  const rows = answer.ok ? (answer.value.json as { readonly contests?: unknown } | null)?.contests : undefined;
  return Array.isArray(rows) ? rows.slice(0, MOST_LINES).flatMap(readContest) : [];
}

function readContest(value: unknown): readonly Contest[] {
  if (value === null || typeof value !== 'object') return [];
  const { number, exchange, openedAt, state, answer } = value as Record<string, unknown>;
  const isKnown = state === 'open' || state === 'upheld' || state === 'rejected';
  if (typeof number !== 'string' || typeof exchange !== 'string' || typeof openedAt !== 'string' || !isKnown) return [];
  if (Number.isNaN(Date.parse(openedAt))) return [];
  return [{ number, exchange, openedAt, state, answer: typeof answer === 'string' ? answer : undefined }];
}

export type UseAddress = { readonly member: UsageMember; readonly exchange: string };
export type UseRefusal = { readonly kind: 'away' | 'refused'; readonly detail: string };

/** The proof of one use, as the member's gateway and the other party's make it; the bytes that a verifier takes. */
export async function proofOfUse(
  deps: ProceduresDeps,
  actor: Actor,
  { member, exchange }: UseAddress,
): Promise<Result<Buffer, UseRefusal>> {
  const answer = await callAbout(deps, actor, member, { path: `/${exchange}/evidence` });
  // Evidence is canonical JSON and a newline: what was parsed is written again to the same letters.
  return answer.ok ? ok(Buffer.from(`${canonicalJson(answer.value)}\n`)) : answer;
}

/** Opens the person's request at the member; sent twice it is the same one. */
export async function contestUse(
  deps: ProceduresDeps,
  actor: Actor,
  { member, exchange }: UseAddress,
  given: { readonly reason: ContestReason; readonly words: string },
): Promise<Result<Contest, UseRefusal>> {
  const answer = await callAbout(deps, actor, member, { path: `/${exchange}/contest`, method: 'POST', body: given });
  if (!answer.ok) return answer;
  const [contest] = readContest(answer.value);
  return contest === undefined ? err({ kind: 'refused', detail: 'the answer is no contest' }) : ok(contest);
}

async function callAbout(
  deps: ProceduresDeps,
  actor: Actor,
  member: UsageMember,
  call: { readonly path: string; readonly method?: 'POST'; readonly body?: Json },
): Promise<Result<Json, UseRefusal>> {
  const subject = await deps.nationalIdOf(actor.personId);
  if (subject === undefined) return err({ kind: 'refused', detail: 'the person has no national number' });
  const answer = await deps.callExchange({ service: member.service, subject, ...call, timeoutMs: 2 * PATIENCE_MS });
  if (answer.ok) return ok(answer.value.json ?? null);
  const { kind, detail } = answer.error;
  deps.log.warn('usage.not-carried-out', { member: member.id, kind, detail });
  return err({ kind: kind === 'unavailable' ? 'away' : 'refused', detail });
}

function readUsage(value: unknown): readonly Usage[] {
  if (value === null || typeof value !== 'object') return [];
  const row = value as Record<string, unknown>;
  const text = (name: string) => (typeof row[name] === 'string' ? (row[name] as string) : undefined);
  const at = text('logtime');
  const service = text('service');
  if (at === undefined || Number.isNaN(Date.parse(at)) || service === undefined) return [];
  const basis = row['legalBasis'] as { readonly text?: unknown; readonly ref?: unknown } | null;
  const basisText = localText(basis?.text);
  return [
    {
      at,
      service,
      exchange: text('exchange') ?? '',
      client: text('client') ?? '',
      clientName: localText(row['clientName']),
      agreement: text('agreement'),
      purpose: localText(row['purposeText']),
      legalBasis: basisText === undefined ? undefined : { text: basisText, ref: String(basis?.ref ?? '') },
      fields: Array.isArray(row['fields']) ? row['fields'].filter((field) => typeof field === 'string') : [],
    },
  ];
}

function localText(value: unknown): LocalText | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const { ar, fr, en } = value as Record<string, unknown>;
  if (typeof ar !== 'string' || typeof fr !== 'string') return undefined;
  return typeof en === 'string' ? { ar, fr, en } : { ar, fr };
}
