import type { Language } from '../../kernel/index.ts';
import { attributes, classes, type Html, html, nothing, type Text } from '../html.ts';
import { textsOf } from '../texts/index.ts';

/** What every question has. `name` is the form field; its control has the id `fieldId(name)`, which errors link to. */
export type Field = {
  readonly language: Language;
  readonly name: string;
  readonly label: Text;
  readonly hint?: Text | undefined;
  /** What is wrong and what to do about it, in the page's language. */
  readonly error?: Text | undefined;
  readonly optional?: boolean | undefined;
  /** The label is the page's h1: for pages that ask one thing. */
  readonly isHeading?: boolean | undefined;
};

/** An id that works in a fragment: letters and digits of any script, `-`, `_` and `.` stay, the rest becomes `-`. */
export function fieldId(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}_.-]/gu, '-');
}

/** The attributes that tie a control to its hint and its error. */
export function describing(field: Field, ...more: readonly (string | undefined)[]): Html {
  const id = fieldId(field.name);
  const ids = classes(field.hint !== undefined && `${id}-hint`, ...more, field.error !== undefined && `${id}-error`);
  return attributes({
    'aria-describedby': ids === '' ? undefined : ids,
    'aria-invalid': field.error === undefined ? undefined : 'true',
  });
}

export function hintOf(field: Field): Html {
  return field.hint === undefined ? nothing : html`<p class="hint" id="${fieldId(field.name)}-hint">${field.hint}</p>`;
}

export function errorOf(field: Field): Html {
  if (field.error === undefined) return nothing;
  const prefix = textsOf(field.language).error;
  return html`<p class="field-error" id="${fieldId(field.name)}-error"><span class="visually-hidden">${prefix} </span>${field.error}</p>`;
}

function labelWords(field: Field): Html {
  if (field.optional !== true) return html`${field.label}`;
  return html`${field.label} <span class="optional">${textsOf(field.language).optional}</span>`;
}

/** One control under its label, hint and error. */
export function fieldGroup(field: Field, control: Html): Html {
  const label = html`<label class="label${field.isHeading === true ? ' label-heading' : ''}" for="${fieldId(field.name)}">${labelWords(field)}</label>`;
  return html`<div class="${classes('field', field.error !== undefined && 'field-wrong')}">${
    field.isHeading === true ? html`<h1 class="label-wrapper">${label}</h1>` : label
  }${hintOf(field)}${errorOf(field)}${control}</div>`;
}

/** Several controls that answer one question. */
export function fieldSetGroup(field: Field, controls: Html, role?: 'radiogroup'): Html {
  const legend = html`<legend class="label${field.isHeading === true ? ' label-heading' : ''}">${
    field.isHeading === true ? html`<h1 class="label-wrapper">${labelWords(field)}</h1>` : labelWords(field)
  }</legend>`;
  // aria-invalid stands on the controls: a group does not take it.
  const described = classes(
    field.hint !== undefined && `${fieldId(field.name)}-hint`,
    field.error !== undefined && `${fieldId(field.name)}-error`,
  );
  return html`<div class="${classes('field', field.error !== undefined && 'field-wrong')}"><fieldset${attributes({
    role,
    'aria-describedby': described === '' ? undefined : described,
    'aria-invalid': role === 'radiogroup' && field.error !== undefined ? 'true' : undefined,
  })}>${legend}${hintOf(field)}${errorOf(field)}${controls}</fieldset></div>`;
}

/** A heading over several fields that belong together, such as an address. */
export function fieldset(view: { readonly legend: Text; readonly hint?: Text | undefined; readonly body: Html }): Html {
  return html`<fieldset class="fieldset"><legend class="fieldset-legend">${view.legend}</legend>${
    view.hint === undefined ? nothing : html`<p class="hint">${view.hint}</p>`
  }${view.body}</fieldset>`;
}
