import type { KeptProposal } from '../../agreement/proposal.ts';
import { type Trio, t } from '../../operators/texts/trio.ts';

export const PROPOSAL_STATES: Readonly<Record<KeptProposal['state'], Trio>> = {
  open: t('في انتظار الجواب', 'Sans réponse', 'Waits for an answer'),
  drafted: t('صار مشروع اتفاقية', 'Devenue un projet', 'Became a draft'),
  dismissed: t('مرفوض', 'Écartée', 'Dismissed'),
  withdrawn: t('مسحوب', 'Retirée', 'Withdrawn'),
};

export const proposalTexts = {
  menu: t('الاقتراحات', 'Propositions', 'Proposals'),
  title: t('اقتراحات الاتفاقيات', 'Propositions de convention', 'Proposed agreements'),
  lead: t(
    'اتفاقية يطلبها من يحتاج إلى المعطيات قبل أي عرض. لا شيء يسري قبل توقيع الطرفين.',
    'Une convention que demande celui qui a besoin des données, avant toute offre. Rien ne vaut avant les deux signatures.',
    'An agreement that whoever needs the data asks for, before there is an offer. Nothing holds before both have signed.',
  ),
  sides: t('الاتجاه', 'Sens', 'Direction'),
  provider: t('موجهة إلينا', 'Reçues', 'Asked of us'),
  client: t('صادرة عنا', 'Envoyées', 'Asked by us'),
  none: {
    provider: t(
      'لا اقتراح. يظهر هنا ما يطلبه عضو آخر من خدماتنا.',
      'Aucune proposition. Ce qu’un autre membre demande à nos services apparaît ici.',
      'No proposals. What another member asks of our services appears here.',
    ),
    client: t(
      'لم تقترحوا بعد أي اتفاقية.',
      'Vous n’avez encore proposé aucune convention.',
      'You have not proposed an agreement yet.',
    ),
  },
  add: t('اقتراح اتفاقية', 'Proposer une convention', 'Propose an agreement'),
  agreement: t('الاتفاقية', 'Convention', 'Agreement'),
  peer: t('العضو الآخر', 'Autre membre', 'Other member'),
  service: t('الخدمة', 'Service', 'Service'),
  made: t('التاريخ', 'Date', 'Made'),
  state: t('الحالة', 'État', 'State'),
  note: t('مبررات الطلب', 'Motivation de la demande', 'Why it is asked for'),
  noteHint: t(
    'يقرؤها العضو المزود كما تكتبونها.',
    'Le membre fournisseur la lira telle quelle.',
    'The member that provides reads it as you write it.',
  ),
  badNote: t('اكتبوا مبررات الطلب', 'Saisissez la motivation de la demande', 'Say why it is asked for'),
  serviceHint: t(
    'المعرف الكامل، مثل MA/GOV/DGSN/identity/person-record',
    'Identifiant complet, par exemple MA/GOV/DGSN/identity/person-record',
    'The whole identifier, such as MA/GOV/DGSN/identity/person-record',
  ),
  badService: t(
    'أدخلوا المعرف الكامل للخدمة',
    'Saisissez l’identifiant complet du service',
    'Enter the whole identifier of the service',
  ),
  unreached: t(
    'لا توجد في لائحة الثقة بوابة تقدم هذه الخدمة',
    'Aucune passerelle de la liste de confiance ne fournit ce service',
    'No gateway of the trust list provides this service',
  ),
  sendLead: t(
    'هذا ما سيقرؤه العضو المزود. يمكنكم سحبه ما دام دون جواب.',
    'Voici ce que lira le membre fournisseur. Vous pourrez le retirer tant qu’il n’aura pas répondu.',
    'This is what the member that provides will read. You can withdraw it until it is answered.',
  ),
  send: t('إرسال الاقتراح', 'Envoyer la proposition', 'Send the proposal'),
  answer: t('الجواب', 'Réponse', 'Answer'),
  answeredAt: t('تاريخ الجواب', 'Réponse le', 'Answered'),
  reason: t('السبب', 'Motif', 'Reason'),
  version: t('النسخة', 'Version', 'Version'),
  unreadable: t(
    'لا يمكن قراءة نص هذا الاقتراح.',
    'Le texte de cette proposition est illisible.',
    'The text of this proposal cannot be read.',
  ),
  mayNot: t(
    'الجواب من اختصاص مدبر الخدمات.',
    'La réponse revient à l’administrateur des services.',
    'A service administrator answers it.',
  ),
  draft: t('إعداد مشروع اتفاقية', 'En faire un projet', 'Make a draft of it'),
  draftText: t(
    'يأخذ المشروع النص أعلاه. يراجعه مسؤول الأمن ويوقعه، وعندئذ فقط يصبح عرضا.',
    'Le projet reprend le texte ci-dessus. Un responsable sécurité le relit et le signe ; alors seulement il devient une offre.',
    'The draft has the text above. A security officer reads and signs it; only then is it an offer.',
  ),
  draftChanged: t('تعديل النص أولا', 'Modifier le texte d’abord', 'Change the text first'),
  draftChangedLead: t(
    'يبقى الطالب والخدمة كما وردا في الاقتراح.',
    'Le client et le service restent ceux de la proposition.',
    'Client and service stay as proposed.',
  ),
  dismiss: t('رفض الاقتراح', 'Écarter la proposition', 'Dismiss the proposal'),
  dismissText: t(
    'يقرأ العضو الآخر السبب كما تكتبونه. الرفض نهائي.',
    'L’autre membre lira le motif tel quel. La réponse est définitive.',
    'The other member reads the reason as you write it. The answer is final.',
  ),
  withdraw: t('سحب الاقتراح', 'Retirer la proposition', 'Withdraw the proposal'),
  withdrawText: t(
    'لن يجيب عنه العضو الآخر بعد ذلك؛ ويقرأ السبب كما تكتبونه.',
    'L’autre membre n’y répondra plus ; il lira le motif tel quel.',
    'The other member will not answer it any more, and reads the reason as you write it.',
  ),
  badReason: t('اكتبوا السبب', 'Saisissez le motif', 'Give the reason'),
  proposed: t('أُرسل الاقتراح.', 'La proposition est envoyée.', 'The proposal is sent.'),
  dismissed: t('رُفض الاقتراح.', 'La proposition est écartée.', 'The proposal is dismissed.'),
  withdrawn: t('سُحب الاقتراح.', 'La proposition est retirée.', 'The proposal is withdrawn.'),
  answeredMeanwhile: t(
    'أجيب عن هذا الاقتراح في هذه الأثناء. هذه حالته الآن؛ ولم يُسجل ما أرسلتموه.',
    'Une réponse a été donnée entre-temps. Voici où en est la proposition ; votre envoi n’a pas été retenu.',
    'Somebody answered this proposal meanwhile. This is how it stands; what you sent was not taken.',
  ),
  idTaken: t(
    'هذا المرجع لاتفاقية مع جهة أخرى، أو أعدت هذه النسخة في هذه الأثناء. عدلوا النص واختاروا مرجعا آخر.',
    'Cette référence est celle d’une convention avec un autre membre, ou cette version vient d’être créée. Modifiez le texte et choisissez une autre référence.',
    'This reference is of an agreement with somebody else, or this version was just made. Change the text and choose another reference.',
  ),
  offerAnswered: t(
    'أجيب عن هذا العرض في هذه الأثناء؛ ولم يُرسل اقتراحكم.',
    'L’offre a reçu une réponse entre-temps ; votre proposition n’est pas partie.',
    'Somebody answered this offer meanwhile; your proposal was not sent.',
  ),
  yourReason: t('ما كتبتموه', 'Ce que vous aviez écrit', 'What you had written'),
  counter: t('اقتراح نص آخر', 'Proposer un autre texte', 'Propose another text'),
  counterText: t(
    'يُرفض العرض، ويتوصل المزود باقتراحكم بدلا منه.',
    'L’offre est refusée et le fournisseur reçoit votre proposition à sa place.',
    'The offer is declined, and its provider gets your proposal in its place.',
  ),
};
