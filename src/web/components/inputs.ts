import type { Language } from '../../kernel/index.ts';
import { attributes, type Html, html, nothing, type Text } from '../html.ts';
import { formatBytes } from '../language.ts';
import { textsOf } from '../texts/index.ts';
import { describing, type Field, fieldGroup, fieldId, fieldSetGroup } from './field.ts';

export type InputWidth = 'full' | 'half' | 'digits-2' | 'digits-4' | 'digits-10' | 'digits-20';

export type TextInput = Field & {
  readonly value?: string | undefined;
  readonly kind?: 'text' | 'email' | 'tel' | 'number' | 'identifier' | 'search' | 'date' | undefined;
  readonly autocomplete?: string | undefined;
  readonly width?: InputWidth | undefined;
  readonly maxLength?: number | undefined;
  /** Words beside the box, such as a unit: "m²", "MAD". */
  readonly suffix?: Text | undefined;
  /** The language of what is typed, when it is not the page's: a name in Latin letters on an Arabic page. */
  readonly inputLanguage?: Language | undefined;
  readonly readOnly?: boolean | undefined;
};

/** What a phone's keyboard shows, and the direction of what is typed. Type `number` would lose digits and scroll. */
const KINDS = {
  text: { type: 'text' },
  search: { type: 'search' },
  /** The browser's own calendar; where it has none, as text: 2026-03-02. */
  date: { type: 'date', dir: 'ltr', autocomplete: 'off' },
  email: { type: 'email', autocomplete: 'email', dir: 'ltr', spellcheck: 'false' },
  tel: { type: 'tel', inputmode: 'tel', autocomplete: 'tel', dir: 'ltr' },
  number: { type: 'text', inputmode: 'decimal', dir: 'ltr', autocomplete: 'off' },
  identifier: { type: 'text', dir: 'ltr', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false' },
} as const;

export function textInput(field: TextInput): Html {
  const suffixId = field.suffix === undefined ? undefined : `${fieldId(field.name)}-suffix`;
  const kind: Record<string, string> = { ...KINDS[field.kind ?? 'text'] };
  if (field.autocomplete !== undefined) kind['autocomplete'] = field.autocomplete;
  const input = html`<input class="input width-${field.width ?? 'full'}"${attributes({
    ...kind,
    id: fieldId(field.name),
    name: field.name,
    value: field.value ?? '',
    lang: field.inputLanguage,
    dir: field.inputLanguage === undefined ? kind['dir'] : field.inputLanguage === 'ar' ? 'rtl' : 'ltr',
    maxlength: field.maxLength,
    readonly: field.readOnly,
  })}${describing(field, suffixId)}>`;
  return fieldGroup(
    field,
    field.suffix === undefined
      ? input
      : html`<div class="input-row">${input}<span class="suffix" id="${suffixId}">${field.suffix}</span></div>`,
  );
}

export function textarea(
  field: Field & {
    readonly value?: string | undefined;
    readonly rows?: number;
    readonly maxLength?: number;
    /** Letters for programs: left to right in any language, and no spelling is judged. */
    readonly isCode?: boolean | undefined;
  },
): Html {
  const id = fieldId(field.name);
  // A browser drops the first line break after the tag, so one is given to it.
  return fieldGroup(
    field,
    html`<textarea class="input"${attributes({ id, name: field.name, rows: field.rows ?? 5, maxlength: field.maxLength, ...(field.isCode === true ? { dir: 'ltr', spellcheck: 'false' } : {}) })}${describing(field)}>
${field.value ?? ''}</textarea>`,
  );
}

export type DateParts = { readonly day: string; readonly month: string; readonly year: string };

export type DateInput = Field & {
  /** As typed, so that a refused date is shown again; Arabic-Indic digits are for the server to read. */
  readonly value?: Partial<DateParts> | undefined;
  readonly isBirthday?: boolean | undefined;
};

/** The fields `name-day`, `name-month`, `name-year`. The day has the id `fieldId(name)`, so that an error leads to it. */
export function dateInput(field: DateInput): Html {
  const texts = textsOf(field.language);
  const id = fieldId(field.name);
  const part = (key: keyof DateParts, label: string) =>
    html`<div class="date-part"><label class="date-label" for="${key === 'day' ? id : `${id}-${key}`}">${label}</label><input class="input width-${key === 'year' ? 'digits-4' : 'digits-2'}"${attributes(
      {
        id: key === 'day' ? id : `${id}-${key}`,
        name: `${field.name}-${key}`,
        type: 'text',
        inputmode: 'numeric',
        dir: 'ltr',
        maxlength: 10,
        value: field.value?.[key] ?? '',
        autocomplete: field.isBirthday === true ? `bday-${key}` : 'off',
        'aria-invalid': field.error === undefined ? undefined : 'true',
      },
    )}></div>`;
  return fieldSetGroup(
    field,
    html`<div class="date-parts">${part('day', texts.day)}${part('month', texts.month)}${part('year', texts.year)}</div>`,
  );
}

export type FileUpload = Field & {
  /** What the person sees, "PDF, JPEG, PNG", and what the browser filters by, ".pdf,image/png". */
  readonly types: string;
  readonly accept: string;
  readonly maxBytes: number;
  readonly multiple?: boolean | undefined;
  readonly sent?: readonly { readonly name: string; readonly bytes: number; readonly href?: string | undefined }[];
};

export function fileUpload(field: FileUpload): Html {
  const { language } = field;
  const texts = textsOf(language);
  const id = fieldId(field.name);
  const sent = field.sent ?? [];
  const list = html`<div class="files"><p class="files-title">${texts.filesAlreadySent}</p><ul>${sent.map(
    (file) =>
      html`<li>${file.href === undefined ? html`<bdi>${file.name}</bdi>` : html`<a href="${file.href}"><bdi>${file.name}</bdi></a>`} <span class="muted">${formatBytes(file.bytes, language)}</span></li>`,
  )}</ul></div>`;
  return fieldGroup(
    field,
    html`<p class="hint" id="${id}-rules">${texts.fileRules(field.types, formatBytes(field.maxBytes, language))}</p>${
      sent.length > 0 ? list : nothing
    }<input class="file" type="file"${attributes({ id, name: field.name, accept: field.accept, multiple: field.multiple })}${describing(field, `${id}-rules`)}>`,
  );
}
