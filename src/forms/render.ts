import { type Language, parseIsoDate } from '../kernel/index.ts';
import {
  checkbox,
  checkboxes,
  dateInput,
  fileUpload,
  formatDate,
  formatNumber,
  type Html,
  html,
  inset,
  isolate,
  join,
  localText,
  nothing,
  type Field as Question,
  radios,
  reference,
  type SummaryRow,
  select,
  type Text,
  textarea,
  textInput,
} from '../web/index.ts';
import {
  type Answers,
  type AnswerValue,
  type Field,
  type FileField,
  type Form,
  type FormContext,
  MEDIA_TYPES,
  type NumberField,
  type Step,
} from './field.ts';
import { type FormError, visibleSteps } from './rules.ts';
import { formTexts } from './texts/index.ts';
import type { Posted } from './values.ts';
import { choicesFor, familiesText, faultText } from './words.ts';

export type StepView = {
  readonly language: Language;
  /** With the fields to show only, as `visibleSteps` gives it. */
  readonly step: Step;
  readonly answers: Answers;
  /** What was just posted and refused: shown again as typed. */
  readonly posted?: Posted | undefined;
  readonly errors: readonly FormError[];
  /** Fields that this post made visible: the page says that there is more to fill in. */
  readonly revealed?: readonly string[] | undefined;
};

/** The questions of a step, each with its hint, its error and its value. No script; names are those `readAnswers` reads. */
export function renderStep(view: StepView): Html {
  const { language, step } = view;
  const intro = step.intro === undefined ? nothing : html`<p class="lead">${localText(step.intro, language)}</p>`;
  const revealed = (view.revealed ?? []).length > 0 ? inset(formTexts[language].revealed) : nothing;
  return html`${intro}${revealed}${step.fields.map((field) => renderField(field, view))}`;
}

/** True when the page's form has to be sent as `multipart/form-data`. */
export function asksForFiles(step: Step): boolean {
  return step.fields.some(({ kind }) => kind === 'file');
}

function renderField(field: Field, view: StepView): Html {
  const { language } = view;
  const fault = view.errors.find((error) => error.field === field.id)?.fault;
  const question: Question = {
    language,
    name: field.id,
    label: localText(field.label, language),
    hint: hintOf(field, language),
    error: fault === undefined ? undefined : faultText(field, fault, language),
    optional: !field.required,
  };
  return controlOf(field, question, view);
}

function hintOf(field: Field, language: Language): Text | undefined {
  if (field.hint !== undefined) return localText(field.hint, language);
  const { hints } = formTexts[language];
  if (field.kind === 'text' && field.pattern !== undefined) return reference(field.pattern.example);
  const kind = field.kind;
  return kind === 'phone' || kind === 'cnie' || kind === 'ice' || kind === 'rib' || kind === 'date'
    ? hints[kind]
    : undefined;
}

function controlOf(field: Field, question: Question, view: StepView): Html {
  const { language } = view;
  const texts = formTexts[language];
  const value = shownValue(field, view);
  switch (field.kind) {
    case 'text':
      return field.long
        ? textarea({ ...question, value, rows: 6 })
        : textInput({ ...question, value, maxLength: field.maxChars });
    case 'date':
      return dateInput({ ...question, value: dateParts(field, view) });
    case 'yes-no': {
      const choices = [
        { value: 'yes', label: texts.yes },
        { value: 'no', label: texts.no },
      ];
      return radios({ ...question, value, choices, inRow: true });
    }
    case 'single-choice':
      return radios({ ...question, value, choices: choicesFor(field.choices, language, false) });
    case 'multiple-choice':
      return checkboxes({
        ...question,
        values: shownValues(field, view),
        choices: choicesFor(field.choices, language, false),
      });
    case 'list':
      return select({ ...question, value, choices: choicesFor(field.choices, language, true) });
    case 'number':
    case 'amount':
      return textInput({ ...question, value, kind: 'number', width: 'digits-10', suffix: unitOf(field, language) });
    case 'file':
      return fileControl(field, question, view);
    case 'declaration': {
      const statement = html`${localText(field.statement, language)}`;
      return checkbox({ ...question, optional: false, label: statement, checked: value === 'yes' });
    }
    default:
      return textInput({ ...question, value, ...INPUTS[field.kind] });
  }
}

const INPUTS = {
  email: { kind: 'email', maxLength: 254 },
  phone: { kind: 'tel', width: 'digits-20', maxLength: 40 },
  cnie: { kind: 'identifier', width: 'digits-10', maxLength: 20 },
  ice: { kind: 'identifier', width: 'digits-20', maxLength: 30 },
  rib: { kind: 'identifier', width: 'full', maxLength: 40 },
} as const;

function unitOf(field: NumberField, language: Language): Text | undefined {
  if (field.kind === 'amount') return isolate('MAD');
  return field.unit === undefined ? undefined : localText(field.unit, language);
}

function fileControl(field: FileField, question: Question, view: StepView): Html {
  const { language } = view;
  const sent = filesOf(view.answers[field.id]);
  return fileUpload({
    ...question,
    types: familiesText(field.families, language),
    accept: field.families.flatMap((family) => MEDIA_TYPES[family]).join(','),
    maxBytes: field.maxBytes,
    multiple: field.maxFiles > 1,
    sent,
  });
}

function filesOf(value: AnswerValue | undefined) {
  if (!Array.isArray(value)) return [];
  return value.flatMap((file) => (typeof file === 'string' ? [] : [{ name: file.name, bytes: file.bytes }]));
}

/** As typed when it was refused, else the answer as a person would type it. */
function shownValue(field: Field, view: StepView): string {
  const typed = postedValues(view, field.id)?.[0];
  if (typed !== undefined) return typed;
  const value = Object.hasOwn(view.answers, field.id) ? view.answers[field.id] : undefined;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return '';
}

function shownValues(field: Field, view: StepView): readonly string[] {
  const value = view.answers[field.id];
  const kept = Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  return view.posted === undefined ? kept : (postedValues(view, field.id) ?? []);
}

function postedValues(view: StepView, name: string): readonly string[] | undefined {
  const posted = view.posted !== undefined && Object.hasOwn(view.posted, name) ? view.posted[name] : undefined;
  return typeof posted === 'string' ? [posted] : posted;
}

function dateParts(field: Field, view: StepView) {
  const typed = (['day', 'month', 'year'] as const).map((part) => postedValues(view, `${field.id}-${part}`)?.[0]);
  if (typed.some((part) => part !== undefined)) {
    const [day, month, year] = typed;
    return { day: day ?? '', month: month ?? '', year: year ?? '' };
  }
  const [year, month, day] = shownValue(field, view).split('-');
  return { day: day ?? '', month: month ?? '', year: year ?? '' };
}

/** One answer in words: choices by their labels, dates as the language writes them. */
export function answerText(field: Field, value: AnswerValue | undefined, language: Language): Text {
  const texts = formTexts[language];
  if (value === undefined) return html`<span class="muted">${texts.notAnswered}</span>`;
  if (typeof value === 'boolean') {
    if (field.kind === 'declaration') return texts.declared;
    return value ? texts.yes : texts.no;
  }
  if (typeof value === 'number') return html`${isolate(formatNumber(value, language))}${unitText(field, language)}`;
  if (Array.isArray(value)) {
    const parts = value.map((item) => (typeof item === 'string' ? labelOf(field, item, language) : isolate(item.name)));
    return join(parts, html`<br>`);
  }
  return lineText(field, String(value), language);
}

function lineText(field: Field, value: string, language: Language): Text {
  switch (field.kind) {
    case 'date': {
      const date = parseIsoDate(value);
      return date === undefined ? value : formatDate(date, language);
    }
    case 'single-choice':
    case 'list':
      return labelOf(field, value, language);
    case 'text':
      return field.long ? html`<span class="paragraphs">${isolate(value)}</span>` : isolate(value);
    default:
      return reference(value);
  }
}

function unitText(field: Field, language: Language): Html {
  const unit = field.kind === 'number' || field.kind === 'amount' ? unitOf(field, language) : undefined;
  return unit === undefined ? nothing : html`\u00a0${unit}`;
}

function labelOf(field: Field, value: string, language: Language): Text {
  const choices = 'choices' in field ? field.choices : [];
  const choice = choices.find((candidate) => candidate.value === value);
  return choice === undefined ? value : localText(choice.label, language);
}

/** The answers of visible fields, step by step, for check-your-answers and for the agent. */
export function answerSummary(view: {
  readonly form: Form;
  readonly answers: Answers;
  readonly context: FormContext;
  readonly language: Language;
  /** Where a step is changed; absent where nothing can be changed. */
  readonly changeHref?: ((step: string) => string) | undefined;
}): readonly { readonly step: Step; readonly rows: readonly SummaryRow[] }[] {
  const { language, changeHref } = view;
  return visibleSteps(view.form, view.answers, view.context).map((step) => ({
    step,
    rows: step.fields.map((field): SummaryRow => {
      const row = {
        key: localText(field.label, language),
        value: answerText(field, Object.hasOwn(view.answers, field.id) ? view.answers[field.id] : undefined, language),
      };
      return changeHref === undefined ? row : { ...row, change: { href: `${changeHref(step.id)}#${field.id}` } };
    }),
  }));
}
