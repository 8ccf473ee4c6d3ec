import { err, ok, type Result } from '../../kernel/index.ts';
import type { UsageMember } from '../model/usage.ts';
import { readUsages } from '../model/usage-reader.ts';
import type { CallExchange, ProceduresDeps } from './deps.ts';

/** Where members tell uses: `away` may pass, `none` is for want of an agreement. */
export type Sources = Result<readonly string[], 'away' | 'none'>;

export type SourceBook = {
  /** The subsystems that together tell all that a member did: one for each of its gateways. */
  of(member: UsageMember, subject: string): Promise<Sources>;
  /** It has refused: next time it is looked for again. */
  forget(member: string): void;
};

const PATIENCE_MS = 2_500;
const MOST_SUBSYSTEMS = 20;
/** A member that has no agreement with the portal keeps an entry of each refusal: it is not asked at every look. */
const REMEMBERED_MS = 600_000;

/**
 * Finds at which of a member's subsystems the portal may ask, by asking. Only remembered: another process finds the
 * same, and after a restart it is found again.
 */
export function openSourceBook(deps: Pick<ProceduresDeps, 'callExchange' | 'clock'>): SourceBook {
  const known = new Map<string, { readonly sources: Sources; readonly until: number }>();
  return {
    async of(member, subject) {
      const now = deps.clock().getTime();
      const remembered = known.get(member.id);
      if (remembered !== undefined && now < remembered.until) return remembered.sources;
      const sources = await find(deps.callExchange, member, subject);
      if (sources.ok || sources.error === 'none') known.set(member.id, { sources, until: now + REMEMBERED_MS });
      return sources;
    },
    forget: (member) => void known.delete(member),
  };
}

export function usageService(subsystem: string): string {
  return `${subsystem}/findUsage`;
}

async function find(callExchange: CallExchange, member: UsageMember, subject: string): Promise<Sources> {
  const found: string[] = [];
  const answered = new Set<string>();
  let isAway = false;
  for (const code of member.subsystems.slice(0, MOST_SUBSYSTEMS)) {
    const subsystem = `${member.id}/${code}`;
    if (answered.has(subsystem)) continue;
    const service = usageService(subsystem);
    const answer = await callExchange({ service, path: '', query: '?limit=1', subject, timeoutMs: PATIENCE_MS });
    const told = answer.ok ? readUsages(answer.value.json) : undefined;
    if (told !== undefined) {
      found.push(subsystem);
      for (const one of told.answersFor) answered.add(one);
    } else if (answer.ok || answer.error.kind === 'unavailable') {
      isAway = true;
      // The next one stands on the same gateway, most likely: not everyone waits for its time-out too.
      break;
    }
  }
  if (found.length > 0 && !isAway) return ok(found);
  return err(isAway ? 'away' : 'none');
}
