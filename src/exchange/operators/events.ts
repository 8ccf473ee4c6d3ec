import { t } from './texts/trio.ts';

/**
 * What operators do, by name. Each is an entry of the ledger of the gateway (or registry), in the transaction of the
 * change itself; an act that was refused has its entry too. Areas add their own here: docs/audit-events.md is made of it.
 */
export const OPERATOR_EVENTS = {
  'operator.added': t('إحداث حساب', 'Compte créé', 'Account made, with its roles and a one-time link'),
  'operator.roles-changed': t('تغيير صلاحيات حساب', 'Rôles d’un compte modifiés', 'Roles of an account changed'),
  'operator.disabled': t('إغلاق حساب', 'Compte fermé', 'Account closed, with its sessions, tokens and passkeys'),
  'operator.passkeys-removed': t(
    'حذف مفاتيح مرور حساب',
    'Clés d’accès d’un compte retirées',
    'Passkeys of an account removed',
  ),
  'operator.link-made': t('إنشاء رابط تسجيل', 'Lien d’inscription créé', 'One-time link made for an account'),
  'operator.enrolled': t('تسجيل مفتاح مرور', 'Clé d’accès enregistrée', 'Passkey registered with a one-time link'),
  'operator.signed-in': t('تسجيل الدخول', 'Connexion', 'Signed in with a passkey'),
  'operator.signed-out': t('تسجيل الخروج', 'Déconnexion', 'Signed out'),
  'operator.token-made': t('إنشاء رمز للبرامج', 'Jeton d’API créé', 'API token made'),
  'operator.token-revoked': t('إلغاء رمز للبرامج', 'Jeton d’API révoqué', 'API token revoked'),
  'service.put': t('إضافة خدمة أو تعديلها', 'Service ajouté ou modifié', 'Service added or changed'),
  'agreement.signed': t('توقيع اتفاقية', 'Convention signée', 'Agreement signed'),
  'agreement.declined': t('رفض عرض اتفاقية', 'Offre de convention refusée', 'Offered agreement declined'),
  'agreement.proposed': t('اقتراح اتفاقية', 'Convention proposée', 'Agreement proposed to the member that provides'),
  'agreement.proposal-dismissed': t(
    'رفض اقتراح اتفاقية',
    'Proposition de convention écartée',
    'Proposed agreement dismissed',
  ),
  'agreement.proposal-withdrawn': t(
    'سحب اقتراح اتفاقية',
    'Proposition de convention retirée',
    'Proposed agreement withdrawn by the member that asked',
  ),
  'agreement.proposal-received': t(
    'توصل باقتراح اتفاقية',
    'Proposition de convention reçue',
    'Agreement proposed by another gateway',
  ),
  'agreement.proposal-answered': t(
    'توصل برفض اقتراح',
    'Refus d’une proposition reçu',
    'Another gateway dismissed a proposal',
  ),
  'agreement.sent-again': t(
    'إعادة إرسال ما رفضته البوابة الأخرى',
    'Envoi refusé par l’autre passerelle, relancé',
    'What another gateway had refused was sent again',
  ),
  'agreement.offer-received': t(
    'توصل باتفاقية معروضة',
    'Offre de convention reçue',
    'Agreement offered by another gateway',
  ),
  'agreement.signature-received': t(
    'توصل بتوقيع على اتفاقية',
    'Signature d’une convention reçue',
    'Signature on an agreement came from another gateway',
  ),
  'agreement.decline-received': t(
    'توصل برفض اتفاقية',
    'Refus d’une convention reçu',
    'Another gateway declined an agreement',
  ),
  'agreement.status-received': t(
    'توصل بتعليق اتفاقية أو استئنافها أو إنهائها',
    'Suspension, reprise ou fin d’une convention reçue',
    'Another gateway suspended, resumed or ended an agreement',
  ),
  'alarm.acknowledged': t('اطلاع على إنذار', 'une alerte a été acquittée', 'an alarm was acknowledged'),
  'service.described': t('وصف خدمة', 'Service décrit', 'OpenAPI description of a service given'),
  'service.imported': t(
    'إضافة خدمة من وصفها',
    'Service ajouté par sa description',
    'Service added or renewed by its OpenAPI description',
  ),
  'service.removed': t('إزالة خدمة', 'Service retiré', 'Service removed'),
  'service.tested': t('تجربة الاتصال بخدمة', 'Connexion à un service testée', 'Connection to a service tested'),
  'system.connection-changed': t(
    'تغيير طريقة اتصال نظام',
    'Mode de connexion d’un système modifié',
    'How an information system must connect was changed',
  ),
  'system.certificate-added': t(
    'تسجيل شهادة نظام',
    'Certificat d’un système enregistré',
    'Certificate of an information system or of its services registered',
  ),
  'system.certificate-removed': t(
    'حذف شهادة نظام',
    'Certificat d’un système retiré',
    'Certificate of an information system or of its services removed',
  ),
  'agreement.put': t('إدراج نسخة من اتفاقية', 'Version de convention introduite', 'Version of an agreement brought in'),
  'agreement.status-changed': t(
    'تغيير حالة اتفاقية',
    'État d’une convention modifié',
    'Agreement suspended, resumed or ended',
  ),
  'trust.refreshed': t('طلب لائحة الثقة', 'Liste de confiance demandée', 'Trust list asked for'),
  'evidence.period-sealed': t(
    'توقيع لائحة أدلة فترة',
    'Liste des preuves d’une période signée',
    'List of the evidence of a period signed',
  ),
  'evidence.verified': t('التحقق من دليل', 'Preuve vérifiée', 'Evidence of an exchange verified'),
  'contest.answered': t('الجواب على اعتراض', 'Réponse à une contestation', 'Contest of a person answered'),
  'event-type.put': t('إضافة نوع أحداث أو تعديله', 'Type d’événement ajouté ou modifié', 'Event type added or changed'),
  'event-type.removed': t('حذف نوع أحداث', 'Type d’événement retiré', 'Event type removed'),
  'event-subscriber.ended': t(
    'إنهاء تسليم الأحداث إلى مشترك',
    'Remise des événements à un abonné arrêtée',
    'Delivery of events to a subscriber ended',
  ),
  'dead-letter.read': t('قراءة حدث لم يُسلَّم', 'Événement non remis consulté', 'Event that nobody took was read'),
  'dead-letter.replayed': t(
    'إعادة إرسال أحداث لم تُسلَّم',
    'Événements non remis renvoyés',
    'Events that nobody took were sent again',
  ),
  'dead-letter.discarded': t(
    'التخلي عن أحداث لم تُسلَّم',
    'Événements non remis abandonnés',
    'Events that nobody took were given up',
  ),
  'archive.read': t('أخذ نص رسالة من الأرشيف', 'Contenu archivé retiré', 'Archived body taken out, encrypted'),
  'archive.erased': t(
    'محو نصوص رسائل من الأرشيف قبل أجلها',
    'Contenus archivés effacés avant terme',
    'Archived bodies erased before their time, with the reason',
  ),
  'archive.expired': t(
    'محو نصوص رسائل انقضت مدة الاحتفاظ بها',
    'Contenus archivés effacés à leur terme',
    'Archived bodies erased at the end of their retention, by the gateway itself',
  ),
  'evidence.searched': t(
    'البحث عن تبادلات لإثباتها',
    'Recherche d’échanges à prouver',
    'Exchanges searched for, by what; never whom',
  ),
  'evidence.exported': t('استخراج دليل', 'Preuve extraite', 'Evidence of an exchange taken out'),
  'registry.token-made': t(
    'صُنع رمز انضمام يُستعمل مرة واحدة',
    'un jeton d’adhésion à usage unique a été créé',
    'a one-time token was made with which a gateway joins',
  ),
  'registry.gateway-joined': t(
    'قدمت بوابة برمزها فقُبلت، أو وُضع طلبها في الانتظار',
    'une passerelle est venue avec son jeton : admise, ou sa demande attend',
    'a gateway came with its token and was let in, or its request waits',
  ),
  'registry.requested': t(
    'طلبت بوابة نظامًا فرعيًا أو بوابة أخرى أو شهادات جديدة أو المغادرة',
    'une passerelle a demandé un sous-système, une autre passerelle, de nouveaux certificats ou son départ',
    'a gateway asked for a subsystem, another gateway, new certificates or to leave',
  ),
  'registry.request-approved': t(
    'قُبل طلب',
    'une demande a été acceptée',
    'a request was granted, by an operator or by the rule of the settings',
  ),
  'registry.request-refused': t(
    'رُفض طلب مع ذكر السبب',
    'une demande a été refusée, avec le motif',
    'a request was refused, with the reason',
  ),
  'registry.member-put': t(
    'سُجل عضو أو غُير اسمه',
    'un membre a été inscrit ou renommé',
    'a member was registered or renamed',
  ),
  'registry.member-removed': t(
    'أُخرج عضو مع بواباته',
    'un membre a été retiré, avec ses passerelles',
    'a member was taken out, with its gateways',
  ),
  'registry.subsystem-put': t(
    'سُجل نظام فرعي أو غُير اسمه',
    'un sous-système a été inscrit ou renommé',
    'a subsystem was registered or renamed',
  ),
  'registry.subsystem-removed': t('أُخرج نظام فرعي', 'un sous-système a été retiré', 'a subsystem was taken out'),
  'registry.gateway-removed': t(
    'أُخرجت بوابة وأُلغيت شهاداتها',
    'une passerelle a été retirée et ses certificats révoqués',
    'a gateway was taken out and its certificates revoked',
  ),
  'registry.part-put': t(
    'أُضيفت مجموعة أو شاهد أو هيئة ختم زمني، أو غُيرت',
    'un groupe, un témoin ou une autorité d’horodatage a été ajouté ou modifié',
    'a group, witness or timestamp authority was added or changed',
  ),
  'registry.part-removed': t(
    'أُخرجت مجموعة أو شاهد أو هيئة ختم زمني',
    'un groupe, un témoin ou une autorité d’horodatage a été retiré',
    'a group, witness or timestamp authority was taken out',
  ),
  'registry.witness-quorum-set': t(
    'حُدد عدد الشهود الذي تطلبه شروط الشهود المقترحة',
    'le nombre de témoins exigé par la politique proposée a été fixé',
    'the number of witnesses that the proposed policy demands was set',
  ),
  'registry.certificate-revoked': t('أُلغيت شهادة', 'un certificat a été révoqué', 'a certificate was revoked'),
  'registry.authority-put': t(
    'أُضيفت هيئة تصديق خارجية',
    'une autorité de certification externe a été ajoutée',
    'an outside certificate authority was added',
  ),
  'registry.authority-removed': t(
    'أُخرجت هيئة تصديق خارجية',
    'une autorité de certification externe a été retirée',
    'an outside certificate authority was taken out',
  ),
  'registry.federation-put': t(
    'وُثق بسجل آخر أو غُيرت حدود الثقة',
    'une autre instance est reconnue, ou le filtre a changé',
    'another instance is trusted, or the filter was changed',
  ),
  'registry.federation-removed': t(
    'لم يعد سجل آخر موثوقًا',
    'une autre instance n’est plus reconnue',
    'another instance is trusted no more',
  ),
  'registry.key-rotated': t(
    'صار للسجل مفتاح توقيع جديد',
    'le registre a une nouvelle clé de signature',
    'the registry has a new signing key',
  ),
  'registry.list-published': t(
    'نُشرت لائحة ثقة جديدة يدويًا',
    'une nouvelle liste de confiance a été publiée à la main',
    'a new trust list was published by hand',
  ),
} as const;

export type OperatorEventName = keyof typeof OPERATOR_EVENTS;
