import type { Language } from '../../kernel/index.ts';
import { t } from '../operators/texts/trio.ts';

export const verifierTexts = {
  title: t('التحقق من ملف دليل', 'Vérifier une preuve', 'Check a proof'),
  lead: t(
    'ضع ملف الدليل هنا لتتبع كل خطوة من خطوات التحقق. يتم التحقق داخل متصفحك: هذه الصفحة ممنوعة من أي اتصال، فلا يرسل الملف إلى أي جهة.',
    'Déposez le fichier de preuve et suivez chaque étape de la vérification. Tout se passe dans votre navigateur : cette page n’a droit à aucune connexion, le fichier n’est envoyé nulle part.',
    'Drop the file of the proof and see each step checked. It is done in your browser: this page may make no connection, so the file is sent nowhere.',
  ),
  noScript: t(
    'تحتاج هذه الصفحة إلى تشغيل البرامج النصية في المتصفح. ويمكن التحقق بدونها من سطر الأوامر:',
    'Cette page a besoin de JavaScript. Sans lui, la vérification se fait en ligne de commande :',
    'This page needs script. Without it, check from the command line:',
  ),
  file: t('ملف الدليل', 'Fichier de preuve', 'File of the proof'),
  fileHint: t(
    'ملف بصيغة JSON. يمكنك سحبه إلى هذه الصفحة أو اختياره.',
    'Un fichier .json. Faites-le glisser sur cette page ou choisissez-le.',
    'A .json file. Drag it onto this page or choose it.',
  ),
  anchor: t('مرتكز الثقة', 'Ancre de confiance', 'Trust anchor'),
  anchorHint: t(
    'مفتاح سجل الأعضاء، كما ينشره السجل للعموم. لا قيمة للدليل دونه. إذا كان الطرفان من منظومتين فقدم مرتكز كل منهما.',
    'La clé du registre, telle que celui-ci la publie à l’adresse /anchor. Sans elle, la preuve ne vaut rien. Si les parties relèvent de deux instances, fournissez l’ancre de chacune.',
    'The registry’s key, as the registry publishes it at /anchor. Without it the proof is worth nothing. Where the parties are of two instances, give the anchor of each.',
  ),
  anchorPaste: t('أو ألصق نص مرتكز الثقة', 'Ou collez le texte de l’ancre', 'Or paste the text of the anchor'),
  anchorOf: t('مرتكز الثقة المستعمل', 'Ancre utilisée', 'Anchor in use'),
  anchorFrom: t(
    'وضعه في هذه الصفحة الخادم الذي قدمها. إن لم تكن تثق به فقارن البصمة بما حصلت عليه من جهة أخرى، أو استعمل مرتكزا آخر.',
    'Elle a été placée ici par le serveur de cette page. Si vous ne lui faites pas confiance, comparez l’empreinte avec celle obtenue par ailleurs, ou fournissez une autre ancre.',
    'It was put here by the server of this page. If you do not trust it, compare the fingerprint with one that you had from elsewhere, or give another anchor.',
  ),
  anchorGiven: t('قدمته أنت.', 'Fournie par vous.', 'Given by you.'),
  anchorNone: t('لم يقدم بعد', 'Pas encore fournie', 'Not given yet'),
  anchorWrong: t('هذا النص ليس مرجع ثقة:', 'Ce texte n’est pas une ancre :', 'This text is no anchor:'),
  fingerprint: t('البصمة', 'Empreinte', 'Fingerprint'),
  instance: t('المنظومة', 'Instance', 'Instance'),
  witnesses: t('شروط الشهود (اختياري)', 'Exigences de témoins (facultatif)', 'Required witnesses (optional)'),
  witnessesHint: t(
    'ملف يحدد الشهود المعتمدين والعدد المطلوب منهم لكل سجل.',
    'Un fichier qui désigne les témoins reconnus et le nombre exigé pour chaque journal.',
    'A file that names the witnesses that count, and how many each ledger needs.',
  ),
  witnessesGiven: t('شروط الشهود المستعملة', 'Exigences utilisées', 'Requirements in use'),
  timestamps: t('اشتراط ختم زمني', 'Exiger un horodatage', 'A timestamp is demanded'),
  timestampsHint: t(
    'يفحص كل ختم زمني يحمله الملف. وإذا وضعت العلامة رفض الملف الذي لا يحمل سجل من سجلاته ختما.',
    'Tout horodatage du fichier est vérifié. Si la case est cochée, un journal du fichier qui n’en porte pas le fait refuser.',
    'Each timestamp in the file is checked. With the box ticked, a ledger in the file that bears none has it refused.',
  ),
  keep: t(
    'حفظ هذه الصفحة لاستعمالها دون اتصال',
    'Enregistrer cette page pour un usage hors ligne',
    'Keep this page for use offline',
  ),
  result: t('نتيجة التحقق', 'Résultat', 'Result'),
  waiting: t('لم يقدم أي ملف بعد.', 'Aucun fichier n’a encore été fourni.', 'No file was given yet.'),
  needsAnchor: t(
    'الملف جاهز. قدم مرتكز الثقة لبدء التحقق.',
    'Le fichier est prêt. Fournissez l’ancre de confiance pour lancer la vérification.',
    'The file is ready. Give the trust anchor to have it checked.',
  ),
  tooLarge: t(
    'الملف كبير جدا: دليل التبادل لا يتجاوز 200 كيلوبايت.',
    'Le fichier est trop grand : une preuve ne dépasse pas 200 ko.',
    'The file is too large: a proof has at most 200 KB.',
  ),
  steps: t('خطوات التحقق', 'Étapes de la vérification', 'Steps of the verification'),
  facts: t('ما يثبته الدليل', 'Ce qui est prouvé', 'What is proved'),
  checkedFile: t('الملف', 'Fichier', 'File'),
} as const;

export const stateTexts = {
  holds: t('سليم', 'Vérifié', 'Holds'),
  refused: t('مرفوض', 'Refusé', 'Refused'),
  'not-reached': t('لم يفحص', 'Non examiné', 'Not reached'),
} as const;

export const factTexts = {
  consumer: t('الجهة الطالبة', 'Demandeur', 'Who asked'),
  provider: t('الجهة المطلوبة', 'Fournisseur', 'Who was asked'),
  client: t('باسم النظام', 'Au nom de', 'In the name of'),
  service: t('الخدمة', 'Service', 'Service'),
  method: t('نوع الطلب', 'Méthode', 'Method'),
  requestedAt: t('تاريخ الطلب', 'Date de la requête', 'Asked on'),
  answeredAt: t('تاريخ الجواب', 'Date de la réponse', 'Answered on'),
  status: t('رمز الجواب', 'Statut de la réponse', 'Status of the answer'),
  fault: t('سبب الرفض', 'Motif du refus', 'Reason of the refusal'),
  agreement: t('الاتفاقية', 'Convention', 'Agreement'),
  purpose: t('الغرض', 'Finalité', 'Purpose'),
  exchange: t('رقم التبادل', 'Numéro de l’échange', 'Number of the exchange'),
  ledgers: t('القيود في السجلين', 'Écritures aux journaux', 'Entries in the ledgers'),
  digests: t('بصمتا محتوى الطلب والجواب', 'Empreintes des contenus', 'Digests of the bodies'),
} as const;

export type Words = (trio: { readonly ar: string; readonly fr: string; readonly en: string }) => string;

export const wordsIn =
  (language: Language): Words =>
  (trio) =>
    trio[language];
