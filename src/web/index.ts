export { type WebAsset, webAssets } from './assets.ts';
export { type LineChart, lineChart, type Series } from './components/chart.ts';
export {
  type Choice,
  checkbox,
  checkboxes,
  type Radios,
  radios,
  type Select,
  select,
} from './components/choices.ts';
export { type Field, fieldId, fieldset } from './components/field.ts';
export {
  actions,
  type Button,
  type ButtonLook,
  button,
  errorSummary,
  type Form,
  form,
  linkButton,
  type SummaryError,
  searchBox,
} from './components/form.ts';
export {
  type DateInput,
  type DateParts,
  dateInput,
  type FileUpload,
  fileUpload,
  type InputWidth,
  type TextInput,
  textarea,
  textInput,
} from './components/inputs.ts';
export {
  type Card,
  cardList,
  type SummaryRow,
  summaryList,
  type Task,
  type TimelineItem,
  taskList,
  timeline,
} from './components/lists.ts';
export {
  confirmationPanel,
  copyableCode,
  details,
  inset,
  notification,
  qrFigure,
  verdict,
  warning,
} from './components/notices.ts';
export { type ClockTone, clockBadge, stageList, stepProgress, type Tone, tag } from './components/status.ts';
export { type Fact, factList, hero, pillars, sheet, split } from './components/structure.ts';
export { type Column, dataTable, type Pagination, pagination, type Row, type Table } from './components/table.ts';
export { tabs } from './components/tabs.ts';
export {
  type Attributes,
  attributes,
  classes,
  type Html,
  type HtmlValue,
  html,
  join,
  nothing,
  raw,
  type Text,
} from './html.ts';
export { type IconName, icon } from './icons.ts';
export {
  comparing,
  type DateStyle,
  dateTime,
  foreignText,
  formatBytes,
  formatDate,
  formatDateTime,
  formatDays,
  formatList,
  formatMoney,
  formatNumber,
  formatRelativeDays,
  formatTime,
  identifier,
  isolate,
  localText,
  reference,
  toLatinDigits,
} from './language.ts';
export { type Account, type Banner, type LinkItem, type Page, page } from './layout.ts';
export { type ProblemView, problemPage } from './problem-page.ts';
export { type StandaloneDocument, standaloneDocument } from './standalone.ts';
export { khatim, khatimSeal } from './star.ts';
