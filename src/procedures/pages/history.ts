import type { Language } from '../../kernel/index.ts';
import { dateTime, type Html, html, localText, nothing, type TimelineItem, timeline } from '../../web/index.ts';
import type { DossierEvent } from '../model/dossier.ts';
import type { Procedure } from '../model/procedure.ts';
import { domainTexts } from '../texts/domain/index.ts';

/** An event in a few words, with the document that it is about. */
export function eventText(event: DossierEvent, procedure: Procedure, language: Language): Html {
  const document = 'document' in event ? procedure.documents.find((one) => one.id === event.document) : undefined;
  const about = document === undefined ? nothing : html` (${localText(document.title, language)})`;
  return html`${domainTexts[language].event[event.kind]}${about}`;
}

export function history(events: readonly DossierEvent[], procedure: Procedure, language: Language): Html {
  const shown = events.filter((event) => event.kind !== 'answers-saved');
  return timeline(
    shown.map((event, nth): TimelineItem => {
      const document = 'document' in event ? procedure.documents.find((one) => one.id === event.document) : undefined;
      return {
        title: domainTexts[language].event[event.kind],
        when: dateTime(new Date(event.at), language),
        ...(document === undefined ? {} : { body: localText(document.title, language) }),
        state: nth === shown.length - 1 ? 'current' : 'past',
      };
    }),
  );
}
