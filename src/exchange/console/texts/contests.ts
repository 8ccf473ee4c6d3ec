import { t } from '../../operators/texts/trio.ts';
import type { ContestReason, ContestState } from '../../usage/model.ts';

type Trio = ReturnType<typeof t>;

export const contestTexts = {
  title: t('الاعتراضات', 'Contestations', 'Contests'),
  lead: t(
    'ما يعترض عليه الأشخاص من استعمال لبياناتهم. يقرأ المعني بالأمر جوابكم كما تكتبونه.',
    'Ce que des personnes contestent dans l’utilisation de leurs données. Votre réponse leur est montrée telle quelle.',
    'What persons contest about uses of their data. They read your answer as you write it.',
  ),
  none: t('لا يوجد أي اعتراض.', 'Aucune contestation.', 'There is no contest.'),
  number: t('الرقم', 'Numéro', 'Number'),
  opened: t('تاريخ التوصل', 'Reçue le', 'Received'),
  reason: t('السبب', 'Raison', 'Reason'),
  state: t('الحالة', 'État', 'State'),
  exchange: t('رقم التبادل', 'N° d’échange', 'Exchange'),
  words: t('ما كتبه المعني بالأمر', 'Ce que la personne a écrit', 'What the person wrote'),
  noWords: t('لم يكتب توضيحات.', 'Aucune précision.', 'No details.'),
  answered: t('تاريخ الجواب', 'Réponse du', 'Answered'),
  answer: t('الجواب', 'Réponse', 'Answer'),
  answerHint: t(
    'اذكروا ما تقرر ولماذا، والنص المعتمد عند الاقتضاء.',
    'Dites ce qui a été décidé et pourquoi, avec le texte appliqué s’il y a lieu.',
    'Say what was decided and why, with the legal text where there is one.',
  ),
  decision: t('القرار', 'Décision', 'Decision'),
  decisionMissing: t('اختاروا القرار', 'Choisissez la décision', 'Choose the decision'),
  answerMissing: t('اكتبوا الجواب', 'Écrivez la réponse', 'Write the answer'),
  send: t('إرسال الجواب', 'Envoyer la réponse', 'Send the answer'),
  final: t(
    'لا يمكن تغيير الجواب بعد إرساله.',
    'Une réponse envoyée ne peut plus être changée.',
    'An answer that was sent cannot be changed.',
  ),
};

export const CONTEST_STATES: Readonly<Record<ContestState, Trio>> = {
  open: t('في انتظار الجواب', 'En attente', 'Open'),
  upheld: t('مقبول', 'Admise', 'Upheld'),
  rejected: t('مرفوض', 'Rejetée', 'Rejected'),
};

export const REASONS: Readonly<Record<ContestReason, Trio>> = {
  'not-mine': t('لم يقم بأي طلب', 'N’a fait aucune demande', 'Made no such request'),
  'no-consent': t('لم يكن على علم بهذا الاستعمال', 'N’en était pas informé', 'Was not told of this use'),
  'wrong-purpose': t('الغرض غير صحيح', 'Finalité inexacte', 'The purpose is not right'),
  'too-much': t('بيانات أكثر من اللازم', 'Trop de données', 'More data than needed'),
  other: t('سبب آخر', 'Autre raison', 'Another reason'),
};
