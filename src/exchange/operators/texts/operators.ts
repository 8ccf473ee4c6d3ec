import type { OperatorRole, Outcome } from '../model.ts';
import { type Trio, t } from './trio.ts';

export const ROLE_NAMES: Readonly<Record<OperatorRole, Trio>> = {
  'security-officer': t('مسؤول الأمن', 'Responsable sécurité', 'Security officer'),
  'registration-officer': t('مسؤول التسجيل', 'Responsable des inscriptions', 'Registration officer'),
  'service-administrator': t('مدبر الخدمات', 'Administrateur des services', 'Service administrator'),
  observer: t('مراقب', 'Observateur', 'Observer'),
  'system-administrator': t('مدبر النظام', 'Administrateur système', 'System administrator'),
};

export const ROLE_DUTIES: Readonly<Record<OperatorRole, Trio>> = {
  'security-officer': t(
    'المفاتيح والشهادات، توقيع الاتفاقيات، الأدلة، سجل الأعمال',
    'Clés et certificats, signature des conventions, preuves, journal d’audit',
    'Keys and certificates, signing of agreements, evidence, audit',
  ),
  'registration-officer': t(
    'طلبات الأعضاء والبوابات',
    'Demandes des membres et des passerelles',
    'Requests of members and gateways',
  ),
  'service-administrator': t(
    'الخدمات، مشاريع الاتفاقيات، الأحداث، الأدلة',
    'Services, projets de convention, événements, preuves',
    'Services, drafts of agreements, events, evidence',
  ),
  observer: t('الاطلاع دون تغيير', 'Consultation sans modification', 'Reads, changes nothing'),
  'system-administrator': t(
    'الحسابات والنسخ الاحتياطية، سجل الأعمال',
    'Comptes et sauvegardes, journal d’audit',
    'Accounts and back-ups, audit',
  ),
};

export const OUTCOME_NAMES: Readonly<Record<Outcome, Trio>> = {
  done: t('تم', 'Fait', 'Done'),
  refused: t('مرفوض', 'Refusé', 'Refused'),
  failed: t('تعذر', 'Échoué', 'Failed'),
};

export const frameTexts = {
  line: t('لوحة التحكم', 'Console d’exploitation', 'Operator’s console'),
  people: t('الأشخاص', 'Personnes', 'People'),
  operators: t('المشغلون', 'Opérateurs', 'Operators'),
  tokens: t('رموز البرامج', 'Jetons', 'Tokens'),
  audit: t('سجل الأعمال', 'Journal d’audit', 'Audit'),
  yes: t('تأكيد', 'Confirmer', 'Confirm'),
  cancel: t('إلغاء', 'Annuler', 'Cancel'),
};

export const keptTexts = {
  title: t('انتهت جلستكم', 'Votre session a pris fin', 'Your session has ended'),
  lead: t(
    'لم يُسجل شيء بعد. ما كتبتموه محفوظ في هذه الصفحة: سجلوا الدخول لمواصلته.',
    'Rien n’a encore été enregistré. Ce que vous avez saisi est conservé sur cette page : connectez-vous pour continuer.',
    'Nothing was saved yet. What you typed is kept on this page: sign in to go on with it.',
  ),
  typed: t('ما كتبتموه', 'Ce que vous avez saisi', 'What you typed'),
  elsewhere: t(
    'إذا سجلتم الدخول في نافذة أخرى:',
    'Si vous vous êtes connecté dans un autre onglet :',
    'If you have signed in in another tab:',
  ),
  goOn: t('المواصلة بما كتبته', 'Continuer avec ma saisie', 'Go on with what I typed'),
  files: t(
    'الملفات لا تُحفظ: يُطلب منكم اختيارها من جديد.',
    'Les fichiers ne sont pas conservés : vous devrez les choisir à nouveau.',
    'Files are not kept: you will be asked for them again.',
  ),
  sendTitle: t('تحققوا ثم أرسلوا', 'Vérifiez, puis envoyez', 'Check, then send'),
  sendLead: t(
    'ملئت هذه الاستمارة قبل تسجيل الدخول. لم يُسجل منها شيء بعد.',
    'Ce formulaire a été rempli avant votre connexion. Rien n’en a encore été enregistré.',
    'This form was filled in before you signed in. Nothing of it was saved yet.',
  ),
  send: t('إرسال', 'Envoyer', 'Send'),
};

export const signInTexts = {
  title: t('دخول المشغلين', 'Accès des opérateurs', 'Operators’ sign-in'),
  lead: t(
    'يتم الدخول بمفتاح المرور المسجل في جهازكم. لا توجد كلمة سر.',
    'La connexion se fait avec la clé d’accès enregistrée sur votre appareil. Il n’y a pas de mot de passe.',
    'You sign in with the passkey of your device. There is no password.',
  ),
  button: t('الدخول بمفتاح المرور', 'Se connecter avec une clé d’accès', 'Sign in with a passkey'),
  none: t(
    'لا مفتاح لديكم؟ اطلبوا رابط تسجيل من مدبر النظام.',
    'Pas de clé ? Demandez un lien d’inscription à l’administrateur système.',
    'No passkey? Ask the system administrator for a link.',
  ),
  needsScript: t(
    'مفاتيح المرور تحتاج إلى تفعيل جافاسكريبت في هذه الصفحة وحدها. باقي الصفحات تعمل بدونه.',
    'Les clés d’accès exigent JavaScript sur cette page ; les autres pages fonctionnent sans.',
    'Passkeys need JavaScript on this page; the other pages work without it.',
  ),
  refused: t(
    'لم يقبل مفتاح المرور. أعيدوا المحاولة، أو اطلبوا رابطا جديدا.',
    'La clé d’accès n’a pas été acceptée. Réessayez, ou demandez un nouveau lien.',
    'The passkey was not accepted. Try again, or ask for a new link.',
  ),
  cancelled: t(
    'ألغيت العملية أو انتهت مهلتها. يمكنكم إعادة المحاولة.',
    'L’opération a été annulée ou a expiré. Vous pouvez réessayer.',
    'It was cancelled or took too long. You can try again.',
  ),
  unreachable: t(
    'تعذر الاتصال بالخادم. أعيدوا المحاولة.',
    'Le serveur ne répond pas. Réessayez.',
    'The server did not answer. Try again.',
  ),
  otherAddress: t(
    'مفاتيح المرور مرتبطة باسم المضيف. افتحوا هذه الصفحة من العنوان:',
    'Les clés d’accès sont liées au nom de l’hôte. Ouvrez cette page à l’adresse :',
    'Passkeys are bound to the host’s name. Open this page at:',
  ),
};

export const enrolTexts = {
  title: t('تسجيل مفتاح مرور', 'Enregistrer une clé d’accès', 'Register a passkey'),
  lead: t(
    'هذا الرابط يسجل مفتاح مرور واحدا لحسابكم، ثم يدخلكم إلى لوحة التحكم.',
    'Ce lien enregistre une clé d’accès pour votre compte, puis vous connecte.',
    'This link registers one passkey for your account and signs you in.',
  ),
  button: t('تسجيل مفتاح المرور', 'Enregistrer la clé d’accès', 'Register the passkey'),
  refused: t(
    'لم يقبل الرابط أو المفتاح: سبق استعمال الرابط أو انتهت مدته. اطلبوا رابطا جديدا.',
    'Le lien ou la clé n’a pas été accepté : le lien a déjà servi ou a expiré. Demandez-en un nouveau.',
    'The link or the passkey was not accepted: the link was used or has expired. Ask for a new one.',
  ),
  noLink: t(
    'هذا العنوان ناقص. انسخوا الرابط كاملا، بما بعد علامة #.',
    'L’adresse est incomplète. Copiez le lien entier, avec ce qui suit le signe #.',
    'The address is not whole. Copy the whole link, with what follows the # sign.',
  ),
};

export const accountTexts = {
  lead: t(
    'لكل مشغل حسابه ومفتاح مروره. كل عمل يقيد في السجل.',
    'Chaque opérateur a son compte et sa clé d’accès. Chaque acte est inscrit au registre.',
    'Each operator has an account and a passkey. Each act is entered in the ledger.',
  ),
  name: t('الاسم', 'Nom', 'Name'),
  roles: t('الصلاحيات', 'Rôles', 'Roles'),
  since: t('منذ', 'Depuis', 'Since'),
  state: t('الحالة', 'État', 'State'),
  open: t('مفعل', 'Actif', 'Open'),
  waiting: t('ينتظر التسجيل', 'En attente d’inscription', 'Awaits a passkey'),
  closed: t('مغلق', 'Fermé', 'Closed'),
  passkeys: t('مفاتيح المرور', 'Clés d’accès', 'Passkeys'),
  lastUsed: t('آخر استعمال', 'Dernière utilisation', 'Last used'),
  never: t('لم يستعمل', 'Jamais', 'Never'),
  none: t('لا يوجد أي حساب بعد.', 'Aucun compte pour l’instant.', 'There is no account yet.'),
  add: t('إضافة مشغل', 'Ajouter un opérateur', 'Add an operator'),
  addButton: t('إحداث الحساب', 'Créer le compte', 'Make the account'),
  nameHint: t(
    'يظهر للمشغلين فقط، ولا يقيد في السجل.',
    'Vu des opérateurs seulement, jamais inscrit au registre.',
    'Operators alone see it; it never enters the ledger.',
  ),
  badName: t(
    'أدخلوا اسما من 1 إلى 100 حرف.',
    'Saisissez un nom de 1 à 100 caractères.',
    'Enter a name of 1 to 100 characters.',
  ),
  badRoles: t('اختاروا صلاحية واحدة على الأقل.', 'Choisissez au moins un rôle.', 'Choose at least one role.'),
  link: t('رابط التسجيل', 'Lien d’inscription', 'One-time link'),
  linkText: t(
    'سلموه لصاحبه بطريقة آمنة. يصلح مرة واحدة ولا يعرض ثانية. ينتهي',
    'Remettez-le à son titulaire par un moyen sûr. Il sert une fois et ne sera plus affiché. Il expire le',
    'Hand it to its holder by safe means. It serves once and is not shown again. It expires on',
  ),
  newLink: t('إنشاء رابط جديد', 'Créer un nouveau lien', 'Make a new link'),
  changeRoles: t('حفظ الصلاحيات', 'Enregistrer les rôles', 'Save the roles'),
  removePasskeys: t('حذف مفاتيح المرور', 'Retirer les clés d’accès', 'Remove the passkeys'),
  removePasskeysText: t(
    'لجهاز ضاع أو سرق: تنتهي كل مفاتيح هذا الحساب وجلساته. يلزمه بعد ذلك رابط جديد.',
    'Pour un appareil perdu ou volé : toutes les clés et sessions du compte prennent fin ; il faudra ensuite un nouveau lien.',
    'For a device that was lost or stolen: all passkeys and sessions of the account end; it then needs a new link.',
  ),
  disable: t('إغلاق الحساب', 'Fermer le compte', 'Close the account'),
  disableText: t(
    'تنتهي فورا جلسات هذا الحساب ورموزه ومفاتيح مروره. لا رجعة في ذلك: العودة تكون بحساب جديد.',
    'Ses sessions, jetons et clés d’accès prennent fin aussitôt. C’est sans retour : revenir demande un nouveau compte.',
    'Its sessions, tokens and passkeys end at once. There is no way back: to return takes a new account.',
  ),
  ownAccount: t(
    'لا يغير أحد حسابه بنفسه؛ يقوم بذلك مدبر نظام آخر.',
    'Nul ne modifie son propre compte ; un autre administrateur système s’en charge.',
    'Nobody changes their own account; another system administrator does.',
  ),
  lastAdministrator: t(
    'هذا آخر مدبر للنظام. أحدثوا حسابا آخر أولا.',
    'C’est le dernier administrateur système. Créez-en d’abord un autre.',
    'This is the last system administrator. Make another one first.',
  ),
  alreadyMade: t(
    'هذا الحساب أحدث من قبل بنفس الاستمارة.',
    'Ce compte a déjà été créé avec ce formulaire.',
    'This form has made its account already.',
  ),
};

export const tokenTexts = {
  lead: t(
    'رموز لبرامجكم، بصلاحيات من صلاحياتكم وبأجل.',
    'Des jetons pour vos programmes, avec une partie de vos rôles et une échéance.',
    'Tokens for your programs, with some of your roles and an expiry.',
  ),
  make: t('إنشاء رمز', 'Créer un jeton', 'Make a token'),
  purpose: t('فيم يستعمل؟', 'À quoi sert-il ?', 'What is it for?'),
  days: t('مدة الصلاحية بالأيام', 'Durée de validité en jours', 'Days it is good for'),
  badDays: t('أدخلوا عددا من 1 إلى 366.', 'Saisissez un nombre de 1 à 366.', 'Enter a number from 1 to 366.'),
  rolesNotHeld: t('اختاروا من صلاحياتكم فقط.', 'Choisissez parmi vos rôles.', 'Choose among your own roles.'),
  made: t('رمز جديد', 'Nouveau jeton', 'New token'),
  madeText: t(
    'انسخوه الآن: لن يعرض ثانية. أرسلوه في الترويسة Authorization: Bearer.',
    'Copiez-le maintenant : il ne sera plus affiché. Envoyez-le dans l’en-tête Authorization: Bearer.',
    'Copy it now: it is not shown again. Send it in the header Authorization: Bearer.',
  ),
  holder: t('صاحبه', 'Titulaire', 'Holder'),
  expires: t('ينتهي', 'Expire le', 'Expires'),
  good: t('صالح', 'Valable', 'Good'),
  expired: t('منته', 'Expiré', 'Expired'),
  revoked: t('ملغى', 'Révoqué', 'Revoked'),
  revoke: t('إلغاء الرمز', 'Révoquer', 'Revoke'),
  revokeText: t(
    'كل برنامج يستعمل هذا الرمز سيرفض فورا.',
    'Tout programme qui s’en sert sera refusé aussitôt.',
    'Every program that uses it is refused from now on.',
  ),
  none: t('لا يوجد أي رمز.', 'Aucun jeton.', 'No tokens.'),
  action: t('إجراء', 'Action', 'Action'),
};

export const auditTexts = {
  lead: t(
    'كل ما قام به المشغلون، مقبولا كان أو مرفوضا، كما قيد في السجل.',
    'Tout ce que les opérateurs ont fait, accepté ou refusé, tel qu’inscrit au registre.',
    'All that operators did, done or refused, as entered in the ledger.',
  ),
  at: t('التاريخ', 'Date', 'When'),
  event: t('العمل', 'Acte', 'Act'),
  who: t('المشغل', 'Opérateur', 'Operator'),
  via: t('بواسطة', 'Par', 'By'),
  target: t('على', 'Objet', 'On'),
  outcome: t('النتيجة', 'Résultat', 'Outcome'),
  place: t('رقم القيد', 'Rang au registre', 'Place in the ledger'),
  detail: t('تفاصيل', 'Détail', 'Detail'),
  from: t('من تاريخ', 'Du', 'From'),
  until: t('إلى غاية', 'Au', 'Until'),
  all: t('الكل', 'Tous', 'All'),
  filter: t('تصفية', 'Filtrer', 'Filter'),
  older: t('أعمال أقدم', 'Actes plus anciens', 'Older acts'),
  newest: t('الأحدث', 'Les plus récents', 'Newest'),
  next: t('الصفحة التالية', 'Page suivante', 'Next page'),
  first: t('الصفحة الأولى', 'Première page', 'First page'),
  none: t('لا يوجد أي عمل بهذه الشروط.', 'Aucun acte ne correspond.', 'No act matches.'),
  badDate: t(
    'أدخلوا تاريخا مثل 2026-03-02.',
    'Saisissez une date comme 2026-03-02.',
    'Enter a date such as 2026-03-02.',
  ),
  vias: {
    session: t('جلسة', 'Session', 'Session'),
    token: t('رمز', 'Jeton', 'Token'),
    bootstrap: t('رمز الإقلاع', 'Jeton d’amorçage', 'Bootstrap token'),
    command: t('سطر الأوامر', 'Ligne de commande', 'Command line'),
    nobody: t('مجهول', 'Inconnu', 'Nobody'),
  },
};
