import type { LocalText } from '../../kernel/index.ts';
import type { DataUse, MemberUsages, Usage, UsageMember } from '../model/usage.ts';
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
    return { member, usages: undefined };
  }
  const body = answer.value.json as { readonly usages?: unknown } | null | undefined;
  const usages = Array.isArray(body?.usages) ? body.usages.slice(0, MOST_LINES).flatMap(readUsage) : undefined;
  return { member, usages };
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
