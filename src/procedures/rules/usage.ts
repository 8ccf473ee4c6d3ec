import { type GiverWord, memberOf, type Usage, type UsageBatch, type UsageLine } from '../model/usage.ts';

type Told = { readonly teller: string; readonly usage: Usage };

/** What a page shows of each member's batch: the lines, and the last place that it took of each. */
export type Taken = { readonly told: readonly Told[]; readonly left: ReadonlyMap<string, string> };

/**
 * Newest first over all members: `lines` that count, `all` in all. It stops where a member's batch ends and there is more of it: what
 * comes next there may be newer than what the others have. The order of each member's own list is kept, so that its
 * last place says what was taken and nothing is lost or comes twice.
 */
export function mergeBatches(
  batches: ReadonlyMap<string, UsageBatch>,
  most: { readonly lines: number; readonly all: number },
  counts: (usage: Usage) => boolean,
): Taken {
  const heads = new Map([...batches.keys()].map((teller) => [teller, 0]));
  const told: Told[] = [];
  let counted = 0;
  const newest = (): Told | undefined => {
    let best: Told | undefined;
    for (const [teller, { usages, hasMore }] of batches) {
      const usage = usages[heads.get(teller) ?? 0];
      if (usage === undefined && hasMore) return undefined;
      if (usage !== undefined && (best === undefined || usage.at > best.usage.at)) best = { teller, usage };
    }
    return best;
  };
  for (let next = newest(); next !== undefined && told.length < most.all; next = newest()) {
    const isCounted = counts(next.usage);
    // What does not count is taken with the page that is full: a last page with nothing on it would be left.
    if (isCounted && counted === most.lines) break;
    told.push(next);
    heads.set(next.teller, (heads.get(next.teller) ?? 0) + 1);
    if (isCounted) counted += 1;
  }
  return { told, left: placesLeft(batches, heads) };
}

function placesLeft(
  batches: ReadonlyMap<string, UsageBatch>,
  heads: ReadonlyMap<string, number>,
): ReadonlyMap<string, string> {
  const left = new Map<string, string>();
  for (const [teller, { usages, hasMore }] of batches) {
    const taken = heads.get(teller) ?? 0;
    if (taken === usages.length && !hasMore) continue;
    // Nothing of it was taken: one above its newest asks for the same again.
    const place = taken === 0 ? Number(usages[0]?.place ?? 0) + 1 : usages[taken - 1]?.place;
    left.set(teller, String(place));
  }
  return left;
}

/**
 * One line for each exchange: the giver's, since it decided and knows the fields. The side that asked is shown where the
 * giver has no word on it, because its gateway is away or because it keeps silent, which the person should see.
 */
export function joinLines(
  told: readonly Told[],
  giverWord: (usage: Usage) => GiverWord | 'listed',
): readonly UsageLine[] {
  const asked = new Map(
    told.flatMap(({ usage }) => (usage.role === 'asked' ? [[usage.exchange, usage] as const] : [])),
  );
  return told.flatMap(({ teller, usage }): readonly UsageLine[] => {
    if (usage.role === 'gave') {
      // Opened at the side that asked while the giver was away: it stays in sight.
      return [{ ...usage, contest: usage.contest ?? asked.get(usage.exchange)?.contest, teller, giver: 'told' }];
    }
    const word = giverWord(usage);
    return word === 'listed' ? [] : [{ ...usage, teller, giver: word }];
  });
}

/** The member that was asked for the data. */
export function giverOf(usage: Pick<Usage, 'service'>): string {
  return memberOf(usage.service);
}
