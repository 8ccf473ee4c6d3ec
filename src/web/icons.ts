import { type Html, html, raw } from './html.ts';

/** Line drawings on a 24-unit square, made for this project; strokes take the colour of the text. */
const DRAWINGS = {
  search: '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
  arrow: '<path d="M4 12h15m-6-6 6 6-6 6"/>',
  chevron: '<path d="m9 5 7 7-7 7"/>',
  check: '<path d="m4.5 12.5 5 5 10-11"/>',
  warning: '<path d="M12 3.5 22 20.5H2Z"/><path d="M12 10v5m0 2.2v.3"/>',
  info: '<circle cx="12" cy="12" r="9"/><path d="M12 11v6m0-9.7v.4"/>',
  clock: '<circle cx="12" cy="12" r="9"/><path d="M12 6.5V12l3.5 2.5"/>',
  pause: '<circle cx="12" cy="12" r="9"/><path d="M9.7 8.5v7m4.6-7v7"/>',
  stop: '<path d="M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3Z"/><path d="M12 7.5v6m0 2.7v.3"/>',
  person: '<circle cx="12" cy="8" r="4"/><path d="M4 21c.6-4.6 3.9-7 8-7s7.4 2.4 8 7"/>',
  family:
    '<circle cx="8" cy="7" r="3"/><circle cx="16.5" cy="8.5" r="2.5"/><path d="M2.5 20c.4-4.4 2.5-7 5.5-7 2 0 3.6 1.1 4.5 3m.5 4c.3-3.4 1.6-5.5 3.7-5.5 2.4 0 4.1 2 4.5 5.5"/>',
  home: '<path d="m3 11.5 9-8 9 8"/><path d="M5.5 9.5V20.5h13V9.5M10 20.5v-6h4v6"/>',
  briefcase: '<rect x="3" y="7.5" width="18" height="12.5" rx="1.5"/><path d="M8.5 7.5V4.5h7v3M3 13h18m-9-1.5v3"/>',
  car: '<path d="M3 17v-4.5l2.2-5.7A2 2 0 0 1 7 5.5h10a2 2 0 0 1 1.8 1.3L21 12.5V17ZM3.5 12h17"/><circle cx="7.5" cy="17" r="2"/><circle cx="16.5" cy="17" r="2"/>',
  study:
    '<path d="M2 9.5 12 5l10 4.5L12 14Z"/><path d="M6 11.5V17c1.5 1.5 3.6 2.2 6 2.2s4.5-.7 6-2.2v-5.5M22 9.5V15"/>',
  health:
    '<path d="M12 20.5C5.5 16 3 12.7 3 9.3 3 6.4 5.2 4.5 7.6 4.5c1.9 0 3.5 1 4.4 2.7.9-1.7 2.5-2.7 4.4-2.7C18.8 4.5 21 6.4 21 9.3c0 3.4-2.5 6.7-9 11.2Z"/>',
  justice: '<path d="M12 3.5v17M7.5 20.5h9M5 6.5h14M5 6.5l-3 7.5h6Zm14 0-3 7.5h6Z"/>',
  travel: '<rect x="5" y="2.5" width="14" height="19" rx="1.5"/><circle cx="12" cy="10" r="3.5"/><path d="M9 17.5h6"/>',
  building: '<path d="M4 21V4.5h9V21m0-11.5h7V21M2.5 21h19M7 8.5h3m-3 4h3m-3 4h3m6-3h1.5m-1.5 4h1.5"/>',
  document: '<path d="M6 2.5h8.5L19 7v14.5H6ZM14 2.5V7.5h5M9 12h7m-7 4h7"/>',
  download: '<path d="M12 3.5v11m-5-5 5 5 5-5M4 20.5h16"/>',
  upload: '<path d="M12 15V4m-5 5 5-5 5 5M4 20.5h16"/>',
  print: '<path d="M7 8.5v-6h10v6M7 17H3.5V8.5h17V17H17M7 13.5h10v8H7Z"/>',
  lock: '<rect x="4.5" y="10.5" width="15" height="10.5" rx="1.5"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3M12 14.5v2.5"/>',
  shield: '<path d="M12 2.5 20 5.5v6c0 4.8-3.2 8.3-8 10-4.8-1.7-8-5.2-8-10v-6Z"/><path d="m8.5 11.8 2.6 2.6 4.4-5"/>',
  eye: '<path d="M2 12c2.5-4.3 6-6.5 10-6.5s7.5 2.2 10 6.5c-2.5 4.3-6 6.5-10 6.5S4.5 16.3 2 12Z"/><circle cx="12" cy="12" r="3"/>',
  folder: '<path d="M3 19.5V5h6l2.2 2.5H21v12Z"/>',
  exchange: '<path d="M4 8.5h15m-4-4 4 4-4 4M20 15.5H5m4-4-4 4 4 4"/>',
} as const;

export type IconName = keyof typeof DRAWINGS;

/** Those that point along the line of writing are mirrored in Arabic. */
const DIRECTED: ReadonlySet<IconName> = new Set(['arrow', 'chevron']);

/** A decoration beside words that say the same; hidden from screen readers. */
export function icon(name: IconName): Html {
  const directed = DIRECTED.has(name) ? ' icon-directed' : '';
  return html`<svg class="icon${directed}" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">${raw(DRAWINGS[name])}</svg>`;
}
