import type { Delivery } from '../../agreement/model.ts';
import { type Trio, t } from '../../operators/texts/trio.ts';

export const DELIVERY_KINDS: Readonly<Record<Delivery['kind'], Trio>> = {
  draft: t('مشروع', 'Projet', 'Draft'),
  enact: t('سريان', 'Entrée en vigueur', 'Entry into force'),
  offer: t('عرض', 'Offre', 'Offer'),
  sign: t('توقيع', 'Signature', 'Signature'),
  decline: t('رفض عرض', 'Refus d’une offre', 'Declined offer'),
  suspend: t('توقيف', 'Suspension', 'Suspension'),
  resume: t('استئناف', 'Reprise', 'Resumption'),
  end: t('إنهاء', 'Fin', 'End'),
  proposal: t('اقتراح أو جواب عنه', 'Proposition ou réponse', 'Proposal or its answer'),
};

export const deliveryTexts = {
  menu: t('الإرسال', 'Envois', 'Deliveries'),
  title: t('وثائق لم تصل بعد', 'Documents non remis', 'Undelivered documents'),
  lead: t(
    'وثائق موقعة لم تأخذها بعد بوابة العضو الآخر. ما تعذر إيصاله يعاد إرساله تلقائيا؛ وما رُفض ينتظر قراركم.',
    'Documents signés que la passerelle de l’autre membre n’a pas encore pris. Ce qui n’a pas pu être remis repart seul ; ce qui a été refusé attend votre décision.',
    'Signed documents that the other member’s gateway has not taken yet. What could not be delivered is sent again by itself; what was refused waits for you.',
  ),
  none: t(
    'كل الوثائق وصلت إلى الأعضاء الآخرين.',
    'Tous les documents sont parvenus aux autres membres.',
    'Every document has reached the other members.',
  ),
  kind: t('الوثيقة', 'Document', 'Document'),
  agreement: t('الاتفاقية', 'Convention', 'Agreement'),
  version: (number: string) => t(`النسخة ${number}`, `version ${number}`, `version ${number}`),
  peer: t('البوابة المقابلة', 'Autre passerelle', 'Other gateway'),
  tries: t('المحاولات', 'Essais', 'Tries'),
  next: t('المحاولة المقبلة', 'Prochain essai', 'Next try'),
  state: t('الحالة', 'État', 'State'),
  refused: t('مرفوضة', 'Refusé', 'Refused'),
  waits: t('في الطريق', 'En route', 'On its way'),
  why: t('ما قالته البوابة الأخرى', 'Réponse de l’autre passerelle', 'What the other gateway said'),
  act: t('الإجراء', 'Action', 'Act'),
  sendAgain: t('إعادة الإرسال', 'Renvoyer', 'Send again'),
  sendAgainText: t(
    'أعيدوا الإرسال بعد إزالة السبب: ما رُفض لسبب قائم سيُرفض من جديد.',
    'Renvoyez une fois la cause levée : ce qui a été refusé le sera encore tant qu’elle demeure.',
    'Send again once the cause is mended: while it lasts, the same is refused again.',
  ),
  sent: t('أعيد إرسال الوثيقة.', 'Le document est renvoyé.', 'The document is sent again.'),
  gone: t(
    'هذه الوثيقة لم تعد مرفوضة: أعاد غيركم إرسالها أو وصلت.',
    'Ce document n’est plus refusé : quelqu’un l’a renvoyé, ou il est parvenu.',
    'This document is refused no more: somebody sent it again, or it has arrived.',
  ),
};
