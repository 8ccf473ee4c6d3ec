import type { DecisionStep } from '../../message/agreement.ts';
import { t } from '../../operators/texts/trio.ts';

type Words = ReturnType<typeof t>;

/** Each question of the decision, answered yes or no. */
const STEPS: Readonly<Record<DecisionStep['rule'], { readonly yes: Words; readonly no: Words }>> = {
  parties: {
    yes: t(
      'الاتفاقية تخص هذا الطالب وهذه الخدمة.',
      'La convention lie ce client et ce service.',
      'The agreement is of this client and this service.',
    ),
    no: t(
      'الاتفاقية لا تخص هذا الطالب.',
      'La convention n’est pas de ce client.',
      'The agreement is not of this client.',
    ),
  },
  validity: {
    yes: t('الاتفاقية سارية المفعول.', 'La convention est en vigueur.', 'The agreement is in force.'),
    no: t(
      'الاتفاقية موقوفة أو منتهية أو خارج مدة سريانها.',
      'La convention est suspendue, terminée ou hors de ses dates.',
      'The agreement is suspended, ended or outside its dates.',
    ),
  },
  endpoint: {
    yes: t(
      'الاتفاقية تشمل هذه العملية وهذا المسار.',
      'La convention couvre cette opération et ce chemin.',
      'The agreement covers this operation and path.',
    ),
    no: t(
      'الاتفاقية لا تشمل هذه العملية أو هذا المسار.',
      'La convention ne couvre pas cette opération ou ce chemin.',
      'The agreement does not cover this operation or path.',
    ),
  },
  purpose: {
    yes: t('الغرض المصرح به متفق عليه.', 'La finalité est convenue.', 'The purpose is agreed on.'),
    no: t(
      'الغرض غير متفق عليه، أو لم يصرح به وللاتفاقية أغراض متعددة.',
      'La finalité n’est pas convenue, ou n’est pas dite alors que la convention en a plusieurs.',
      'The purpose is not agreed on, or is not stated while the agreement has several.',
    ),
  },
  condition: {
    yes: t(
      'شرط الاتفاقية متوفر، أو لا شرط لها.',
      'La condition est remplie, ou il n’y en a pas.',
      'The condition holds, or there is none.',
    ),
    no: t(
      'شرط الاتفاقية غير متوفر في هذا الطلب.',
      'La condition n’est pas remplie par cette demande.',
      'The condition does not hold for this call.',
    ),
  },
};

export function stepText({ rule, holds }: Pick<DecisionStep, 'rule' | 'holds'>): Words {
  return STEPS[rule][holds ? 'yes' : 'no'];
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
  allowed: t('الطلب مسموح به.', 'La demande est autorisée.', 'The call is allowed.'),
} as const;
