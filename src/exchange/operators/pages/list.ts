import { dataTable, type Html, html, type Table } from '../../../web/index.ts';
import type { Trio } from '../texts/trio.ts';
import { type ConsoleFrame, consolePage } from './frame.ts';

export type ListView = Pick<Table, 'columns' | 'rows'> & {
  readonly title: Trio;
  readonly lead: Trio;
  /** Said in place of the table where there is nothing to list. */
  readonly empty: Trio;
  /** Between the lead and the table, such as the way to a new one; and below it, such as the other pages. */
  readonly before?: Html | undefined;
  readonly after?: Html | undefined;
};

/** A page that is one list: what it is, the table, what is around it. */
export function listPage(frame: ConsoleFrame, here: string, view: ListView): string {
  const { language } = frame;
  const { columns, rows } = view;
  const title = view.title[language];
  const table = dataTable({
    language,
    caption: title,
    captionHidden: true,
    columns,
    rows,
    empty: view.empty[language],
  });
  const lead = html`<p class="lead">${view.lead[language]}</p>`;
  return consolePage(frame, here, { title, main: html`<h1>${title}</h1>${lead}${view.before}${table}${view.after}` });
}
