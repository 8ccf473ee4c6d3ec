import type { Erasure } from '../../archive/model.ts';
import { t } from '../../operators/texts/trio.ts';

type Trio = ReturnType<typeof t>;

export const archiveTexts = {
  menu: t('الأرشيف', 'Archive', 'Archive'),
  title: t('أرشيف نصوص الرسائل', 'Archive des contenus', 'Archive of bodies'),
  lead: t(
    'ما تقوله الرسائل لا يحتفظ به إلا بموجب اتفاقية، مشفرا، وإلى أجل. لا تستطيع هذه البوابة قراءته.',
    'Ce que disent les messages n’est gardé que si une convention le prévoit, chiffré et pour un temps. Cette passerelle ne peut pas le lire.',
    'What messages say is kept only where an agreement asks for it, encrypted and for a time. This gateway cannot read it.',
  ),
  none: t('لا يوجد في الأرشيف أي نص.', 'L’archive est vide.', 'The archive is empty.'),
  noneHere: t(
    'لم يحتفظ بنص هذا التبادل هنا.',
    'Aucun contenu de cet échange n’est gardé ici.',
    'No body of this exchange is kept here.',
  ),
  body: t('النص', 'Contenu', 'Body'),
  exchange: t('رقم التبادل', 'N° d’échange', 'Exchange'),
  size: t('الحجم', 'Taille', 'Size'),
  state: t('الحالة', 'État', 'State'),
  request: t('الطلب', 'Demande', 'Request'),
  response: t('الجواب', 'Réponse', 'Answer'),
  until: (day: string) => t(`إلى غاية ${day}`, `Jusqu’au ${day}`, `Until ${day}`),
  erased: (when: string) => t(`محي في ${when}`, `Effacé le ${when}`, `Erased on ${when}`),
  download: t('أخذ الملف المشفر', 'Retirer le fichier chiffré', 'Take out the encrypted file'),
  downloadHint: t(
    'الملف بصيغة age، ويفتحه من يملك مفتاح القراءة. أخذه يقيد في السجل.',
    'Un fichier age, que lit le détenteur de la clé de lecture. Le retrait est inscrit au registre.',
    'An age file, which the holder of the identity reads. Taking it out is entered in the ledger.',
  ),
  erase: t('محو نصوص هذا التبادل', 'Effacer les contenus de cet échange', 'Erase the bodies of this exchange'),
  eraseText: t(
    'لا رجعة في المحو: لن يستطيع أحد قراءة هذه النصوص. ويبقى دليل التبادل كاملا.',
    'C’est sans retour : personne ne pourra plus lire ces contenus. La preuve de l’échange reste entière.',
    'There is no way back: nobody will be able to read these bodies. The proof of the exchange stays whole.',
  ),
  reason: t('السبب', 'Motif', 'Reason'),
  reasonHint: t('دون اسم أي شخص ولا رقمه.', 'Sans nom ni numéro de personne.', 'Without any person’s name or number.'),
  reasonMissing: t(
    'اكتبوا السبب، ثلاثة أحرف على الأقل',
    'Écrivez le motif, trois lettres au moins',
    'Write the reason, three letters at least',
  ),
  eraseSubject: t('محو كل ما يخص شخصا', 'Effacer tout ce qui concerne une personne', 'Erase all about one person'),
  eraseSubjectText: t(
    'حق الشخص في المحو (القانون 09.08، المادة 8): تمحى كل النصوص المحفوظة هنا عنه. لا يكتب رقمه في أي مكان.',
    'Le droit de la personne à l’effacement (loi 09-08, article 8) : tout contenu gardé ici à son sujet est effacé. Son numéro n’est écrit nulle part.',
    'A person’s right to have data erased (law 09-08, article 8): every body kept here about them is erased. Their number is written nowhere.',
  ),
  subject: t('رقم الشخص', 'Numéro de la personne', 'The person’s number'),
  subjectMissing: t('أدخلوا رقم الشخص', 'Saisissez le numéro de la personne', 'Enter the person’s number'),
  subjectUnknown: t(
    'لا يوجد نص محفوظ هنا عن هذا الشخص.',
    'Aucun contenu n’est gardé ici sur cette personne.',
    'No body about this person is kept here.',
  ),
  done: t('تم المحو.', 'C’est effacé.', 'Erased.'),
  older: t('الأقدم', 'Plus anciens', 'Older'),
};

export const ERASURE_WORDS: Readonly<Record<Erasure, Trio>> = {
  expired: t('انقضت مدة الاحتفاظ', 'Durée de conservation écoulée', 'Its retention was over'),
  operator: t('بقرار مسؤول الأمن', 'Par le responsable sécurité', 'By the security officer'),
  subject: t('بطلب الشخص المعني', 'À la demande de la personne', 'At the person’s wish'),
  'other-agreement': t(
    'جاء الجواب بموجب اتفاقية أخرى',
    'La réponse relevait d’une autre convention',
    'The answer came under another agreement',
  ),
};
