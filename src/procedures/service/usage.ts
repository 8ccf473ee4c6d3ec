import { addDays, dateIn, type IsoDate } from '../../kernel/index.ts';
import {
  type GiverWord,
  memberOf,
  type OwnAccess,
  type Usage,
  type UsageBatch,
  type UsageCursor,
  type UsageFilter,
  type UsageLine,
  type UsageMember,
  type UsagePage,
} from '../model/usage.ts';
import { readUsages } from '../model/usage-reader.ts';
import { giverOf, joinLines, mergeBatches } from '../rules/usage.ts';
import { listAccesses } from '../store/dossier.ts';
import type { Actor, ProceduresDeps } from './deps.ts';
import { type SourceBook, usageService } from './usage-sources.ts';

const PATIENCE_MS = 3_000;
const PAGE_LINES = 25;
/** Exchanges asked for by their number in one message. */
const NUMBERS = 100;

/** Agents who looked at the person's requests on the portal itself. */
export async function ownAccesses(deps: ProceduresDeps, actor: Actor): Promise<readonly OwnAccess[]> {
  const rows = await listAccesses(deps.db.read, actor.personId);
  return rows.map(({ at, office, receipt_number }) => ({ at, office, receiptNumber: receipt_number ?? undefined }));
}

export type UsageLook = {
  readonly filter: UsageFilter;
  readonly cursor: UsageCursor | undefined;
  /** On a page, unless told otherwise 25. */
  readonly lines?: number;
};

/**
 * One page of who used the person's data, of all members at once: all are asked side by side, each for a few seconds; who
 * does not answer is named, and the others' lines stand. A page holds each exchange once and the next one goes on below
 * it, whatever comes in meanwhile.
 */
export async function whoUsedMyData(
  deps: ProceduresDeps,
  book: SourceBook,
  actor: Actor,
  look: UsageLook,
): Promise<UsagePage> {
  const subject = await deps.nationalIdOf(actor.personId);
  const listed = subject === undefined ? [] : await deps.listMembers();
  if (subject === undefined || listed === undefined) return { ...NOTHING, isExchangeAway: listed === undefined };
  const members = listed.filter(({ subsystems }) => subsystems.length > 0);
  const walk = await openWalk({ deps, book, subject, look }, members);
  const batches = await readBatches(walk);
  const lines = linesOf(look);
  const { told: near } = mergeBatches(batches, { lines: 2 * lines, all: 2 * lines }, () => true);
  const wordOf = await askGivers(
    walk,
    near.map(({ usage }) => usage),
  );
  const counts = (usage: Usage) => usage.role === 'gave' || wordOf(usage) !== 'listed';
  const { told, left } = mergeBatches(batches, { lines, all: near.length }, counts);
  const places = placesAfter(walk, left);
  return {
    lines: joinLines(told, wordOf),
    next: places.size === 0 ? undefined : { places, away: walk.outside },
    members,
    away: members.filter(({ id }) => walk.outside.has(id) || walk.failed.has(id)),
    untold: members.filter(({ id }) => walk.untold.has(id)),
    isExchangeAway: false,
  };
}

const FILE_LINES = 200;
const FILE_PAGES = 25;

/** The whole list for a file: up to 5,000 lines; it says when it is not whole. */
export async function allUses(deps: ProceduresDeps, book: SourceBook, actor: Actor, filter: UsageFilter) {
  const lines: UsageLine[] = [];
  let page: UsagePage | undefined;
  let pages = 0;
  do {
    page = await whoUsedMyData(deps, book, actor, { filter, cursor: page?.next, lines: FILE_LINES });
    lines.push(...page.lines);
    pages += 1;
    // One that falls away in the middle would be asked again and again from where it stood.
  } while (page.next !== undefined && pages < FILE_PAGES && page.away.length === page.next.away.size);
  const isWhole = page.next === undefined && page.away.length === 0 && !page.isExchangeAway;
  return { lines, away: page.away, untold: page.untold, isWhole, madeAt: deps.clock(), filter };
}

const linesOf = ({ lines = PAGE_LINES }: UsageLook) => lines;

const NOTHING = { lines: [], next: undefined, members: [], away: [], untold: [] };

type Asking = {
  readonly deps: ProceduresDeps;
  readonly book: SourceBook;
  readonly subject: string;
  readonly look: UsageLook;
};

type Walk = Asking & {
  /** Subsystem and member: one with several gateways tells through several. */
  readonly tellers: ReadonlyMap<string, string>;
  readonly untold: ReadonlySet<string>;
  /** Members away since the walk began. */
  readonly outside: Set<string>;
  /** Members, and tellers of theirs, that did not answer now. */
  readonly failed: Set<string>;
};

async function openWalk(asking: Asking, members: readonly UsageMember[]): Promise<Walk> {
  const { book, subject, look } = asking;
  const outside = new Set(look.cursor?.away);
  const [untold, failed, tellers] = [new Set<string>(), new Set<string>(), new Map<string, string>()];
  await Promise.all(
    members.map(async (member) => {
      if (outside.has(member.id)) return;
      const sources = await book.of(member, subject);
      if (sources.ok) for (const teller of sources.value) tellers.set(teller, member.id);
      else if (sources.error === 'none') untold.add(member.id);
      else if (look.cursor === undefined) outside.add(member.id);
      else failed.add(member.id);
    }),
  );
  return { ...asking, tellers, untold, outside, failed };
}

async function ask(walk: Walk, teller: string, query: URLSearchParams): Promise<UsageBatch | undefined> {
  const { deps, subject, book } = walk;
  const member = memberOf(teller);
  const call = { service: usageService(teller), path: '', query: `?${query}`, subject, timeoutMs: PATIENCE_MS };
  const answer = await deps.callExchange(call);
  const batch = answer.ok ? readUsages(answer.value.json) : undefined;
  if (batch !== undefined) return batch;
  // Its agreement may have ended; next time it is looked for again.
  if (!answer.ok && answer.error.kind === 'refused') book.forget(member);
  deps.log.warn('usage.unavailable', { member, detail: answer.ok ? 'it is no list' : answer.error.detail });
  walk.failed.add(teller).add(member);
  return undefined;
}

async function readBatches(walk: Walk): Promise<ReadonlyMap<string, UsageBatch>> {
  const { cursor } = walk.look;
  const due = [...walk.tellers].filter(([teller]) => cursor === undefined || cursor.places.has(teller));
  const read = due.map(async ([teller, member]) => {
    const before = cursor?.places.get(teller);
    const batch = await ask(walk, teller, queryOf(walk.look, before));
    if (batch === undefined && cursor === undefined) walk.outside.add(member);
    return batch === undefined ? [] : [[teller, below(batch, before)] as const];
  });
  const batches = (await Promise.all(read)).flat();
  // One of a member's two gateways may be away: the member is out of the walk as a whole, or the other's place would be lost.
  return new Map(batches.filter(([teller]) => !walk.outside.has(memberOf(teller))));
}

/** What the members that gave say of exchanges that another side tells; asked by number where it is not read yet. */
async function askGivers(walk: Walk, near: readonly Usage[]): Promise<(usage: Usage) => GiverWord | 'listed'> {
  const { tellers, outside, failed } = walk;
  const listed = new Set(near.filter(isGiven).map((one) => one.exchange));
  const open = near.filter((one) => !isGiven(one) && !listed.has(one.exchange));
  const byGiver = Map.groupBy(open, giverOf);
  const asked = [...tellers].map(async ([teller, member]) => {
    const exchanges = byGiver.get(member) ?? [];
    for (let from = 0; from < exchanges.length && !failed.has(teller); from += NUMBERS) {
      const numbers = exchanges
        .slice(from, from + NUMBERS)
        .map((one) => ['exchange', one.exchange] as [string, string]);
      const found = await ask(walk, teller, new URLSearchParams(numbers));
      for (const one of found?.usages.filter(isGiven) ?? []) listed.add(one.exchange);
    }
  });
  await Promise.all(asked);
  const telling = new Set(tellers.values());
  return (usage) => {
    const giver = giverOf(usage);
    if (listed.has(usage.exchange)) return 'listed';
    if (usage.outcome !== 'answered') return 'none';
    if (outside.has(giver) || failed.has(giver)) return 'away';
    return telling.has(giver) ? 'silent' : 'untold';
  };
}

/** Who fell away in the middle of the walk is asked again from where it stood. */
function placesAfter({ look, failed }: Walk, left: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const standing = [...(look.cursor?.places ?? [])].filter(
    ([teller]) => !left.has(teller) && (failed.has(teller) || failed.has(memberOf(teller))),
  );
  return new Map([...left, ...standing]);
}

const isGiven = (usage: Usage) => usage.role === 'gave';

/** A member that gives the same again, whatever it is asked for, would be paged through for ever. */
function below(batch: UsageBatch, before: string | undefined): UsageBatch {
  if (before === undefined) return batch;
  const usages = batch.usages.filter((one) => Number(one.place) < Number(before));
  return { usages, hasMore: batch.hasMore && usages.length > 0 };
}

/** An exchange's two sides stand close together: twice the lines hold both of each. */
function queryOf(look: UsageLook, before: string | undefined): URLSearchParams {
  const { filter } = look;
  const query = new URLSearchParams({ limit: String(2 * linesOf(look)) });
  if (before !== undefined) query.set('before', before);
  if (filter.member !== undefined) query.set('member', filter.member);
  if (filter.from !== undefined) query.set('periodStart', startOfDay(filter.from).toISOString());
  if (filter.until !== undefined) query.set('periodEnd', startOfDay(addDays(filter.until, 1)).toISOString());
  return query;
}

/** Midnight in Morocco, whose clock stands at UTC+1, and at UTC in Ramadan. */
function startOfDay(day: IsoDate): Date {
  const early = new Date(Date.parse(`${day}T00:00:00Z`) - 3_600_000);
  return dateIn('Africa/Casablanca', early) === day ? early : new Date(early.getTime() + 3_600_000);
}
