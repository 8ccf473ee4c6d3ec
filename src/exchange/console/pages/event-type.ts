import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  checkbox,
  copyableCode,
  errorSummary,
  form,
  type Html,
  html,
  identifier,
  linkButton,
  localText,
  nothing,
  type SummaryError,
  select,
  summaryList,
  textarea,
  textInput,
} from '../../../web/index.ts';
import type { EventType } from '../../events/model.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { may } from '../../operators/rules.ts';
import { eventTexts as texts } from '../texts/events.ts';
import { EVENTS, typePath } from './events.ts';

export const MAX_SCHEMA_CHARS = 100_000;

/** As typed. */
export type EventTypeForm = {
  readonly subsystem: string;
  readonly code: string;
  readonly titleAr: string;
  readonly titleFr: string;
  readonly titleEn: string;
  readonly aboutPerson: boolean;
  readonly schema: string;
  readonly errors: readonly SummaryError[];
};

export function newTypePage(frame: ConsoleFrame, subsystems: readonly string[], view: EventTypeForm): string {
  const { language } = frame;
  const errorOf = (field: string) => view.errors.find((one) => one.field === field)?.message;
  const body = html`${select({
    language,
    name: 'subsystem',
    label: texts.subsystem[language],
    value: view.subsystem,
    placeholder: false,
    choices: subsystems.map((value) => ({ value, label: value })),
  })}${textInput({ language, name: 'code', label: texts.code[language], hint: texts.codeHint[language], value: view.code, kind: 'identifier', width: 'half', maxLength: 200, error: errorOf('code') })}`;
  return consolePage(frame, EVENTS, {
    title: texts.add[language],
    back: { href: `/${language}${EVENTS}` },
    hasErrors: view.errors.length > 0,
    main: html`${errorSummary({ language, errors: view.errors })}<h1>${texts.add[language]}</h1>${typeForm(frame, view, { isNew: 'yes' }, body)}`,
  });
}

function typeForm(frame: ConsoleFrame, view: EventTypeForm, hidden: Record<string, string>, first: Html): Html {
  const { language, actor } = frame;
  const errorOf = (field: string) => view.errors.find((one) => one.field === field)?.message;
  const title = (name: 'titleAr' | 'titleFr' | 'titleEn', inputLanguage: Language) =>
    textInput({
      language,
      name,
      inputLanguage,
      label: texts[name][language],
      value: view[name],
      maxLength: 200,
      optional: name === 'titleEn',
      error: errorOf(name),
    });
  return form({
    action: `/${language}${EVENTS}/types`,
    csrf: actor.csrf,
    hidden,
    body: html`${first}${title('titleAr', 'ar')}${title('titleFr', 'fr')}${title('titleEn', 'en')}${checkbox({ language, name: 'aboutPerson', label: texts.aboutLabel[language], checked: view.aboutPerson })}${textarea(
      {
        language,
        name: 'schema',
        label: texts.schema[language],
        hint: texts.schemaHint[language],
        value: view.schema,
        rows: 8,
        maxLength: MAX_SCHEMA_CHARS,
        optional: true,
        isCode: true,
        error: errorOf('schema'),
      },
    )}${actions(button({ text: texts.save[language] }))}`,
  });
}

export function typePage(frame: ConsoleFrame, type: EventType, view: EventTypeForm): string {
  const { language } = frame;
  const mayChange = may('events.change', frame.actor);
  return consolePage(frame, EVENTS, {
    title: type.service,
    back: { href: `/${language}${EVENTS}` },
    hasErrors: view.errors.length > 0,
    main: html`${errorSummary({ language, errors: view.errors })}<h1>${identifier(type.service)}</h1>${typeFacts(type, language)}${
      mayChange
        ? html`<h2>${texts.change[language]}</h2>${typeForm(frame, view, { service: type.service }, nothing)}${actions(linkButton({ text: texts.retire[language], href: typePath(language, type.service, 'retire'), look: 'danger' }))}`
        : nothing
    }`,
  });
}

export function typeFacts(type: EventType, language: Language): Html {
  return html`${summaryList({
    language,
    compact: true,
    rows: [
      { key: texts.name[language], value: localText(type.title, language) },
      { key: texts.about[language], value: (type.aboutPerson ? texts.yes : texts.no)[language] },
    ],
  })}${
    type.dataSchema === undefined
      ? nothing
      : copyableCode({
          language,
          id: 'schema-now',
          label: texts.schema[language],
          code: JSON.stringify(type.dataSchema, null, 2),
        })
  }`;
}
