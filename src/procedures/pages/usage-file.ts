import { type Language, type LocalText, textIn } from '../../kernel/index.ts';
import type { UsageFilter, UsageLine, UsageMember } from '../model/usage.ts';
import { usageTexts } from '../texts/usage.ts';
import { outcomeOf } from './usage-line.ts';

/** The person's whole list, for a file. */
export type UsageList = {
  readonly lines: readonly UsageLine[];
  readonly away: readonly UsageMember[];
  readonly untold: readonly UsageMember[];
  /** False where a member was away or the list is longer than a file holds. */
  readonly isWhole: boolean;
  readonly madeAt: Date;
  readonly filter: UsageFilter;
};

export function usageJson(list: UsageList): string {
  const { lines, away, untold, isWhole, madeAt, filter } = list;
  const ids = (members: readonly UsageMember[]) => members.map((one) => one.id);
  const usages = lines.map(({ place: _place, at, ...line }) => ({ at: at.toISOString(), ...line }));
  return `${JSON.stringify({ madeAt, filter, isWhole, away: ids(away), untold: ids(untold), usages }, null, 2)}\n`;
}

/** RFC 4180, with the mark by which spreadsheets know UTF-8. */
export function usageCsv(list: UsageList, language: Language): string {
  const texts = usageTexts;
  const head = [
    texts.when,
    texts.asker,
    texts.giver,
    texts.service,
    texts.outcome,
    texts.data,
    texts.purpose,
    texts.text,
    texts.agreement,
    texts.exchange,
  ];
  const rows = list.lines.map((line) => csvRow(line, language));
  return `\uFEFF${[head.map((text) => text[language]), ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')}`;
}

function csvRow(line: UsageLine, language: Language): readonly string[] {
  const named = (text: LocalText | undefined, otherwise = '') =>
    text === undefined ? otherwise : textIn(text, language).text;
  const outcome = outcomeOf(line);
  return [
    line.at.toISOString(),
    named(line.clientName, line.client),
    named(line.giverName, line.service),
    line.service,
    usageTexts.outcomes[outcome][language],
    outcome === 'answered' ? line.fields.join(' ') : '',
    named(line.purposeText, line.purpose),
    named(line.legalBasis?.text),
    line.agreement ?? '',
    line.exchange,
  ];
}

/** What a member sent may begin like a formula, which a spreadsheet would run. */
function csvCell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${plain.replaceAll('"', '""')}"`;
}
