import { addDays, dateIn, type IsoDate, type LocalText } from '../../kernel/index.ts';
import type { Dossier, FiledItem } from '../model/dossier.ts';
import { type Circumstances, dossierClock } from './dossier.ts';

/**
 * What a receipt says (law 55-19: delivered at once; the exact model of joint order 2332.20 was not read, so the
 * fields are those that portals and summaries name). All of it follows from the filing: a receipt cannot be pending.
 */
export type Receipt = {
  readonly number: string;
  /** ISO instant; the time decides priority where the law gives rank by time of filing. */
  readonly filedAt: string;
  readonly timeZone: string;
  readonly authority: LocalText;
  readonly contact: LocalText | undefined;
  readonly procedure: { readonly id: string; readonly version: number; readonly title: LocalText };
  readonly applicant: { readonly ar: string; readonly fr: string };
  readonly received: readonly ReceiptItem[];
  readonly awaited: readonly ReceiptItem[];
  readonly missing: readonly ReceiptItem[];
  /** `complete`, or what the receipt has to mention. */
  readonly mention: 'complete' | 'awaiting-administrations' | 'with-missing-items';
  readonly deadline: { readonly days: number; readonly on: IsoDate; readonly basis: 'authority' | 'law-ceiling' };
  readonly silence:
    | { readonly kind: 'none' }
    | { readonly kind: 'acceptance'; readonly from: IsoDate; readonly attestedBy: LocalText };
  /** Days to appeal as configured; undefined where they are not known. */
  readonly appeal: { readonly fileWithinDays: number | undefined; readonly answerWithinDays: number | undefined };
};

export type ReceiptItem = { readonly id: string; readonly title: LocalText; readonly via: FiledItem['via'] };

/** The receipt of a filed dossier, as it stood at filing: later acts do not change it. Undefined for a draft. */
export function receiptOf(dossier: Dossier, around: Omit<Circumstances, 'now'>): Receipt | undefined {
  const { filing, person } = dossier;
  if (filing === undefined) return undefined;
  const { procedure, legal, calendar } = around;
  const asFiled: Dossier = {
    ...dossier,
    completion: undefined,
    extension: undefined,
    decision: undefined,
    withdrawnAt: undefined,
  };
  const filedAt = new Date(filing.at);
  const clock = dossierClock(asFiled, { legal, calendar, now: filedAt });
  const deadlineOn = clock.deadlineOn ?? addDays(dateIn(calendar.timeZone, filedAt), filing.rules.days);
  const itemsWith = (outcome: FiledItem['outcome']) =>
    filing.items.filter((item) => item.outcome === outcome).map((item) => receiptItem(item, around));
  const missing = itemsWith('missing');
  const awaited = itemsWith('awaited');
  return {
    number: filing.number,
    filedAt: filing.at,
    timeZone: calendar.timeZone,
    authority: procedure.authority.name,
    contact: procedure.authority.contact,
    procedure: { id: procedure.id, version: procedure.version, title: procedure.title },
    applicant: { ar: person.fullNameAr, fr: person.fullNameFr },
    received: itemsWith('received'),
    awaited,
    missing,
    mention: mentionOf(missing.length, awaited.length),
    deadline: { days: filing.rules.days, on: deadlineOn, basis: procedure.deadline.basis },
    silence:
      procedure.silence.kind === 'acceptance'
        ? { kind: 'acceptance', from: addDays(deadlineOn, 1), attestedBy: procedure.silence.attestedBy }
        : { kind: 'none' },
    appeal: legal.appeal,
  };
}

function mentionOf(missing: number, awaited: number): Receipt['mention'] {
  if (missing > 0) return 'with-missing-items';
  return awaited > 0 ? 'awaiting-administrations' : 'complete';
}

function receiptItem(item: FiledItem, around: Pick<Circumstances, 'procedure'>): ReceiptItem {
  const document = around.procedure.documents.find(({ id }) => id === item.document);
  // A dossier keeps its version of the procedure, so the document is there; its id says enough where it is not.
  return { id: item.document, title: document?.title ?? { ar: item.document, fr: item.document }, via: item.via };
}
