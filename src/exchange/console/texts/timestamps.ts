import { t } from '../../operators/texts/trio.ts';

export const timestampTexts = {
  title: t('الأختام الزمنية', 'Horodatage', 'Timestamps'),
  lead: t(
    'متى شهدت جهة خارجية، آخر مرة، بحالة سجل هذه البوابة.',
    'Quand une autorité extérieure a attesté pour la dernière fois l’état du journal de cette passerelle.',
    'When an outside authority last attested the state of this gateway’s ledger.',
  ),
  off: t(
    'أوقفت الأختام الزمنية في إعدادات هذه البوابة، فلا تطلب من أي هيئة.',
    'L’horodatage est désactivé dans les réglages de cette passerelle : aucune autorité n’est sollicitée.',
    'Timestamps are turned off in this gateway’s settings: no authority is asked.',
  ),
  noAuthority: t(
    'لا يدرج سجل المشاركين أي هيئة للختم الزمني، فلا يحمل سجل هذه البوابة أختاما. يضيف الهيئة مسؤول الأمن في سجل المشاركين.',
    'Le registre des participants n’inscrit aucune autorité d’horodatage : le journal de cette passerelle n’est pas horodaté. L’ajout revient au responsable de la sécurité du registre.',
    'The registry lists no timestamp authority, so this gateway’s ledger is not timestamped. The registry’s security officer adds one.',
  ),
  late: (since: string) =>
    t(
      `لم يحصل السجل على ختم زمني منذ ${since}. تبادل الرسائل مستمر، وسيشمل الختم المقبل كل القيود المنتظرة.`,
      `Le journal n’a pas été horodaté depuis le ${since}. Les échanges continuent ; le prochain horodatage couvrira toutes les écritures en attente.`,
      `The ledger has not been timestamped since ${since}. Messages go on; the next token will cover all entries that wait.`,
    ),
  failures: (count: string) =>
    t(
      `محاولات متتالية دون نتيجة: ${count}. آخر سبب:`,
      `Tentatives consécutives sans résultat : ${count}. Dernier motif :`,
      `Attempts in a row without a result: ${count}. The latest reason:`,
    ),
  unvouched: t(
    'في لائحة الثقة دون شهادة من سجل المشاركين، فلا تطلب منها أختام:',
    'Dans la liste de confiance sans la garantie du registre, donc jamais sollicitées :',
    'In the trust list without the registry’s own word, so never asked:',
  ),
  last: t('آخر ختم زمني', 'Dernier horodatage', 'Last timestamp'),
  none: t('لم يؤخذ أي ختم زمني بعد.', 'Aucun horodatage n’a encore été obtenu.', 'No timestamp was taken yet.'),
  at: t('التاريخ', 'Date', 'When'),
  by: t('الهيئة', 'Autorité', 'By whom'),
  size: t('عدد القيود المشمولة', 'Écritures couvertes', 'Entries covered'),
  waiting: t('قيود تنتظر الختم المقبل', 'Écritures en attente du prochain', 'Entries that wait for the next'),
  age: t(
    'المدة منذ آخر فحص ناجح',
    'Temps écoulé depuis la dernière vérification réussie',
    'Time since the last good check',
  ),
  every: t('الوتيرة', 'Fréquence', 'How often'),
  failed: t('محاولات فاشلة منذئذ', 'Échecs depuis', 'Failures since'),
  witnesses: t('الشهود', 'Témoins', 'Witnesses'),
  serial: t('الرقم التسلسلي', 'Numéro de série', 'Serial number'),
  authorities: t('هيئات الختم الزمني', 'Autorités d’horodatage', 'Timestamp authorities'),
  asked: t(
    'تطلب الأختام منها بهذا الترتيب.',
    'Elles sont sollicitées dans cet ordre.',
    'They are asked in this order.',
  ),
  name: t('الاسم', 'Nom', 'Name'),
  address: t('العنوان', 'Adresse', 'Address'),
  recent: t('الأختام الأخيرة', 'Derniers horodatages', 'Recent timestamps'),
};
