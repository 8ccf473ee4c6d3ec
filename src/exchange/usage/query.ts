import { err, ok, type Result } from '../../kernel/index.ts';

/** What of a person's uses is asked for; every part narrows. */
export type UsageQuery = {
  readonly limit: number;
  /** Place in this gateway's ledger below which to go on. */
  readonly before: number | undefined;
  readonly from: Date | undefined;
  readonly until: Date | undefined;
  /** INST/CLASS/MEMBER that asked or gave. */
  readonly member: string | undefined;
  readonly exchanges: readonly string[];
};

const MOST_USAGES = 500;
const MOST_EXCHANGES = 100;
const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;
const NAMES = ['limit', 'before', 'periodStart', 'periodEnd', 'member', 'exchange'];

/** The query of `findUsage`: attacker-controlled. Refuses with the parameter and what it must be. */
export function parseUsageQuery(query: string): Result<UsageQuery, string> {
  const given = new URLSearchParams(query);
  for (const name of given.keys()) {
    if (!NAMES.includes(name)) return err(`${name.slice(0, 50)} is no parameter of findUsage: ${NAMES.join(', ')} are`);
    if (name !== 'exchange' && given.getAll(name).length > 1) return err(`${name} stands twice`);
  }
  const limit = wholeNumber(given.get('limit') ?? String(MOST_USAGES));
  if (limit === undefined || limit < 1 || limit > MOST_USAGES) return err(`limit must be 1 to ${MOST_USAGES}`);
  const place = given.get('before');
  const before = place === null ? undefined : wholeNumber(place);
  if (place !== null && before === undefined) return err('before must be what an answer before this one gave as next');
  const [from, until] = [instantOf(given.get('periodStart')), instantOf(given.get('periodEnd'))];
  if (from === null) return err('periodStart must be a date or an instant of ISO 8601');
  if (until === null) return err('periodEnd must be a date or an instant of ISO 8601');
  const member = given.get('member') ?? undefined;
  if (member !== undefined && !/^[^/]{1,100}(\/[^/]{1,100}){2}$/.test(member)) {
    return err('member must be INSTANCE/CLASS/MEMBER');
  }
  const exchanges = given.getAll('exchange');
  if (exchanges.length > MOST_EXCHANGES || !exchanges.every((one) => /^[\w-]{16,64}$/.test(one))) {
    return err(`exchange must be the number of an exchange, ${MOST_EXCHANGES} of them at most`);
  }
  return ok({ limit, before, from, until, member, exchanges });
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Null where it is given and no instant. */
function instantOf(text: string | null): Date | undefined | null {
  if (text === null) return undefined;
  const instant = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? null : new Date(instant);
}
