import type { FastifyRequest } from 'fastify';
import { notFound, Problem, parseJson } from '../../../kernel/index.ts';
import { formOf } from '../../../platform/index.ts';
import { formatNumber, type SummaryError, textarea } from '../../../web/index.ts';
import { type DeadLetter, formatLetter, parseLetter } from '../../events/model.ts';
import { LETTERS_PAGE } from '../../events/routes/letters.ts';
import { discardLetters, type Letters, replayLetters } from '../../events/service/letters.ts';
import * as store from '../../events/store/dead-letter.ts';
import type { Acting } from '../../operators/audit.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import type { Actor } from '../../operators/model.ts';
import { confirmPage } from '../../operators/pages/accounts.ts';
import {
  frameOf,
  languageOf,
  listOf,
  page,
  pageNumberOf,
  queryOf,
  redirect,
  textOf,
} from '../../operators/routes/page.ts';
import { readSorting, type Sorting } from '../../operators/sorting.ts';
import type { EventPageDeps } from '../deps.ts';
import { EVENTS, eventsPage } from '../pages/events.ts';
import { LETTER_COLUMNS, LETTERS, letterPage, lettersView } from '../pages/letters.ts';
import { countsOf } from '../service/events.ts';
import { eventFault } from '../texts/events.ts';
import { letterTexts as texts } from '../texts/letters.ts';

const BASE = '/:language/console/events/letters';
const LETTER_CHARS = 1_020;

export function letterPages(deps: EventPageDeps): readonly OperatorRoute[] {
  return [...shownLetters(deps), ...changedLetters(deps)];
}

function shownLetters(deps: EventPageDeps): readonly OperatorRoute[] {
  const read = { method: 'GET', access: 'console.read', audit: null, rate: 'page' } as const;
  return [
    {
      ...read,
      id: 'console.dead-letter.list',
      url: BASE,
      handle: async (request, { actor }) => page(await showLetters(deps, request, actor)),
    },
    {
      ...read,
      id: 'console.dead-letter.show',
      url: `${BASE}/one`,
      async handle(request, { actor }) {
        const letter = await letterOf(deps, queryOf(request, 'letter', LETTER_CHARS));
        return page(letterPage(frameOf(deps.house, request, actor), { letter }));
      },
    },
    {
      id: 'console.dead-letter.read',
      method: 'POST',
      url: `${BASE}/read`,
      access: 'evidence.read',
      audit: 'dead-letter.read',
      rate: 'form',
      async handle(request, acting) {
        const letter = await letterOf(deps, textOf(formOf(request), 'letter'));
        const { db } = deps.core.context;
        const contents = (await store.readDeadLetter(db.read, letter)) ?? null;
        await db.transaction((tx) => acting.record(tx, formatLetter(letter)));
        const frame = frameOf(deps.house, request, acting.actor, `${LETTERS}/one`);
        return page(letterPage(frame, { letter, contents: contents && indented(contents) }));
      },
    },
  ];
}

async function letterOf({ core }: EventPageDeps, name: string): Promise<DeadLetter> {
  const key = parseLetter(name);
  const found = key && (await store.findDeadLetter(core.context.db.read, key));
  if (found === undefined) throw notFound('There is no such dead letter: it was sent again or given up.');
  return found;
}

function indented(text: string): string {
  const read = parseJson(text, { maxChars: 1_000_000, maxDepth: 66 });
  return read.ok ? JSON.stringify(read.value, null, 2) : text;
}

const ORDERS: Readonly<Record<string, store.LetterOrder>> = {
  '-at': 'newest',
  at: 'oldest',
  service: 'service',
  '-service': 'service-down',
};

function orderOf({ by, isDown }: Sorting<(typeof LETTER_COLUMNS)[number]>): store.LetterOrder {
  return ORDERS[`${isDown ? '-' : ''}${by}`] ?? 'newest';
}

async function showLetters(
  deps: EventPageDeps,
  request: FastifyRequest,
  actor: Actor,
  errors: readonly SummaryError[] = [],
): Promise<string> {
  const { read } = deps.core.context.db;
  const isPosted = request.method !== 'GET';
  const of = isPosted ? textOf(formOf(request), 'of') : queryOf(request, 'of', LETTER_CHARS);
  const frame = frameOf(deps.house, request, actor, `${LETTERS}${of === '' ? '' : `?of=${encodeURIComponent(of)}`}`);
  const sorting = readSorting(queryOf(request, 'sort'), LETTER_COLUMNS, { by: 'at', isDown: true });
  const nth = pageNumberOf(request);
  const listed = await store.listDeadLetters(read, filterOf(of), {
    offset: (nth - 1) * LETTERS_PAGE,
    limit: LETTERS_PAGE,
    order: orderOf(sorting),
  });
  const groups = await store.groupDeadLetters(read);
  const view = { ...listed, page: nth, pageSize: LETTERS_PAGE, sorting, groups, of, done: doneOf(request), errors };
  return eventsPage(frame, 'letters', await countsOf(deps), lettersView(frame, view));
}

/** Of a group's name; one that names none shows all. */
function filterOf(of: string): store.LetterFilter {
  const group = parseLetter(of);
  if (group === undefined) return {};
  const { side, subscription, service } = group;
  return { side, subscription, ...(side === 'publisher' ? { service } : {}) };
}

function doneOf(request: FastifyRequest) {
  const act = (['replayed', 'discarded'] as const).find((one) => one === queryOf(request, 'done'));
  const count = queryOf(request, 'count');
  return act === undefined || !/^\d{1,9}$/.test(count) ? undefined : { act, count: Number(count) };
}

function changedLetters(deps: EventPageDeps): readonly OperatorRoute[] {
  const change = { method: 'POST', access: 'events.change', rate: 'form' } as const;
  return [
    {
      ...change,
      id: 'console.dead-letter.replay',
      url: `${BASE}/replay`,
      audit: 'dead-letter.replayed',
      handle: (request, acting) => replay(deps, request, acting),
    },
    {
      ...change,
      id: 'console.dead-letter.discard.ask',
      url: `${BASE}/discard/ask`,
      audit: null,
      async handle(request, { actor }) {
        if (chosenOf(request).length === 0) return nothingChosen(deps, request, actor);
        return page(askDiscard(deps, request, actor, await countChosen(deps, request)));
      },
    },
    {
      ...change,
      id: 'console.dead-letter.discard',
      url: `${BASE}/discard`,
      audit: 'dead-letter.discarded',
      async handle(request, acting) {
        const reason = textOf(formOf(request), 'reason', 500).trim();
        const count = await countChosen(deps, request);
        if (reason === '') return page(askDiscard(deps, request, acting.actor, count, true), 422);
        let discarded = 0;
        for (const letters of chosenOf(request)) discarded += await discardLetters(deps, letters, reason, acting);
        return redirect(doneAt(request, 'discarded', discarded));
      },
    },
  ];
}

/** All of a group, or those whose boxes are ticked, by group. */
function chosenOf(request: FastifyRequest): readonly Letters[] {
  const whole = parseLetter(textOf(formOf(request), 'all'));
  if (whole !== undefined) return [{ ...whole, sequences: null }];
  const named = listOf(request, 'letter')
    .flatMap((value) => value.split(' '))
    .slice(0, LETTERS_PAGE)
    .flatMap((value) => parseLetter(value) ?? []);
  const groups = Map.groupBy(named, (one) => formatLetter({ ...one, sequence: 0 }));
  return [...groups.values()].flatMap((ones) =>
    ones[0] === undefined ? [] : [{ ...ones[0], sequences: ones.map((one) => one.sequence) }],
  );
}

async function countChosen({ core }: EventPageDeps, request: FastifyRequest): Promise<number> {
  const [first] = chosenOf(request);
  if (first?.sequences !== null) return new Set(listOf(request, 'letter').flatMap((one) => one.split(' '))).size;
  const name = textOf(formOf(request), 'all');
  const groups = await store.groupDeadLetters(core.context.db.read);
  return groups.find((one) => formatLetter({ ...one, sequence: 0 }) === name)?.count ?? 0;
}

async function nothingChosen(deps: EventPageDeps, request: FastifyRequest, actor: Actor) {
  const errors = [{ message: texts.nothingChosen[languageOf(request)] }];
  return page(await showLetters(deps, request, actor, errors), 422);
}

async function replay(deps: EventPageDeps, request: FastifyRequest, acting: Acting) {
  if (chosenOf(request).length === 0) return nothingChosen(deps, request, acting.actor);
  try {
    let sent = 0;
    for (const letters of chosenOf(request)) sent += await replayLetters(deps, letters, acting);
    return redirect(doneAt(request, 'replayed', sent));
  } catch (cause) {
    // Another gateway is away, or its member has ended the agreement: said beside the list, where it can be tried again.
    if (!(cause instanceof Problem)) throw cause;
    const language = languageOf(request);
    const why = cause.status === 409 ? eventFault('event-not-subscribed', language) : eventFault(cause.slug, language);
    const errors = [{ message: texts.notSent(why)[language] }];
    return page(await showLetters(deps, request, acting.actor, errors), cause.status);
  }
}

function doneAt(request: FastifyRequest, act: 'replayed' | 'discarded', count: number): string {
  const of = textOf(formOf(request), 'of');
  const query = new URLSearchParams({ ...(of === '' ? {} : { of }), done: act, count: String(count) });
  return `/${languageOf(request)}${LETTERS}?${query}`;
}

function askDiscard(deps: EventPageDeps, request: FastifyRequest, actor: Actor, count: number, isWrong = false) {
  const language = languageOf(request);
  const form = formOf(request);
  const message = texts.badReason[language];
  const back = `/${language}${LETTERS}`;
  return confirmPage(frameOf(deps.house, request, actor, LETTERS), EVENTS, {
    title: texts.discardTitle[language],
    what: texts.discardText(formatNumber(count, language))[language],
    action: `${back}/discard`,
    back,
    hidden: { letter: listOf(request, 'letter').join(' '), all: textOf(form, 'all'), of: textOf(form, 'of') },
    errors: isWrong ? [{ field: 'reason', message }] : [],
    fields: textarea({
      language,
      name: 'reason',
      label: texts.reason[language],
      hint: texts.reasonHint[language],
      value: textOf(form, 'reason', 500),
      rows: 3,
      maxLength: 500,
      error: isWrong ? message : undefined,
    }),
  });
}
