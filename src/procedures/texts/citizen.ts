/** One text in the three languages; leaving one out does not compile. */
export type Trio = { readonly ar: string; readonly fr: string; readonly en: string };
const t = (ar: string, fr: string, en: string): Trio => ({ ar, fr, en });

/** Arabic counts one and two with the noun alone, three to ten with its plural, and the rest with its singular. */
function arabicResults(count: number): string {
  if (count === 1) return 'نتيجة واحدة';
  if (count === 2) return 'نتيجتان';
  const last = count % 100;
  return `${count} ${last >= 3 && last <= 10 ? 'نتائج' : 'نتيجة'}`;
}

/** What citizens read on the pages of the portal. */
export const citizenTexts = {
  nav: {
    procedures: t('المساطر', 'Démarches', 'Procedures'),
    mine: t('طلباتي', 'Mes demandes', 'My requests'),
    usage: t('من استعمل بياناتي', 'Qui a utilisé mes données', 'Who used my data'),
    inbox: t('مكتب المعالجة', 'Espace agent', 'Agents'),
  },
  home: {
    title: t(
      'كل المساطر الإدارية في مكان واحد',
      'Toutes les démarches au même endroit',
      'Every procedure in one place',
    ),
    question: t(
      'ما الذي تريدون إنجازه اليوم؟',
      'Quelle démarche souhaitez‑vous faire ?',
      'What do you need to do today?',
    ),
    lead: t(
      'طلب واحد، ووثائق تجلبها الإدارة نيابة عنكم، ووصل فوري يحمل الأجل القانوني.',
      'Une seule demande, des pièces que l’administration va chercher pour vous, un récépissé immédiat avec son délai légal.',
      'One request, documents fetched for you by the administration, and an immediate receipt with its legal deadline.',
    ),
    search: t(
      'ابحثوا عن وثيقة أو مسطرة',
      'Chercher un document ou une démarche',
      'Search for a document or a procedure',
    ),
    mostUsed: t('الأكثر طلبا', 'Les plus demandées', 'Most used'),
    themes: t('حسب الموضوع', 'Par thème', 'By theme'),
    receipt: t('وصل في الحين', 'Un récépissé immédiat', 'A receipt at once'),
    receiptText: t(
      'يحمل رقم طلبكم وأجل الجواب وطرق التظلم.',
      'Avec le numéro, la date limite de réponse et les voies de recours.',
      'With its number, the date by which you get an answer, and how to appeal.',
    ),
    once: t('لا نطلب ما لدى الإدارة', 'On ne vous demande pas ce que nous avons', 'We do not ask for what we hold'),
    onceText: t(
      'تتبادل الإدارات الوثائق فيما بينها، وأنتم على علم بذلك.',
      'Les administrations s’échangent les pièces, et vous le savez.',
      'Administrations exchange documents, and you know of it.',
    ),
    proof: t('كل قرار قابل للتحقق', 'Chaque acte est vérifiable', 'Every act can be verified'),
    proofText: t(
      'تعرفون من اطلع على بياناتكم ومتى ولماذا.',
      'Vous savez qui a consulté vos données, quand et pourquoi.',
      'You see who used your data, when and why.',
    ),
    all: t('جميع المساطر', 'Toutes les démarches', 'All procedures'),
  },
  catalogue: {
    title: t('المساطر الإدارية', 'Démarches administratives', 'Administrative procedures'),
    results: (n: number, q: string) =>
      t(
        `${arabicResults(n)} عن «${q}»`,
        `${n} ${n < 2 ? 'résultat' : 'résultats'} pour « ${q} »`,
        `${n} ${n === 1 ? 'result' : 'results'} for “${q}”`,
      ),
    none: t('لم نجد مسطرة تطابق بحثكم.', 'Aucune démarche ne correspond.', 'No procedure matches.'),
    noneHelp: t(
      'جربوا كلمات أبسط مثل «السكنى» أو «الولادة»، أو تصفحوا اللائحة الكاملة أدناه.',
      'Essayez des mots plus simples, comme « résidence » ou « naissance », ou parcourez la liste ci-dessous.',
      'Try simpler words, such as “residence” or “birth”, or browse the whole list below.',
    ),
    open: t('خدمة عبر الأنترنت', 'En ligne', 'Online'),
  },
  procedure: {
    start: t('بدء الطلب', 'Commencer', 'Start'),
    resume: t('متابعة الطلب غير المودع', 'Reprendre ma demande', 'Resume my request'),
    who: t('لمن؟', 'Pour qui ?', 'Who for?'),
    authority: t('الإدارة المختصة', 'Administration compétente', 'Competent authority'),
    delay: t('الأجل', 'Délai', 'Delay'),
    days: (n: number, kind: 'calendar' | 'working') =>
      kind === 'working'
        ? t(`${n} يوم عمل على الأكثر`, `${n} jours ouvrables au plus`, `At most ${n} working days`)
        : t(`${n} يوما على الأكثر`, `${n} jours au plus`, `At most ${n} days`),
    fee: t('الرسوم', 'Frais', 'Fee'),
    feeFree: t('بالمجان', 'Gratuit', 'Free'),
    feeUnknown: t('غير محددة في مصادرنا', 'Non précisés dans nos sources', 'Not stated in our sources'),
    feeVariable: t('حسب الحالة', 'Variables', 'Variable'),
    silence: t('إذا لم تجب الإدارة', 'Si l’administration ne répond pas', 'If the administration does not answer'),
    silenceNone: t(
      'لا يعتبر السكوت موافقة؛ ويمكنكم التظلم.',
      'Le silence ne vaut pas acceptation ; un recours est possible.',
      'Silence is not acceptance; you can appeal.',
    ),
    silenceAccepts: t(
      'يعتبر السكوت بعد الأجل موافقة.',
      'Le silence après ce délai vaut acceptation.',
      'Silence after that delay stands as acceptance.',
    ),
    documents: t(
      'الوثائق وكيفية الحصول عليها',
      'Les pièces, et comment elles sont obtenues',
      'The documents, and how they are obtained',
    ),
    viaExchange: t('تجلبها الإدارة من:', 'L’administration la demande à :', 'The administration asks:'),
    viaLedger: t('سبق تسليمها عبر هذه البوابة', 'Déjà délivrée par ce portail', 'Issued on this portal before'),
    viaUpload: t(
      'ملف تدلون به (PDF أو صورة)',
      'Un fichier que vous joignez (PDF ou photo)',
      'A file that you attach (PDF or photo)',
    ),
    viaUploadOrDeclaration: t(
      'ملف تدلون به أو تصريح بالشرف',
      'Un fichier ou une déclaration sur l’honneur',
      'A file or a sworn declaration',
    ),
    viaDeclaration: t('تصريح بالشرف', 'Une déclaration sur l’honneur', 'A sworn declaration'),
    legal: t('السند القانوني', 'Base légale', 'Legal basis'),
    sources: t('المصادر ودرجة اليقين', 'Sources et degré de certitude', 'Sources and how certain each fact is'),
    sourcesIntro: t(
      'نبين مصدر كل معلومة ومدى تأكيدها.',
      'Nous indiquons d’où vient chaque information et si elle est confirmée.',
      'We say where each fact comes from and whether it is confirmed.',
    ),
    simplify: t('ما لا يجوز طلبه منكم', 'Ce qui ne peut plus vous être demandé', 'What may no longer be asked of you'),
    machine: t(
      'الوصف القابل للقراءة الآلية (CPSV-AP)',
      'Description lisible par machine (CPSV-AP)',
      'Machine-readable description (CPSV-AP)',
    ),
    signInFirst: t(
      'ستسجلون الدخول قبل بدء الطلب.',
      'Vous vous identifierez avant de commencer.',
      'You will sign in before you start.',
    ),
  },
  start: {
    title: t('لديكم طلب لم يودع بعد', 'Vous avez une demande non déposée', 'You have a request that is not filed'),
    text: (when: string) => t(`بدأتموه أو عدلتموه في ${when}.`, `Modifiée le ${when}.`, `Changed on ${when}.`),
    resume: t('متابعته', 'La reprendre', 'Resume it'),
    fresh: t('بدء طلب جديد', 'En commencer une nouvelle', 'Start a new one'),
  },
  documents: {
    title: t(
      'الوثائق التي نجلبها لكم',
      'Les pièces que nous allons chercher pour vous',
      'Documents that we fetch for you',
    ),
    lead: t(
      'هذه البيانات تتوفر عليها إدارات أخرى. نطلبها منها مباشرة لهذا الطلب وحده، ويسجل كل تبادل ويمكنكم الاطلاع عليه لاحقا.',
      'D’autres administrations détiennent ces données. Nous les leur demandons pour cette seule demande ; chaque échange est enregistré et vous pourrez le consulter.',
      'Other administrations hold these data. We ask them for this request only; each exchange is recorded and you can see it later.',
    ),
    holder: t('الإدارة الحائزة', 'Administration', 'Held by'),
    fields: t('البيانات المطلوبة', 'Données demandées', 'Data asked for'),
    purpose: t('الغرض', 'Finalité', 'Purpose'),
    basis: t('السند', 'Fondement', 'Basis'),
    acknowledge: t(
      'علمت بذلك، اجلبوا الوثائق',
      'J’en prends connaissance, obtenir les pièces',
      'I have read this, fetch the documents',
    ),
    obtained: t('تم الحصول عليها', 'Obtenue', 'Obtained'),
    awaited: t('في انتظار الجواب', 'Attendue', 'Awaited'),
    'not-found': t('غير موجودة لدى الإدارة', 'Introuvable', 'Not found'),
    refused: t('رفضت الإدارة تسليمها', 'Refusée', 'Refused'),
    notFoundText: t(
      'لم تجد الإدارة هذه الوثيقة. يمكنكم متابعة الطلب؛ وسيذكر الوصل أنها ناقصة.',
      'L’administration n’a pas trouvé cette pièce. Vous pouvez continuer ; le récépissé indiquera qu’elle manque.',
      'The administration has no such record. You can go on; the receipt will say that it is missing.',
    ),
    refusedText: t(
      'لم تسلم الإدارة هذه الوثيقة. يمكنكم متابعة الطلب؛ وسيذكر الوصل أنها ناقصة.',
      'L’administration n’a pas délivré cette pièce. Vous pouvez continuer ; le récépissé indiquera qu’elle manque.',
      'The administration did not give it. You can go on; the receipt will say that it is missing.',
    ),
    again: t('إعادة المحاولة', 'Réessayer', 'Try again'),
    next: t('متابعة', 'Continuer', 'Continue'),
    exchange: t('رقم التبادل', 'N° d’échange', 'Exchange'),
    preview: t('البيانات المتوصل بها', 'Données reçues', 'Data received'),
  },
  check: {
    title: t('تحققوا من أجوبتكم', 'Vérifiez vos réponses', 'Check your answers'),
    fetched: t('وثائق من الإدارات', 'Pièces des administrations', 'Documents from administrations'),
    change: t('تغيير', 'Modifier', 'Change'),
    file: t('إيداع الطلب', 'Déposer la demande', 'File the request'),
    note: t(
      'بالإيداع تتسلمون فورا وصلا يحمل رقم الطلب وأجل الجواب.',
      'Le dépôt vous donne aussitôt un récépissé avec le numéro et la date limite de réponse.',
      'Filing gives you a receipt at once, with a number and the date by which you get an answer.',
    ),
    error: t('تعذر إيداع الطلب', 'La demande ne peut pas encore être déposée', 'The request cannot be filed yet'),
  },
  receipt: {
    title: t('تم إيداع طلبكم', 'Votre demande est déposée', 'Your request is filed'),
    number: t('رقم الوصل', 'Numéro du récépissé', 'Receipt number'),
    deadline: t('آخر أجل للجواب', 'Réponse au plus tard le', 'Answer by'),
    filedAt: t('تاريخ وساعة الإيداع', 'Déposée le', 'Filed at'),
    downloadAr: t('تحميل الوصل بالعربية (PDF)', 'Récépissé en arabe (PDF)', 'Receipt in Arabic (PDF)'),
    downloadFr: t('تحميل الوصل بالفرنسية (PDF)', 'Récépissé en français (PDF)', 'Receipt in French (PDF)'),
    next: t('ما الذي سيحدث الآن؟', 'Et maintenant ?', 'What happens next'),
    next1: t(
      'يدرس عون الإدارة المختصة طلبكم.',
      'Un agent de l’administration compétente étudie votre demande.',
      'An agent of the competent authority examines your request.',
    ),
    next2: t(
      'لا يمكن أن يطلب منكم استكمال الملف إلا مرة واحدة.',
      'On ne peut vous demander de compléter le dossier qu’une seule fois.',
      'You can be asked to complete the request only once.',
    ),
    next3: t(
      'تجدون القرار في صفحة الطلب.',
      'La décision paraîtra sur la page de la demande.',
      'The decision will be on the page of the request.',
    ),
    open: t('صفحة الطلب', 'Page de la demande', 'Page of the request'),
    qr: t('رمز للتحقق من الوصل', 'Code pour vérifier le récépissé', 'Code to verify the receipt'),
  },
  mine: {
    title: t('طلباتي', 'Mes demandes', 'My requests'),
    none: t('لم تودعوا أي طلب بعد.', 'Vous n’avez pas encore de demande.', 'You have no request yet.'),
    find: t('اختيار مسطرة', 'Choisir une démarche', 'Choose a procedure'),
    procedure: t('المسطرة', 'Démarche', 'Procedure'),
    state: t('الحالة', 'État', 'State'),
    deadline: t('الأجل', 'Délai', 'Deadline'),
    changed: t('آخر تغيير', 'Dernier changement', 'Last change'),
    number: t('رقم الوصل', 'Récépissé', 'Receipt'),
    arrived: t(
      'وصلت وثائق كانت منتظرة إلى طلباتكم.',
      'Des pièces attendues sont arrivées.',
      'Awaited documents have arrived.',
    ),
  },
  dossier: {
    answers: t('أجوبتكم', 'Vos réponses', 'Your answers'),
    documents: t('الوثائق', 'Pièces', 'Documents'),
    timeline: t('مسار الطلب', 'Historique', 'History'),
    clock: t('الأجل القانوني', 'Délai légal', 'Legal deadline'),
    decision: t('القرار', 'Décision', 'Decision'),
    certificate: t('الشهادة', 'Certificat', 'Certificate'),
    certificateAr: t('تحميل الشهادة بالعربية (PDF)', 'Certificat en arabe (PDF)', 'Certificate in Arabic (PDF)'),
    certificateFr: t('تحميل الشهادة بالفرنسية (PDF)', 'Certificat en français (PDF)', 'Certificate in French (PDF)'),
    jws: t('الختم الإلكتروني (JWS)', 'Cachet électronique (JWS)', 'Electronic seal (JWS)'),
    verify: t('صفحة التحقق العمومية', 'Page publique de vérification', 'Public verification page'),
    refusedFor: t('سبب الرفض', 'Motif du refus', 'Ground of refusal'),
    reasons: t('التعليل', 'Motivation', 'Reasons'),
    legal: t('السند القانوني', 'Fondement', 'Legal reference'),
    appeal: t('يمكنكم التظلم من هذا القرار.', 'Vous pouvez former un recours.', 'You can appeal.'),
    appealReason: t('لماذا تتظلمون؟', 'Pourquoi formez-vous un recours ?', 'Why do you appeal?'),
    appealSend: t('إرسال التظلم', 'Envoyer le recours', 'Send the appeal'),
    appealed: t(
      'أرسلتم تظلما؛ سيجيب عنه رئيس الإدارة.',
      'Votre recours est enregistré ; le chef de l’administration y répondra.',
      'Your appeal is recorded; the head of the authority answers it.',
    ),
    completeSend: t('إرسال الاستكمال', 'Envoyer le complément', 'Send the completion'),
    completeOnce: t(
      'يرسل الاستكمال مرة واحدة، ثم يستأنف احتساب الأجل.',
      'Le complément s’envoie une seule fois ; le délai reprend ensuite.',
      'The completion is sent once; then the clock goes on.',
    ),
    appealSilence: t(
      'انقضى الأجل القانوني دون جواب. يمكنكم تقديم تظلم.',
      'Le délai légal est passé sans réponse. Vous pouvez former un recours.',
      'The legal deadline has passed without an answer. You can appeal.',
    ),
    appealHint: t('20 حرفا على الأقل.', '20 caractères au moins.', 'At least 20 characters.'),
    complete: t('استكمال الطلب', 'Compléter la demande', 'Complete the request'),
    completeText: t(
      'طلبت الإدارة ما يلي، ولا يمكنها أن تطلب غيره بعد ذلك:',
      'L’administration demande ce qui suit ; elle ne pourra rien demander d’autre :',
      'The administration asks for the following, and can ask for nothing else afterwards:',
    ),
    withdraw: t('التخلي عن الطلب', 'Retirer la demande', 'Withdraw the request'),
    withdrawTitle: t('هل تريدون التخلي عن هذا الطلب؟', 'Retirer cette demande ?', 'Withdraw this request?'),
    withdrawText: t(
      'لا يمكن التراجع عن هذا. يمكنكم إيداع طلب جديد فيما بعد.',
      'C’est définitif. Vous pourrez en déposer une nouvelle plus tard.',
      'This cannot be undone. You can file a new one later.',
    ),
    keep: t('الإبقاء على الطلب', 'La garder', 'Keep it'),
    continue: t('متابعة الطلب', 'Continuer la demande', 'Continue the request'),
  },
  verify: {
    title: t('التحقق من وثيقة', 'Vérification d’un document', 'Verification of a document'),
    valid: t('شهادة صحيحة', 'Certificat valide', 'Valid certificate'),
    replaced: t('شهادة عوضت بأخرى', 'Certificat remplacé', 'Replaced certificate'),
    revoked: t('شهادة ملغاة', 'Certificat révoqué', 'Revoked certificate'),
    expired: t('شهادة انتهت مدة صلاحيتها', 'Certificat expiré', 'Expired certificate'),
    until: t('صالحة إلى غاية', 'Valable jusqu’au', 'Valid until'),
    unknown: t('وثيقة غير معروفة', 'Document inconnu', 'Unknown document'),
    unknownText: t(
      'لم تسلم هذه البوابة أي وصل ولا أي شهادة بهذا العنوان.',
      'Ce portail n’a délivré ni récépissé ni certificat à cette adresse.',
      'This portal issued no receipt and no certificate with this address.',
    ),
    unknownHelp: [
      t(
        'إذا كتبتم العنوان بأنفسكم فتحققوا من كل حرف، أو امسحوا الرمز المطبوع على الوثيقة.',
        'Si vous avez saisi l’adresse, vérifiez chaque lettre, ou scannez le code imprimé sur le document.',
        'If you typed the address, check each letter, or scan the code printed on the paper.',
      ),
      t(
        'إذا قادكم رمز الوثيقة نفسه إلى هنا فلا تعتمدوها: اتصلوا بالإدارة التي تحمل الوثيقة اسمها.',
        'Si c’est le code du document qui vous mène ici, ne vous y fiez pas : contactez l’administration qu’il nomme.',
        'If the code on the paper itself led you here, do not rely on it: contact the administration that it names.',
      ),
    ],
    receipt: t('وصل صحيح', 'Récépissé authentique', 'Genuine receipt'),
    type: t('نوع الوثيقة', 'Type', 'Type'),
    authority: t('الإدارة المسلمة', 'Administration', 'Issued by'),
    number: t('الرقم', 'Numéro', 'Number'),
    date: t('التاريخ', 'Date', 'Date'),
    holder: t('الأحرف الأولى من اسم صاحبها', 'Initiales du titulaire', 'Holder’s initials'),
    hashAr: t(
      'بصمة ملف PDF العربي (SHA-256)',
      'Empreinte du PDF arabe (SHA-256)',
      'Digest of the Arabic PDF (SHA-256)',
    ),
    hashFr: t(
      'بصمة ملف PDF الفرنسي (SHA-256)',
      'Empreinte du PDF français (SHA-256)',
      'Digest of the French PDF (SHA-256)',
    ),
    jws: t('الختم الإلكتروني', 'Cachet électronique', 'Electronic seal'),
    offline: t('كيفية التحقق دون اتصال', 'Vérifier sans réseau', 'How to verify offline'),
    offlineText: t(
      'تحققوا من الختم (JWS، ES256) بمفتاح الإدارة المنشور في العنوان ‎/.well-known/jwks.json، ثم قارنوا بصمة الملف بما ورد فيه.',
      'Vérifiez le cachet (JWS, ES256) avec la clé publiée à /.well-known/jwks.json, puis comparez l’empreinte du fichier à celle qu’il contient.',
      'Check the seal (JWS, ES256) with the key published at /.well-known/jwks.json, then compare the file’s digest with the one inside.',
    ),
    domain: t(
      'تأكدوا من أن عنوان الموقع هو عنوان البوابة الرسمية.',
      'Assurez-vous que l’adresse du site est bien celle du portail.',
      'Make sure that the address of the site is that of the portal.',
    ),
    notQualified: t(
      'ختم إلكتروني غير مؤهل بمفهوم القانون رقم 43.20.',
      'Cachet électronique non qualifié au sens de la loi n° 43-20.',
      'Not a qualified seal in the sense of law 43-20.',
    ),
  },
  refusedTitle: t('تعذر إتمام العملية', 'Cela n’est pas possible', 'This is not possible'),
  backToRequest: t('العودة إلى الطلب', 'Retour à la demande', 'Back to the request'),
};
