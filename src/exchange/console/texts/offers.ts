import { t } from '../../operators/texts/trio.ts';

export const offerTexts = {
  menu: t('العروض', 'Offres', 'Offers'),
  title: t('العروض المتوصل بها', 'Offres reçues', 'Offers received'),
  lead: t(
    'اتفاقيات وقعها أعضاء آخرون ويعرضونها على أنظمتنا. لا شيء يسري قبل توقيعكم.',
    'Conventions signées par d’autres membres et proposées à nos systèmes. Rien ne vaut avant votre signature.',
    'Agreements that other members have signed and offer to our systems. Nothing holds before you sign.',
  ),
  none: t(
    'لا عرض. يظهر هنا ما يوقعه عضو آخر لفائدة أحد أنظمتنا.',
    'Aucune offre. Ce qu’un autre membre signe en faveur d’un de nos systèmes apparaît ici.',
    'No offers. What another member signs for a system of ours appears here.',
  ),
  agreement: t('الاتفاقية', 'Convention', 'Agreement'),
  version: t('النسخة', 'Version', 'Version'),
  provider: t('المزود', 'Fournisseur', 'Provider'),
  service: t('الخدمة', 'Service', 'Service'),
  received: t('تاريخ التوصل', 'Reçue le', 'Received'),
  state: t('الحالة', 'État', 'State'),
  reason: t('السبب', 'Motif', 'Reason'),
  unreadable: t(
    'لا يمكن قراءة نص هذا العرض.',
    'Le texte de cette offre est illisible.',
    'The text of this offer cannot be read.',
  ),
  changes: t(
    'ما يتغير عن النسخة السارية',
    'Ce qui change par rapport à la version en vigueur',
    'What changes against the version in force',
  ),
  noChanges: t(
    'النص مطابق للنسخة السارية.',
    'Le texte est celui de la version en vigueur.',
    'The text is that of the version in force.',
  ),
  isFirst: t(
    'أول نسخة: لا نسخة سارية لمقارنتها بها.',
    'Première version : aucune autre n’est en vigueur.',
    'The first version: none is in force to compare it with.',
  ),
  line: t('البند', 'Clause', 'Clause'),
  before: t('السارية', 'En vigueur', 'In force'),
  after: t('المعروضة', 'Proposée', 'Offered'),
  signatures: t('التوقيعات', 'Signatures', 'Signatures'),
  byProvider: t('توقيع المزود', 'Signature du fournisseur', 'The provider’s signature'),
  byClient: t('توقيع الطالب', 'Signature du client', 'The client’s signature'),
  notYet: t('لم يوقع بعد', 'Pas encore signée', 'Not signed yet'),
  onTheWay: t('في الطريق إلى البوابة المقابلة', 'En route vers l’autre passerelle', 'On its way to the other gateway'),
  triedAgain: (tries: string, when: string) =>
    t(
      `لم تصل بعد ${tries} محاولة؛ المقبلة ${when}`,
      `Pas encore parvenue (essais : ${tries}) ; prochain le ${when}`,
      `Not there after ${tries} tries; the next on ${when}`,
    ),
  refusedThere: (why: string) =>
    t(
      `رفضته البوابة المقابلة: ${why}`,
      `Refusée par l’autre passerelle : ${why}`,
      `Refused by the other gateway: ${why}`,
    ),
  delivered: t('وصل', 'Parvenue', 'Delivered'),
  sign: t('توقيع الاتفاقية', 'Signer la convention', 'Sign the agreement'),
  signText: t(
    'بتوقيعكم يلتزم عضوكم بهذا النص كما هو أعلاه. يُوقع بمفتاح البوابة ويُرسل إلى الطرف الآخر.',
    'Votre signature engage votre membre sur le texte ci-dessus. Elle est faite avec la clé de la passerelle et envoyée à l’autre partie.',
    'Your signature binds your member to the text above. It is made with the gateway’s key and sent to the other side.',
  ),
  mayNotSign: t(
    'يوقع مسؤول الأمن.',
    'La signature revient au responsable sécurité.',
    'Signing is for a security officer.',
  ),
  otherHand: t(
    'أعددتم هذه النسخة بأنفسكم: يوقعها غيركم.',
    'Vous avez rédigé cette version : une autre personne doit la signer.',
    'You drafted this version: somebody else has to sign it.',
  ),
  decline: t('رفض العرض', 'Refuser l’offre', 'Decline the offer'),
  declineText: t(
    'يقرأ المزود السبب كما تكتبونه.',
    'Le fournisseur lira le motif tel quel.',
    'The provider reads the reason as you write it.',
  ),
  badReason: t('اكتبوا سبب الرفض', 'Saisissez le motif du refus', 'Give the reason'),
  signed: t('وقعتم الاتفاقية.', 'La convention est signée.', 'The agreement is signed.'),
  declined: t('رُفض العرض.', 'L’offre est refusée.', 'The offer is declined.'),
};
