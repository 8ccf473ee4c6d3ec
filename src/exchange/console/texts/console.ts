import { type Trio, t } from '../../operators/texts/trio.ts';
import type { CertificateName } from '../rules/needs.ts';
import type { TrafficOutcome } from '../rules/traffic.ts';

export const menuTexts = {
  house: t('بوابة التبادل', 'Passerelle d’échange', 'Exchange gateway'),
  today: t('اليوم', 'Aujourd’hui', 'Today'),
  overview: t('نظرة عامة', 'Vue d’ensemble', 'Overview'),
  traffic: t('الرسائل', 'Messages', 'Messages'),
  allMessages: t('جميع الرسائل', 'Tous les messages', 'All messages'),
  charts: t('المبيانات', 'Graphiques', 'Charts'),
  services: t('الخدمات', 'Services', 'Services'),
  servicesAndSystems: t('الخدمات والأنظمة', 'Services et systèmes', 'Services and systems'),
  agreements: t('الاتفاقيات', 'Conventions', 'Agreements'),
  ours: t('ما نمنحه', 'Accordées', 'Granted by us'),
  events: t('الأحداث', 'Événements', 'Events'),
  contests: t('الاعتراضات', 'Contestations', 'Contests'),
  trustPart: t('الثقة', 'Confiance', 'Trust'),
  trust: t('الثقة والشهادات', 'Confiance et certificats', 'Trust and certificates'),
};

export const overviewTexts = {
  needs: t('ما يستدعي انتباهكم', 'À traiter maintenant', 'What needs you now'),
  nothing: t('لا شيء يستدعي تدخلكم الآن.', 'Rien à traiter pour le moment.', 'Nothing needs you now.'),
  subject: t('الموضوع', 'Objet', 'What'),
  state: t('الحالة', 'État', 'State'),
  urgent: t('عاجل', 'Urgent', 'Urgent'),
  soon: t('قريبا', 'Bientôt', 'Soon'),
  toKnow: t('للعلم', 'À savoir', 'To know'),
  noTrust: t(
    'لا توجد لائحة ثقة سارية: البوابة لا تمرر أي رسالة.',
    'Aucune liste de confiance en vigueur : la passerelle ne transmet plus rien.',
    'No trust list is in force: the gateway passes nothing on.',
  ),
  notListed: t(
    'هذه البوابة غير واردة في لائحة الثقة.',
    'Cette passerelle ne figure pas dans la liste de confiance.',
    'This gateway is not in the trust list.',
  ),
  trustRefused: (why: Trio) =>
    t(
      `رُفضت لائحة الثقة الجديدة: ${why.ar}. تبقى المحفوظة سارية إلى أجلها.`,
      `La nouvelle liste de confiance a été refusée : ${why.fr}. Celle qui est détenue vaut jusqu’à son terme.`,
      `The new trust list was refused: ${why.en}. The held one counts until it expires.`,
    ),
  trustOld: (when: string) =>
    t(
      `لم تجدد لائحة الثقة؛ تنتهي ${when}. تحققوا من الاتصال بسجل المشاركين.`,
      `La liste de confiance n’est plus renouvelée ; elle expire le ${when}. Vérifiez l’accès au registre.`,
      `The trust list is not renewed any more; it expires on ${when}. See whether the registry can be reached.`,
    ),
  certificate: (name: Trio, when: string) =>
    t(`${name.ar}: تنتهي ${when}`, `${name.fr} : expire le ${when}`, `${name.en}: expires on ${when}`),
  agreementEnds: (id: string, when: string) =>
    t(
      `الاتفاقية ${id} تنتهي ${when}`,
      `La convention ${id} prend fin le ${when}`,
      `The agreement ${id} ends on ${when}`,
    ),
  agreementWaits: (id: string) =>
    t(
      `الاتفاقية ${id} تنتظر توقيعكم`,
      `La convention ${id} attend votre signature`,
      `The agreement ${id} waits for your signature`,
    ),
  proposalsWait: (count: string) =>
    t(
      `اقتراحات اتفاقيات تنتظر جوابكم: ${count}`,
      `Propositions de convention sans réponse : ${count}`,
      `Proposed agreements without an answer: ${count}`,
    ),
  documentsRefused: (count: string) =>
    t(
      `وثائق موقعة رفضتها بوابة عضو آخر: ${count}`,
      `Documents signés refusés par une autre passerelle : ${count}`,
      `Signed documents that another gateway refused: ${count}`,
    ),
  timestampsLate: (when: string) =>
    t(
      `لم يحصل السجل على ختم زمني منذ ${when}. الرسائل مستمرة؛ تحققوا من إمكانية الاتصال بهيئات الختم الزمني.`,
      `Le registre n’a pas été horodaté depuis le ${when}. Les échanges continuent ; vérifiez l’accès aux autorités d’horodatage.`,
      `The ledger has not been timestamped since ${when}. Messages go on; see whether the timestamp authorities can be reached.`,
    ),
  contestsWait: (count: string) =>
    t(
      `اعتراضات تنتظر جوابكم: ${count}`,
      `Contestations sans réponse : ${count}`,
      `Contests without an answer: ${count}`,
    ),
  alarms: (count: string) =>
    t(
      `إنذارات حول سجلات تناقض نفسها: ${count}`,
      `Alertes sur des registres qui se contredisent : ${count}`,
      `Alarms about logs that contradict themselves: ${count}`,
    ),
  deadLetters: (count: string) =>
    t(`أحداث غير مُسلَّمة: ${count}`, `Événements non remis : ${count}`, `Dead letters: ${count}`),
  subscriberStuck: (client: string, count: string) =>
    t(
      `${count} أحداث تنتظر ${client} ولا يتوصل بها`,
      `${client} ne reçoit plus ses événements (en attente : ${count})`,
      `${client} does not get its events (${count} wait)`,
    ),
  webhookStuck: (client: string, count: string) =>
    t(
      `لا يأخذ ${client} ما توصلت به البوابة من أحداث (في الانتظار: ${count})`,
      `${client} ne prend plus les événements reçus pour lui (en attente : ${count})`,
      `${client} does not take the events that came for it (${count} wait)`,
    ),
  disabled: (service: string) =>
    t(`الخدمة ${service} متوقفة`, `Le service ${service} est arrêté`, `The service ${service} is disabled`),
  failures: (count: string, of: string) =>
    t(
      `${count} من أصل ${of} أجوبة فشلت خلال الساعة الأخيرة`,
      `${count} réponses sur ${of} ont échoué depuis une heure`,
      `${count} of ${of} answers failed in the last hour`,
    ),
  health: t('الحالة العامة', 'Santé', 'Health'),
  gateway: t('البوابة', 'Passerelle', 'Gateway'),
  member: t('العضو', 'Membre', 'Member'),
  address: t('العنوان المسجل', 'Adresse enregistrée', 'Registered address'),
  trustList: t('لائحة الثقة', 'Liste de confiance', 'Trust list'),
  version: (version: string, issued: string, expires: string) =>
    t(
      `النسخة ${version}، صدرت ${issued}، تنتهي ${expires}`,
      `Version ${version}, émise le ${issued}, expire le ${expires}`,
      `Version ${version}, issued on ${issued}, expires on ${expires}`,
    ),
  ledger: t('السجل', 'Registre', 'Ledger'),
  entries: (count: string) => t(`عدد القيود: ${count}`, `${count} entrées`, `${count} entries`),
  lastHour: t('الساعة الأخيرة', 'Dernière heure', 'Last hour'),
  answered: t('أجوبة', 'Répondus', 'Answered'),
  failed: t('أخطاء الخدمة', 'Échecs du service', 'Service failures'),
  refused: t('مرفوضة', 'Refusés', 'Refused'),
  latency: t('زمن الجواب (p50 / p95 / p99)', 'Latence (p50 / p95 / p99)', 'Latency (p50 / p95 / p99)'),
  members: t('الأعضاء المعروفون', 'Membres connus', 'Members known'),
  services: t('الخدمات المنشورة', 'Services publiés', 'Services published'),
  agreements: t('الاتفاقيات السارية', 'Conventions en vigueur', 'Agreements in force'),
};

export const CERTIFICATE_NAMES: Readonly<Record<CertificateName, Trio>> = {
  tls: t('شهادة الاتصال (TLS)', 'Certificat de transport (TLS)', 'Transport certificate (TLS)'),
  sign: t('شهادة التوقيع', 'Certificat de signature', 'Signing certificate'),
  statement: t('بيان السجل', 'Attestation du registre', 'Registry’s statement'),
};

export const OUTCOME_TEXTS: Readonly<Record<TrafficOutcome, Trio>> = {
  answered: t('جواب', 'Répondu', 'Answered'),
  failed: t('خطأ الخدمة', 'Échec du service', 'Service failed'),
  refused: t('مرفوض', 'Refusé', 'Refused'),
  open: t('دون جواب', 'Sans réponse', 'No answer yet'),
};

export const SIDES: Readonly<Record<'consumer' | 'provider', Trio>> = {
  consumer: t('صادرة', 'Émise', 'Sent'),
  provider: t('واردة', 'Reçue', 'Received'),
};

export const trafficTexts = {
  lead: t(
    'الرسائل كما قيدها سجل هذه البوابة، دون مضمونها.',
    'Les messages tels que le registre de cette passerelle les a inscrits, sans leur contenu.',
    'Messages as the ledger of this gateway has them, without their contents.',
  ),
  find: t('رقم التبادل أو X-Road-Id', 'Numéro d’échange ou X-Road-Id', 'Exchange id or X-Road-Id'),
  at: t('الوقت', 'Heure', 'When'),
  side: t('الاتجاه', 'Sens', 'Direction'),
  client: t('الطالب', 'Client', 'Client'),
  service: t('الخدمة', 'Service', 'Service'),
  outcome: t('النتيجة', 'Résultat', 'Outcome'),
  took: t('المدة', 'Durée', 'Took'),
  place: t('رقم القيد', 'Rang', 'Place'),
  member: t('العضو (بداية المعرف)', 'Membre (début de l’identifiant)', 'Member (beginning of the identifier)'),
  serviceFilter: t(
    'الخدمة (بداية المعرف)',
    'Service (début de l’identifiant)',
    'Service (beginning of the identifier)',
  ),
  period: t('الفترة', 'Période', 'Period'),
  hour: t('ساعة', '1 heure', '1 hour'),
  day: t('يوم', '1 jour', '1 day'),
  week: t('أسبوع', '1 semaine', '1 week'),
  month: t('شهر', '1 mois', '1 month'),
  all: t('الكل', 'Tous', 'All'),
  filter: t('تصفية', 'Filtrer', 'Filter'),
  older: t('أقدم', 'Plus anciens', 'Older'),
  newest: t('الأحدث', 'Les plus récents', 'Newest'),
  next: t('الصفحة التالية', 'Page suivante', 'Next page'),
  first: t('الصفحة الأولى', 'Première page', 'First page'),
  none: t(
    'لا توجد رسائل بهذه الشروط في هذه الفترة.',
    'Aucun message ne correspond pour cette période.',
    'No message matches in this period.',
  ),
  live: t('عرض مباشر', 'Suivre en direct', 'Follow live'),
  liveOn: t('العرض المباشر يعمل', 'Suivi en direct actif', 'Following live'),
  liveOff: t('إيقاف العرض المباشر', 'Arrêter le suivi', 'Stop following'),
  refresh: t('تحديث', 'Actualiser', 'Refresh'),
  ms: (value: string) => t(`${value} م.ث`, `${value} ms`, `${value} ms`),
};

export const exchangeTexts = {
  title: t('تبادل', 'Échange', 'Exchange'),
  steps: t('المراحل كما قيدت هنا', 'Étapes inscrites ici', 'Steps as kept here'),
  request: {
    consumer: t(
      'وقعت البوابة الطلب وقيدته، ثم أرسلته',
      'La passerelle a signé et inscrit la demande, puis l’a envoyée',
      'The gateway signed the request, kept it, then sent it',
    ),
    provider: t(
      'تحققت البوابة من الطلب وسمحت به وقيدته',
      'La passerelle a vérifié, autorisé et inscrit la demande',
      'The gateway verified the request, allowed it and kept it',
    ),
  },
  response: {
    consumer: t(
      'تحققت البوابة من توقيع الجواب وقيدته',
      'La passerelle a vérifié et inscrit la réponse',
      'The gateway verified the answer and kept it',
    ),
    provider: t(
      'أجابت الخدمة، ووقعت البوابة ما تسمح به الاتفاقية وقيدته',
      'Le service a répondu ; la passerelle a signé et inscrit ce que la convention autorise',
      'The service answered; the gateway signed and kept what the agreement allows',
    ),
  },
  refusal: t(
    'رفضت البوابة وقيدت الرفض',
    'La passerelle a refusé et inscrit son refus',
    'The gateway refused and kept the refusal',
  ),
  peer: t('البوابة المقابلة', 'Passerelle distante', 'Other gateway'),
  agreement: t('الاتفاقية', 'Convention', 'Agreement'),
  purpose: t('الغرض', 'Finalité', 'Purpose'),
  status: t('رمز HTTP', 'Code HTTP', 'HTTP status'),
  fault: t('سبب الرفض', 'Motif du refus', 'Why it was refused'),
  remedy: t('ما العمل', 'Remède', 'Remedy'),
  key: t('مفتاح التوقيع', 'Clé de signature', 'Signing key'),
  decision: t('لماذا؟', 'Pourquoi ?', 'Why?'),
  allowed: t(
    'سمح به لأن هذه الاتفاقية تشمله:',
    'Autorisé, car couvert par cette convention :',
    'Allowed, because this agreement covers it:',
  ),
  decidedThere: t(
    'القرار لبوابة مزود الخدمة.',
    'La décision appartient à la passerelle du fournisseur.',
    'The provider’s gateway decides.',
  ),
  legalBasis: t('السند القانوني', 'Base légale', 'Legal basis'),
  evidence: t('الدليل', 'Preuve', 'Evidence'),
  evidenceText: t(
    'ملف واحد يثبت هذا التبادل خارج أي شبكة. قد يتضمن معطيات شخصية، واستخراجه يقيد في السجل.',
    'Un fichier qui prouve cet échange hors ligne. Il peut contenir des données personnelles ; son extraction est inscrite au registre.',
    'One file that proves this exchange offline. It may hold personal data; taking it out is entered in the ledger.',
  ),
  download: t('استخراج ملف الدليل', 'Extraire le fichier de preuve', 'Take out the evidence file'),
  verify: t('جمع الدليل والتحقق منه', 'Réunir et vérifier la preuve', 'Put together and verify'),
  step: t('المرحلة', 'Étape', 'Step'),
  finding: t('ما تم التحقق منه', 'Constat', 'What was found'),
  holds: t('صحيح', 'Tient', 'Holds'),
  yes: t('نعم', 'Oui', 'Yes'),
  no: t('لا', 'Non', 'No'),
  failureText: t(
    'لم يجب عن هذا التبادل. يثبت الدليل ما هو معروف عنه: من طلب ماذا ومتى، والرفض إن وقعته الجهة المزودة أو قيدته، ويبين ما لا يثبته.',
    'Cet échange est resté sans réponse. La preuve dit ce qui en est su : qui a demandé quoi et quand, le refus si le fournisseur l’a signé ou inscrit, et ce qui n’est pas prouvé.',
    'This exchange has no answer. Its evidence says what is known: who asked what and when, the refusal if the provider signed or entered it, and what is not proved.',
  ),
  signed: t('النص الموقع', 'Texte signé', 'Signed text'),
};
