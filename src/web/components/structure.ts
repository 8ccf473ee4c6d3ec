import { classes, type Html, html, nothing, type Text } from '../html.ts';
import { type IconName, icon } from '../icons.ts';
import { khatim } from '../star.ts';

/**
 * The text and what stands beside it. On a narrow screen: the head, what stood beside, the text; so what one wants
 * to know first goes into `aside` and the title into `head`. Without a head, `aside` comes last.
 */
export function split(view: {
  readonly head?: Html | undefined;
  readonly main: Html;
  readonly aside: Html;
  readonly sticky?: boolean | undefined;
}): Html {
  const main = html`<div class="split-main">${view.main}</div>`;
  const aside = html`<div class="${classes('split-aside', view.sticky === true && 'split-aside-sticky')}">${view.aside}</div>`;
  if (view.head === undefined) return html`<div class="split">${main}${aside}</div>`;
  return html`<div class="split split-headed"><div class="split-head">${view.head}</div>${aside}${main}</div>`;
}

/** White paper under something that belongs together. */
export function sheet(body: Html): Html {
  return html`<div class="sheet">${body}</div>`;
}

export type Fact = {
  readonly term: Text;
  readonly value: Text;
  readonly icon?: IconName | undefined;
  /** How certain it is, or where it comes from. */
  readonly note?: Text | undefined;
};

/** What one wants to know first: how long, how much, who. */
export function factList(facts: readonly Fact[]): Html {
  return html`<dl class="facts">${facts.map(
    (fact) =>
      html`<div class="fact"><dt>${fact.icon === undefined ? nothing : icon(fact.icon)}${fact.term}</dt><dd>${fact.value}${
        fact.note === undefined ? nothing : html`<p>${fact.note}</p>`
      }</dd></div>`,
  )}</dl>`;
}

/** The head of the home page, with the star. Goes into the page's `hero` and holds its h1. */
export function hero(view: { readonly title: Text; readonly lead: Text; readonly body: Html }): Html {
  return html`<section class="hero" aria-labelledby="hero-title"><div class="hero-row">${khatim}<h1 id="hero-title">${view.title}</h1><p class="lead">${view.lead}</p>${view.body}</div></section>`;
}

/** Three promises or so, each with a sign. */
export function pillars(
  items: readonly { readonly icon: IconName; readonly title: Text; readonly text: Text }[],
): Html {
  return html`<ul class="pillars">${items.map((item) => html`<li>${icon(item.icon)}<h3>${item.title}</h3><p>${item.text}</p></li>`)}</ul>`;
}
