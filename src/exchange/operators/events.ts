import { t } from './texts/trio.ts';

/**
 * What operators do, by name. Each is an entry of the ledger of the gateway (or registry), in the transaction of the
 * change itself; an act that was refused has its entry too. Areas add their own here: docs/audit-events.md is made of it.
 */
export const OPERATOR_EVENTS = {
  'operator.added': t('إحداث حساب', 'Compte créé', 'Account made, with its roles and a one-time link'),
  'operator.roles-changed': t('تغيير صلاحيات حساب', 'Rôles d’un compte modifiés', 'Roles of an account changed'),
  'operator.disabled': t('إغلاق حساب', 'Compte fermé', 'Account closed, with its sessions, tokens and passkeys'),
  'operator.link-made': t('إنشاء رابط تسجيل', 'Lien d’inscription créé', 'One-time link made for an account'),
  'operator.enrolled': t('تسجيل مفتاح مرور', 'Clé d’accès enregistrée', 'Passkey registered with a one-time link'),
  'operator.signed-in': t('تسجيل الدخول', 'Connexion', 'Signed in with a passkey'),
  'operator.signed-out': t('تسجيل الخروج', 'Déconnexion', 'Signed out'),
  'operator.token-made': t('إنشاء رمز للبرامج', 'Jeton d’API créé', 'API token made'),
  'operator.token-revoked': t('إلغاء رمز للبرامج', 'Jeton d’API révoqué', 'API token revoked'),
  'service.put': t('إضافة خدمة أو تعديلها', 'Service ajouté ou modifié', 'Service added or changed'),
  'service.described': t('وصف خدمة', 'Service décrit', 'OpenAPI description of a service given'),
  'service.imported': t(
    'إضافة خدمة من وصفها',
    'Service ajouté par sa description',
    'Service added or renewed by its OpenAPI description',
  ),
  'service.removed': t('إزالة خدمة', 'Service retiré', 'Service removed'),
  'service.tested': t('تجربة الاتصال بخدمة', 'Connexion à un service testée', 'Connection to a service tested'),
  'agreement.put': t('إدراج نسخة من اتفاقية', 'Version de convention introduite', 'Version of an agreement brought in'),
  'agreement.status-changed': t(
    'تغيير حالة اتفاقية',
    'État d’une convention modifié',
    'Agreement suspended, resumed or ended',
  ),
  'trust.refreshed': t('طلب لائحة الثقة', 'Liste de confiance demandée', 'Trust list asked for'),
  'evidence.exported': t('استخراج دليل', 'Preuve extraite', 'Evidence of an exchange taken out'),
} as const;

export type OperatorEventName = keyof typeof OPERATOR_EVENTS;
