import type { Language } from '../../../kernel/index.ts';
import { FAULTS, isFaultSlug } from '../../message/fault.ts';
import { type Trio, t } from '../../operators/texts/trio.ts';
import { FAULT_WORDS } from './faults.ts';

export const eventTexts = {
  title: t('الأحداث', 'Événements', 'Events'),
  views: t('أقسام الأحداث', 'Rubriques des événements', 'Views of events'),
  types: t('ما ننشره', 'Publiés ici', 'Published here'),
  subscribers: t('المشتركون لدينا', 'Abonnés', 'Subscribers'),
  subscriptions: t('اشتراكاتنا', 'Nos abonnements', 'Our subscriptions'),
  letters: t('أحداث غير مُسلَّمة', 'Non remis', 'Dead letters'),
  typesLead: t(
    'أنواع الأحداث التي تنشرها أنظمة هذا العضو. لا يتوصل بها إلا من له اتفاقية.',
    'Les types d’événements que publient les systèmes de ce membre. Seul un abonné lié par une convention les reçoit.',
    'The kinds of events that the systems of this member publish. Only who has an agreement gets them.',
  ),
  noTypes: t(
    'لا ينشر هذا العضو أي حدث بعد. أضيفوا نوع أحداث، ثم حرروا اتفاقية عليه، وبعدها ينشر النظام أحداثه عبر بوابته.',
    'Ce membre ne publie encore aucun événement. Ajoutez un type, rédigez une convention sur lui ; le système publie ensuite par /events/v1/events.',
    'This member publishes no events yet. Add a type, draft an agreement on it, and the system publishes at /events/v1/events.',
  ),
  add: t('إضافة نوع أحداث', 'Ajouter un type d’événement', 'Add an event type'),
  change: t('تعديل نوع الأحداث', 'Modifier le type d’événement', 'Change the event type'),
  describe: (subsystem: string) =>
    t(`وصف AsyncAPI: ${subsystem}`, `Description AsyncAPI : ${subsystem}`, `AsyncAPI description: ${subsystem}`),
  type: t('نوع الأحداث', 'Type d’événement', 'Event type'),
  name: t('العنوان', 'Intitulé', 'Title'),
  about: t('حول شخص', 'Sur une personne', 'About a person'),
  yes: t('نعم', 'Oui', 'Yes'),
  no: t('لا', 'Non', 'No'),
  schema: t('مخطط المعطيات', 'Schéma des données', 'Schema of the data'),
  has: t('موجود', 'Présent', 'Present'),
  subsystem: t('النظام الفرعي', 'Sous-système', 'Subsystem'),
  code: t('رمز النوع', 'Code du type', 'Code of the type'),
  codeHint: t(
    'هو خاصية type في الأحداث، مثل ma.gov.land.parcel-changed',
    'L’attribut « type » des événements, par exemple ma.gov.land.parcel-changed',
    'The attribute “type” of the events, such as ma.gov.land.parcel-changed',
  ),
  titleAr: t('العنوان بالعربية', 'Intitulé en arabe', 'Title in Arabic'),
  titleFr: t('العنوان بالفرنسية', 'Intitulé en français', 'Title in French'),
  titleEn: t('العنوان بالإنجليزية', 'Intitulé en anglais', 'Title in English'),
  aboutLabel: t(
    'موضوع هذه الأحداث رقم تعريف شخص: يُسلَّم كل حدث وحده ويطلع عليه المعني بالأمر',
    'Le sujet de ces événements est le numéro d’une personne : chacun voyage seul, et la personne le voit',
    'The subject of these events is a person’s number: each travels alone, and the person sees it',
  ),
  schemaHint: t(
    'JSON Schema لخاصية data. يُرفض عند النشر ما لا يوافقه.',
    'JSON Schema de « data ». Ce qui n’y répond pas est refusé à la publication.',
    'JSON Schema of “data”. What does not meet it is refused at publication.',
  ),
  save: t('حفظ', 'Enregistrer', 'Save'),
  badCode: t(
    'اكتبوا رمزًا صالحًا لنظام فرعي لهذه البوابة',
    'Saisissez un code valable, d’un sous-système de cette passerelle',
    'Enter a code that is good, of a subsystem of this gateway',
  ),
  badTitle: t(
    'اكتبوا عنوانًا من 1 إلى 200 حرف',
    'Saisissez un intitulé de 1 à 200 caractères',
    'Enter a title of 1 to 200 characters',
  ),
  badSchema: (detail: string) =>
    t(
      `لا يمكن قراءة المخطط (${detail})`,
      `Le schéma ne peut pas être lu (${detail})`,
      `The schema cannot be read (${detail})`,
    ),
  retire: t('سحب نوع الأحداث', 'Retirer le type d’événement', 'Retire the event type'),
  retireText: t(
    'لن يُنشر أي حدث جديد من هذا النوع. ما نُشر من قبل يُسلَّم إلى المشتركين.',
    'Aucun nouvel événement de ce type ne sera accepté. Ceux déjà publiés seront encore remis aux abonnés.',
    'No new event of this type will be taken. What was published before still goes to the subscribers.',
  ),
  subscribersLead: t(
    'الأعضاء الذين تُسلَّم إليهم أحداثنا، وأين وصل التسليم.',
    'À qui vont nos événements, et où en est la remise.',
    'Who gets our events, and how far each of them is.',
  ),
  noSubscribers: t(
    'لا مشترك بعد. يشترك نظام عضو آخر عبر بوابته، بعد توقيع الاتفاقية من الطرفين.',
    'Aucun abonné. Un système d’un autre membre s’abonne par sa propre passerelle, une fois la convention signée des deux côtés.',
    'Nobody subscribes yet. A system of another member does, at its own gateway, once both have signed the agreement.',
  ),
  client: t('المشترك', 'Abonné', 'Subscriber'),
  state: t('الحالة', 'État', 'State'),
  behind: t('في الانتظار', 'En attente', 'Behind by'),
  delivered: t('آخر تسليم', 'Dernière remise', 'Last delivered'),
  next: t('المحاولة المقبلة', 'Prochain essai', 'Next try'),
  fault: t('آخر خطأ', 'Dernière erreur', 'Last error'),
  never: t('لم يُسلَّم شيء', 'Jamais', 'Never'),
  endDelivery: t('إيقاف التسليم', 'Arrêter la remise', 'End the delivery'),
  endText: t(
    'لن يتوصل هذا المشترك بأي حدث ابتداءً من الآن، إلى أن يشترك من جديد.',
    'Cet abonné ne recevra plus rien, jusqu’à ce qu’il s’abonne de nouveau.',
    'This subscriber gets nothing from now on, until it subscribes again.',
  ),
  subscriptionsLead: t(
    'ما طلبت أنظمتنا الاطلاع عليه من أحداث الأعضاء الآخرين، وما ينتظر تسليمه إليها.',
    'Ce que nos systèmes demandent à connaître des autres membres, et ce qui attend de leur être remis.',
    'What our systems want to hear of from other members, and what waits for them.',
  ),
  noSubscriptions: t(
    'لا اشتراك بعد. يشترك النظام عبر هذه البوابة بعد توقيع الاتفاقية.',
    'Aucun abonnement. Un système s’abonne par PUT /events/v1/subscriptions, une fois la convention signée.',
    'No subscription yet. A system subscribes with PUT /events/v1/subscriptions, once the agreement is signed.',
  ),
  system: t('النظام', 'Système', 'System'),
  delivery: t('طريقة التوصل', 'Remise', 'Delivery'),
  webhook: t('عنوان التبليغ', 'Webhook', 'Webhook'),
  pull: t('سحب الأحداث', 'Relève', 'Pull'),
  dead: t('غير مُسلَّمة', 'Non remis', 'Dead'),
  oldest: t('أقدمها', 'Depuis', 'Since'),
  mode: t('صيغة الإرسال', 'Mode d’envoi', 'Content mode'),
  maxTries: t('عدد المحاولات', 'Essais au plus', 'Most tries'),
  agreement: t('الاتفاقية', 'Convention', 'Agreement'),
  created: t('منذ', 'Créé le', 'Made on'),
  inbox: t('ما ينتظر التسليم', 'Ce qui attend', 'What waits'),
  inboxText: (most: string) =>
    t(
      `بترتيب الوصول، ${most} على الأكثر. لا يُعرض المضمون.`,
      `Dans l’ordre d’arrivée, ${most} au plus, sans leur contenu.`,
      `In order of arrival, at most ${most}, without their contents.`,
    ),
  nothingWaits: t('لا شيء ينتظر.', 'Rien n’attend.', 'Nothing waits.'),
  sequence: t('رقم الحدث', 'N° d’ordre', 'Sequence'),
  received: t('تاريخ التوصل', 'Reçu le', 'Received'),
  tries: t('المحاولات', 'Essais', 'Tries'),
};

export const SUBSCRIBER_STATES = {
  flowing: t('يتوصل', 'À jour', 'Up to date'),
  delivering: t('التسليم جارٍ', 'Remise en cours', 'Delivering'),
  stuck: t('متعثر', 'Bloqué', 'Stuck'),
  ended: t('منتهٍ', 'Terminé', 'Ended'),
  unconfirmed: t('غير مؤكد', 'Non confirmé', 'Unconfirmed'),
};

/** Reasons of events alone; those of messages are in FAULT_WORDS. */
const EVENT_FAULTS: Readonly<Record<string, Trio>> = {
  timeout: t('لا جواب في الوقت المحدد', 'Pas de réponse à temps', 'No answer in time'),
  unreachable: t('تعذر الاتصال بالعنوان', 'Adresse injoignable', 'The address cannot be reached'),
  'address-refused': t(
    'عنوان في شبكة غير مسموح بها',
    'Adresse d’un réseau non autorisé',
    'The address is in a network that is not allowed',
  ),
  'not-processed': t(
    'أعاده النظام دون معالجة',
    'Rendu par le système sans être traité',
    'Given back by the system unprocessed',
  ),
  unconfirmed: t(
    'لم تجب بوابة الناشر بعد',
    'La passerelle qui publie n’a pas encore répondu',
    'The publisher’s gateway has not answered yet',
  ),
  'ended-by-operator': t('أوقفه مشغّل', 'Arrêté par un opérateur', 'Ended by an operator'),
  'broker-unavailable': t('وسيط الأحداث متوقف', 'Le courtier d’événements est arrêté', 'The event broker is away'),
  internal: t('خطأ داخلي في البوابة', 'Erreur interne de la passerelle', 'An error inside the gateway'),
};

/** Why an event is not handed on, in the words of the page's language. */
export function eventFault(fault: string, language: Language): string {
  const status = /^http-(\d{3})$/.exec(fault)?.[1];
  if (status !== undefined)
    return t(`أجاب العنوان بالرمز ${status}`, `Le webhook répond ${status}`, `The webhook answers ${status}`)[language];
  const own = Object.hasOwn(EVENT_FAULTS, fault) ? EVENT_FAULTS[fault] : undefined;
  if (own !== undefined) return own[language];
  if (!isFaultSlug(fault)) return fault;
  return language === 'en' ? FAULTS[fault].title : FAULT_WORDS[fault][language];
}
