import { t } from '../../operators/texts/trio.ts';

export const trustTexts = {
  lead: t(
    'بمن تثق هذه البوابة، وإلى متى.',
    'À qui cette passerelle se fie, et jusqu’à quand.',
    'Whom this gateway trusts, and until when.',
  ),
  list: t('لائحة الثقة', 'Liste de confiance', 'Trust list'),
  certificates: t('الشهادات', 'Certificats', 'Certificates'),
  certificatesLead: t(
    'إلى متى تصلح شهادات هذه البوابة وشهادات من تتبادل معهم.',
    'Jusqu’à quand valent les certificats de cette passerelle et ceux de ses correspondants.',
    'How long the certificates of this gateway and of those it speaks to are good.',
  ),
  former: (until: string) =>
    t(
      `الشهادات السابقة صالحة إلى غاية ${until}، ريثما يتم التجديد.`,
      `Les certificats précédents restent bons jusqu’au ${until}, le temps du passage.`,
      `The former certificates are good until ${until}, for the change-over.`,
    ),
  others: t('ما سينتهي لدى الآخرين', 'Prochaines échéances des autres', 'What expires next elsewhere'),
  of: t('لمن', 'Titulaire', 'Whose'),
  ends: t('ما ينتهي أولًا', 'Première échéance', 'What ends first'),
  version: t('النسخة', 'Version', 'Version'),
  issued: t('صدرت', 'Émise le', 'Issued'),
  expires: t('تنتهي', 'Expire le', 'Expires'),
  refresh: t('طلب اللائحة الآن', 'Demander la liste maintenant', 'Ask for the list now'),
  refreshed: t(
    'طلبت اللائحة من سجل المشاركين.',
    'La liste a été demandée au registre.',
    'The registry was asked for the list.',
  ),
  none: t('لا توجد لائحة سارية.', 'Aucune liste en vigueur.', 'No list is in force.'),
  own: t('شهادات هذه البوابة', 'Certificats de cette passerelle', 'Certificates of this gateway'),
  certificate: t('الشهادة', 'Certificat', 'Certificate'),
  fingerprint: t('البصمة (SHA-256)', 'Empreinte (SHA-256)', 'Fingerprint (SHA-256)'),
  daysLeft: t('المدة المتبقية', 'Reste', 'Left'),
  anchor: t('سلطات الشهادات', 'Autorités de certification', 'Certificate authorities'),
  members: t('الأعضاء', 'Membres', 'Members'),
  member: t('العضو', 'Membre', 'Member'),
  name: t('الاسم', 'Nom', 'Name'),
  gateways: t('البوابات', 'Passerelles', 'Gateways'),
  subsystems: t('الأنظمة الفرعية', 'Sous-systèmes', 'Subsystems'),
  until: t('إلى غاية', 'Jusqu’au', 'Until'),
  groups: t('المجموعات', 'Groupes', 'Groups'),
  group: t('المجموعة', 'Groupe', 'Group'),
  witnesses: t('الشهود', 'Témoins', 'Witnesses'),
  witness: t('الشاهد', 'Témoin', 'Witness'),
  timestamps: t('هيئات الختم الزمني', 'Autorités d’horodatage', 'Timestamp authorities'),
  address: t('العنوان', 'Adresse', 'Address'),
  key: t('المفتاح', 'Clé', 'Key'),
  revocations: t('شهادات ملغاة', 'Certificats révoqués', 'Revoked certificates'),
  reason: t('السبب', 'Motif', 'Reason'),
  at: t('التاريخ', 'Date', 'When'),
  instances: t('سجلات أخرى موثوقة', 'Autres registres reconnus', 'Other registries trusted'),
  instance: t('المثيل', 'Instance', 'Instance'),
  nobody: t('لا شيء.', 'Aucun.', 'None.'),
  renewHint: t(
    'تجدد الشهادات قبل انتهائها بالأمر ./wasl gateway renew، وتشرع البوابة في استعمالها بعد نحو دقيقتين دون توقف؛ وتبقى السابقة صالحة خلال ذلك.',
    'Les certificats se renouvellent avant l’échéance par ./wasl gateway renew ; la passerelle les prend au bout de deux minutes environ, sans arrêt, et les anciens restent bons pendant le passage.',
    'Renew certificates before they expire with ./wasl gateway renew; the gateway takes them about two minutes later without a stop, and the former ones stay good meanwhile.',
  ),
};

/** Beside those of a gateway, which are in CERTIFICATE_NAMES. */
export const AUTHORITY_NAMES = {
  authority: t('سلطة الشهادات', 'Autorité de certification', 'Certificate authority'),
  timestamps: t('هيئة الختم الزمني', 'Autorité d’horodatage', 'Timestamp authority'),
};
