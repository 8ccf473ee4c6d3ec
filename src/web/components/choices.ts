import { attributes, type Html, html, nothing, type Text } from '../html.ts';
import { textsOf } from '../texts/index.ts';
import { describing, type Field, fieldGroup, fieldId, fieldSetGroup } from './field.ts';

export type Choice = { readonly value: string; readonly label: Text; readonly hint?: Text | undefined };

/** The first has the id `fieldId(name)`, so that an error leads to it; the next ones `…-2`, `…-3`. */
function choiceList(
  field: Field & { readonly choices: readonly Choice[] },
  type: 'radio' | 'checkbox',
  isChosen: (value: string) => boolean,
  inRow = false,
): Html {
  const id = fieldId(field.name);
  return html`<div class="choices${inRow ? ' choices-row' : ''}">${field.choices.map((choice, index) => {
    const own = index === 0 ? id : `${id}-${index + 1}`;
    const hintId = `${own}-note`;
    return html`<div class="choice"><input class="choice-input" type="${type}"${attributes({
      id: own,
      name: field.name,
      value: choice.value,
      checked: isChosen(choice.value),
      'aria-describedby': choice.hint === undefined ? undefined : hintId,
      'aria-invalid': type === 'checkbox' && field.error !== undefined ? 'true' : undefined,
    })}><label class="choice-label" for="${own}">${choice.label}</label>${
      choice.hint === undefined ? nothing : html`<p class="choice-hint" id="${hintId}">${choice.hint}</p>`
    }</div>`;
  })}</div>`;
}

export type Radios = Field & {
  readonly choices: readonly Choice[];
  readonly value?: string | undefined;
  /** For two short answers, such as yes and no. */
  readonly inRow?: boolean | undefined;
};

export function radios(field: Radios): Html {
  return fieldSetGroup(
    field,
    choiceList(field, 'radio', (value) => value === field.value, field.inRow),
    'radiogroup',
  );
}

export function checkboxes(
  field: Field & { readonly choices: readonly Choice[]; readonly values?: readonly string[] | undefined },
): Html {
  return fieldSetGroup(
    field,
    choiceList(field, 'checkbox', (value) => field.values?.includes(value) ?? false),
  );
}

/** One box that says yes, such as a declaration of honour. Its label is the sentence that is agreed to. */
export function checkbox(field: Field & { readonly value?: string; readonly checked?: boolean | undefined }): Html {
  const id = fieldId(field.name);
  const errorText = textsOf(field.language).error;
  return html`<div class="field${field.error === undefined ? '' : ' field-wrong'}">${
    field.hint === undefined ? nothing : html`<p class="hint" id="${id}-hint">${field.hint}</p>`
  }${
    field.error === undefined
      ? nothing
      : html`<p class="field-error" id="${id}-error"><span class="visually-hidden">${errorText} </span>${field.error}</p>`
  }<div class="choice"><input class="choice-input" type="checkbox"${attributes({ id, name: field.name, value: field.value ?? 'yes', checked: field.checked })}${describing(field)}><label class="choice-label" for="${id}">${field.label}</label></div></div>`;
}

export type Select = Field & {
  readonly choices: readonly Choice[];
  readonly value?: string | undefined;
  /** The first line, with an empty value; undefined shows "Choose from the list", false none. */
  readonly placeholder?: string | false | undefined;
  readonly autocomplete?: string | undefined;
};

export function select(field: Select): Html {
  const first = field.placeholder === false ? undefined : (field.placeholder ?? textsOf(field.language).chooseOne);
  return fieldGroup(
    field,
    html`<select class="input select"${attributes({ id: fieldId(field.name), name: field.name, autocomplete: field.autocomplete })}${describing(field)}>${
      first === undefined ? nothing : html`<option value="">${first}</option>`
    }${field.choices.map(
      (choice) =>
        html`<option value="${choice.value}"${attributes({ selected: choice.value === field.value })}>${choice.label}</option>`,
    )}</select>`,
  );
}
