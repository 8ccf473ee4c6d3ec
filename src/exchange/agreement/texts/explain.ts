import type { LocalText } from '../../../kernel/index.ts';
import type { DecisionReason, DecisionStep } from '../../message/agreement.ts';
import { t } from '../../operators/texts/trio.ts';

export type Words = ReturnType<typeof t>;

/** The rule of each question, where it holds. */
const HOLDS: Readonly<Record<DecisionStep['rule'], Words>> = {
  parties: t(
    'الاتفاقية تخص هذا الطالب وهذه الخدمة.',
    'La convention lie ce client et ce service.',
    'The agreement is of this client and this service.',
  ),
  validity: t('الاتفاقية سارية المفعول.', 'La convention est en vigueur.', 'The agreement is in force.'),
  endpoint: t(
    'الاتفاقية تشمل هذه العملية وهذا المسار.',
    'La convention couvre cette opération et ce chemin.',
    'The agreement covers this operation and path.',
  ),
  purpose: t('الغرض المصرح به متفق عليه.', 'La finalité est convenue.', 'The purpose is agreed on.'),
  condition: t(
    'شرط الاتفاقية متوفر، أو لا شرط لها.',
    'La condition est remplie, ou il n’y en a pas.',
    'The condition holds, or there is none.',
  ),
};

/** The rule that says no. */
export const REASONS: Readonly<Record<DecisionReason, Words>> = {
  'other-agreement': t(
    'الطلب يستند إلى اتفاقية أخرى.',
    'La demande se réclame d’une autre convention.',
    'The call names another agreement.',
  ),
  'other-client': t(
    'الاتفاقية لا تخص هذا الطالب.',
    'La convention n’est pas de ce client.',
    'The agreement is not of this client.',
  ),
  'not-in-group': t(
    'الطالب ليس عضوا في المجموعة التي تخصها الاتفاقية.',
    'Le client n’est pas du groupe avec lequel la convention est passée.',
    'The client is not in the group that the agreement is with.',
  ),
  draft: t(
    'الاتفاقية مسودة لم توقع بعد.',
    'La convention est un projet, que personne n’a signé.',
    'The agreement is a draft that nobody has signed.',
  ),
  offered: t(
    'الاتفاقية معروضة على الطالب ولم يوقعها بعد.',
    'La convention est offerte au client, qui ne l’a pas signée.',
    'The agreement is offered to the client, who has not signed it.',
  ),
  declined: t('رفض الطالب هذه الاتفاقية.', 'Le client a refusé la convention.', 'The client declined the agreement.'),
  unsigned: t(
    'لم يوقع العضوان معا هذه الاتفاقية.',
    'La convention n’est pas signée des deux membres.',
    'The agreement is not signed by both members.',
  ),
  suspended: t(
    'علق مانح الخدمة هذه الاتفاقية.',
    'La convention est suspendue par le fournisseur.',
    'The agreement is suspended by the provider.',
  ),
  ended: t('انتهت الاتفاقية.', 'La convention a pris fin.', 'The agreement has ended.'),
  early: t(
    'لم يبدأ سريان الاتفاقية بعد.',
    'La convention n’est pas encore en vigueur.',
    'The agreement is not in force yet.',
  ),
  late: t('انقضى أجل الاتفاقية.', 'La convention est échue.', 'The agreement is past its last day.'),
  endpoint: t(
    'الاتفاقية لا تشمل هذه العملية أو هذا المسار.',
    'La convention ne couvre pas cette opération ou ce chemin.',
    'The agreement does not cover this operation or path.',
  ),
  'purpose-unstated': t(
    'للاتفاقية أغراض متعددة، والطلب لا يصرح بأي منها.',
    'La convention a plusieurs finalités, et la demande n’en dit aucune.',
    'The agreement has several purposes, and the call states none.',
  ),
  'purpose-other': t(
    'الغرض المصرح به غير متفق عليه.',
    'La finalité dite n’est pas convenue.',
    'The purpose that is stated is not agreed on.',
  ),
  condition: t(
    'شرط الاتفاقية غير متوفر في هذا الطلب.',
    'La condition n’est pas remplie par cette demande.',
    'The condition does not hold for this call.',
  ),
  'condition-failed': t(
    'تعذر فحص شرط الاتفاقية، كأن ينقص عنوان أو معلمة يذكرها، فيعد غير متوفر.',
    'La condition n’a pas pu être évaluée, par exemple faute d’un en-tête ou d’un paramètre qu’elle cite : c’est un non.',
    'The condition could not be evaluated, for want of a header or parameter that it names: that is a no.',
  ),
};

/** In words, with the reason that who suspended, declined or ended it gave. */
export function stepText({ rule, why }: Pick<DecisionStep, 'rule' | 'why'>, given: string | undefined): Words {
  const words = why === undefined ? HOLDS[rule] : REASONS[why];
  const isSomebodys = why === 'suspended' || why === 'ended' || why === 'declined';
  if (!isSomebodys || given === undefined || given === '') return words;
  const { ar, fr, en } = words;
  return t(`${ar} السبب: ${given}`, `${fr} Motif : ${given}`, `${en} Reason: ${given}`);
}

export const OUTCOMES = {
  noService: t(
    'لا توجد خدمة بهذا الرمز هنا.',
    'Il n’y a pas ici de service de ce code.',
    'There is no service of this code here.',
  ),
  badPath: t(
    'المسار يحاول الخروج من مكانه.',
    'Le chemin cherche à sortir de sa place.',
    'The path tries to leave its place.',
  ),
  disabled: t(
    'الخدمة موقوفة من طرف صاحبها.',
    'Le service est désactivé par son membre.',
    'The service is switched off by its member.',
  ),
  noAgreement: t(
    'لا توجد اتفاقية حول هذه الخدمة.',
    'Il n’y a pas de convention sur ce service.',
    'There is no agreement on this service.',
  ),
  noneHeld: t(
    'لم تُعرض على هذا العضو اتفاقية حول هذه الخدمة. قد تكون لمجموعة ينتمي إليها، ومانح الخدمة أعلم بها.',
    'Aucune convention sur ce service n’a été offerte à ce membre. Il peut y en avoir une avec un groupe, que le fournisseur connaît.',
    'No agreement on this service was offered to this member. There may be one with a group, which the provider knows.',
  ),
  rate: t(
    'بلغ عدد الطلبات في الدقيقة الحد المتفق عليه.',
    'Le nombre de messages par minute convenu est atteint.',
    'The messages a minute that were agreed on are used up.',
  ),
  quota: t(
    'استنفدت الحصة المتفق عليها لهذا اليوم أو الشهر.',
    'Le quota convenu pour le jour ou le mois est épuisé.',
    'The quota that was agreed on for the day or month is used up.',
  ),
  allowed: t('الطلب مسموح به.', 'La demande est autorisée.', 'The call is allowed.'),
  /** Of the client's side: the provider's gateway has the last word. */
  allowedAsFarAsKnown: t(
    'الطلب مسموح به حسب ما أبلغ به مانح الخدمة.',
    'La demande est autorisée, d’après ce que le fournisseur a fait savoir.',
    'The call is allowed, as far as the provider has told.',
  ),
} as const satisfies Readonly<Record<string, LocalText>>;
