import { t } from '../../operators/texts/trio.ts';

/** Words of the pages on which operators change what the trust list names beside members. */
export const partTexts = {
  title: t('مكونات لائحة الثقة', 'Contenu de la liste de confiance', 'Contents of the trust list'),
  kinds: {
    groups: t('المجموعات', 'Groupes', 'Groups'),
    witnesses: t('الشهود', 'Témoins', 'Witnesses'),
    'timestamp-authorities': t('هيئات الختم الزمني', 'Autorités d’horodatage', 'Timestamp authorities'),
    authorities: t('هيئات التصديق الخارجية', 'Autorités de certification externes', 'Outside certificate authorities'),
    federation: t('المنصات الأخرى', 'Autres instances', 'Other instances'),
  },
  leads: {
    groups: t(
      'أنظمة فرعية تُمنح لها اتفاقية واحدة معا.',
      'Sous-systèmes auxquels une convention est donnée ensemble.',
      'Subsystems to which an agreement is given together.',
    ),
    witnesses: t(
      'يوقعون على نقط تحقق السجلات بعد التأكد من أنها لم تفقد شيئا.',
      'Ils contresignent les points de contrôle des journaux après avoir vu que rien n’y manque.',
      'They sign the checkpoints of ledgers after seeing that these only grew.',
    ),
    'timestamp-authorities': t(
      'تشهد بتاريخ نقط التحقق (RFC 3161).',
      'Elles attestent la date des points de contrôle (RFC 3161).',
      'They vouch for the time of checkpoints (RFC 3161).',
    ),
    authorities: t(
      'تُقبل شهاداتها إلى جانب شهادات هيئة السجل.',
      'Leurs certificats comptent à côté de ceux du registre.',
      'Their certificates count beside those of the registry.',
    ),
    federation: t(
      'سجلات أخرى يُقبل أعضاؤها في حدود ما يُسمح به.',
      'D’autres registres dont les membres sont admis, dans les limites du filtre.',
      'Other registries whose members are let in, as far as the filter goes.',
    ),
  },
  empty: {
    groups: t('لا توجد أي مجموعة بعد.', 'Aucun groupe pour le moment.', 'There is no group yet.'),
    witnesses: t('لم يُسجَّل أي شاهد بعد.', 'Aucun témoin n’est inscrit.', 'No witness is registered yet.'),
    'timestamp-authorities': t(
      'لم تُسجَّل أي هيئة بعد.',
      'Aucune autorité n’est inscrite.',
      'No authority is registered yet.',
    ),
    authorities: t(
      'لا توجد هيئة خارجية: هيئة السجل وحدها تصدر الشهادات.',
      'Aucune autorité externe : seul le registre certifie.',
      'There is no outside authority: the registry alone certifies.',
    ),
    federation: t('لا يوثق بأي منصة أخرى.', 'Aucune autre instance n’est reconnue.', 'No other instance is trusted.'),
  },
  removeWhat: {
    groups: t(
      'الاتفاقيات الممنوحة لهذه المجموعة لن تسمح بأي شيء.',
      'Les conventions données à ce groupe n’autorisent plus rien.',
      'Agreements given to this group allow nothing any more.',
    ),
    witnesses: t(
      'لن تُعرض عليه نقط التحقق بعد الآن.',
      'Plus aucun point de contrôle ne lui sera soumis.',
      'No checkpoint is shown to it any more.',
    ),
    'timestamp-authorities': t(
      'لن تُقبل أختامها الجديدة.',
      'Ses nouveaux jetons ne sont plus acceptés.',
      'Its new tokens are not accepted any more.',
    ),
    authorities: t(
      'لا تُحذف ما دامت بوابة تستعمل إحدى شهاداتها.',
      'Elle ne se retire pas tant qu’une passerelle utilise un de ses certificats.',
      'It is not taken out while a gateway uses one of its certificates.',
    ),
    federation: t(
      'تصبح بواباتها مجهولة لدى أعضائنا، وتُرفض رسائلها.',
      'Ses passerelles deviennent inconnues de nos membres ; leurs messages sont refusés.',
      'Its gateways become strangers to our members, and their messages are refused.',
    ),
  },
  key: t('الاسم', 'Nom', 'Name'),
  fact: t('المضمون', 'Contenu', 'Content'),
  action: t('إجراء', 'Action', 'Action'),
  add: t('إضافة', 'Ajouter', 'Add'),
  change: t('تعديل', 'Modifier', 'Change'),
  remove: t('حذف', 'Retirer', 'Remove'),
  save: t('حفظ ونشر لائحة جديدة', 'Enregistrer et publier la liste', 'Save and publish the list'),
  saved: t(
    'حُفظ التغيير ونُشرت لائحة جديدة.',
    'Enregistré ; une nouvelle liste est publiée.',
    'Saved; a new list is published.',
  ),
  reason: t('السبب', 'Motif', 'Reason'),
  reasonHint: t('يُقيَّد في سجل الأعمال.', 'Inscrit au journal des actes.', 'Entered in the audit log.'),
  reasonNeeded: t('اكتبوا السبب.', 'Indiquez le motif.', 'Give the reason.'),
  fields: {
    code: t('الرمز', 'Code', 'Code'),
    name: t('الاسم', 'Nom', 'Name'),
    nameAr: t('الاسم بالعربية', 'Nom en arabe', 'Name in Arabic'),
    nameFr: t('الاسم بالفرنسية', 'Nom en français', 'Name in French'),
    subsystems: t('الأنظمة الفرعية', 'Sous-systèmes', 'Subsystems'),
    vkey: t('مفتاح التحقق', 'Clé de vérification', 'Verifier key'),
    url: t('العنوان', 'Adresse', 'Address'),
    certificate: t('الشهادة (PEM)', 'Certificat (PEM)', 'Certificate (PEM)'),
    instance: t('المنصة', 'Instance', 'Instance'),
    anchor: t('مرتكز الثقة (JSON)', 'Ancre de confiance (JSON)', 'Trust anchor (JSON)'),
    classes: t('أصناف الأعضاء المقبولة', 'Classes admises', 'Member classes let in'),
    members: t('الأعضاء المقبولون', 'Membres admis', 'Members let in'),
  },
  hints: {
    subsystems: t('معرف كامل في كل سطر.', 'Un identifiant complet par ligne.', 'One whole identifier a line.'),
    members: t(
      'معرف في كل سطر؛ فارغ: الكل.',
      'Un identifiant par ligne ; vide : tous.',
      'One identifier a line; empty: all.',
    ),
    classes: t('صنف في كل سطر؛ فارغ: الكل.', 'Une classe par ligne ; vide : toutes.', 'One class a line; empty: all.'),
    name: t('سطر واحد.', 'Une ligne.', 'One line.'),
    vkey: t(
      'يبدأ باسم الشاهد: name+hash+key',
      'Commence par le nom du témoin : name+hash+key',
      'Begins with the witness’s name: name+hash+key',
    ),
  } as Readonly<Record<string, ReturnType<typeof t>>>,
  bad: {
    code: t(
      'أدخلوا حروفا لاتينية وأرقاما ونقطا وشرطات فقط.',
      'Lettres, chiffres, points et tirets seulement.',
      'Letters, digits, dots and dashes only.',
    ),
    name: t('أدخلوا اسما من سطر واحد.', 'Saisissez un nom d’une ligne.', 'Enter a name of one line.'),
    nameAr: t('أدخلوا اسما من سطر واحد.', 'Saisissez un nom d’une ligne.', 'Enter a name of one line.'),
    nameFr: t('أدخلوا اسما من سطر واحد.', 'Saisissez un nom d’une ligne.', 'Enter a name of one line.'),
    subsystems: t(
      'أدخلوا معرفات مسجلة، واحدا في كل سطر.',
      'Saisissez des identifiants inscrits, un par ligne.',
      'Enter registered identifiers, one a line.',
    ),
    vkey: t(
      'أدخلوا مفتاح شاهد يبدأ باسمه.',
      'Saisissez la clé d’un témoin, qui commence par son nom.',
      'Enter the key of a witness, which begins with its name.',
    ),
    url: t(
      'أدخلوا عنوانا يبدأ ب http:// أو https://.',
      'Saisissez une adresse en http:// ou https://.',
      'Enter an address with http:// or https://.',
    ),
    certificate: t(
      'ألصقوا شهادة واحدة صالحة بصيغة PEM.',
      'Collez un seul certificat PEM valable.',
      'Paste one good certificate as PEM.',
    ),
    instance: t(
      'أدخلوا رمز المنصة كما في مرتكزها.',
      'Saisissez le code de l’instance, comme dans son ancre.',
      'Enter the code of the instance, as in its anchor.',
    ),
    anchor: t(
      'ألصقوا مرتكز الثقة كما يسلمه السجل الآخر؛ يجب أن يكون السجل متصلا.',
      'Collez l’ancre remise par l’autre registre ; il doit répondre à l’adresse.',
      'Paste the anchor as the other registry gives it; that registry has to answer at the address.',
    ),
    classes: t('صنف في كل سطر.', 'Une classe par ligne.', 'One class a line.'),
    members: t('معرف عضو في كل سطر.', 'Un identifiant de membre par ligne.', 'One member’s identifier a line.'),
  },
  inUse: t('لا تزال مستعملة.', 'Encore utilisée.', 'It is still in use.'),
};
