import type { LocalText } from '../../kernel/index.ts';
import type { DocumentVia } from '../model/dossier.ts';

/** Words that only the issued papers need; each in the three languages at once, since one paper may be asked in any. */
export const issuingTexts = {
  state: { ar: 'المملكة المغربية', fr: 'Royaume du Maroc', en: 'Kingdom of Morocco' } satisfies LocalText,
  via: {
    exchange: {
      ar: 'من الإدارة الحائزة عليها',
      fr: 'auprès de l’administration qui la détient',
      en: 'from the administration that holds it',
    },
    ledger: { ar: 'وثيقة سبق تسليمها هنا', fr: 'document déjà délivré ici', en: 'issued here before' },
    upload: { ar: 'ملف أدلى به صاحب الطلب', fr: 'fichier fourni par le demandeur', en: 'file given by the applicant' },
    declaration: { ar: 'تصريح بالشرف', fr: 'déclaration sur l’honneur', en: 'sworn declaration' },
  } satisfies Record<DocumentVia, LocalText>,
  deadlineBasis: {
    authority: { ar: 'أجل حددته الإدارة', fr: 'délai fixé par l’administration', en: 'delay set by the authority' },
    'law-ceiling': {
      ar: 'الحد الأقصى الذي يقرره القانون رقم 55.19',
      fr: 'maximum prévu par la loi n° 55-19',
      en: 'ceiling of law 55-19',
    },
  } satisfies Record<'authority' | 'law-ceiling', LocalText>,
  silenceAccepts: {
    ar: 'يعتبر سكوت الإدارة بعد انصرام الأجل بمثابة موافقة.',
    fr: 'Passé ce délai, le silence de l’administration vaut acceptation.',
    en: 'After that day, the administration’s silence stands as acceptance.',
  } satisfies LocalText,
  silenceNone: {
    ar: 'لا يعتبر السكوت موافقة بالنسبة لهذه المسطرة؛ ويمكنكم التظلم بعد انصرام الأجل.',
    fr: 'Pour cette procédure, le silence ne vaut pas acceptation ; passé ce délai, un recours est possible.',
    en: 'For this procedure silence is not acceptance; after that day you can appeal.',
  } satisfies LocalText,
  appeal: (days: number | undefined): LocalText =>
    days === undefined
      ? {
          ar: 'يمكن التظلم من قرار سلبي أو من السكوت لدى رئيس الإدارة المعنية.',
          fr: 'Un recours contre un refus ou le silence peut être adressé au chef de l’administration.',
          en: 'An appeal against a refusal or silence can be made to the head of the authority.',
        }
      : {
          ar: `يمكن التظلم من قرار سلبي أو من السكوت لدى رئيس الإدارة المعنية، داخل أجل ${days} يوما (أجل متداول غير مؤكد).`,
          fr: `Un recours contre un refus ou le silence peut être adressé au chef de l’administration dans les ${days} jours (délai couramment cité, non confirmé).`,
          en: `An appeal against a refusal or silence can be made to the head of the authority within ${days} days (commonly quoted, not confirmed).`,
        },
};
