import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  copyableCode,
  dataTable,
  details,
  form,
  formatNumber,
  type Html,
  html,
  identifier,
  linkButton,
  localText,
  nothing,
  type SummaryRow,
  sheet,
  summaryList,
  tag,
  timeline,
} from '../../../web/index.ts';
import type { ArchivedBody } from '../../archive/model.ts';
import type { EvidenceWords } from '../../evidence/words.ts';
import type { MessageRecord } from '../../gateway/model.ts';
import type { Agreement } from '../../message/agreement.ts';
import { FAULTS, isFaultSlug } from '../../message/fault.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { may } from '../../operators/rules.ts';
import { VERIFY_PATH } from '../../verifier/form.ts';
import { verifierTexts } from '../../verifier/texts.ts';
import { outcomeOf } from '../rules/traffic.ts';
import { archiveTexts } from '../texts/archive.ts';
import { SIDES, exchangeTexts as texts, trafficTexts } from '../texts/console.ts';
import { faultWords } from '../texts/faults.ts';
import { archiveSection } from './archive.ts';
import { momentOf, outcomeTag } from './traffic.ts';

export type ExchangeView = {
  readonly messages: readonly { readonly index: number; readonly record: MessageRecord }[];
  /** The version that decided, where it was decided here. */
  readonly agreement?: Agreement | undefined;
  readonly archive: readonly ArchivedBody[];
  /** Of the evidence that was put together and checked just now. */
  readonly verified?: EvidenceWords | undefined;
};

export function exchangePage(frame: ConsoleFrame, view: ExchangeView): string {
  const { language } = frame;
  const last = view.messages.at(-1)?.record;
  const first = view.messages[0]?.record;
  if (last === undefined || first === undefined) throw new Error('an exchange has at least one message');
  return consolePage(frame, '/console/traffic', {
    title: `${texts.title[language]} ${first.exchange}`,
    back: { href: `/${language}/console/traffic` },
    main: html`<h1>${texts.title[language]} ${identifier(first.exchange)}</h1><p>${outcomeTag(outcomeOf(last), language)} ${SIDES[last.side][language]}</p>${summaryList(
      { language, compact: true, rows: factRows(last, language) },
    )}<h2>${texts.decision[language]}</h2>${decision(view, last, language)}<h2>${texts.steps[language]}</h2>${steps(frame, view)}<h2>${texts.evidence[language]}</h2>${evidence(frame, view)}<h2>${archiveTexts.title[language]}</h2>${archiveSection(frame, view.archive)}`,
  });
}

function factRows(record: MessageRecord, language: Language): readonly SummaryRow[] {
  const row = (key: string, value: string | null) => (value === null ? [] : [{ key, value: identifier(value) }]);
  return [
    ...row(trafficTexts.client[language], record.client),
    ...row(trafficTexts.service[language], record.service),
    ...row(texts.peer[language], record.peer),
    ...row('X-Road-Id', record.xRoadId),
    ...row(texts.purpose[language], record.purpose),
    ...row(texts.status[language], record.status === null ? null : String(record.status)),
  ];
}

function decision({ agreement }: ExchangeView, record: MessageRecord, language: Language): Html {
  if (record.fault !== null) return refusal(record.fault, language);
  if (record.side === 'consumer') {
    const named =
      record.agreement === null ? nothing : html` ${texts.agreement[language]}: ${identifier(record.agreement)}`;
    return html`<p>${texts.decidedThere[language]}${named}</p>`;
  }
  if (agreement === undefined) return html`<p>${record.agreement === null ? '—' : identifier(record.agreement)}</p>`;
  const purpose = agreement.purposes.find((one) => one.code === record.purpose);
  return sheet(
    html`<p>${texts.allowed[language]}</p>${summaryList({
      language,
      compact: true,
      rows: [
        {
          key: texts.agreement[language],
          value: html`<a href="/${language}/console/agreements/${agreement.id}">${identifier(`${agreement.id}, v${agreement.version}`)}</a>`,
        },
        { key: texts.purpose[language], value: purpose === undefined ? '—' : localText(purpose.text, language) },
        {
          key: texts.legalBasis[language],
          value: html`${localText(agreement.legalBasis.text, language)} ${identifier(agreement.legalBasis.ref)}`,
        },
      ],
    })}`,
  );
}

/** The remedies are the protocol's, which are English; the page says so to who reads it aloud. */
function refusal(slug: string, language: Language): Html {
  const fault = isFaultSlug(slug) ? FAULTS[slug] : undefined;
  const title = !isFaultSlug(slug) ? slug : faultWords(slug)[language];
  return sheet(
    summaryList({
      language,
      compact: true,
      rows: [
        {
          key: texts.fault[language],
          value: html`${title} ${identifier(slug)}`,
        },
        ...(fault === undefined
          ? []
          : [{ key: texts.remedy[language], value: html`<span lang="en" dir="ltr">${fault.remedy}</span>` }]),
      ],
    }),
  );
}

function steps(frame: ConsoleFrame, { messages }: ExchangeView): Html {
  const { language, actor } = frame;
  const seesText = may('evidence.read', actor);
  return timeline(
    messages.map(({ index, record }) => ({
      title: stepTitle(record, language),
      when: html`<time datetime="${record.at.toISOString()}"><bdi dir="ltr">${momentOf(record.at, language)}</bdi></time>`,
      by: html`${trafficTexts.place[language]} ${formatNumber(index, language)}`,
      body: html`${identifier(record.keyid)}${
        seesText
          ? details({
              summary: texts.signed[language],
              body: copyableCode({ language, id: `base-${index}`, label: texts.signed[language], code: record.base }),
            })
          : nothing
      }`,
    })),
  );
}

function stepTitle({ kind, side }: MessageRecord, language: Language): string {
  return (kind === 'refusal' ? texts.refusal : texts[kind][side])[language];
}

function evidence(frame: ConsoleFrame, { messages, verified }: ExchangeView): Html {
  const { language, actor } = frame;
  const exchange = messages[0]?.record.exchange ?? '';
  if (!may('evidence.read', actor)) return html`<p>${texts.evidenceText[language]}</p>`;
  const id = encodeURIComponent(exchange);
  const isAnswered = messages.some((one) => one.record.kind === 'response');
  return html`<p>${(isAnswered ? texts.evidenceText : texts.failureText)[language]}</p>${verified === undefined ? nothing : verification(verified, language)}${form(
    {
      action: `/${language}/console/traffic/${id}/verify`,
      csrf: actor.csrf,
      body: actions(
        button({ text: texts.verify[language], look: 'secondary', icon: 'shield' }),
        linkButton({
          text: texts.download[language],
          href: `/operator/v1/exchanges/${id}/evidence`,
          icon: 'download',
          look: 'secondary',
          download: true,
        }),
        linkButton({ text: verifierTexts.title[language], href: `/${language}${VERIFY_PATH}`, look: 'secondary' }),
      ),
    },
  )}`;
}

function verification({ headline, steps, claims = [], note }: EvidenceWords, language: Language): Html {
  return html`<div id="verified">${dataTable({
    language,
    caption: headline,
    columns: [
      { header: texts.step[language], tight: true },
      { header: texts.finding[language] },
      { header: texts.holds[language], tight: true },
    ],
    rows: steps.map((one) => ({
      cells: [
        one.name,
        one.text,
        one.holds ? tag({ text: texts.yes[language], tone: 'green' }) : tag({ text: texts.no[language], tone: 'red' }),
      ],
      attributes: { 'data-step': one.step, 'data-holds': one.holds ? 'yes' : 'no' },
    })),
    empty: headline,
  })}${claims.map(({ title, items }) => (items.length === 0 ? nothing : html`<h3>${title}</h3><ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`))}<p>${note}</p></div>`;
}
