import { citizenTexts, type Trio } from './citizen.ts';

const t = (ar: string, fr: string, en: string): Trio => ({ ar, fr, en });

/** Who used a person's data, the proof of a use, and contesting one. */
export const usageTexts = {
  ...citizenTexts.usage,
  acts: t('الإثبات والاعتراض', 'Preuve et contestation', 'Proof and contest'),
  proof: t('تنزيل الإثبات', 'Télécharger la preuve', 'Download the proof'),
  contest: t('الاعتراض', 'Contester', 'Contest'),
  contestTitle: t(
    'الاعتراض على استعمال بياناتي',
    'Contester une utilisation de mes données',
    'Contest a use of my data',
  ),
  contestLead: (name: string) =>
    t(
      `يوجه طلبكم في الحين إلى ${name}، وتجدون جوابها في صفحة «من استعمل بياناتي؟».`,
      `Votre demande part aussitôt à : ${name}. Sa réponse paraîtra sur la page « Qui a utilisé mes données ? ».`,
      `Your request goes to ${name} at once. Its answer will be on the page “Who used my data?”.`,
    ),
  reason: t('لماذا تعترضون؟', 'Pourquoi contestez‑vous cette utilisation ?', 'Why do you contest it?'),
  reasons: {
    'not-mine': t('لم أقم بأي طلب', 'Je n’ai fait aucune demande', 'I made no such request'),
    'no-consent': t('لم أكن على علم بهذا الاستعمال', 'Je n’en étais pas informé', 'I was not told of this use'),
    'wrong-purpose': t(
      'الغرض المذكور غير صحيح',
      'La finalité indiquée est inexacte',
      'The purpose stated is not right',
    ),
    'too-much': t(
      'البيانات المسلمة أكثر من اللازم',
      'Trop de données ont été communiquées',
      'More data was given than needed',
    ),
    other: t('سبب آخر', 'Autre raison', 'Another reason'),
  },
  reasonMissing: t('اختاروا سبب الاعتراض', 'Choisissez une raison', 'Choose a reason'),
  words: t('توضيحات', 'Précisions', 'Details'),
  wordsHint: t('2000 حرف على الأكثر.', '2 000 caractères au plus.', 'At most 2,000 characters.'),
  send: t('إرسال الاعتراض', 'Envoyer la contestation', 'Send'),
  cancel: t('الرجوع', 'Retour', 'Back'),
  away: (name: string) =>
    t(
      `تعذر إرسال طلبكم: لا تجيب ${name} حاليا. لم يضع شيء مما كتبتم؛ أعيدوا الإرسال بعد قليل.`,
      `Votre demande n’est pas partie : ${name} ne répond pas. Rien de ce que vous avez écrit n’est perdu ; renvoyez‑la dans un moment.`,
      `Your request was not sent: ${name} does not answer. Nothing that you wrote is lost; send it again in a while.`,
    ),
  proofAway: (name: string) =>
    t(
      `تعذر الحصول على الإثبات: لا تجيب ${name} أو الإدارة التي طلبت البيانات. أعيدوا المحاولة لاحقا.`,
      `La preuve n’a pas pu être obtenue : ${name}, ou l’administration qui a demandé les données, ne répond pas. Réessayez plus tard.`,
      `The proof could not be had: ${name}, or the administration that asked, does not answer. Try again later.`,
    ),
  notThere: t(
    'لا يوجد استعمال بهذا الرقم لبياناتكم لدى هذه الإدارة.',
    'Cette administration n’a pas d’utilisation de vos données sous ce numéro.',
    'This administration has no use of your data under this number.',
  ),
  contestNumber: t('اعتراض رقم', 'Contestation n°', 'Contest no.'),
  states: {
    open: t('في انتظار جواب الإدارة', 'En attente de réponse', 'Waiting for an answer'),
    upheld: t('قُبل الاعتراض', 'Contestation admise', 'Upheld'),
    rejected: t('رُفض الاعتراض', 'Contestation rejetée', 'Rejected'),
  },
} as const;
