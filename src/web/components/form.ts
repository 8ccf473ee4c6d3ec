import type { Language } from '../../kernel/index.ts';
import { attributes, classes, type Html, html, nothing, type Text } from '../html.ts';
import { type IconName, icon } from '../icons.ts';
import { textsOf } from '../texts/index.ts';
import { fieldId } from './field.ts';

export type ButtonLook = 'primary' | 'secondary' | 'danger';

export type Button = {
  readonly text: Text;
  readonly look?: ButtonLook | undefined;
  /** A form with several buttons tells them apart by what is sent. */
  readonly name?: string | undefined;
  readonly value?: string | undefined;
  readonly icon?: IconName | undefined;
  readonly formAction?: string | undefined;
};

export function button(view: Button): Html {
  return html`<button class="${classes('button', `button-${view.look ?? 'primary'}`)}"${attributes({
    type: 'submit',
    name: view.name,
    value: view.value,
    formaction: view.formAction,
  })}>${view.icon === undefined ? nothing : icon(view.icon)}${view.text}</button>`;
}

/** A link that looks like what it is: the way on. `start` adds the arrow of a beginning. */
export function linkButton(view: {
  readonly text: Text;
  readonly href: string;
  readonly look?: ButtonLook | undefined;
  readonly icon?: IconName | undefined;
  readonly start?: boolean | undefined;
  readonly download?: boolean | undefined;
}): Html {
  return html`<a class="${classes('button', `button-${view.look ?? 'primary'}`, view.start === true && 'button-start')}"${attributes({ href: view.href, download: view.download })}>${
    view.icon === undefined ? nothing : icon(view.icon)
  }${view.text}${view.start === true ? icon('arrow') : nothing}</a>`;
}

/** Buttons and links side by side, the first one first. */
export function actions(...parts: readonly (Html | undefined)[]): Html {
  return html`<div class="actions">${parts}</div>`;
}

export type Form = {
  readonly action: string;
  readonly body: Html;
  readonly method?: 'post' | 'get' | undefined;
  /** The session's token; every POST of a signed-in person needs it. */
  readonly csrf?: string | undefined;
  readonly hidden?: Readonly<Record<string, string>> | undefined;
  readonly hasFiles?: boolean | undefined;
  readonly label?: string | undefined;
  /** For controls elsewhere on the page that belong to it: `form="ID"`. */
  readonly id?: string | undefined;
};

/** `novalidate`: the server says what is wrong, in the page's language and beside the field. */
export function form(view: Form): Html {
  const hidden = { ...(view.csrf === undefined ? {} : { _csrf: view.csrf }), ...view.hidden };
  return html`<form${attributes({
    class: 'form',
    id: view.id,
    method: view.method ?? 'post',
    action: view.action,
    novalidate: true,
    enctype: view.hasFiles === true ? 'multipart/form-data' : undefined,
    'aria-label': view.label,
  })}>${Object.entries(hidden).map(([name, value]) => html`<input type="hidden"${attributes({ name, value })}>`)}${view.body}</form>`;
}

export type SummaryError = {
  /** The name of the field, as given to its component; without it the line is plain text. */
  readonly field?: string | undefined;
  readonly message: Text;
};

/** Stands first on the page and takes the focus when it loads, without script. Empty when there is nothing wrong. */
export function errorSummary(view: {
  readonly language: Language;
  readonly errors: readonly SummaryError[];
  readonly title?: Text | undefined;
}): Html {
  if (view.errors.length === 0) return nothing;
  return html`<div class="error-summary" role="alert" tabindex="-1" autofocus aria-labelledby="error-summary-title"><h2 id="error-summary-title">${
    view.title ?? textsOf(view.language).errorSummary
  }</h2><ul>${view.errors.map(
    (error) =>
      html`<li>${error.field === undefined ? error.message : html`<a href="#${fieldId(error.field)}">${error.message}</a>`}</li>`,
  )}</ul></div>`;
}

/** A large box to search with; `name` is the query's parameter. */
export function searchBox(view: {
  readonly language: Language;
  readonly action: string;
  readonly label: Text;
  readonly value?: string | undefined;
  readonly name?: string | undefined;
  readonly hint?: Text | undefined;
  readonly large?: boolean | undefined;
  readonly labelHidden?: boolean | undefined;
  readonly id?: string | undefined;
}): Html {
  const id = view.id ?? 'search';
  return html`<search><form class="search${view.large === true ? ' search-large' : ''}" method="get" action="${view.action}"><label class="${view.labelHidden === true ? 'visually-hidden' : 'label'}" for="${id}">${view.label}</label>${
    view.hint === undefined ? nothing : html`<p class="hint" id="${id}-hint">${view.hint}</p>`
  }<div class="search-row"><input class="input search-input" type="search"${attributes({
    id,
    name: view.name ?? 'q',
    value: view.value ?? '',
    maxlength: 200,
    autocomplete: 'off',
    'aria-describedby': view.hint === undefined ? undefined : `${id}-hint`,
  })}><button class="button button-primary search-button" type="submit">${icon('search')}<span>${textsOf(view.language).search}</span></button></div></form></search>`;
}
