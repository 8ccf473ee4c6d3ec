import { canonicalJson, err, type Json, ok, type Result } from '../../kernel/index.ts';
import type { Contest, ContestReason } from '../model/usage.ts';
import { readContest } from '../model/usage-reader.ts';
import type { Actor, ProceduresDeps } from './deps.ts';
import { usageService } from './usage-sources.ts';

/** A proof is put together by two gateways. */
const PATIENCE_MS = 8_000;

/** A use at the subsystem that tells of it: INST/CLASS/MEMBER/SUBSYSTEM. */
export type UseAddress = { readonly teller: string; readonly exchange: string };
export type UseRefusal = { readonly kind: 'away' | 'refused'; readonly detail: string };

/** The proof of one use, as the member's gateway and the other party's make it; the bytes that a verifier takes. */
export async function proofOfUse(
  deps: ProceduresDeps,
  actor: Actor,
  { teller, exchange }: UseAddress,
): Promise<Result<Buffer, UseRefusal>> {
  const answer = await callAbout(deps, actor, teller, { path: `/${exchange}/evidence` });
  // Evidence is canonical JSON and a newline: what was parsed is written again to the same letters.
  return answer.ok ? ok(Buffer.from(`${canonicalJson(answer.value)}\n`)) : answer;
}

/** Opens the person's request at the member; sent twice it is the same one. */
export async function contestUse(
  deps: ProceduresDeps,
  actor: Actor,
  { teller, exchange }: UseAddress,
  given: { readonly reason: ContestReason; readonly words: string },
): Promise<Result<Contest, UseRefusal>> {
  const answer = await callAbout(deps, actor, teller, { path: `/${exchange}/contest`, method: 'POST', body: given });
  if (!answer.ok) return answer;
  const contest = readContest(answer.value);
  return contest === undefined ? err({ kind: 'refused', detail: 'the answer is no contest' }) : ok(contest);
}

async function callAbout(
  deps: ProceduresDeps,
  actor: Actor,
  teller: string,
  call: { readonly path: string; readonly method?: 'POST'; readonly body?: Json },
): Promise<Result<Json, UseRefusal>> {
  const subject = await deps.nationalIdOf(actor.personId);
  if (subject === undefined) return err({ kind: 'refused', detail: 'the person has no national number' });
  const answer = await deps.callExchange({ service: usageService(teller), subject, ...call, timeoutMs: PATIENCE_MS });
  if (answer.ok) return ok(answer.value.json ?? null);
  const { kind, detail } = answer.error;
  deps.log.warn('usage.not-carried-out', { teller, kind, detail });
  return err({ kind: kind === 'unavailable' ? 'away' : 'refused', detail });
}
