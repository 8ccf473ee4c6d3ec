import type { FastifyRequest } from 'fastify';
import { type Json, notFound, Problem, parseJson } from '../../../kernel/index.ts';
import { formOf } from '../../../platform/index.ts';
import type { SummaryError } from '../../../web/index.ts';
import type { EventType } from '../../events/model.ts';
import { readEventType } from '../../events/routes/operator.ts';
import { putType, retireType } from '../../events/service/operate.ts';
import type { Acting } from '../../operators/audit.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import { confirmPage } from '../../operators/pages/accounts.ts';
import { frameOf, languageOf, page, queryOf, redirect, textOf } from '../../operators/routes/page.ts';
import type { EventPageDeps } from '../deps.ts';
import { type EventTypeForm, MAX_SCHEMA_CHARS, newTypePage, typeFacts, typePage } from '../pages/event-type.ts';
import { EVENTS, typePath } from '../pages/events.ts';
import { eventTexts as texts } from '../texts/events.ts';

const BASE = '/:language/console/events/types';

const CHANGE = { access: 'events.change', rate: 'form' } as const;

export function eventTypePages(deps: EventPageDeps): readonly OperatorRoute[] {
  return [...formPages(deps), ...retirePages(deps)];
}

function formPages(deps: EventPageDeps): readonly OperatorRoute[] {
  const subsystems = () => [...deps.core.context.subsystems];
  return [
    {
      ...CHANGE,
      id: 'console.event-type.new',
      method: 'GET',
      url: `${BASE}/new`,
      audit: null,
      handle: async (request, { actor }) => page(newTypePage(frameOf(deps.house, request, actor), subsystems(), EMPTY)),
    },
    {
      id: 'console.event-type.show',
      method: 'GET',
      url: `${BASE}/one`,
      access: 'console.read',
      audit: null,
      rate: 'page',
      async handle(request, { actor }) {
        const type = typeOf(deps, queryOf(request, 'service', 500));
        return page(typePage(frameOf(deps.house, request, actor), type, formFrom(type)));
      },
    },
    {
      ...CHANGE,
      id: 'console.event-type.save',
      method: 'POST',
      url: BASE,
      audit: 'event-type.put',
      handle: (request, acting) => save(deps, request, acting),
    },
  ];
}

function retirePages(deps: EventPageDeps): readonly OperatorRoute[] {
  return [
    {
      ...CHANGE,
      id: 'console.event-type.retire.ask',
      method: 'GET',
      url: `${BASE}/retire`,
      audit: null,
      async handle(request, { actor }) {
        const type = typeOf(deps, queryOf(request, 'service', 500));
        const language = languageOf(request);
        return page(
          confirmPage(frameOf(deps.house, request, actor), EVENTS, {
            title: texts.retire[language],
            what: texts.retireText[language],
            action: `/${language}${EVENTS}/types/retire`,
            back: typePath(language, type.service),
            about: typeFacts(type, language),
            hidden: { service: type.service },
          }),
        );
      },
    },
    {
      ...CHANGE,
      id: 'console.event-type.retire',
      method: 'POST',
      url: `${BASE}/retire`,
      audit: 'event-type.removed',
      async handle(request, acting) {
        await retireType(deps, textOf(formOf(request), 'service'), acting);
        return redirect(`/${languageOf(request)}${EVENTS}`);
      },
    },
  ];
}

const EMPTY: EventTypeForm = {
  subsystem: '',
  code: '',
  titleAr: '',
  titleFr: '',
  titleEn: '',
  aboutPerson: false,
  schema: '',
  errors: [],
};

function typeOf({ types }: EventPageDeps, service: string): EventType {
  const found = types.all().find((one) => one.service === service);
  if (found === undefined) throw notFound('There is no such event type.');
  return found;
}

function formFrom({ title, aboutPerson, dataSchema }: EventType): EventTypeForm {
  const schema = dataSchema === undefined ? '' : JSON.stringify(dataSchema, null, 2);
  return { ...EMPTY, titleAr: title.ar, titleFr: title.fr, titleEn: title.en ?? '', aboutPerson, schema };
}

function typedOf(request: FastifyRequest): EventTypeForm {
  const form = formOf(request);
  const text = (name: string) => textOf(form, name).trim();
  return {
    subsystem: text('subsystem'),
    code: text('code'),
    titleAr: text('titleAr'),
    titleFr: text('titleFr'),
    titleEn: text('titleEn'),
    aboutPerson: text('aboutPerson') === 'yes',
    schema: textOf(form, 'schema', MAX_SCHEMA_CHARS).trim(),
    errors: [],
  };
}

/** A type that is there is changed by its identifier; a new one is named by subsystem and code. */
async function save(deps: EventPageDeps, request: FastifyRequest, acting: Acting) {
  const typed = typedOf(request);
  const held = textOf(formOf(request), 'service');
  const service = held === '' ? `${typed.subsystem}/${encodeURIComponent(typed.code)}` : typeOf(deps, held).service;
  const again = (errors: readonly SummaryError[]) => {
    const posted = held === '' ? `${EVENTS}/types/new` : typePath(languageOf(request), held).slice(3);
    const frame = frameOf(deps.house, request, acting.actor, posted);
    const form = { ...typed, errors };
    const again = held === '' ? newTypePage(frame, [...deps.core.context.subsystems], form) : undefined;
    return page(again ?? typePage(frame, typeOf(deps, held), form), 422);
  };
  const schema = schemaOf(typed.schema);
  const badSchema = (detail: string) => ({ field: 'schema', message: texts.badSchema(detail)[languageOf(request)] });
  if (!schema.ok) return again([badSchema(schema.error)]);
  try {
    const type = await putType(deps, readEventType(bodyOf(service, typed, schema.value)), acting);
    return redirect(typePath(languageOf(request), type.service));
  } catch (cause) {
    if (!(cause instanceof Problem) || cause.status !== 422) throw cause;
    return again(
      cause.errors.map(({ field, message }) =>
        field.startsWith('/dataSchema') ? badSchema(message) : fieldError(field, request),
      ),
    );
  }
}

function bodyOf(service: string, typed: EventTypeForm, dataSchema: Json | undefined): object {
  const { titleAr: ar, titleFr: fr, titleEn: en, aboutPerson } = typed;
  const title = { ar, fr, ...(en === '' ? {} : { en }) };
  return { service, title, aboutPerson, ...(dataSchema === undefined ? {} : { dataSchema }) };
}

type ReadSchema =
  | { readonly ok: true; readonly value: Json | undefined }
  | { readonly ok: false; readonly error: string };

function schemaOf(text: string): ReadSchema {
  if (text === '') return { ok: true, value: undefined };
  const read = parseJson(text, { maxChars: MAX_SCHEMA_CHARS, maxDepth: 40 });
  return read.ok ? read : { ok: false, error: read.error.detail };
}

function fieldError(pointer: string, request: FastifyRequest): SummaryError {
  const language = languageOf(request);
  if (pointer === '/title/fr') return { field: 'titleFr', message: texts.badTitle[language] };
  if (pointer === '/title/en') return { field: 'titleEn', message: texts.badTitle[language] };
  if (pointer.startsWith('/title')) return { field: 'titleAr', message: texts.badTitle[language] };
  return { field: 'code', message: texts.badCode[language] };
}
