import type { Json, Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  copyableCode,
  dataTable,
  errorSummary,
  form,
  formatDateTime,
  formatNumber,
  type Html,
  html,
  identifier,
  nothing,
  summaryList,
  tag,
  textarea,
  warning,
} from '../../../web/index.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { may } from '../../operators/rules.ts';
import type { Alarm } from '../../witness/model.ts';
import { ALARM_KINDS, ALARM_MEANINGS, ALARM_REMEDIES, alarmTexts as texts } from '../texts/alarms.ts';
import { TRUST, trustTabs } from './trust-tabs.ts';

export const ALARMS = `${TRUST}/alarms`;

export type AlarmsView = {
  readonly alarms: readonly Alarm[];
  readonly witnesses: readonly { readonly witness: string; readonly size: number; readonly signedAt: Date }[];
};

export function alarmsPage(frame: ConsoleFrame, { alarms, witnesses }: AlarmsView): string {
  const { language } = frame;
  return consolePage(frame, TRUST, {
    title: texts.title[language],
    main: html`${trustTabs(language, 'alarms')}<p class="lead">${texts.lead[language]}</p>${dataTable({
      language,
      caption: texts.title[language],
      captionHidden: true,
      columns: [
        { header: texts.kind[language] },
        { header: texts.about[language] },
        { header: texts.raised[language], tight: true },
        { header: texts.state[language], tight: true },
      ],
      rows: alarms.map((one) => ({
        cells: [
          html`<a href="/${language}${ALARMS}/${one.id}">${ALARM_KINDS[one.kind][language]}</a>`,
          identifier(one.about),
          formatDateTime(one.raisedAt, language, 'short'),
          stateTag(one, language),
        ],
        ...(one.acknowledgedAt === null ? { tone: 'red' as const } : {}),
        attributes: { 'data-alarm': one.id },
      })),
      empty: texts.none[language],
    })}<h2>${texts.witnesses[language]}</h2>${dataTable({
      language,
      caption: texts.witnesses[language],
      captionHidden: true,
      columns: [
        { header: texts.witness[language] },
        { header: texts.size[language], tight: true, align: 'end' },
        { header: texts.signedAt[language], tight: true },
      ],
      rows: witnesses.map((one) => ({
        cells: [
          identifier(one.witness),
          formatNumber(one.size, language),
          formatDateTime(one.signedAt, language, 'short'),
        ],
      })),
      empty: texts.noWitness[language],
    })}`,
  });
}

function stateTag({ acknowledgedAt }: Alarm, language: Language): Html {
  return acknowledgedAt === null
    ? tag({ text: texts.open[language], tone: 'red' })
    : tag({ text: texts.acknowledged[language], tone: 'neutral' });
}

export type AlarmView = {
  readonly alarm: Alarm;
  /** What was said when it was acknowledged. */
  readonly reason?: string | undefined;
  readonly isReasonMissing?: boolean;
};

/** What happened, in words; then what was signed, for those who have to prove it. */
export function alarmPage(frame: ConsoleFrame, view: AlarmView): string {
  const { language } = frame;
  const { alarm, isReasonMissing = false } = view;
  const errors = isReasonMissing ? [{ field: 'reason', message: texts.badReason[language] }] : [];
  return consolePage(frame, TRUST, {
    title: `${texts.alarm[language]} ${alarm.id}`,
    back: { href: `/${language}${ALARMS}` },
    hasErrors: isReasonMissing,
    main: html`${errorSummary({ language, errors })}<h1>${ALARM_KINDS[alarm.kind][language]}</h1><p>${stateTag(alarm, language)} ${identifier(alarm.about)}</p>${warning({ language, text: ALARM_MEANINGS[alarm.kind][language] })}<h2>${texts.remedy[language]}</h2><p>${ALARM_REMEDIES[alarm.kind][language]}</p>${checkpoints(alarm, language)}${
      alarm.acknowledgedAt === null ? acknowledgeForm(frame, view) : acknowledged(view, language)
    }`,
  });
}

type Shown = { readonly name: string; readonly note: string };

function checkpoints({ detail }: Alarm, language: Language): Html {
  const shown = shownCheckpoints(detail, language);
  const answer = textOf(detail, 'answer');
  return html`<h2>${texts.checkpoints[language]}</h2>${dataTable({
    language,
    caption: texts.checkpoints[language],
    captionHidden: true,
    columns: [
      { header: texts.which[language] },
      { header: texts.size[language], tight: true, align: 'end' },
      { header: texts.root[language] },
    ],
    rows: shown.map(({ name, note }) => {
      const [, size = '', root = ''] = note.split('\n', 3);
      return { cells: [name, /^\d{1,15}$/.test(size) ? formatNumber(Number(size), language) : '—', identifier(root)] };
    }),
    empty: '—',
  })}${shown.map(({ name, note }, index) =>
    copyableCode({ language, id: `note-${index}`, label: `${texts.signed[language]}: ${name}`, code: note }),
  )}${
    answer === undefined
      ? nothing
      : copyableCode({ language, id: 'answer', label: texts.answer[language], code: answer })
  }`;
}

function shownCheckpoints(detail: Json, language: Language): readonly Shown[] {
  const named = { held: texts.held, given: texts.given, checkpoint: texts.own };
  return (Object.keys(named) as (keyof typeof named)[]).flatMap((key) => {
    const note = textOf(detail, key);
    return note === undefined ? [] : [{ name: named[key][language], note }];
  });
}

function textOf(detail: Json, key: string): string | undefined {
  const value = Object.entries(detail ?? {}).find(([name]) => name === key)?.[1];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function acknowledgeForm({ language, actor }: ConsoleFrame, { alarm, isReasonMissing, reason }: AlarmView): Html {
  if (!may('trust.change', actor)) return nothing;
  return html`<h2>${texts.acknowledge[language]}</h2><p>${texts.acknowledgeText[language]}</p>${form({
    action: `/${language}${ALARMS}/${alarm.id}`,
    csrf: actor.csrf,
    body: html`${textarea({ language, name: 'reason', label: texts.reason[language], value: reason, rows: 3, maxLength: 500, error: isReasonMissing === true ? texts.badReason[language] : undefined })}${actions(button({ text: texts.acknowledge[language] }))}`,
  })}`;
}

function acknowledged({ alarm, reason }: AlarmView, language: Language): Html {
  const at = alarm.acknowledgedAt === null ? '—' : formatDateTime(alarm.acknowledgedAt, language);
  return html`<h2>${texts.acknowledged[language]}</h2>${summaryList({
    language,
    compact: true,
    rows: [
      { key: texts.acknowledgedAt[language], value: at },
      ...(reason === undefined || reason === ''
        ? []
        : [{ key: texts.reason[language], value: html`<span dir="auto">${reason}</span>` }]),
    ],
  })}`;
}
