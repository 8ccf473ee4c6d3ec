export { type FormSurroundings, parseForm, readForm, readFormCondition } from './definition.ts';
export {
  type Expression,
  type ExpressionLanguage,
  expressionLanguage,
  type VariableSchema,
  type VariableType,
} from './expression.ts';
export {
  type Answers,
  type AnswerValue,
  type Choice,
  type Field,
  type FileAnswer,
  type FileFamily,
  type Form,
  type FormContext,
  fieldsOf,
  MEDIA_TYPES,
  type Step,
} from './field.ts';
export { FIELD_KINDS, type FieldKind } from './field-reader.ts';
export { parseCnie, parseEmail, parseIce, parsePhone, parseRib } from './identifiers.ts';
export * as reader from './reader.ts';
export { answerSummary, answerText, asksForFiles, renderStep, type StepView } from './render.ts';
export {
  checkAnswers,
  type FormError,
  prefilledAnswers,
  type Reading,
  type ReadOptions,
  readAnswers,
  visibleAnswers,
  visibleFields,
  visibleSteps,
} from './rules.ts';
export { latinDigits, normaliseLine, normaliseParagraphs } from './text-input.ts';
export { formTexts } from './texts/index.ts';
export type { FieldFault, Posted } from './values.ts';
export { errorTexts, faultText } from './words.ts';
