import { t } from '../../operators/texts/trio.ts';

/** Every word of the registry's pages. */
export const menuTexts = {
  house: t('سجل منصة التبادل', 'Registre de la plateforme d’échange', 'Registry of the exchange'),
  requests: t('الطلبات', 'Demandes', 'Requests'),
  members: t('الأعضاء', 'Membres', 'Members'),
  certificates: t('الشهادات', 'Certificats', 'Certificates'),
  trust: t('لائحة الثقة', 'Liste de confiance', 'Trust list'),
};

export const requestTexts = {
  waiting: t('طلبات تنتظر القرار', 'Demandes en attente de décision', 'Requests waiting for a decision'),
  decided: t('طلبات بُتّ فيها', 'Demandes traitées', 'Decided requests'),
  none: t('لا يوجد أي طلب ينتظر القرار.', 'Aucune demande n’attend de décision.', 'No request is waiting.'),
  noneDecided: t('لم يُبتّ في أي طلب بعد.', 'Aucune demande n’a encore été traitée.', 'No request has been decided yet.'),
  request: t('الطلب', 'Demande', 'Request'),
  gateway: t('البوابة', 'Passerelle', 'Gateway'),
  received: t('ورد في', 'Reçue le', 'Received'),
  state: t('الحالة', 'État', 'State'),
  by: t('بتّ فيه', 'Traitée par', 'Decided by'),
  reason: t('التعليل', 'Motif', 'Reason'),
  reasonHint: t('يطّلع عليه صاحب الطلب.', 'Le demandeur le lira.', 'The applicant will read it.'),
  reasonNeeded: t('اكتبوا تعليل الرفض.', 'Indiquez le motif du refus.', 'Give the reason of the refusal.'),
  asks: t('مضمون الطلب', 'Contenu de la demande', 'What it asks for'),
  approve: t('قبول الطلب', 'Accepter la demande', 'Approve the request'),
  refuse: t('رفض الطلب', 'Refuser la demande', 'Refuse the request'),
  csr: t('طلب الشهادة', 'Demande de certificat', 'Certificate signing request'),
};

export const KINDS = {
  join: t('الانضمام', 'Adhésion', 'Join'),
  subsystem: t('إضافة نظام فرعي', 'Ajout d’un sous-système', 'Add a subsystem'),
  gateway: t('إضافة بوابة', 'Ajout d’une passerelle', 'Add a gateway'),
  renew: t('تجديد الشهادات', 'Renouvellement des certificats', 'Renew certificates'),
  leave: t('المغادرة', 'Départ', 'Leave'),
};

export const STATES = {
  waiting: t('ينتظر القرار', 'En attente', 'Waiting'),
  approved: t('مقبول', 'Acceptée', 'Approved'),
  refused: t('مرفوض', 'Refusée', 'Refused'),
};

export const memberTexts = {
  member: t('العضو', 'Membre', 'Member'),
  id: t('المعرّف', 'Identifiant', 'Identifier'),
  subsystems: t('الأنظمة الفرعية', 'Sous-systèmes', 'Subsystems'),
  gateways: t('البوابات', 'Passerelles', 'Gateways'),
  address: t('العنوان', 'Adresse', 'Address'),
  until: t('صالحة إلى غاية', 'Valable jusqu’au', 'Valid until'),
  none: t('لم يُسجَّل أي عضو بعد.', 'Aucun membre n’est encore inscrit.', 'No member is registered yet.'),
  noGateways: t('لم تنضم أي بوابة بعد.', 'Aucune passerelle n’a encore adhéré.', 'No gateway has joined yet.'),
  groups: t('المجموعات', 'Groupes', 'Groups'),
  noGroups: t('لا توجد أي مجموعة.', 'Il n’y a aucun groupe.', 'There are no groups.'),
  tokens: t('رموز الانضمام', 'Jetons d’adhésion', 'Join tokens'),
  noTokens: t('لم يُصنع أي رمز بعد.', 'Aucun jeton n’a encore été créé.', 'No token has been made yet.'),
  issued: t('صُنع في', 'Créé le', 'Made'),
  used: t('استُعمل في', 'Utilisé le', 'Used'),
  unused: t('لم يُستعمل', 'Pas encore utilisé', 'Not used'),
  admit: t('قبول عضو جديد', 'Admettre un membre', 'Admit a member'),
  memberClass: t('صنف العضو', 'Classe du membre', 'Member class'),
  memberClassHint: t('مثال: GOV', 'Exemple : GOV', 'Example: GOV'),
  memberCode: t('رمز العضو', 'Code du membre', 'Member code'),
  nameAr: t('الاسم بالعربية', 'Nom en arabe', 'Name in Arabic'),
  nameFr: t('الاسم بالفرنسية', 'Nom en français', 'Name in French'),
  subsystem: t('رمز النظام الفرعي', 'Code du sous-système', 'Subsystem code'),
  server: t('رمز البوابة', 'Code de la passerelle', 'Gateway code'),
  make: t('صنع الرمز', 'Créer le jeton', 'Make the token'),
  wait: t(
    'تنتظر البوابة قرار مسؤول بعد قدومها بالرمز',
    'La passerelle attend la décision d’un responsable',
    'The gateway waits for an operator’s decision',
  ),
  token: t('الرمز، ولا يظهر إلا هذه المرة', 'Jeton, montré cette seule fois', 'The token, shown this once'),
};

export const certificateTexts = {
  use: t('الاستعمال', 'Usage', 'Use'),
  tls: t('الاتصال المؤمَّن', 'Connexion TLS', 'TLS'),
  sign: t('التوقيع', 'Signature', 'Signing'),
  inUse: t('مستعملة', 'En usage', 'In use'),
  former: t('سابقة', 'Ancien', 'Former'),
  revoked: t('ملغاة', 'Révoqué', 'Revoked'),
  ended: t('منتهية', 'Expiré', 'Expired'),
  crl: t('لائحة الإلغاء (CRL)', 'Liste de révocation (CRL)', 'Revocation list (CRL)'),
  own: t('شهادة هيئة السجل', 'Certificat de l’autorité du registre', 'Certificate of the registry’s authority'),
  crlLead: t(
    'الشهادات الملغاة واردة في لائحة الثقة، وفي لائحة إلغاء للبرامج الأخرى.',
    'Les certificats révoqués figurent dans la liste de confiance, et dans une CRL pour les autres programmes.',
    'Revoked certificates stand in the trust list, and in a CRL for other programs.',
  ),
  revoke: t('إلغاء الشهادة', 'Révoquer', 'Revoke'),
  revokeWarning: t(
    'تخرج البوابة من لائحة الثقة فورًا إذا كانت تستعمل هذه الشهادة، وعليها الانضمام من جديد.',
    'Si la passerelle utilise ce certificat, elle sort aussitôt de la liste de confiance et devra adhérer à nouveau.',
    'A gateway that uses this certificate leaves the trust list at once and has to join anew.',
  ),
  none: t('لم تُسلَّم أي شهادة بعد.', 'Aucun certificat n’a encore été délivré.', 'No certificate has been given yet.'),
};

export const REASONS = {
  'key-compromise': t('انكشاف المفتاح', 'Clé compromise', 'The key is compromised'),
  superseded: t('حلّت محلها شهادة أخرى', 'Remplacé', 'Superseded'),
  cessation: t('التوقف عن النشاط', 'Cessation d’activité', 'Cessation'),
  'affiliation-changed': t('تغيّر الانتماء', 'Changement de rattachement', 'Affiliation changed'),
  unspecified: t('سبب آخر', 'Autre motif', 'Another reason'),
};

export const trustTexts = {
  version: t('النسخة', 'Version', 'Version'),
  issued: t('نُشرت في', 'Publiée le', 'Issued'),
  expires: t('تنتهي في', 'Expire le', 'Expires'),
  keys: t('مفاتيح توقيع السجل', 'Clés de signature du registre', 'Signing keys of the registry'),
  key: t('المفتاح', 'Clé', 'Key'),
  present: t('الحالي', 'Actuelle', 'Present'),
  retired: t('سُحب في', 'Retirée le', 'Retired'),
  rotate: t('تغيير مفتاح التوقيع', 'Changer la clé de signature', 'Rotate the signing key'),
  rotateWarning: t(
    'يوقّع المفتاح الحالي على المفتاح الجديد ثم لا يوقّع شيئًا بعد ذلك. تتبع البوابات التغيير من تلقاء نفسها.',
    'La clé actuelle signe la nouvelle, puis ne signe plus rien. Les passerelles suivent d’elles-mêmes.',
    'The present key signs the new one and nothing after that. Gateways follow by themselves.',
  ),
  witnesses: t('الشهود على السجلات', 'Témoins des journaux', 'Witnesses of the ledgers'),
  noWitnesses: t('لم يُسجَّل أي شاهد.', 'Aucun témoin n’est inscrit.', 'No witness is registered.'),
  tsas: t('هيئات الختم الزمني', 'Autorités d’horodatage', 'Timestamp authorities'),
  noTsas: t('لم تُسجَّل أي هيئة.', 'Aucune autorité n’est inscrite.', 'No authority is registered.'),
  federation: t('السجلات الأخرى الموثوقة', 'Autres instances reconnues', 'Other instances that are trusted'),
  noFederation: t('لا يوثق بأي سجل آخر.', 'Aucune autre instance n’est reconnue.', 'No other instance is trusted.'),
  instance: t('المنصة', 'Instance', 'Instance'),
  name: t('الاسم', 'Nom', 'Name'),
  url: t('العنوان', 'Adresse', 'Address'),
  fetched: t('آخر جلب', 'Dernière lecture', 'Last fetched'),
  problem: t('المشكلة', 'Problème', 'Problem'),
  never: t('لم يُجلب بعد', 'Jamais', 'Never'),
};
