import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  dataTable,
  dateTime,
  form,
  type Html,
  html,
  identifier,
  linkButton,
  nothing,
  pagination,
  radios,
  type Tone,
  tag,
  warning,
} from '../../../web/index.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { may } from '../../operators/rules.ts';
import { REVOCATION_REASONS } from '../../trust/list-parts.ts';
import { PAGE_SIZE } from '../catalogue.ts';
import { memberTexts, menuTexts, REASONS, requestTexts, certificateTexts as texts } from '../texts/registry.ts';
import type { CertificateView } from '../views.ts';

type Found = { readonly page: number; readonly total: number; readonly shown: readonly CertificateView[] };

export function certificatesPage(frame: ConsoleFrame, { page, total, shown: rows }: Found, now: Date): string {
  const { language, actor } = frame;
  const hrefOf = (nth: number) => `/${language}/console/certificates?page=${nth}`;
  const revokes = may('trust.change', actor);
  return consolePage(frame, '/console/certificates', {
    title: menuTexts.certificates[language],
    main: html`<h1>${menuTexts.certificates[language]}</h1><p>${texts.crlLead[language]}</p>${actions(
      linkButton({ text: texts.crl[language], href: '/crl', look: 'secondary', icon: 'download', download: true }),
      linkButton({ text: texts.own[language], href: '/ca', look: 'secondary', icon: 'download', download: true }),
    )}${dataTable({
      language,
      caption: menuTexts.certificates[language],
      captionHidden: true,
      columns: [
        { header: requestTexts.gateway[language] },
        { header: texts.use[language] },
        { header: requestTexts.state[language], tight: true },
        { header: memberTexts.until[language], tight: true },
        { header: texts.revoke[language], headerHidden: true, tight: true },
      ],
      rows: rows.map((one) => ({
        cells: [
          identifier(one.server),
          texts[one.use][language],
          stateTag(one, language, now),
          dateTime(one.notAfter, language, 'short'),
          revokes && one.revokedAt === null && one.notAfter > now
            ? html`<a href="/${language}/console/certificates/${one.id}/revoke">${texts.revoke[language]}<span class="visually-hidden"> ${one.server} ${texts[one.use][language]}</span></a>`
            : nothing,
        ],
      })),
      empty: texts.none[language],
    })}${pagination({ language, page, pageSize: PAGE_SIZE, total, hrefOf })}`,
  });
}

function stateTag(one: CertificateView, language: Language, now: Date): Html {
  const [text, tone]: [string, Tone] =
    one.revokedAt !== null
      ? [texts.revoked[language], 'red']
      : one.notAfter <= now
        ? [texts.ended[language], 'neutral']
        : one.supersededAt !== null
          ? [texts.former[language], 'neutral']
          : [texts.inUse[language], 'green'];
  return tag({ text, tone });
}

export function revokePage(frame: ConsoleFrame, one: CertificateView): string {
  const { language, actor } = frame;
  const choices = REVOCATION_REASONS.map((value) => ({ value, label: REASONS[value][language] }));
  return consolePage(frame, '/console/certificates', {
    title: texts.revoke[language],
    back: { href: `/${language}/console/certificates`, text: menuTexts.certificates[language] },
    main: html`<h1>${texts.revoke[language]}</h1><p>${identifier(one.server)} · ${texts[one.use][language]}</p>${warning({ language, text: texts.revokeWarning[language] })}${form(
      {
        action: `/${language}/console/certificates/${one.id}/revoke`,
        csrf: actor.csrf,
        body: html`${radios({ language, name: 'reason', label: requestTexts.reason[language], choices, value: 'unspecified' })}${button({ text: texts.revoke[language], look: 'danger' })}`,
      },
    )}`,
  });
}
