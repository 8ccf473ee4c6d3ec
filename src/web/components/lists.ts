import type { Language } from '../../kernel/index.ts';
import { classes, type Html, html, nothing, type Text } from '../html.ts';
import { type IconName, icon } from '../icons.ts';
import { textsOf } from '../texts/index.ts';
import { type Tone, tag } from './status.ts';

export type SummaryRow = {
  readonly key: Text;
  readonly value: Text;
  /** Where to change it. `about` says what, for those who do not see the row. */
  readonly change?: { readonly href: string; readonly text?: Text | undefined; readonly about?: Text | undefined };
};

/** Keys and values, as on check-your-answers. */
export function summaryList(view: {
  readonly language: Language;
  readonly rows: readonly SummaryRow[];
  readonly compact?: boolean | undefined;
}): Html {
  const words = textsOf(view.language);
  const hasChanges = view.rows.some((row) => row.change !== undefined);
  return html`<dl class="${classes('summary', view.compact === true && 'summary-compact', hasChanges && 'summary-changes')}">${view.rows.map(
    (row) =>
      html`<div class="summary-row"><dt>${row.key}</dt><dd class="summary-value">${row.value}</dd>${
        row.change === undefined
          ? nothing
          : html`<dd class="summary-change"><a href="${row.change.href}">${row.change.text ?? words.change}<span class="visually-hidden"> ${row.change.about ?? row.key}</span></a></dd>`
      }</div>`,
  )}</dl>`;
}

export type Task = {
  readonly title: Text;
  readonly href?: string | undefined;
  readonly hint?: Text | undefined;
  readonly status: { readonly text: Text; readonly tone?: Tone | undefined };
  readonly id: string;
};

/** What remains to be done, in any order. A task without address cannot start yet. */
export function taskList(tasks: readonly Task[]): Html {
  return html`<ul class="tasks">${tasks.map((task) => {
    const title =
      task.href === undefined
        ? html`<span class="task-title">${task.title}</span>`
        : html`<a class="task-title" href="${task.href}" aria-describedby="${task.id}-status">${task.title}</a>`;
    const hint = task.hint === undefined ? nothing : html`<p class="hint">${task.hint}</p>`;
    return html`<li class="task"><div>${title}${hint}</div><div class="task-status" id="${task.id}-status">${
      task.status.tone === undefined ? task.status.text : tag({ text: task.status.text, tone: task.status.tone })
    }</div></li>`;
  })}</ul>`;
}

export type Card = {
  readonly title: Text;
  readonly href: string;
  readonly text?: Text | undefined;
  readonly meta?: Text | undefined;
  readonly icon?: IconName | undefined;
};

/** Ways into the site, each a large target. `look` rows suits search results, grid suits a choice among equals. */
export function cardList(view: {
  readonly cards: readonly Card[];
  readonly look?: 'grid' | 'rows' | undefined;
  readonly headingLevel?: 2 | 3 | undefined;
}): Html {
  return html`<ul class="cards cards-${view.look ?? 'grid'}">${view.cards.map((card) => {
    const link = html`<a class="card-link" href="${card.href}">${card.title}</a>`;
    return html`<li class="card">${card.icon === undefined ? nothing : html`<span class="card-icon">${icon(card.icon)}</span>`}<div class="card-body">${
      view.headingLevel === 2 ? html`<h2 class="card-title">${link}</h2>` : html`<h3 class="card-title">${link}</h3>`
    }${card.text === undefined ? nothing : html`<p class="card-text">${card.text}</p>`}${
      card.meta === undefined ? nothing : html`<p class="card-meta">${card.meta}</p>`
    }</div></li>`;
  })}</ul>`;
}

export type TimelineItem = {
  readonly title: Text;
  /** A date, as `dateTime` gives it. */
  readonly when: Text;
  readonly body?: Text | undefined;
  readonly by?: Text | undefined;
  readonly state?: 'past' | 'current' | 'expected' | undefined;
};

/** What has happened and what is expected, in the order given. */
export function timeline(items: readonly TimelineItem[]): Html {
  return html`<ol class="timeline">${items.map(
    (item) =>
      html`<li class="timeline-item timeline-${item.state ?? 'past'}"><h3 class="timeline-title">${item.title}</h3><p class="timeline-when">${item.when}${
        item.by === undefined ? nothing : html` · ${item.by}`
      }</p>${item.body === undefined ? nothing : html`<div class="timeline-body">${item.body}</div>`}</li>`,
  )}</ol>`;
}
