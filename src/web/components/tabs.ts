import { attributes, type Html, html, nothing, type Text } from '../html.ts';

/** Views of the same thing, each with its own address. `count` stands beside the name. */
export function tabs(view: {
  readonly label: string;
  readonly tabs: readonly {
    readonly text: Text;
    readonly href: string;
    readonly current?: boolean | undefined;
    readonly count?: Text | undefined;
  }[];
}): Html {
  return html`<nav class="tabs" aria-label="${view.label}"><ul>${view.tabs.map(
    (item) =>
      html`<li><a href="${item.href}"${attributes({ 'aria-current': item.current === true ? 'page' : undefined })}>${item.text}${
        item.count === undefined ? nothing : html` <span class="count">${item.count}</span>`
      }</a></li>`,
  )}</ul></nav>`;
}
