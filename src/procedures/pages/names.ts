import type { Language } from '../../kernel/index.ts';
import { type Html, html, localText, reference } from '../../web/index.ts';
import type { Procedure } from '../model/procedure.ts';

/** Words for the codes of offices, services and data, as the procedures name them. A code that none names stands for itself. */
export function officeName(procedures: readonly Procedure[], office: string, language: Language): Html {
  const known = procedures.find((one) => one.authority.office === office);
  return known === undefined ? reference(office) : localText(known.authority.name, language);
}

/** What a service gives, by the title of the document that comes from it, or as it is named otherwise. */
export function serviceName(
  procedures: readonly Procedure[],
  service: string,
  language: Language,
  otherwise: Html = reference(service),
): Html {
  const title = documentsFrom(procedures, service)[0]?.title;
  return title === undefined ? otherwise : localText(title, language);
}

/** One datum of a service's answer, by the label of the document's field. */
export function fieldName(
  procedures: readonly Procedure[],
  service: string,
  pointer: string,
  language: Language,
): Html {
  const field = documentsFrom(procedures, service)
    .flatMap(({ source }) => (source.kind === 'exchange' ? source.fields : []))
    .find((one) => one.pointer === pointer);
  return field === undefined ? html`<bdi dir="ltr">${pointer}</bdi>` : localText(field.label, language);
}

function documentsFrom(procedures: readonly Procedure[], service: string) {
  return procedures
    .flatMap((one) => one.documents)
    .filter(({ source }) => source.kind === 'exchange' && source.service === service);
}
