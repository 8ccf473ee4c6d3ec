import type { Trio } from '../../operators/texts/trio.ts';
import { t } from '../../operators/texts/trio.ts';
import type { CertificateUser, Connection } from '../../systems/model.ts';

export const CONNECTION_TEXTS: Readonly<Record<Connection, Trio>> = {
  http: t('HTTP أو HTTPS', 'HTTP ou HTTPS', 'HTTP or HTTPS'),
  https: t('HTTPS دون شهادة', 'HTTPS sans certificat', 'HTTPS without certificate'),
  'mutual-tls': t('HTTPS بشهادة النظام', 'HTTPS avec certificat du système', 'HTTPS with the system’s certificate'),
};

export const CONNECTION_HINTS: Readonly<Record<Connection, Trio>> = {
  http: t(
    'داخل شبكة العضو الخاصة فقط.',
    'Sur le réseau propre du membre uniquement.',
    'On the member’s own network only.',
  ),
  https: t(
    'يتحقق النظام من شهادة البوابة؛ والبوابة لا تتحقق منه.',
    'Le système vérifie la passerelle ; elle ne le vérifie pas.',
    'The system knows the gateway by its certificate; the gateway does not know the system by one.',
  ),
  'mutual-tls': t(
    'لا تُقبل إلا الشهادات المسجلة أسفله.',
    'Seuls les certificats enregistrés ci-dessous sont acceptés.',
    'Only the certificates registered below are accepted.',
  ),
};

export const USER_TEXTS: Readonly<Record<CertificateUser, Trio>> = {
  client: t(
    'برامج النظام حين تطلب',
    'Programmes du système, quand ils appellent',
    'The system’s programs, when they call',
  ),
  service: t(
    'خدمات النظام حين تجيب',
    'Services du système, quand ils répondent',
    'The system’s services, when they answer',
  ),
};

export const systemTexts = {
  title: t('الأنظمة', 'Systèmes', 'Systems'),
  lead: t(
    'كيف تتصل أنظمة العضو بهذه البوابة، وكيف تتصل البوابة بخدماتها.',
    'Comment les systèmes du membre se connectent à cette passerelle, et elle à leurs services.',
    'How the member’s systems connect to this gateway, and the gateway to their services.',
  ),
  system: t('النظام الفرعي', 'Sous-système', 'Subsystem'),
  connection: t('طريقة الاتصال', 'Mode de connexion', 'Connection'),
  certificates: t('الشهادات', 'Certificats', 'Certificates'),
  noCertificates: t('لا توجد شهادات مسجلة.', 'Aucun certificat enregistré.', 'No certificate is registered.'),
  save: t('حفظ', 'Enregistrer', 'Save'),
  saved: t(
    'حُفظ التغيير، وهو سار ابتداء من الرسالة المقبلة.',
    'Enregistré ; en vigueur dès le prochain message.',
    'Saved; in force with the next message.',
  ),
  usedBy: t('من يقدمها', 'Présenté par', 'Shown by'),
  subject: t('صاحبها', 'Sujet', 'Subject'),
  fingerprint: t('البصمة (SHA-256)', 'Empreinte (SHA-256)', 'Fingerprint (SHA-256)'),
  expires: t('تنتهي', 'Expire le', 'Expires'),
  expired: t('انتهت', 'Expiré', 'Expired'),
  authority: t('سلطة تصديق', 'Autorité', 'Authority'),
  action: t('إجراء', 'Action', 'Action'),
  remove: t('حذف الشهادة', 'Retirer le certificat', 'Remove the certificate'),
  removeWhat: t(
    'لن يُقبل ما تُقدم فيه هذه الشهادة ابتداء من الرسالة المقبلة.',
    'Ce qui la présente n’est plus accepté dès le prochain message.',
    'Whatever shows it is not accepted any more from the next message on.',
  ),
  add: t('تسجيل شهادة', 'Enregistrer un certificat', 'Register a certificate'),
  file: t('ملف الشهادة', 'Fichier du certificat', 'File of the certificate'),
  text: t('أو نص الشهادة (PEM)', 'ou son texte (PEM)', 'or its text (PEM)'),
  bad: t(
    'اختاروا شهادة واحدة (PEM أو DER) بمفتاح RSA من 2048 بتا أو P-256 فما فوق.',
    'Donnez un seul certificat (PEM ou DER), RSA 2048 ou P-256 au moins.',
    'Give one certificate (PEM or DER) of RSA 2048, P-256 or more.',
  ),
  noDoor: t(
    'لا باب لهذه البوابة عبر TLS؛ شغلوها بالخيار --tls أولا.',
    'Cette passerelle n’a pas de porte TLS ; démarrez-la d’abord avec --tls.',
    'This gateway has no door over TLS; start it with --tls first.',
  ),
  badConnection: t('اختاروا طريقة اتصال.', 'Choisissez un mode de connexion.', 'Choose a connection.'),
  own: t(
    'شهادة البوابة نحو الأنظمة',
    'Certificat de la passerelle pour les systèmes',
    'The gateway’s certificate for systems',
  ),
  ownLead: t(
    'تتعرف بها الأنظمة على البوابة، وتقدمها البوابة للخدمات التي تطلب شهادة.',
    'Les systèmes reconnaissent la passerelle à ce certificat ; elle le présente aux services qui en demandent un.',
    'Systems know the gateway by it, and the gateway shows it to services that ask for one.',
  ),
  download: t('تنزيل الشهادة', 'Télécharger le certificat', 'Download the certificate'),
  door: t('العنوان عبر TLS', 'Adresse TLS', 'Address over TLS'),
  closed: t('غير مفتوح', 'Fermée', 'Not open'),
  open: t('مفتوح', 'Ouverte', 'Open'),
};
