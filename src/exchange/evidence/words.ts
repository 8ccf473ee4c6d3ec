import { type Language, textIn } from '../../kernel/index.ts';
import { formatDateTime, formatNumber } from '../../web/index.ts';
import {
  EVIDENCE_STEPS,
  type EvidenceParty,
  type EvidenceRefusal,
  type EvidenceReport,
  type EvidenceStep,
} from './report.ts';
import { ar } from './texts/ar.ts';
import { en } from './texts/en.ts';
import { fr } from './texts/fr.ts';
import type { EvidenceTexts, PartyWords, ReportWords } from './texts/model.ts';

const TEXTS: Readonly<Record<Language, EvidenceTexts>> = { ar, fr, en };

/** A verification as a person reads it: one line a step, in the order in which they were made. */
export type EvidenceWords = {
  readonly headline: string;
  readonly steps: readonly {
    readonly step: EvidenceStep | 'timestamps';
    readonly name: string;
    readonly holds: boolean;
    readonly text: string;
  }[];
  /** Where not everything is proved: what is, and what is not. */
  readonly claims?: readonly { readonly title: string; readonly items: readonly string[] }[];
  /** What to mind about the file; for a refusal, the technical reason. */
  readonly note: string;
};

export function describeReport(report: EvidenceReport, language: Language): EvidenceWords {
  const texts = TEXTS[language];
  const words = wordsOf(report, language);
  return {
    headline: texts.verified(words),
    steps: EVIDENCE_STEPS.map((step) => {
      const { name, proved } = texts.steps[step];
      return { step, name, holds: true, text: proved(words) };
    }),
    note: noteOf(report.personalData, language),
  };
}

export const stepName = (step: EvidenceStep, language: Language): string => TEXTS[language].steps[step].name;

export function noteOf(personalData: boolean, language: Language): string {
  return personalData ? TEXTS[language].personalData : TEXTS[language].noPersonalData;
}

/** How every refusal begins, and how the technical reason is told. */
export function refusalFrame(detail: string, language: Language): Pick<EvidenceWords, 'headline' | 'note'> {
  const texts = TEXTS[language];
  return { headline: texts.refused, note: `${texts.technical} ${detail}` };
}

/** Only the step that did not hold is told: what the earlier ones said of a file that proves nothing is no fact. */
export function describeRefusal(refusal: EvidenceRefusal, language: Language): EvidenceWords {
  const texts = TEXTS[language];
  const { name, refused } = texts.steps[refusal.step];
  const step = { step: refusal.step, name, holds: false, text: refused };
  return { ...refusalFrame(refusal.detail, language), steps: [step] };
}

export type StepState = 'holds' | 'refused' | 'not-reached';

/** Every step in its order, and what came of it. The detail is technical and in English. */
export type ToldStep = {
  readonly step: EvidenceStep | 'timestamps';
  readonly name: string;
  readonly state: StepState;
  readonly text: string;
  readonly detail: string | undefined;
};

/** As above: of a refused file the steps that held are named, and what they said is not. */
export function describeSteps(
  told: EvidenceWords,
  refusal: EvidenceRefusal | undefined,
  language: Language,
): readonly ToldStep[] {
  if (refusal === undefined)
    return told.steps.map(({ step, name, text }) => ({ step, name, state: 'holds', text, detail: undefined }));
  const { steps } = TEXTS[language];
  const { step: failed, detail } = refusal;
  const at = EVIDENCE_STEPS.indexOf(failed);
  return EVIDENCE_STEPS.map((step, nth) => {
    const { name, refused } = steps[step];
    if (step === failed) return { step, name, state: 'refused', text: refused, detail };
    return { step, name, state: nth < at ? 'holds' : 'not-reached', text: '', detail: undefined };
  });
}

/** Every step as one that held, of a file that was refused after them. */
export function unsaidSteps(language: Language): readonly ToldStep[] {
  const { steps } = TEXTS[language];
  return EVIDENCE_STEPS.map((step) => ({ step, name: steps[step].name, state: 'holds', text: '', detail: undefined }));
}

function wordsOf(report: EvidenceReport, language: Language): ReportWords {
  const at = (instant: string) => formatDateTime(new Date(instant), language);
  const { exchange, instance, client, service, purpose, agreement } = report;
  const sealer = report.seal.by === report.consumer.server ? report.consumer : report.provider;
  return {
    exchange,
    instance,
    isAcross: report.consumer.instance !== report.provider.instance,
    client,
    service,
    purpose,
    agreement,
    requestedAt: at(report.requestedAt),
    answeredAt: at(report.answeredAt),
    status: String(report.status),
    consumer: partyWords(report.consumer, language),
    provider: partyWords(report.provider, language),
    witnesses: witnessWords(report.witnesses, language),
    sealedBy: textIn(sealer.member.name, language).text,
    sealedAt: at(report.seal.at),
  };
}

function witnessWords(found: EvidenceReport['witnesses'], language: Language): ReportWords['witnesses'] {
  if (!demandsWitnesses(found)) return undefined;
  const [consumer, provider] = [found.consumer, found.provider].map((count) => formatNumber(count, language)) as [
    string,
    string,
  ];
  return { required: requiredWords(found, language), consumer, provider };
}

export function demandsWitnesses({
  required,
  abroad,
}: Pick<EvidenceReport['witnesses'], 'required' | 'abroad'>): boolean {
  return required > 0 || (abroad?.required ?? 0) > 0;
}

/** Of a half of another instance as much as its own policy demands. */
function requiredWords({ required, abroad }: EvidenceReport['witnesses'], language: Language): string {
  const own = formatNumber(required, language);
  return abroad === undefined ? own : `${own} · ${abroad.instance} ${formatNumber(abroad.required, language)}`;
}

function partyWords(party: EvidenceParty, language: Language): PartyWords {
  return {
    member: textIn(party.member.name, language).text,
    server: party.server,
    instance: party.instance,
    ledger: party.ledger.name,
    requestIndex: formatNumber(party.request.index, language),
    responseIndex: formatNumber(party.response.index, language),
  };
}
