import { X509Certificate } from 'node:crypto';
import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  dataTable,
  errorSummary,
  fileUpload,
  form,
  formatDate,
  formatNumber,
  type Html,
  html,
  identifier,
  linkButton,
  nothing,
  notification,
  radios,
  type SummaryError,
  summaryList,
  tag,
  textarea,
} from '../../../web/index.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { listPage } from '../../operators/pages/list.ts';
import { may } from '../../operators/rules.ts';
import {
  CERTIFICATE_USERS,
  CONNECTIONS,
  type InformationSystem,
  type SystemCertificate,
  thumbprintOf,
} from '../../systems/model.ts';
import { CONNECTION_HINTS, CONNECTION_TEXTS, systemTexts as texts, USER_TEXTS } from '../texts/systems.ts';

export const SYSTEMS = '/console/systems';

export type OwnTls = { readonly pem: string; readonly isDoorOpen: boolean };

export const systemPath = (language: Language, subsystem: string): string =>
  `/${language}${SYSTEMS}/one?subsystem=${encodeURIComponent(subsystem)}`;

export function systemsPage(
  frame: ConsoleFrame,
  systems: readonly InformationSystem[],
  own: OwnTls | undefined,
): string {
  const { language } = frame;
  return listPage(frame, SYSTEMS, {
    title: texts.title,
    lead: texts.lead,
    columns: [
      { header: texts.system[language] },
      { header: texts.connection[language] },
      { header: texts.certificates[language], tight: true, align: 'end' },
    ],
    rows: systems.map(({ subsystem, connection, certificates }) => ({
      cells: [
        html`<a href="${systemPath(language, subsystem)}">${identifier(subsystem)}</a>`,
        CONNECTION_TEXTS[connection][language],
        formatNumber(certificates.length, language),
      ],
    })),
    empty: texts.noCertificates,
    after: own === undefined ? undefined : ownCertificate(own, language),
  });
}

function ownCertificate({ pem, isDoorOpen }: OwnTls, language: Language): Html {
  const certificate = new X509Certificate(pem);
  return html`<h2>${texts.own[language]}</h2><p>${texts.ownLead[language]}</p>${summaryList({
    language,
    compact: true,
    rows: [
      {
        key: texts.door[language],
        value: isDoorOpen
          ? tag({ text: texts.open[language], tone: 'green' })
          : tag({ text: texts.closed[language], tone: 'neutral' }),
      },
      { key: texts.fingerprint[language], value: identifier(thumbprintOf(certificate.raw)) },
      { key: texts.expires[language], value: formatDate(certificate.validToDate, language) },
    ],
  })}${actions(linkButton({ text: texts.download[language], href: `/${language}${SYSTEMS}/gateway.pem`, look: 'secondary', download: true }))}`;
}

export type SystemView = {
  readonly system: InformationSystem;
  readonly now: Date;
  readonly connection: string;
  readonly usedBy: string;
  readonly errors: readonly SummaryError[];
  readonly wasSaved: boolean;
};

export function systemPage(frame: ConsoleFrame, view: SystemView): string {
  const { language, actor } = frame;
  const { system } = view;
  const mayChange = may('services.change', actor);
  return consolePage(frame, SYSTEMS, {
    title: system.subsystem,
    back: { href: `/${language}${SYSTEMS}` },
    hasErrors: view.errors.length > 0,
    main: html`${errorSummary({ language, errors: view.errors })}<h1>${identifier(system.subsystem)}</h1>${
      view.wasSaved ? notification({ language, kind: 'success', text: texts.saved[language] }) : nothing
    }<h2>${texts.connection[language]}</h2>${
      mayChange ? connectionForm(frame, view) : html`<p>${CONNECTION_TEXTS[system.connection][language]}</p>`
    }<h2>${texts.certificates[language]}</h2>${certificateTable(view, language, mayChange)}${mayChange ? addForm(frame, view) : nothing}`,
  });
}

const errorOf = (view: SystemView, field: string) => view.errors.find((one) => one.field === field)?.message;

function connectionForm({ language, actor }: ConsoleFrame, view: SystemView): Html {
  return form({
    action: `/${language}${SYSTEMS}/connection`,
    csrf: actor.csrf,
    hidden: { subsystem: view.system.subsystem },
    body: html`${radios({
      language,
      name: 'connection',
      label: texts.connection[language],
      value: view.connection,
      error: errorOf(view, 'connection'),
      choices: CONNECTIONS.map((value) => ({
        value,
        label: CONNECTION_TEXTS[value][language],
        hint: CONNECTION_HINTS[value][language],
      })),
    })}${actions(button({ text: texts.save[language] }))}`,
  });
}

function certificateTable({ system, now }: SystemView, language: Language, mayChange: boolean): Html {
  return dataTable({
    language,
    caption: texts.certificates[language],
    captionHidden: true,
    columns: [
      { header: texts.subject[language] },
      { header: texts.usedBy[language] },
      { header: texts.fingerprint[language] },
      { header: texts.expires[language], tight: true },
      ...(mayChange ? [{ header: texts.action[language], headerHidden: true, tight: true }] : []),
    ],
    rows: system.certificates.map((one) => {
      const { subject, validToDate, ca } = new X509Certificate(one.der);
      const isAuthority = ca && one.usedBy === 'service';
      return {
        cells: [
          html`<bdi dir="ltr">${subject.replaceAll('\n', ', ')}</bdi>${isAuthority ? html` ${tag({ text: texts.authority[language], tone: 'neutral' })}` : nothing}`,
          USER_TEXTS[one.usedBy][language],
          identifier(one.thumbprint),
          html`${formatDate(validToDate, language)}${validToDate < now ? html` ${tag({ text: texts.expired[language], tone: 'amber' })}` : nothing}`,
          ...(mayChange ? [removeLink(system.subsystem, one, language)] : []),
        ],
      };
    }),
    empty: texts.noCertificates[language],
  });
}

function removeLink(subsystem: string, { usedBy, thumbprint }: SystemCertificate, language: Language): Html {
  const query = new URLSearchParams({ subsystem, usedBy, thumbprint });
  return html`<a href="/${language}${SYSTEMS}/remove?${query.toString()}">${texts.remove[language]}<span class="visually-hidden"> ${thumbprint.slice(0, 8)}</span></a>`;
}

function addForm({ language, actor }: ConsoleFrame, view: SystemView): Html {
  return html`<h2>${texts.add[language]}</h2>${form({
    action: `/${language}${SYSTEMS}/certificates`,
    csrf: actor.csrf,
    hidden: { subsystem: view.system.subsystem },
    hasFiles: true,
    body: html`${radios({
      language,
      name: 'usedBy',
      label: texts.usedBy[language],
      value: view.usedBy,
      choices: CERTIFICATE_USERS.map((value) => ({ value, label: USER_TEXTS[value][language] })),
    })}${fileUpload({ language, name: 'file', label: texts.file[language], types: 'PEM, DER', accept: '.pem,.crt,.cer,.der,application/x-pem-file,application/pkix-cert', maxBytes: 20_000, error: errorOf(view, 'file') })}${textarea({ language, name: 'certificate', label: texts.text[language], value: '', rows: 4, maxLength: 20_000, optional: true })}${actions(button({ text: texts.add[language], look: 'secondary' }))}`,
  })}`;
}
