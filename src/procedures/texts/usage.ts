import type { Trio } from './citizen.ts';

const t = (ar: string, fr: string, en: string): Trio => ({ ar, fr, en });

/** Who used a person's data, the proof of a use, and contesting one. */
export const usageTexts = {
  title: t('من استعمل بياناتي؟', 'Qui a utilisé mes données ?', 'Who used my data?'),
  lead: t(
    'سألنا للتو كل الإدارات المشاركة في منصة التبادل عما طلبته أو سلمته من بياناتكم.',
    'Nous venons de demander à toutes les administrations reliées à la plateforme d’échange ce qu’elles ont demandé ou communiqué sur vous.',
    'We have just asked every administration on the exchange what it asked for or gave about you.',
  ),
  about: t('ما الذي تعرضه هذه الصفحة؟', 'Que montre cette page ?', 'What does this page show?'),
  shown: t(
    'كل تبادل للبيانات يخصكم عبر المنصة: من طلب، ومن سلم، ومتى، وأية بيانات، وبموجب أية اتفاقية وأي نص. وتعرض أيضا الطلبات التي رُفضت أو بقيت دون جواب.',
    'Chaque échange à votre sujet sur la plateforme : qui a demandé, qui a communiqué, quand, quelles données, selon quelle convention et quel texte. Les demandes refusées ou restées sans réponse y figurent aussi.',
    'Each exchange about you: who asked, who gave, when, which data, under which agreement and text. Requests that were refused or not answered are here too.',
  ),
  notShown: t(
    'لا تعرض مضمون بياناتكم، ولا ما تفعله كل إدارة بملفاتها الخاصة خارج المنصة، ولا اطلاعكم أنتم على هذه الصفحة.',
    'Elle ne montre ni le contenu de vos données, ni ce qu’une administration fait de ses propres dossiers hors de la plateforme, ni vos propres visites de cette page.',
    'It does not show the data itself, nor what an administration does with its own files outside the exchange, nor your own visits to this page.',
  ),
  law: t(
    'حقكم في الولوج والتعرض يضمنه القانون رقم 09.08 المتعلق بحماية الأشخاص الذاتيين تجاه معالجة المعطيات ذات الطابع الشخصي.',
    'Vos droits d’accès et d’opposition sont garantis par la loi n° 09‑08 relative à la protection des personnes physiques à l’égard du traitement des données à caractère personnel.',
    'Your rights of access and objection are granted by law 09-08 on the protection of individuals with regard to the processing of personal data.',
  ),
  missingTitle: t('هذه اللائحة غير كاملة', 'Cette liste est incomplète', 'This list is incomplete'),
  missing: (names: string) =>
    t(
      `لم تجب في الوقت المحدد: ${names}. ما سلمته هذه الجهات قد لا يظهر هنا.`,
      `N’ont pas répondu à temps : ${names}. Ce qu’elles ont communiqué peut manquer ici.`,
      `Did not answer in time: ${names}. What they gave may be missing here.`,
    ),
  askAgain: t('إعادة السؤال', 'Demander à nouveau', 'Ask again'),
  exchangeAway: t(
    'بوابة التبادل الخاصة بهذه المنصة لا تجيب الآن، فلم نتمكن من سؤال أية إدارة. أعيدوا السؤال بعد قليل.',
    'La passerelle d’échange de ce portail ne répond pas : aucune administration n’a pu être interrogée. Réessayez dans un moment.',
    'This portal’s exchange gateway does not answer, so no administration could be asked. Try again in a while.',
  ),
  untold: (names: string) =>
    t(
      `لم تبرم بعد اتفاقية مع البوابة لإخباركم: ${names}. يظهر ما تعرفه الأطراف الأخرى فقط.`,
      `N’ont pas encore de convention avec le portail pour vous informer : ${names}. Seul ce que l’autre partie en sait est montré.`,
      `Have no agreement with the portal yet on telling you: ${names}. Only what the other party knows is shown.`,
    ),
  none: t(
    'لم تطلب أية إدارة بياناتكم ولم تسلمها عبر منصة التبادل.',
    'Aucune administration n’a demandé ni communiqué vos données par la plateforme d’échange.',
    'No administration asked for your data or gave it over the exchange.',
  ),
  noneKnown: t(
    'لا شيء لدى الإدارات التي أجابت.',
    'Rien chez les administrations qui ont répondu.',
    'Nothing at the administrations that answered.',
  ),
  noneFiltered: t('لا شيء يطابق ما اخترتموه.', 'Rien ne correspond à votre choix.', 'Nothing matches what you chose.'),
  filter: t('اختيار إدارة أو فترة', 'Choisir une administration ou une période', 'Choose an administration or period'),
  member: t('الإدارة', 'Administration', 'Administration'),
  anyMember: t('جميع الإدارات', 'Toutes', 'All'),
  from: t('من يوم', 'Du', 'From'),
  until: t('إلى يوم', 'Au', 'To'),
  apply: t('عرض', 'Afficher', 'Show'),
  clear: t('عرض الكل', 'Tout afficher', 'Show all'),
  badDate: t(
    'اكتبوا يوما موجودا مثل 2026-03-02',
    'Écrivez une date qui existe, comme 2026-03-02',
    'Write a date that exists, such as 2026-03-02',
  ),
  older: t('الأقدم', 'Plus anciennes', 'Older'),
  newest: t('الرجوع إلى الأحدث', 'Revenir aux plus récentes', 'Back to the newest'),
  keep: t('الاحتفاظ بهذه اللائحة', 'Garder cette liste', 'Keep this list'),
  keepHint: t(
    'يمكنكم طبع الصفحة، أو تنزيل اللائحة كاملة حسب اختياركم أعلاه.',
    'Vous pouvez imprimer la page, ou télécharger toute la liste selon votre choix ci-dessus.',
    'You can print this page, or download the whole list as chosen above.',
  ),
  asSheet: t('جدول (CSV)', 'Tableau (CSV)', 'Spreadsheet (CSV)'),
  asData: t('ملف (JSON)', 'Fichier (JSON)', 'Data (JSON)'),
  list: t('عمليات التبادل', 'Échanges', 'Exchanges'),
  asker: t('من طلب', 'Qui a demandé', 'Who asked'),
  giver: t('ممن', 'À qui', 'Of whom'),
  when: t('متى', 'Quand', 'When'),
  service: t('الخدمة', 'Service', 'Service'),
  data: t('البيانات المسلمة', 'Données communiquées', 'Data given'),
  allFields: t('كل ما تجيب به الخدمة', 'Toute la réponse du service', 'All that the service answers'),
  purpose: t('الغرض', 'Finalité', 'Purpose'),
  text: t('النص القانوني', 'Texte', 'Legal text'),
  agreement: t('الاتفاقية', 'Convention', 'Agreement'),
  version: (n: string) => t(`الصيغة ${n}`, `version ${n}`, `version ${n}`),
  kept: t('الاحتفاظ بنص التبادل', 'Conservation du contenu', 'Keeping of what was said'),
  keptFor: (days: string) =>
    t(
      `يحتفظ به مشفرا لمدة ${days}، ثم يمحى`,
      `gardé chiffré pendant ${days}, puis effacé`,
      `kept encrypted for ${days}, then erased`,
    ),
  outcome: t('النتيجة', 'Résultat', 'Outcome'),
  outcomes: {
    answered: t('سُلمت البيانات', 'Données communiquées', 'Data was given'),
    empty: t('لم تُسلم أية بيانات', 'Aucune donnée communiquée', 'No data was given'),
    refused: t('رُفض الطلب', 'Demande refusée', 'Refused'),
    unanswered: t('بقي الطلب دون جواب', 'Sans réponse', 'No answer'),
  },
  giverWords: {
    away: t(
      'كما أخبرت به الجهة الطالبة؛ الجهة المسلِّمة لا تجيب الآن.',
      'D’après l’administration qui a demandé ; l’autre ne répond pas pour l’instant.',
      'As the one who asked tells it; the other does not answer now.',
    ),
    untold: t(
      'كما أخبرت به الجهة الطالبة؛ الجهة المسلِّمة لا تخبر البوابة بعد.',
      'D’après l’administration qui a demandé ; l’autre n’informe pas encore le portail.',
      'As the one who asked tells it; the other does not tell the portal yet.',
    ),
    silent: t(
      'تقول الجهة الطالبة إنها حصلت على جواب، والجهة المسلِّمة لا تذكره. نزلوا الإثبات أو اعترضوا.',
      'L’administration qui a demandé dit avoir reçu une réponse ; l’autre n’en fait pas état. Téléchargez la preuve ou contestez.',
      'The one who asked says it had an answer; the other does not list it. Download the proof, or contest.',
    ),
  },
  exchange: t('رقم التبادل', 'N° d’échange', 'Exchange'),
  portal: t(
    'اطلاع أعوان الإدارة على طلباتكم في هذه البوابة',
    'Consultations de vos demandes par des agents sur ce portail',
    'Agents who looked at your requests on this portal',
  ),
  portalNone: t(
    'لم يطلع أي عون على طلباتكم.',
    'Aucun agent n’a consulté vos demandes.',
    'No agent has looked at your requests.',
  ),
  office: t('المكتب', 'Bureau', 'Office'),
  proof: t('تنزيل الإثبات', 'Télécharger la preuve', 'Download the proof'),
  checkProof: t(
    'التحقق من إثبات تم تنزيله، دون إرساله إلى أي جهة',
    'Vérifier une preuve téléchargée, sans l’envoyer à quiconque',
    'Check a proof that you downloaded, without sending it to anybody',
  ),
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
