import type { Language, LocalText } from '../../kernel/index.ts';
import {
  formatDateTime,
  formatDays,
  type Html,
  html,
  join,
  localText,
  nothing,
  reference,
  type SummaryRow,
  sheet,
  summaryList,
  type Tone,
  tag,
} from '../../web/index.ts';
import type { Procedure } from '../model/procedure.ts';
import { memberKey, memberOf, type UsageLine } from '../model/usage.ts';
import { usageTexts } from '../texts/usage.ts';
import { fieldName, serviceName } from './names.ts';

export function usePath(language: Language, teller: string, exchange: string, act: 'proof' | 'contest'): string {
  return `/${language}/data-use/${encodeURIComponent(memberKey(teller))}/${exchange}/${act}`;
}

/** One exchange: who asked whom for what, when, why, and what the person can do about it. */
export function usageLine(line: UsageLine, procedures: readonly Procedure[], language: Language): Html {
  const texts = usageTexts;
  const at = formatDateTime(line.at, language);
  const outcome = outcomeOf(line);
  const fields = dataOf(line, procedures, language);
  const rows: readonly SummaryRow[] = [
    { key: texts.asker[language], value: partyName(line.clientName, line.client, language) },
    { key: texts.giver[language], value: partyName(line.giverName, line.service, language) },
    { key: texts.outcome[language], value: outcomeValue(line, outcome, language) },
    ...(fields === undefined ? [] : [{ key: texts.data[language], value: fields }]),
    ...whyRows(line, language),
    { key: texts.exchange[language], value: reference(line.exchange) },
  ];
  return sheet(
    html`<article data-exchange="${line.exchange}" data-giver="${line.giver}"><h3>${titleOf(line, procedures, language)}</h3><p><time datetime="${line.at.toISOString()}">${at}</time></p>${summaryList({ language, rows, compact: true })}${acts(line, at, language)}</article>`,
  );
}

function titleOf(line: UsageLine, procedures: readonly Procedure[], language: Language): Html {
  const { service, serviceTitle: own } = line;
  return serviceName(procedures, service, language, own === undefined ? undefined : html`<bdi>${own}</bdi>`);
}

function partyName(name: LocalText | undefined, identifier: string, language: Language): Html {
  return name === undefined ? reference(memberOf(identifier)) : localText(name, language);
}

type Outcome = keyof typeof usageTexts.outcomes;
const TONES: Readonly<Record<Outcome, Tone>> = {
  answered: 'green',
  empty: 'neutral',
  refused: 'red',
  unanswered: 'amber',
};

/** An answer such as 404 gave nothing about the person. */
export function outcomeOf({ outcome, status }: UsageLine): Outcome {
  return outcome === 'answered' && status !== undefined && status >= 300 ? 'empty' : outcome;
}

function outcomeValue(line: UsageLine, outcome: Outcome, language: Language): Html {
  const note = line.giver === 'told' || line.giver === 'none' ? undefined : usageTexts.giverWords[line.giver][language];
  const shown = tag({ text: usageTexts.outcomes[outcome][language], tone: TONES[outcome] });
  return html`<div>${shown}${note === undefined ? nothing : html`<br><small class="muted">${note}</small>`}</div>`;
}

function dataOf(line: UsageLine, procedures: readonly Procedure[], language: Language): Html | undefined {
  if (outcomeOf(line) !== 'answered' || line.fields.length === 0) return undefined;
  const names = line.fields.map((pointer) =>
    pointer === '/' ? html`${usageTexts.allFields[language]}` : fieldName(procedures, line.service, pointer, language),
  );
  return html`<span>${join(names, html`${language === 'ar' ? '، ' : ', '}`)}</span>`;
}

/** The text itself, by its title in the giver's register. */
function basisTitle({ title }: NonNullable<UsageLine['legalBasis']>, language: Language): Html {
  return title === undefined ? nothing : html`<br><small class="muted">${localText(title, language)}</small>`;
}

function whyRows(line: UsageLine, language: Language): readonly SummaryRow[] {
  const texts = usageTexts;
  const { purpose, purposeText, legalBasis, agreement, agreementVersion } = line;
  const rows: SummaryRow[] = [];
  const why = purposeText === undefined ? purpose && reference(purpose) : localText(purposeText, language);
  if (why) rows.push({ key: texts.purpose[language], value: why });
  if (legalBasis !== undefined) {
    const ref = legalBasis.ref === '' ? nothing : html` <span class="muted">(<bdi>${legalBasis.ref}</bdi>)</span>`;
    rows.push({
      key: texts.text[language],
      value: html`<span>${localText(legalBasis.text, language)}${ref}${basisTitle(legalBasis, language)}</span>`,
    });
  }
  if (agreement !== undefined) {
    const version =
      agreementVersion === undefined
        ? nothing
        : html` <small class="muted">${texts.version(String(agreementVersion))[language]}</small>`;
    rows.push({ key: texts.agreement[language], value: html`<span>${reference(agreement)}${version}</span>` });
  }
  if (line.keptDays !== undefined && line.outcome === 'answered')
    rows.push({
      key: texts.kept[language],
      value: html`${texts.keptFor(formatDays(line.keptDays, language))[language]}`,
    });
  return rows;
}

const CONTEST_TONES = { open: 'amber', upheld: 'green', rejected: 'neutral' } as const;

/** What the person can do about one use, or what came of what they did. `at` tells the links of one page apart. */
function acts(line: UsageLine, at: string, language: Language): Html {
  const texts = usageTexts;
  const { contest, teller, exchange } = line;
  const about = html`<span class="visually-hidden"> (${at})</span>`;
  const proof = html`<a href="${usePath(language, teller, exchange, 'proof')}" download>${texts.proof[language]}${about}</a>`;
  if (contest === undefined) {
    return html`<p class="no-print">${proof} · <a href="${usePath(language, teller, exchange, 'contest')}">${texts.contest[language]}${about}</a></p>`;
  }
  const answer = contest.answer === undefined ? nothing : html`<p dir="auto">${contest.answer}</p>`;
  const state = tag({ text: texts.states[contest.state][language], tone: CONTEST_TONES[contest.state] });
  return html`<p>${texts.contestNumber[language]} ${reference(contest.number)} ${state}</p>${answer}<p class="no-print">${proof}</p>`;
}
