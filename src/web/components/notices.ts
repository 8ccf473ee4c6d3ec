import type { Language } from '../../kernel/index.ts';
import { attributes, type Html, html, nothing, type Text } from '../html.ts';
import { icon } from '../icons.ts';
import { khatimSeal } from '../star.ts';
import { textsOf } from '../texts/index.ts';

/** A remark that belongs to the text beside it. */
export function inset(body: Text): Html {
  return html`<div class="inset">${body}</div>`;
}

/** A consequence that must not be overlooked. */
export function warning(view: { readonly language: Language; readonly text: Text }): Html {
  return html`<div class="warning">${icon('warning')}<p><span class="visually-hidden">${textsOf(view.language).warning} </span>${view.text}</p></div>`;
}

/** Something that happened or that is asked, at the head of a page. `success` announces itself. */
export function notification(view: {
  readonly language: Language;
  readonly text: Text;
  readonly kind?: 'information' | 'success' | undefined;
  readonly title?: Text | undefined;
  readonly body?: Html | undefined;
  readonly id?: string | undefined;
}): Html {
  const texts = textsOf(view.language);
  const isSuccess = view.kind === 'success';
  const id = view.id ?? 'notice';
  return html`<div class="notice${isSuccess ? ' notice-success' : ''}"${attributes({
    role: isSuccess ? 'alert' : 'region',
    'aria-labelledby': `${id}-title`,
  })}><h2 class="notice-title" id="${id}-title">${icon(isSuccess ? 'check' : 'info')}${view.title ?? (isSuccess ? texts.done : texts.important)}</h2><p class="notice-text">${view.text}</p>${view.body ?? nothing}</div>`;
}

/** The end of a journey: what was done, and the number to keep. Holds the page's h1. */
export function confirmationPanel(view: {
  readonly title: Text;
  readonly label?: Text | undefined;
  readonly reference?: Text | undefined;
  readonly text?: Text | undefined;
}): Html {
  return html`<div class="panel">${icon('check')}<h1 class="panel-title">${view.title}</h1>${
    view.reference === undefined
      ? nothing
      : html`<p class="panel-label">${view.label ?? nothing}</p><p class="panel-reference"><bdi dir="ltr">${view.reference}</bdi></p>`
  }${view.text === undefined ? nothing : html`<p class="panel-text">${view.text}</p>`}</div>`;
}

/** What a page vouches for: a document is valid, replaced, withdrawn, unknown. Holds the page's h1, unless it comes `below` one. */
export function verdict(view: {
  readonly kind: 'valid' | 'replaced' | 'invalid';
  readonly title: Text;
  readonly text?: Text | undefined;
  readonly below?: boolean | undefined;
}): Html {
  const seal = view.kind === 'valid' ? khatimSeal : icon(view.kind === 'replaced' ? 'warning' : 'stop');
  return html`<div class="verdict verdict-${view.kind}"><span class="verdict-seal">${seal}</span><div>${
    view.below === true
      ? html`<h2 class="verdict-title">${view.title}</h2>`
      : html`<h1 class="verdict-title">${view.title}</h1>`
  }${view.text === undefined ? nothing : html`<p class="verdict-text">${view.text}</p>`}</div></div>`;
}

/** More for those who want it; works without script. */
export function details(view: { readonly summary: Text; readonly body: Text; readonly open?: boolean }): Html {
  return html`<details class="details"${attributes({ open: view.open })}><summary><span>${view.summary}</span></summary><div class="details-body">${view.body}</div></details>`;
}

/** Letters to be copied whole, such as a signature: one click selects all. */
export function copyableCode(view: {
  readonly language: Language;
  readonly label: Text;
  readonly code: string;
  readonly id: string;
}): Html {
  return html`<figure class="code"><figcaption id="${view.id}-label">${view.label} <span class="muted">${textsOf(view.language).selectAllHint}</span></figcaption><pre tabindex="0" dir="ltr" role="group" aria-labelledby="${view.id}-label"><code>${view.code}</code></pre></figure>`;
}

/** `svg` is the picture as markup; `alt` says what it leads to, since nobody reads the squares. */
export function qrFigure(view: {
  readonly svg: Html;
  readonly alt: string;
  readonly caption?: Text | undefined;
}): Html {
  return html`<figure class="qr"><div class="qr-picture" role="img" aria-label="${view.alt}">${view.svg}</div>${
    view.caption === undefined ? nothing : html`<figcaption>${view.caption}</figcaption>`
  }</figure>`;
}
