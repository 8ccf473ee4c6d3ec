import { fieldsOf } from '../../forms/index.ts';
import type { LocalText } from '../../kernel/index.ts';
import type { Procedure, RequiredDocument } from '../model/procedure.ts';

/** A reason not to publish a procedure: the obligation of law 55-19 that it breaks, where, and what to do. */
export type PublicationFinding = {
  readonly rule: 'L3' | 'L5' | 'L6' | 'L7' | 'L8' | 'L9' | 'L10' | 'L11' | 'L17' | 'L18' | 'L21';
  readonly path: readonly (string | number)[];
  readonly cause: string;
  readonly remedy: string;
};

/** What keeps the procedure from publication; empty when nothing does. Deadlines are already checked on reading. */
export function publicationFindings(procedure: Procedure): readonly PublicationFinding[] {
  return [
    ...wordFindings(procedure),
    ...procedure.documents.flatMap((document, index) => documentFindings(document, ['documents', index])),
    ...askedTwiceFindings(procedure),
    ...clockFindings(procedure),
    ...recordFindings(procedure),
  ];
}

type BannedWords = {
  readonly rule: 'L7' | 'L8';
  readonly ar: RegExp;
  readonly fr: RegExp;
  readonly en: RegExp;
  readonly cause: string;
};

/** Legalisation of signatures (L7) and certified copies (L8) may not be asked for; the words betray the demand. */
const BANNED: readonly BannedWords[] = [
  {
    rule: 'L7',
    ar: /مصادق(?:ة)? علي|المصادقة على (?:ال)?(?:إمضاء|توقيع)|(?:مصحح|تصحيح|مصححة)\s+(?:ال)?(?:إمضاء|توقيع)|مصحح(?:ة|ا)? إمضاؤه/,
    fr: /l[ée]galis/i,
    en: /legali[sz]/i,
    cause: 'asks for a legalised signature',
  },
  {
    rule: 'L8',
    ar: /(?:نسخة|نسخ|صورة|صور)\s+(?:[^\s]+\s+)?(?:طبق|مطابقة|مشهود)|(?:مطابق|طبق)[^\s]*\s+(?:ل|من\s+ا)?لأصل|طبق الأصل|مطابقة للأصل/,
    fr: /(?:copies?|photocopies?)\s+certifi[ée]es?|certifi[ée]e?s?\s+conformes?/i,
    en: /certified\s+(?:true\s+)?cop(?:y|ies)/i,
    cause: 'asks for a certified copy',
  },
];

/** A sentence that says it is not asked for is no demand. */
const NEGATED = {
  ar: /لا (?:ي|ت)طلب|دون|بدون/,
  fr: /\b(?:aucune?|sans|n’est pas|ne sont pas)\b/i,
  en: /\b(?:no|not|nothing|without)\b/i,
};

function wordFindings(procedure: Procedure): readonly PublicationFinding[] {
  return requirementTexts(procedure).flatMap(({ path, text }) =>
    BANNED.flatMap(({ rule, cause, ...words }) =>
      (['ar', 'fr', 'en'] as const).flatMap((language): readonly PublicationFinding[] => {
        const sentences = (text[language] ?? '').split(/[.؟?!]\s/);
        const asked = sentences.some((sentence) => words[language].test(sentence) && !NEGATED[language].test(sentence));
        if (!asked) return [];
        return [
          {
            rule,
            path: [...path, language],
            cause,
            remedy: 'law 55-19 forbids it: leave it out, and name it under toSimplify',
          },
        ];
      }),
    ),
  );
}

/** Every text that tells the applicant what to bring or to fill in. */
function requirementTexts(
  procedure: Procedure,
): readonly { readonly path: readonly (string | number)[]; readonly text: LocalText }[] {
  const ofDocuments = procedure.documents.flatMap((document, index) => [
    { path: ['documents', index, 'title'], text: document.title },
    ...(document.description === undefined
      ? []
      : [{ path: ['documents', index, 'description'], text: document.description }]),
  ]);
  const ofForm = procedure.form.steps.flatMap((step, index) => [
    { path: ['form', 'steps', index, 'title'], text: step.title },
    ...(step.intro === undefined ? [] : [{ path: ['form', 'steps', index, 'intro'], text: step.intro }]),
    ...step.fields.flatMap((field, at) => [
      { path: ['form', 'steps', index, 'fields', at, 'label'], text: field.label },
      ...(field.hint === undefined ? [] : [{ path: ['form', 'steps', index, 'fields', at, 'hint'], text: field.hint }]),
    ]),
  ]);
  const general = [
    { path: ['summary'], text: procedure.summary },
    { path: ['applicants', 'who'], text: procedure.applicants.who },
  ];
  return [...general, ...ofDocuments, ...ofForm];
}

function documentFindings(
  document: RequiredDocument,
  path: readonly (string | number)[],
): readonly PublicationFinding[] {
  const findings: PublicationFinding[] = [];
  if (
    document.legalBasis.length === 0 &&
    !(document.provenance.certainty === 'unconfirmed' && document.provenance.note)
  ) {
    const remedy = 'name a text of legalBasis, or mark the document unconfirmed with a note that says what is missing';
    findings.push({ rule: 'L5', path: [...path, 'legalBasis'], cause: 'no legal basis', remedy });
  }
  if (document.copies > 1) {
    findings.push({
      rule: 'L6',
      path: [...path, 'copies'],
      cause: `asks for ${document.copies} copies`,
      remedy: 'one copy is enough',
    });
  }
  if (document.publicCharacter) {
    const cause = 'a text that anyone can read, which does not concern the applicant personally';
    findings.push({ rule: 'L9', path: [...path, 'publicCharacter'], cause, remedy: 'leave the document out' });
  }
  return findings;
}

/** One field or one service for two required documents would ask the same thing twice. */
function askedTwiceFindings(procedure: Procedure): readonly PublicationFinding[] {
  const keys = procedure.documents.map(({ source }) => {
    if (source.kind === 'exchange') return `${source.service}${source.path}`;
    return source.kind === 'ledger' ? source.procedure : source.field;
  });
  return keys.flatMap((key, index): readonly PublicationFinding[] => {
    if (keys.indexOf(key) === index) return [];
    const cause = `"${key}" already answers another document`;
    return [{ rule: 'L11', path: ['documents', index, 'source'], cause, remedy: 'ask for it once' }];
  });
}

function clockFindings(procedure: Procedure): readonly PublicationFinding[] {
  const { deadline } = procedure;
  const inKind = deadline.stages.filter(({ dayKind }) => dayKind === deadline.dayKind);
  const sum = inKind.reduce((total, { days }) => total + days, 0);
  if (sum <= deadline.days) return [];
  const cause = `the delays of the intervenors add up to ${sum}, the whole is ${deadline.days}`;
  return [
    { rule: 'L18', path: ['deadline', 'stages'], cause, remedy: 'shorten the stages: they run inside the whole' },
  ];
}

/** L3: a published record is complete; a fixed fee or a form without words would not be. */
function recordFindings(procedure: Procedure): readonly PublicationFinding[] {
  const findings: PublicationFinding[] = [];
  const fileFields = fieldsOf(procedure.form).filter(({ kind }) => kind === 'file');
  const claimed = procedure.documents.flatMap(({ source }) => {
    if (source.kind === 'upload') return [source.field];
    return source.kind === 'exchange' && source.otherwise !== undefined ? [source.otherwise] : [];
  });
  for (const field of fileFields.filter(({ id }) => !claimed.includes(id))) {
    const cause = `the form asks for the file "${field.id}", which no required document names`;
    findings.push({
      rule: 'L5',
      path: ['form'],
      cause,
      remedy: 'list it under documents with its legal basis, or leave it out',
    });
  }
  if (procedure.legalBasis.length === 0) {
    const remedy = 'name the texts, or one entry that says they are unconfirmed';
    findings.push({ rule: 'L3', path: ['legalBasis'], cause: 'no legal basis at all', remedy });
  }
  return findings;
}
