import { t } from '../../operators/texts/trio.ts';
import type { AlarmKind } from '../../witness/model.ts';

type Trio = ReturnType<typeof t>;

export const alarmTexts = {
  title: t('الإنذارات', 'Alertes', 'Alarms'),
  lead: t(
    'توقع البوابات نقاط تحقق بعضها بعضًا. إذا ناقض سجل نفسه فإن ذلك يثبت هنا بنقطتين موقعتين منه.',
    'Les passerelles contresignent leurs points de contrôle. Un registre qui se contredit en laisse ici la preuve, signée par lui.',
    'Gateways sign each other’s checkpoints. A log that contradicts itself leaves its proof here, signed by itself.',
  ),
  none: t(
    'لا إنذار: لم يُر أي سجل يناقض نفسه.',
    'Aucune alerte : aucun registre ne s’est contredit.',
    'No alarms: no log was seen to contradict itself.',
  ),
  kind: t('ما وقع', 'Constat', 'What happened'),
  about: t('السجل أو الشاهد', 'Registre ou témoin', 'Log or witness'),
  raised: t('التاريخ', 'Constaté le', 'Raised'),
  state: t('الحالة', 'État', 'State'),
  open: t('مفتوح', 'Ouverte', 'Open'),
  acknowledged: t('تم الاطلاع', 'Acquittée', 'Acknowledged'),
  acknowledgedAt: t('تاريخ الاطلاع', 'Acquittée le', 'Acknowledged'),
  alarm: t('إنذار', 'Alerte', 'Alarm'),
  checkpoints: t('النقطتان الموقعتان', 'Les deux points de contrôle', 'The two checkpoints'),
  which: t('نقطة التحقق', 'Point de contrôle', 'Checkpoint'),
  held: t('ما رأيناه من قبل', 'Vu auparavant', 'Seen before'),
  given: t('ما عُرض بعده', 'Présenté ensuite', 'Shown after'),
  own: t('ما عرضناه نحن', 'Présenté par nous', 'Shown by us'),
  size: t('عدد القيود', 'Entrées', 'Entries'),
  root: t('البصمة', 'Empreinte', 'Root'),
  answer: t('جواب الشاهد', 'Réponse du témoin', 'The witness’s answer'),
  signed: t('النص الموقع', 'Texte signé', 'Signed text'),
  meaning: t('ما معنى ذلك', 'Ce que cela signifie', 'What it means'),
  remedy: t('ما العمل', 'Que faire', 'What to do'),
  acknowledge: t('تأكيد الاطلاع', 'Acquitter l’alerte', 'Acknowledge the alarm'),
  acknowledgeText: t(
    'يبقى الإنذار محفوظًا. اكتبوا ما تبين لكم وما قررتم.',
    'L’alerte reste conservée. Dites ce que vous avez constaté et décidé.',
    'The alarm is kept. Say what you found and decided.',
  ),
  reason: t('ما تبين وما تقرر', 'Constat et décision', 'What was found and decided'),
  badReason: t('اكتبوا ما تبين وما تقرر', 'Dites ce qui a été constaté et décidé', 'Say what was found and decided'),
  witnesses: t('من يشهد على سجلنا', 'Nos témoins', 'Who witnesses our log'),
  witness: t('الشاهد', 'Témoin', 'Witness'),
  signedAt: t('آخر توقيع', 'Dernière signature', 'Last signed'),
  noWitness: t(
    'لم يوقع أي شاهد بعد على نقطة تحقق من سجلنا.',
    'Aucun témoin n’a encore contresigné notre registre.',
    'No witness has signed a checkpoint of our log yet.',
  ),
};

export const ALARM_KINDS: Readonly<Record<AlarmKind, Trio>> = {
  'log-forked': t('سجل بنسختين', 'Registre à deux versions', 'A log with two versions'),
  'log-rolled-back': t('سجل رجع إلى الوراء', 'Registre revenu en arrière', 'A log that went back'),
  'own-log-refused': t('شاهد رفض سجلنا', 'Un témoin refuse notre registre', 'A witness refuses our log'),
};

export const ALARM_MEANINGS: Readonly<Record<AlarmKind, Trio>> = {
  'log-forked': t(
    'وقع هذا السجل على شجرتين لا تنبثق إحداهما عن الأخرى. لا يقع ذلك لسجل سليم: إما أن قيودًا بُدلت، أو أن مفتاحه في يد غيره.',
    'Ce registre a signé deux arbres dont aucun ne prolonge l’autre. Un registre sain ne le fait jamais : des entrées ont été changées, ou sa clé est en d’autres mains.',
    'This log has signed two trees of which neither grows out of the other. A sound log never does: entries were changed, or its key is in other hands.',
  ),
  'log-rolled-back': t(
    'عرض هذا السجل شجرة أصغر مما وقعه من قبل. الغالب أن قاعدة بياناته استُرجعت من نسخة قديمة، وقد ضاعت قيود.',
    'Ce registre a présenté un arbre plus court que celui déjà signé. Le plus souvent, sa base a été restaurée d’une sauvegarde ancienne, et des entrées manquent.',
    'This log has shown a smaller tree than it had signed. Most often its database was restored from an old back-up, and entries are gone.',
  ),
  'own-log-refused': t(
    'لدى الشاهد شجرة لسجلنا أكبر مما لدينا أو غيره: قاعدة بياناتنا استُرجعت من نسخة قديمة، أو يوقع غيرنا بمفتاحنا.',
    'Le témoin détient de notre registre un arbre plus long que le nôtre, ou un autre : notre base a été restaurée, ou quelqu’un signe avec notre clé.',
    'The witness holds a longer tree of our log than we do, or another one: our database was restored, or somebody else signs with our key.',
  ),
};

export const ALARM_REMEDIES: Readonly<Record<AlarmKind, Trio>> = {
  'log-forked': t(
    'اتصلوا بمسؤول الأمن لدى هذا العضو وبالسجل المركزي، وسلموهما النصين أسفله. لا تعتمدوا أدلة هذا السجل الأحدث من النقطة الأولى.',
    'Prévenez le responsable sécurité de ce membre et le registre, en leur remettant les deux textes ci-dessous. Ne retenez pas de preuve de ce registre plus récente que le premier point.',
    'Tell the security officer of that member and the registry, and give them the two texts below. Do not rely on evidence of this log that is newer than the first checkpoint.',
  ),
  'log-rolled-back': t(
    'اسألوا ذلك العضو هل استرجع قاعدة بياناته. القيود الناقصة توجد لدى من تبادل معه.',
    'Demandez à ce membre s’il a restauré sa base. Les entrées perdues existent encore chez ceux avec qui il a échangé.',
    'Ask that member whether it restored its database. The lost entries still exist at those it exchanged with.',
  ),
  'own-log-refused': t(
    'إذا استُرجعت قاعدة البيانات فاسترجعوا نسخة أحدث قبل تمرير أي رسالة. وإلا فغيروا مفاتيح البوابة وأخبروا السجل المركزي.',
    'Si la base a été restaurée, remettez-en une sauvegarde plus récente avant tout échange. Sinon, changez les clés de la passerelle et prévenez le registre.',
    'If the database was restored, put a newer back-up in place before any message passes. If not, change the keys of the gateway and tell the registry.',
  ),
};
