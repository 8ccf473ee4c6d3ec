import type { Language } from '../../kernel/index.ts';
import { type Attributes, attributes, classes, type Html, html, nothing, type Text } from '../html.ts';
import { icon } from '../icons.ts';
import { formatNumber } from '../language.ts';
import { textsOf } from '../texts/index.ts';

export type Column = {
  readonly header: string;
  readonly headerHidden?: boolean | undefined;
  readonly align?: 'start' | 'end' | undefined;
  /** Where the table is sorted by this column; `now` says how it is at the moment. */
  readonly sort?: { readonly href: string; readonly now?: 'ascending' | 'descending' | undefined } | undefined;
  /** The narrowest that its content allows. */
  readonly tight?: boolean | undefined;
};

export type Row = {
  readonly cells: readonly Text[];
  readonly tone?: 'amber' | 'red' | 'unread' | undefined;
  /** Such as a `data-…` by which a program finds the row. */
  readonly attributes?: Attributes | undefined;
};

export type Table = {
  readonly language: Language;
  readonly caption: Text;
  readonly captionHidden?: boolean | undefined;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Said in place of the table when it has no rows, with what to do next. */
  readonly empty: Text;
  /** The column whose cell names its row; the first unless said otherwise. */
  readonly rowHeader?: number | undefined;
};

/**
 * A table on a wide screen, a list of cards on a narrow one. The roles are written out because a table that CSS
 * lays out as blocks loses its meaning in some browsers.
 */
export function dataTable(view: Table): Html {
  if (view.rows.length === 0) return html`<div class="empty">${view.empty}</div>`;
  return html`<table class="table" role="table"><caption class="${view.captionHidden === true ? 'visually-hidden' : 'table-caption'}">${view.caption}</caption><thead role="rowgroup"><tr role="row">${view.columns.map(
    (column) => headerCell(column, view.language),
  )}</tr></thead><tbody role="rowgroup">${view.rows.map((row) => bodyRow(row, view))}</tbody></table>`;
}

function headerCell(column: Column, language: Language): Html {
  const texts = textsOf(language);
  const now = column.sort?.now;
  const mark = attributes({
    role: 'columnheader',
    scope: 'col',
    class:
      classes(
        column.align === 'end' && 'end',
        column.tight === true && 'tight',
        column.sort !== undefined && 'sortable',
      ) || undefined,
    'aria-sort': column.sort === undefined ? undefined : (now ?? 'none'),
  });
  if (column.sort === undefined) {
    const words =
      column.headerHidden === true ? html`<span class="visually-hidden">${column.header}</span>` : column.header;
    return html`<th${mark}>${words}</th>`;
  }
  return html`<th${mark}><a class="sort${now === undefined ? '' : ` sort-${now}`}" href="${column.sort.href}"><span class="visually-hidden">${texts.sortBy} </span>${column.header}<span class="sort-mark" aria-hidden="true"></span></a></th>`;
}

function bodyRow(row: Row, view: Table): Html {
  const naming = view.rowHeader ?? 0;
  return html`<tr role="row"${attributes({ class: row.tone === undefined ? undefined : `row-${row.tone}`, ...row.attributes })}>${row.cells.map(
    (cell, index) => {
      const column = view.columns[index];
      const mark = attributes({
        class: classes(column?.align === 'end' && 'end', column?.tight === true && 'tight') || undefined,
        // On a narrow screen the column's name stands beside the value; screen readers have it from the header.
        'data-label': column?.headerHidden === true ? undefined : column?.header,
      });
      return index === naming
        ? html`<th role="rowheader" scope="row"${mark}>${cell}</th>`
        : html`<td role="cell"${mark}>${cell}</td>`;
    },
  )}</tr>`;
}

export type Pagination = {
  readonly language: Language;
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
  readonly total: number;
  readonly hrefOf: (page: number) => string;
};

/** Which results are shown and links to the others; only the sentence when all are shown. */
export function pagination(view: Pagination): Html {
  const { language, page, pageSize, total } = view;
  if (total === 0) return nothing;
  const texts = textsOf(language);
  const pages = Math.ceil(total / pageSize);
  const from = (page - 1) * pageSize + 1;
  const shown = texts.resultsShown(
    formatNumber(from, language),
    formatNumber(Math.min(total, page * pageSize), language),
    formatNumber(total, language),
  );
  const sentence = html`<p class="pagination-shown">${shown}</p>`;
  if (pages <= 1) return html`<div class="pagination">${sentence}</div>`;
  return html`<nav class="pagination" aria-label="${texts.pages}">${sentence}<ul>${
    page > 1
      ? html`<li><a class="page-step" rel="prev" href="${view.hrefOf(page - 1)}"><span class="icon-back">${icon('chevron')}</span><span>${texts.previousPage}</span></a></li>`
      : nothing
  }${pageNumbers(page, pages).map((number) => pageLink(number, view))}${
    page < pages
      ? html`<li><a class="page-step" rel="next" href="${view.hrefOf(page + 1)}"><span>${texts.nextPage}</span>${icon('chevron')}</a></li>`
      : nothing
  }</ul></nav>`;
}

function pageLink(number: number | 'gap', view: Pagination): Html {
  if (number === 'gap') return html`<li class="page-gap" aria-hidden="true">…</li>`;
  const shown = formatNumber(number, view.language);
  const said = textsOf(view.language).pageNumber(shown);
  return html`<li class="page-item"><a class="page-number" href="${view.hrefOf(number)}" aria-label="${said}"${attributes({ 'aria-current': number === view.page ? 'page' : undefined })}>${shown}</a></li>`;
}

/** The first, the last and those beside the current one: 1 … 6 7 8 … 20. */
function pageNumbers(page: number, pages: number): readonly (number | 'gap')[] {
  const near = [...new Set([1, page - 1, page, page + 1, pages])]
    .filter((n) => n >= 1 && n <= pages)
    .toSorted((a, b) => a - b);
  return near.flatMap((n, index) => {
    const before = near[index - 1];
    return before !== undefined && n - before > 1 ? ['gap' as const, n] : [n];
  });
}
