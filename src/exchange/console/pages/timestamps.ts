import type { Language } from '../../../kernel/index.ts';
import {
  dataTable,
  formatDateTime,
  formatNumber,
  type Html,
  html,
  identifier,
  inset,
  nothing,
  summaryList,
  warning,
} from '../../../web/index.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import type { TimestampState } from '../../timestamp/state.ts';
import { isTimestampLate } from '../rules/needs.ts';
import { timestampTexts as texts } from '../texts/timestamps.ts';
import { trustTexts } from '../texts/trust.ts';
import { fingerprint } from './trust.ts';
import { TRUST, trustTabs } from './trust-tabs.ts';

export type TimestampsView = {
  readonly state: TimestampState;
  /** Why there is no list that names authorities. */
  readonly refusal?: string | undefined;
  readonly now: Date;
};

export function timestampsPage(frame: ConsoleFrame, view: TimestampsView): string {
  const { language } = frame;
  const { state, refusal, now } = view;
  const isTaken = state.intervalMs > 0 && state.authorities.length > 0;
  return consolePage(frame, TRUST, {
    title: texts.title[language],
    main: html`${trustTabs(language, 'timestamps')}<p class="lead">${texts.lead[language]}</p>${
      refusal === undefined ? nothing : warning({ language, text: html`${trustTexts.none[language]} ${refusal}` })
    }${isTaken ? troubles(state, now, language) : whyNone(state, language)}${
      isTaken || state.stamps.length > 0
        ? html`<h2>${texts.last[language]}</h2>${lastOne(state, isTaken, now, language)}`
        : nothing
    }${
      state.authorities.length === 0
        ? nothing
        : html`<h2>${texts.authorities[language]}</h2><p>${texts.asked[language]}</p>${authorityTable(state, language)}`
    }${
      state.unvouched.length === 0
        ? nothing
        : inset(html`${texts.unvouched[language]} ${state.unvouched.map((name) => html`<p><bdi>${name}</bdi></p>`)}`)
    }${state.stamps.length === 0 ? nothing : html`<h2>${texts.recent[language]}</h2>${stampTable(state.stamps, language)}`}`,
  });
}

function whyNone({ intervalMs }: TimestampState, language: Language): Html {
  return html`<div class="empty" data-empty>${(intervalMs === 0 ? texts.off : texts.noAuthority)[language]}</div>`;
}

function troubles({ round }: TimestampState, now: Date, language: Language): Html {
  if (round === undefined) return nothing;
  const isLate = isTimestampLate(round.succeededAt, now);
  const since = formatDateTime(round.succeededAt, language);
  const reason =
    round.failures === 0
      ? nothing
      : html`${texts.failures(formatNumber(round.failures, language))[language]} <bdi dir="ltr" lang="en">${round.failure}</bdi>`;
  return html`${isLate ? warning({ language, text: texts.late(since)[language] }) : nothing}${round.failures === 0 ? nothing : inset(reason)}`;
}

function lastOne(state: TimestampState, isTaken: boolean, now: Date, language: Language): Html {
  const [last] = state.stamps;
  const { round } = state;
  const count = (value: number) => formatNumber(value, language);
  const rows = [
    ...(last === undefined
      ? [{ key: texts.at[language], value: texts.none[language] }]
      : [
          { key: texts.at[language], value: formatDateTime(last.stampedAt, language) },
          { key: texts.by[language], value: html`<bdi>${last.authority}</bdi>` },
          { key: texts.size[language], value: count(last.size) },
        ]),
    { key: texts.waiting[language], value: count(Math.max(0, state.size - (last?.size ?? 0))) },
    ...(isTaken && round !== undefined
      ? [
          { key: texts.age[language], value: duration(now.getTime() - round.succeededAt.getTime(), language) },
          { key: texts.failed[language], value: count(round.failures) },
        ]
      : []),
    ...(isTaken ? [{ key: texts.every[language], value: duration(state.intervalMs, language) }] : []),
  ];
  return summaryList({ language, compact: true, rows });
}

const LOCALES: Readonly<Record<Language, string>> = { ar: 'ar-MA-u-nu-latn', fr: 'fr-MA', en: 'en-GB' };
const UNITS = [
  ['day', 48 * 3_600_000, 86_400_000],
  ['hour', 2 * 3_600_000, 3_600_000],
  ['minute', 60_000, 60_000],
  ['second', 0, 1000],
] as const;

/** In the largest unit of which there are two, so that nothing is hidden by rounding. */
function duration(ms: number, language: Language): string {
  const [unit, , size] = UNITS.find(([, least]) => ms >= least) ?? UNITS[3];
  const format = new Intl.NumberFormat(LOCALES[language], { style: 'unit', unit, unitDisplay: 'long' });
  return format.format(Math.max(0, Math.floor(ms / size)));
}

function authorityTable({ authorities }: TimestampState, language: Language): Html {
  return dataTable({
    language,
    caption: texts.authorities[language],
    captionHidden: true,
    columns: [texts.name, texts.address, trustTexts.fingerprint].map((header) => ({ header: header[language] })),
    rows: authorities.map((one) => ({
      cells: [html`<bdi>${one.name}</bdi>`, identifier(one.url), identifier(fingerprint(one.certificate))],
      attributes: { 'data-authority': one.name },
    })),
    empty: texts.noAuthority[language],
  });
}

function stampTable(stamps: TimestampState['stamps'], language: Language): Html {
  return dataTable({
    language,
    caption: texts.recent[language],
    captionHidden: true,
    columns: [
      { header: texts.at[language], tight: true },
      { header: texts.by[language] },
      { header: texts.size[language], tight: true, align: 'end' },
      { header: texts.witnesses[language], tight: true, align: 'end' },
      { header: texts.serial[language] },
    ],
    rows: stamps.map((one) => ({
      cells: [
        formatDateTime(one.stampedAt, language, 'short'),
        html`<bdi>${one.authority}</bdi>`,
        formatNumber(one.size, language),
        formatNumber(one.witnesses, language),
        identifier(one.serial),
      ],
      attributes: { 'data-stamp': String(one.size) },
    })),
    empty: texts.none[language],
  });
}
