import { t } from '../../operators/texts/trio.ts';

/** Of events that nobody took. */
export const letterTexts = {
  lead: t(
    'أحداث لم يقبلها أحد بعد كل المحاولات. ما يليها يواصل طريقه. أصلحوا السبب ثم أعيدوا الإرسال.',
    'Des événements que personne n’a pris, après tous les essais. Les suivants continuent. Corrigez la cause, puis renvoyez.',
    'Events that nobody took after all tries. What follows goes on. Mend the cause, then send them again.',
  ),
  none: t(
    'لا حدث غير مُسلَّم. إذا رفض المستقبِل حدثًا نهائيًا فستجدونه هنا.',
    'Aucun événement non remis. Ce qu’un destinataire refuse pour de bon se retrouve ici.',
    'No dead letters. What a receiver refuses for good is found here.',
  ),
  of: t('لمن', 'Destinataire', 'For whom'),
  all: t('الكل', 'Tous', 'All'),
  show: t('عرض', 'Afficher', 'Show'),
  choose: t('اختيار', 'Choix', 'Select'),
  chooseOne: (name: string) => t(`اختيار ${name}`, `Choisir ${name}`, `Select ${name}`),
  letter: t('حدث غير مُسلَّم', 'Événement non remis', 'Dead letter'),
  event: t('نوع الأحداث', 'Type d’événement', 'Event type'),
  receiver: t('المرسل إليه', 'Destinataire', 'Receiver'),
  where: t('مكان الرفض', 'Refusé par', 'Refused by'),
  subscriber: t('نظام لدينا', 'Un de nos systèmes', 'A system of ours'),
  publisher: t('بوابة عضو آخر', 'La passerelle d’un autre membre', 'Another member’s gateway'),
  fault: t('السبب', 'Motif', 'Why'),
  tries: t('المحاولات', 'Essais', 'Tries'),
  at: t('التاريخ', 'Date', 'When'),
  exchange: t('رقم التبادل', 'N° d’échange', 'Exchange'),
  subscription: t('الاشتراك', 'Abonnement', 'Subscription'),
  replay: t('إعادة الإرسال', 'Renvoyer', 'Send again'),
  replayAll: (count: string) =>
    t(`إعادة إرسال الكل (${count})`, `Tout renvoyer (${count})`, `Send all again (${count})`),
  discard: t('التخلي…', 'Abandonner…', 'Give up…'),
  discardAll: t('التخلي عن الكل…', 'Tout abandonner…', 'Give all up…'),
  discardTitle: t('التخلي عن أحداث', 'Abandonner des événements', 'Give events up'),
  discardText: (count: string) =>
    t(
      `لن تُسلَّم هذه الأحداث أبدًا (العدد: ${count}). القيود في السجل تبقى.`,
      `Ces événements ne seront jamais remis (nombre : ${count}). Leurs entrées au registre restent.`,
      `These events will never be delivered (${count} of them). Their entries in the ledger stay.`,
    ),
  reason: t('السبب', 'Motif', 'Reason'),
  reasonHint: t(
    'يُحفظ مع هذا الإجراء. لا تكتبوا معطيات شخصية.',
    'Conservé avec cet acte. N’y mettez aucune donnée personnelle.',
    'Kept with this act. No personal data, please.',
  ),
  badReason: t('اكتبوا السبب', 'Saisissez le motif', 'Give the reason'),
  give: t('التخلي عنها', 'Abandonner', 'Give up'),
  nothingChosen: t('اختاروا حدثًا على الأقل', 'Choisissez au moins un événement', 'Select at least one event'),
  replayed: (count: string) => t(`أُعيد إرسال ${count}`, `Renvoyés : ${count}`, `Sent again: ${count}`),
  discarded: (count: string) => t(`تم التخلي عن ${count}`, `Abandonnés : ${count}`, `Given up: ${count}`),
  noneLeft: t(
    'لم يبق منها شيء هنا: أُعيد إرسالها أو تُخلّي عنها من قبل.',
    'Il n’en restait aucun ici : déjà renvoyés ou abandonnés.',
    'None of them was left here: they were sent again or given up before.',
  ),
  notSent: (why: string) => t(`لم تُرسل: ${why}`, `Non renvoyés : ${why}`, `Not sent: ${why}`),
  contents: t('مضمون الحدث', 'Contenu de l’événement', 'Contents of the event'),
  read: t('قراءة المضمون', 'Lire le contenu', 'Read the contents'),
  readText: t(
    'قد يتضمن معطيات شخصية. الاطلاع عليه يُقيد في السجل باسم حسابكم.',
    'Il peut contenir des données personnelles ; sa lecture est inscrite au registre, avec votre compte.',
    'It may hold personal data; reading it is entered in the ledger with your account.',
  ),
  mayNotRead: t(
    'يطلع على المضمون مسؤول الأمن أو مدبر الخدمات.',
    'Le contenu est réservé au responsable sécurité et à l’administrateur des services.',
    'The contents are for a security officer or a service administrator.',
  ),
  gone: t(
    'لم يعد الحدث محفوظًا لدى هذه البوابة.',
    'L’événement n’est plus conservé par cette passerelle.',
    'The event is no longer kept at this gateway.',
  ),
};
