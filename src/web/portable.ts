/** What renders without files: also for the bundle that runs in a browser (ADR 0038). */
export { summaryList, taskList } from './components/lists.ts';
export { inset, verdict, warning } from './components/notices.ts';
export { html, nothing } from './html.ts';
export { formatDateTime, formatNumber, identifier, localText } from './language.ts';
