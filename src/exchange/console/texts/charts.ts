import { t } from '../../operators/texts/trio.ts';

export const chartTexts = {
  lead: t(
    'حركة الرسائل بالدقيقة، كما عدت من السجل.',
    'Le trafic par minute, compté à partir du registre.',
    'Traffic by minute, counted from the ledger’s messages.',
  ),
  period: t('الفترة', 'Période', 'Period'),
  hour: t('ساعة', '1 heure', '1 hour'),
  day: t('يوم', '1 jour', '1 day'),
  week: t('أسبوع', '1 semaine', '1 week'),
  by: t('حسب', 'Par', 'By'),
  service: t('الخدمة', 'Service', 'Service'),
  member: t('العضو', 'Membre', 'Member'),
  side: t('الاتجاه', 'Sens', 'Direction'),
  all: t('الكل', 'Tous', 'All'),
  show: t('عرض', 'Afficher', 'Show'),
  traffic: t('الرسائل', 'Messages', 'Messages'),
  latency: t('زمن الجواب (م.ث)', 'Latence (ms)', 'Latency (ms)'),
  outcome: t('النتائج', 'Résultats', 'Outcomes'),
  time: t('الوقت', 'Heure', 'Time'),
  answered: t('أجوبة', 'Répondus', 'Answered'),
  failed: t('أخطاء الخدمة', 'Échecs', 'Failed'),
  refused: t('مرفوضة', 'Refusés', 'Refused'),
  ranking: t('الأكثر حركة', 'Les plus actifs', 'Busiest'),
  who: t('المعرف', 'Identifiant', 'Identifier'),
  failureShare: t('نسبة الأخطاء', 'Part d’échecs', 'Share of failures'),
  table: t('المعطيات في جدول', 'Les données en tableau', 'The figures as a table'),
  none: t('لا توجد رسائل في هذه الفترة.', 'Aucun message dans cette période.', 'No messages in this period.'),
  chartOf: (title: string) =>
    t(
      `مبيان: ${title}. المعطيات في الجدول أسفله.`,
      `Graphique : ${title}. Les données sont dans le tableau qui suit.`,
      `Chart: ${title}. The figures are in the table below.`,
    ),
};
