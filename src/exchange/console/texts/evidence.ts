import { t } from '../../operators/texts/trio.ts';

export const evidenceTexts = {
  title: t('الأدلة', 'Preuves', 'Evidence'),
  lead: t(
    'البحث عن تبادل لإثباته: برقمه أو بفترته أو بالمعني بالأمر.',
    'Retrouver un échange pour le prouver : par son numéro, sa période ou la personne concernée.',
    'Find an exchange to prove it: by its number, its period or the person concerned.',
  ),
  id: t('رقم التبادل أو X-Road-Id', 'N° d’échange ou X-Road-Id', 'Exchange id or X-Road-Id'),
  idHint: t(
    'هو كذلك X-Road-Request-Id في الجواب. عند ذكره لا تُعتبر الفترة.',
    'Aussi l’X-Road-Request-Id de la réponse. La période ne compte alors pas.',
    'Also the X-Road-Request-Id of the answer. The period does not count then.',
  ),
  client: t('الطالب (بداية المعرف)', 'Client (début de l’identifiant)', 'Client (beginning of the identifier)'),
  service: t('الخدمة (بداية المعرف)', 'Service (début de l’identifiant)', 'Service (beginning of the identifier)'),
  fault: t('سبب الرفض', 'Motif du refus', 'Why it was refused'),
  all: t('الكل', 'Tous', 'All'),
  from: t('من', 'Du', 'From'),
  until: t('إلى غاية', 'Au', 'Until'),
  dateHint: t('مثل 2026-03-31', 'Par exemple 2026-03-31', 'Such as 2026-03-31'),
  badDate: t(
    'اكتبوا التاريخ على شكل 2026-03-31',
    'Saisissez une date de la forme 2026-03-31',
    'Enter a date such as 2026-03-31',
  ),
  search: t('بحث', 'Rechercher', 'Search'),
  ofSubject: t('البحث عن شخص', 'Rechercher une personne', 'Search for a person'),
  ofSubjectText: t(
    'لا يُكتب الرقم في العنوان ولا في السجلات: تُحسب بصمته بمفتاح البوابة ويُبحث عنها. يبقى أثر هذا البحث في السجل.',
    'Le numéro n’entre ni dans l’adresse ni dans les journaux : seule son empreinte, sous la clé de la passerelle, est cherchée. La recherche elle-même est inscrite au registre.',
    'The number goes into no address and no log: its hash under the gateway’s key is what is looked for. That you searched is entered in the ledger.',
  ),
  subject: t('رقم المعني بالأمر', 'Numéro de la personne', 'Number of the person'),
  badSubject: t('اكتبوا رقم المعني بالأمر', 'Saisissez le numéro de la personne', 'Enter the number of the person'),
  results: t('النتائج', 'Résultats', 'Results'),
  subjectResults: t('تبادلات حول هذا الشخص', 'Échanges sur cette personne', 'Exchanges about this person'),
  at: t('الوقت', 'Heure', 'When'),
  file: t('ملف الدليل', 'Fichier de preuve', 'Evidence file'),
  download: t('استخراج', 'Extraire', 'Take out'),
  none: t(
    'لا تبادل بهذه الشروط. وسّعوا الفترة أو احذفوا شرطًا.',
    'Aucun échange ne correspond. Élargissez la période ou retirez une condition.',
    'No exchange matches. Widen the period or leave out a condition.',
  ),
  noneOfSubject: t(
    'لا تبادل حول هذا الشخص أجابت عنه هذه البوابة.',
    'Aucun échange sur cette personne n’a reçu de réponse de cette passerelle.',
    'This gateway has answered no exchange about this person.',
  ),
  bulk: t('استخراج الفترة كلها', 'Extraire toute la période', 'Take out the whole period'),
  bulkText: t(
    'على جهاز البوابة، ملف لكل تبادل، ويُستأنف حيث توقف:',
    'Sur la machine de la passerelle, un fichier par échange ; la commande reprend où elle s’est arrêtée :',
    'On the machine of the gateway, one file an exchange; the command goes on where it stopped:',
  ),
  command: t('الأمر', 'Commande', 'Command'),
};
