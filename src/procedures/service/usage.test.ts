import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { actor } from '../../../test/support/portal.ts';
import { err, type Json, ok } from '../../kernel/index.ts';
import { silentLog } from '../../platform/index.ts';
import { formatCursor, parseCursor, type UsageCursor, type UsagePage } from '../model/usage.ts';
import type { CallExchange, ProceduresDeps } from './deps.ts';
import { allUses, type UsageLook, whoUsedMyData } from './usage.ts';
import { openSourceBook } from './usage-sources.ts';

const START = Date.parse('2026-11-01T08:00:00.000Z');
const ANY = { member: undefined, from: undefined, until: undefined };
const EXCHANGE = (nth: number) => `exchange-number-${String(nth).padStart(5, '0')}`;

type Row = { readonly [name: string]: Json };
/** A member's gateway: its list, oldest first, or how it fails. */
type Gateway = { rows: Row[]; state: 'up' | 'down' | 'no-agreement' | 'nonsense' };

/** Three members and the portal's own, each with its list, as their gateways answer. */
class Exchange {
  readonly gateways = new Map<string, Gateway>();
  readonly asked: Parameters<CallExchange>[0][] = [];
  readonly deps: ProceduresDeps;

  constructor(codes: readonly string[]) {
    for (const code of codes) this.gateways.set(code, { rows: [], state: 'up' });
    this.deps = {
      callExchange: async (call) => this.answer(call),
      listMembers: async () =>
        codes.map((code) => ({ id: `MA/GOV/${code}`, name: { ar: code, fr: code }, subsystems: ['main', 'other'] })),
      nationalIdOf: async () => 'AB123456',
      log: silentLog,
      clock: () => new Date(START),
    } as Partial<ProceduresDeps> as ProceduresDeps;
  }

  of(code: string): Gateway {
    return this.gateways.get(code) ?? assert.fail(code);
  }

  add(code: string, row: Row): void {
    const { rows } = this.of(code);
    const fields = { logtime: new Date(START).toISOString(), role: 'gave', fields: ['/fullName'], outcome: 'answered' };
    rows.push({ ...fields, place: String(rows.length * 3), ...row });
  }

  /** One exchange as both sides keep it; the giver a little later. */
  exchange(nth: number, asker: string, giver: string, outcome = 'answered'): void {
    const parties = {
      exchange: EXCHANGE(nth),
      client: `MA/GOV/${asker}/main`,
      service: `MA/GOV/${giver}/main/persons`,
    };
    const at = (ms: number) => new Date(START + nth * 1_000 + ms).toISOString();
    this.add(asker, { ...parties, role: 'asked', logtime: at(0), outcome, fields: [] });
    this.add(giver, { ...parties, role: 'gave', logtime: at(7), outcome });
  }

  async answer(call: Parameters<CallExchange>[0]): ReturnType<CallExchange> {
    this.asked.push(call);
    const [, , code = '', subsystem] = call.service.split('/');
    const gateway = this.of(code);
    if (gateway.state === 'down') return err({ kind: 'unavailable', detail: 'it is down' });
    if (gateway.state === 'no-agreement' || subsystem === 'other')
      return err({ kind: 'refused', detail: 'no agreement' });
    const done = (json: Json) => ok({ status: 200, json, exchangeId: 'x', agreement: undefined });
    if (gateway.state === 'nonsense') return done({ usages: 'many' });
    const query = new URLSearchParams(call.query);
    const [numbers, before] = [query.getAll('exchange'), Number(query.get('before') ?? Number.MAX_SAFE_INTEGER)];
    const found = gateway.rows
      .filter(
        (row) => Number(row['place']) < before && (numbers.length === 0 || numbers.includes(String(row['exchange']))),
      )
      .toReversed();
    const page = found.slice(0, Number(query.get('limit') ?? 500));
    const next = found.length > page.length ? String(page.at(-1)?.['place']) : null;
    return done({ usages: page, next, answersFor: [`MA/GOV/${code}/main`, `MA/GOV/${code}/other`] });
  }
}

const amina = actor('amina');

describe('who used my data, over all members at once', () => {
  let all: Exchange;
  let look: (more?: Partial<UsageLook>) => Promise<UsagePage>;
  beforeEach(() => {
    all = new Exchange(['ADD', 'DGSN', 'CIVIL']);
    const book = openSourceBook(all.deps);
    look = (more = {}) => whoUsedMyData(all.deps, book, amina, { filter: ANY, cursor: undefined, ...more });
  });

  /** Page after page, through the addresses that the pages give. */
  async function walk(
    between?: (nth: number) => void,
  ): Promise<{ readonly seen: string[]; readonly pages: UsagePage[] }> {
    const pages: UsagePage[] = [];
    let cursor: UsageCursor | undefined;
    do {
      const page = await look({ cursor });
      pages.push(page);
      cursor = page.next === undefined ? undefined : parseCursor(formatCursor(page.next));
      assert.equal(cursor === undefined, page.next === undefined);
      between?.(pages.length);
    } while (cursor !== undefined && pages.length < 200);
    return { seen: pages.flatMap(({ lines }) => lines.map((line) => line.exchange)), pages };
  }
  const numbers = (count: number) => Array.from({ length: count }, (_, nth) => EXCHANGE(count - 1 - nth));

  test('both sides of an exchange are one line, the giver’s', async () => {
    all.exchange(0, 'ADD', 'DGSN');
    const { lines, away, untold } = await look();
    assert.deepEqual(
      lines.map(({ exchange, teller, giver, fields }) => ({ exchange, teller, giver, fields })),
      [{ exchange: EXCHANGE(0), teller: 'MA/GOV/DGSN/main', giver: 'told', fields: ['/fullName'] }],
    );
    assert.deepEqual([away, untold], [[], []]);
  });

  test('1,200 uses over three members are paged without losing or repeating one, newest first', async () => {
    const codes = ['ADD', 'DGSN', 'CIVIL'];
    for (let nth = 0; nth < 1_200; nth += 1) {
      all.exchange(nth, codes[nth % 3] ?? '', codes[(nth * 7 + 1 + (nth % 2)) % 3] ?? '');
    }
    const { seen, pages } = await walk();
    assert.deepEqual(seen, numbers(1_200));
    assert.ok(pages.every(({ lines }) => lines.length > 0 && lines.length <= 25));
    assert.ok(pages.length <= 60, `${pages.length} pages`);
  });

  test('what comes in while somebody pages shifts nothing', async () => {
    for (let nth = 0; nth < 90; nth += 1) all.exchange(nth, 'ADD', nth % 2 === 0 ? 'DGSN' : 'CIVIL');
    const { seen } = await walk((page) => {
      for (let nth = 0; nth < 30; nth += 1) all.exchange(1_000 * page + nth, 'ADD', 'DGSN');
    });
    assert.deepEqual(seen, numbers(90));
  });

  test('a gateway that is down is named, and its exchanges are told by the side that asked', async () => {
    all.exchange(0, 'ADD', 'DGSN');
    all.exchange(1, 'ADD', 'CIVIL');
    all.of('CIVIL').state = 'down';
    const { lines, away } = await look();
    assert.deepEqual(
      away.map(({ id }) => id),
      ['MA/GOV/CIVIL'],
    );
    assert.deepEqual(
      lines.map(({ exchange, teller, giver }) => [exchange, teller, giver]),
      [
        [EXCHANGE(1), 'MA/GOV/ADD/main', 'away'],
        [EXCHANGE(0), 'MA/GOV/DGSN/main', 'told'],
      ],
    );
    all.of('CIVIL').state = 'nonsense';
    assert.deepEqual((await look()).away.length, 1);
    all.of('CIVIL').state = 'up';
    assert.deepEqual((await look()).lines[0]?.giver, 'told');
  });

  test('one that falls away in the middle of a walk goes on where it stood once it is back', async () => {
    for (let nth = 0; nth < 120; nth += 1) all.exchange(nth, 'ADD', nth % 2 === 0 ? 'DGSN' : 'CIVIL');
    const { seen, pages } = await walk((page) => {
      all.of('CIVIL').state = page === 1 || page === 2 ? 'down' : 'up';
    });
    assert.equal(pages[1]?.away[0]?.id, 'MA/GOV/CIVIL');
    assert.deepEqual(
      seen
        .filter((one, at) => seen.indexOf(one) === at)
        .toSorted()
        .toReversed(),
      numbers(120),
    );
    const given = pages.flatMap(({ lines }) =>
      lines.filter(({ giver }) => giver === 'told').map((one) => one.exchange),
    );
    assert.equal(new Set(given).size, given.length);
  });

  test('one away when the walk began stays out of it, so that nothing comes twice when it is back', async () => {
    for (let nth = 0; nth < 120; nth += 1) all.exchange(nth, 'ADD', nth % 2 === 0 ? 'DGSN' : 'CIVIL');
    all.of('CIVIL').state = 'down';
    const { seen, pages } = await walk(() => {
      all.of('CIVIL').state = 'up';
    });
    assert.deepEqual(seen, numbers(120));
    assert.ok(pages.every(({ away }) => away[0]?.id === 'MA/GOV/CIVIL'));
  });

  test('a member without an agreement on telling is named as that, and not asked at every look', async () => {
    all.exchange(0, 'ADD', 'CIVIL');
    all.of('CIVIL').state = 'no-agreement';
    const { untold, away, lines } = await look();
    assert.deepEqual([untold.map(({ id }) => id), away], [['MA/GOV/CIVIL'], []]);
    assert.equal(lines[0]?.giver, 'untold');
    const before = all.asked.length;
    await look();
    assert.ok(all.asked.slice(before).every(({ service }) => !service.includes('CIVIL')));
  });

  test('a giver that keeps silent about what the other side had of it is shown as silent', async () => {
    all.exchange(0, 'ADD', 'DGSN');
    all.of('DGSN').rows.length = 0;
    assert.deepEqual(
      (await look()).lines.map(({ teller, giver }) => [teller, giver]),
      [['MA/GOV/ADD/main', 'silent']],
    );
  });

  test('what was refused or not answered at the asking side stands alone', async () => {
    all.exchange(0, 'ADD', 'DGSN', 'refused');
    all.exchange(1, 'ADD', 'DGSN', 'unanswered');
    all.of('DGSN').rows.length = 0;
    assert.deepEqual(
      (await look()).lines.map(({ outcome, giver }) => [outcome, giver]),
      [
        ['unanswered', 'none'],
        ['refused', 'none'],
      ],
    );
  });

  test('the giver’s word is asked for by number where its list has gone past it', async () => {
    all.exchange(0, 'ADD', 'DGSN');
    // Its clock is a day behind: its lines stand far below.
    all.of('DGSN').rows.length = 0;
    for (let nth = 1; nth < 80; nth += 1) all.exchange(nth, 'CIVIL', 'DGSN');
    all.add('DGSN', {
      exchange: EXCHANGE(0),
      client: 'MA/GOV/ADD/main',
      service: 'MA/GOV/DGSN/main/persons',
      logtime: new Date(START + 999_000).toISOString(),
    });
    const { seen } = await walk();
    assert.equal(seen.filter((one) => one === EXCHANGE(0)).length, 1);
  });

  test('what a member sends beside the form is left out, line by line, and a flood stays a page', async () => {
    for (const odd of [{ place: 'x' }, { exchange: '../..' }, { logtime: 'soon' }, { service: 7 }]) {
      all.add('DGSN', { exchange: EXCHANGE(9), client: 'c', service: 'MA/GOV/DGSN/main/persons', ...odd });
    }
    const strange = { clientName: 'Portal', legalBasis: { text: { ar: 1, fr: 2 }, ref: {} }, purposeText: [] };
    all.add('DGSN', { exchange: EXCHANGE(1), client: 'c', service: 's', ...strange, fields: {} });
    const { lines } = await look();
    assert.equal(lines.length, 1);
    const { clientName, legalBasis, purposeText, fields } = lines[0] ?? {};
    assert.deepEqual([clientName, legalBasis, purposeText, fields], [undefined, undefined, undefined, []]);
  });

  test('a member that answers with the same lines for ever ends the walk', async () => {
    all.exchange(0, 'ADD', 'DGSN');
    const { callExchange } = all.deps;
    const stuck: ProceduresDeps = {
      ...all.deps,
      async callExchange(call) {
        const answer = await callExchange(call);
        const json = answer.ok ? { ...(answer.value.json as object), next: '7' } : {};
        return answer.ok ? ok({ ...answer.value, json }) : answer;
      },
    };
    const { lines } = await allUses(stuck, openSourceBook(stuck), amina, ANY);
    assert.equal(lines.length, 1);
  });

  test('the file holds the whole list, and says so', async () => {
    for (let nth = 0; nth < 700; nth += 1) all.exchange(nth, 'ADD', nth % 2 === 0 ? 'DGSN' : 'CIVIL');
    const book = openSourceBook(all.deps);
    const list = await allUses(all.deps, book, amina, ANY);
    assert.equal(list.isWhole, true);
    assert.deepEqual(
      list.lines.map((one) => one.exchange),
      numbers(700),
    );
    all.of('DGSN').state = 'down';
    assert.equal((await allUses(all.deps, book, amina, ANY)).isWhole, false);
  });

  test('without the portal’s own gateway nobody could be asked, and that is said', async () => {
    const deps = { ...all.deps, listMembers: async () => undefined };
    const page = await whoUsedMyData(deps, openSourceBook(deps), amina, { filter: ANY, cursor: undefined });
    assert.equal(page.isExchangeAway, true);
  });
});
