import { dataTable, type Html, html, nothing } from '../../web/index.ts';
import { plainTexts } from '../texts/plain.ts';
import { type Frame, portalPage } from './frame.ts';

export type PlainPage = keyof typeof plainTexts;

/** The log of the portal's own acts; the others are gateways'. */
const ACTS = 'acts';

export function plainPage(frame: Frame, which: PlainPage, logs: readonly string[]): string {
  const { language, demonstration } = frame;
  const { title, text } = plainTexts[which];
  const first = which === 'legal' && demonstration ? html`<p>${plainTexts.legal.demonstration[language]}</p>` : nothing;
  return portalPage(frame, undefined, {
    title: title[language],
    main: html`<h1>${title[language]}</h1>${first}${text.map((one) => html`<p>${one[language]}</p>`)}${which === 'ledger' ? logTable(frame, logs) : nothing}`,
  });
}

function logTable({ language }: Frame, logs: readonly string[]): Html {
  const texts = plainTexts.ledger;
  return html`<h2>${texts.logs[language]}</h2>${dataTable({
    language,
    caption: texts.logs[language],
    captionHidden: true,
    columns: [
      { header: texts.log[language], tight: true },
      { header: texts.holds[language] },
      { header: texts.checkpoint[language], tight: true },
      { header: texts.key[language], tight: true },
    ],
    rows: logs.map((log) => ({
      cells: [
        html`<bdi dir="ltr">${log}</bdi>`,
        (log === ACTS ? texts.acts : texts.exchanges)[language],
        html`<a href="/ledger/${log}/checkpoint"><bdi dir="ltr">checkpoint</bdi><span class="visually-hidden"> ${log}</span></a>`,
        html`<a href="/ledger/${log}/vkey"><bdi dir="ltr">vkey</bdi><span class="visually-hidden"> ${log}</span></a>`,
      ],
    })),
    empty: '—',
  })}`;
}
