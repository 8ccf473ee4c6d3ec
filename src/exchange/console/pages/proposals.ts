import type { Language } from '../../../kernel/index.ts';
import {
  actions,
  button,
  dataTable,
  errorSummary,
  form,
  formatDateTime,
  formatNumber,
  type Html,
  html,
  identifier,
  inset,
  linkButton,
  nothing,
  notification,
  type SummaryRow,
  summaryList,
  type Tone,
  tabs,
  tag,
  textarea,
} from '../../../web/index.ts';
import type { KeptProposal, ProposalKey } from '../../agreement/proposal.ts';
import type { Agreement } from '../../message/agreement.ts';
import { type ConsoleFrame, consolePage } from '../../operators/pages/frame.ts';
import { sortable, sortingOf } from '../../operators/pages/sortable.ts';
import { may } from '../../operators/rules.ts';
import { sortRows } from '../../operators/sorting.ts';
import { PROPOSAL_STATES, proposalTexts as texts } from '../texts/proposals.ts';
import { AGREEMENTS, agreementText } from './agreements.ts';

export const PROPOSALS = '/console/proposals';
export const SIDES = ['provider', 'client'] as const;

export type ProposalRow = Omit<KeptProposal, 'jws'> & {
  /** What was asked for; undefined where it cannot be read. */
  readonly document: Agreement | undefined;
};

export function proposalPath(language: Language, { side, peer, id }: ProposalKey): string {
  return `/${language}${PROPOSALS}/one?${String(new URLSearchParams({ side, peer, id }))}`;
}

const VALUES = {
  agreement: (row: ProposalRow) => row.agreement,
  peer: (row: ProposalRow) => row.peer,
  service: (row: ProposalRow) => row.service,
  made: (row: ProposalRow) => row.madeAt,
  // Those that wait first.
  state: (row: ProposalRow) => (row.state === 'open' ? '' : row.state),
};
const COLUMNS = Object.keys(VALUES) as (keyof typeof VALUES)[];

export function proposalsPage(
  frame: ConsoleFrame,
  side: ProposalKey['side'],
  proposals: readonly ProposalRow[],
): string {
  const { language, actor } = frame;
  const sorting = sortingOf(frame, COLUMNS, { by: 'state', isDown: false });
  const column = sortable(frame, sorting);
  const ofSide = (one: ProposalKey['side']) => proposals.filter((row) => row.side === one);
  return consolePage(frame, PROPOSALS, {
    title: texts.title[language],
    main: html`<h1>${texts.title[language]}</h1><p class="lead">${texts.lead[language]}</p>${
      may('agreements.change', actor)
        ? actions(linkButton({ text: texts.add[language], href: `/${language}${PROPOSALS}/new` }))
        : nothing
    }${tabs({
      label: texts.sides[language],
      tabs: SIDES.map((one) => ({
        text: texts[one][language],
        href: `/${language}${PROPOSALS}?side=${one}`,
        current: one === side,
        count: formatNumber(ofSide(one).length, language),
      })),
    })}${dataTable({
      language,
      caption: texts[side][language],
      captionHidden: true,
      columns: [
        column('agreement', { header: texts.agreement[language] }),
        column('peer', { header: texts.peer[language] }),
        column('service', { header: texts.service[language] }),
        column('made', { header: texts.made[language], tight: true }),
        column('state', { header: texts.state[language], tight: true }),
      ],
      rows: sortRows(ofSide(side), sorting, VALUES).map((one) => ({
        cells: [
          html`<a href="${proposalPath(language, one)}">${identifier(one.agreement)}</a>`,
          identifier(one.peer),
          identifier(one.service),
          formatDateTime(one.madeAt, language, 'short'),
          stateTag(one, language),
        ],
        ...(one.state === 'open' && side === 'provider' ? { tone: 'amber' as const } : {}),
        attributes: { 'data-proposal': one.agreement, 'data-state': one.state },
      })),
      empty: texts.none[side][language],
    })}`,
  });
}

const TONES: Readonly<Record<KeptProposal['state'], Tone>> = {
  open: 'amber',
  drafted: 'green',
  dismissed: 'red',
  withdrawn: 'neutral',
};

function stateTag({ state }: ProposalRow, language: Language): Html {
  return tag({ text: PROPOSAL_STATES[state][language], tone: TONES[state] });
}

export const DONE = ['proposed', 'dismissed', 'withdrawn'] as const;

export type ProposalView = {
  readonly proposal: ProposalRow;
  readonly done?: (typeof DONE)[number] | undefined;
  readonly refusal?: 'answeredMeanwhile' | 'idTaken' | 'badReason' | undefined;
  /** As it was typed. */
  readonly reason?: string | undefined;
};

/** What is asked for and why, the whole text in words; then what came of it, or the ways to answer. */
export function proposalPage(frame: ConsoleFrame, view: ProposalView): string {
  const { language } = frame;
  const { proposal: one, done, refusal } = view;
  const errors = refusal === 'badReason' ? [{ field: 'reason', message: texts.badReason[language] }] : [];
  return consolePage(frame, PROPOSALS, {
    title: `${texts.agreement[language]} ${one.agreement}`,
    back: { href: `/${language}${PROPOSALS}?side=${one.side}` },
    hasErrors: refusal !== undefined,
    main: html`${errorSummary({ language, errors })}<h1>${identifier(one.agreement)}</h1>${
      done !== undefined && notification({ language, kind: 'success', text: texts[done][language] })
    }${refused(view, language)}<p>${stateTag(one, language)} ${identifier(one.peer)} · ${formatDateTime(one.madeAt, language)}</p><h2>${texts.note[language]}</h2><p dir="auto">${one.note}</p>${
      one.document === undefined ? inset(texts.unreadable[language]) : agreementText(one.document, language)
    }${one.state === 'open' ? html`<div class="no-print">${answerForms(frame, view)}</div>` : answered(one, language)}`,
  });
}

/** Two operators at once: what the slower one typed is still there to be copied. */
function refused({ refusal, reason = '', proposal }: ProposalView, language: Language): Html {
  if (refusal === undefined || refusal === 'badReason') return nothing;
  const typed =
    reason !== '' && proposal.state !== 'open' && html`<br>${texts.yourReason[language]}: <bdi>${reason}</bdi>`;
  return notification({ language, kind: 'information', text: html`${texts[refusal][language]}${typed}` });
}

function answered(one: ProposalRow, language: Language): Html {
  const href = `/${language}${AGREEMENTS}/${one.agreement}?version=${one.version ?? ''}`;
  const version = one.version === null ? '' : formatNumber(one.version, language);
  const rows: readonly SummaryRow[] = [
    { key: texts.state[language], value: stateTag(one, language) },
    ...(one.answeredAt === null
      ? []
      : [{ key: texts.answeredAt[language], value: formatDateTime(one.answeredAt, language) }]),
    ...(one.version === null
      ? []
      : [
          {
            key: texts.version[language],
            value: one.side === 'provider' ? html`<a href="${href}">${version}</a>` : version,
          },
        ]),
    ...(one.reason === '' ? [] : [{ key: texts.reason[language], value: html`<span dir="auto">${one.reason}</span>` }]),
  ];
  return html`<h2>${texts.answer[language]}</h2>${summaryList({ language, compact: true, rows })}`;
}

function answerForms(frame: ConsoleFrame, view: ProposalView): Html {
  const { language, actor } = frame;
  const { side, peer, id, document } = view.proposal;
  if (!may('agreements.change', actor)) return side === 'provider' ? inset(texts.mayNot[language]) : nothing;
  if (side === 'client') return reasonForm(frame, view, 'withdraw');
  const changed = `/${language}${PROPOSALS}/draft/new?${String(new URLSearchParams({ peer, proposal: id }))}`;
  const draft = form({
    action: `/${language}${PROPOSALS}/draft/whole`,
    csrf: actor.csrf,
    hidden: { peer, id },
    body: actions(
      button({ text: texts.draft[language] }),
      linkButton({ text: texts.draftChanged[language], href: changed, look: 'secondary' }),
    ),
  });
  return html`${
    document === undefined
      ? nothing
      : html`<h2>${texts.draft[language]}</h2><p>${texts.draftText[language]}</p>${draft}`
  }${reasonForm(frame, view, 'dismiss')}`;
}

function reasonForm({ language, actor }: ConsoleFrame, view: ProposalView, act: 'dismiss' | 'withdraw'): Html {
  const { peer, id } = view.proposal;
  const error = view.refusal === 'badReason' ? texts.badReason[language] : undefined;
  return html`<h2>${texts[act][language]}</h2><p>${texts[`${act}Text`][language]}</p>${form({
    action: `/${language}${PROPOSALS}/${act}`,
    csrf: actor.csrf,
    hidden: { peer, id },
    body: html`${textarea({ language, name: 'reason', label: texts.reason[language], value: view.reason, rows: 3, maxLength: 1000, error })}${actions(button({ text: texts[act][language], look: 'danger' }))}`,
  })}`;
}
