import { type Language, textIn } from '../../../kernel/index.ts';
import { formatDate, formatDays, formatList } from '../../../web/index.ts';
import type { Procedure } from '../../model/procedure.ts';
import type { ClockReason } from '../../rules/clock.ts';
import type { Refusal } from '../../rules/refusal.ts';
import { ar } from './ar.ts';
import type { DomainTexts } from './catalogue.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';

export type { DomainTexts } from './catalogue.ts';
export const domainTexts: Readonly<Record<Language, DomainTexts>> = { ar, fr, en };

/** Why the clock shows what it shows, in a sentence. */
export function clockReasonText(reason: ClockReason, language: Language): string {
  const date = 'since' in reason ? reason.since : 'on' in reason ? reason.on : undefined;
  const days = 'daysLeft' in reason ? reason.daysLeft : 'days' in reason ? reason.days : undefined;
  return domainTexts[language].reason[reason.key]({
    date: date === undefined ? '' : formatDate(date, language),
    days: days === undefined ? '' : formatDays(days, language),
  });
}

/** Why a move is refused, with the legal reason, in a sentence. Document ids are shown by their titles. */
export function refusalText(refusal: Refusal, procedure: Procedure, language: Language): string {
  if (refusal.kind === 'not-eligible') return textIn(refusal.message, language).text;
  const ids = 'documents' in refusal ? refusal.documents : 'ids' in refusal ? refusal.ids : [];
  const titles = ids.map((id) => {
    const document = procedure.documents.find((candidate) => candidate.id === id);
    return document === undefined ? id : textIn(document.title, language).text;
  });
  return domainTexts[language].refusal[refusal.kind]({
    names: formatList(titles, language),
    days: 'days' in refusal ? formatDays(refusal.days, language) : '',
    date: 'on' in refusal ? formatDate(refusal.on, language) : '',
  });
}
