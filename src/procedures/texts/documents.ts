import type { Language } from '../../kernel/index.ts';

/** The words that stand on the documents whatever the procedure. One object per language: a gap does not compile. */
export type DocumentTexts = {
  readonly portal: string;
  readonly specimen: string;
  /** What stands before the number of the page, and between it and their count. */
  readonly page: readonly [before: string, between: string];
  readonly legalTime: string;
  readonly verify: string;
  readonly verifyHint: string;
  readonly ledger: string;
  readonly version: string;
  readonly receipt: {
    readonly title: string;
    readonly number: string;
    readonly filed: string;
    readonly deadline: string;
    readonly applicant: string;
    readonly authority: string;
    readonly procedure: string;
    readonly documents: string;
    readonly received: string;
    readonly awaited: string;
    readonly awaitedHint: string;
    readonly missing: string;
    readonly missingHint: string;
    readonly nothingRequired: string;
    readonly rights: string;
    readonly silence: string;
    readonly appeals: string;
    readonly contact: string;
    readonly keep: string;
    readonly none: string;
  };
  readonly attestation: {
    readonly number: string;
    readonly issued: string;
    readonly validUntil: string;
    readonly receiptNumber: string;
    readonly legalBasis: string;
    readonly seal: string;
    readonly sealStatus: string;
    readonly key: string;
    readonly signatory: string;
  };
};

const ar: DocumentTexts = {
  portal: 'البوابة الوطنية للمساطر والإجراءات الإدارية',
  specimen: 'نموذج — معطيات تجريبية لا أثر قانونيا لها',
  page: ['صفحة', 'من'],
  legalTime: 'بالتوقيت القانوني للمملكة',
  verify: 'التحقق من صحة هذه الوثيقة',
  verifyHint: 'امسحوا الرمز أو افتحوا العنوان أسفله، وتأكدوا من اسم الموقع قبل الاعتماد على النتيجة.',
  ledger: 'مرجع القيد في السجل',
  version: 'الصيغة',
  receipt: {
    title: 'وصل إيداع طلب',
    number: 'رقم الوصل',
    filed: 'تاريخ الإيداع وساعته',
    deadline: 'آخر أجل للجواب',
    applicant: 'صاحب الطلب',
    authority: 'الإدارة المعنية',
    procedure: 'المسطرة',
    documents: 'الوثائق المكونة للملف',
    received: 'وثائق تم تسلمها',
    awaited: 'وثائق في انتظار التوصل بها من إدارات أخرى',
    awaitedHint: 'تطلبها الإدارة بنفسها، ولا يلزمكم القيام بأي إجراء.',
    missing: 'وثائق ناقصة',
    missingHint: 'المرجو الإدلاء بها لاستكمال الملف.',
    nothingRequired: 'لا تتطلب هذه المسطرة أي وثيقة.',
    rights: 'الأجل والحقوق',
    silence: 'عند انصرام الأجل دون جواب',
    appeals: 'طرق الطعن',
    contact: 'للاتصال والاستفسار',
    keep: 'احتفظوا بهذا الوصل: رقمه هو مرجعكم في كل مراسلة تخص هذا الطلب.',
    none: 'غير محدد',
  },
  attestation: {
    number: 'الرقم',
    issued: 'تاريخ التسليم',
    validUntil: 'صالحة إلى غاية',
    receiptNumber: 'مرجع الطلب',
    legalBasis: 'الأساس القانوني',
    seal: 'ختم إلكتروني',
    sealStatus:
      'توقيع من صنف JWS بخوارزمية ES256. لا يعد توقيعا ولا ختما إلكترونيا مؤهلا بمفهوم القانون رقم 43.20 ما لم يصدر عن مقدم خدمات ثقة معتمد.',
    key: 'معرف المفتاح',
    signatory: 'عن الإدارة',
  },
};

const fr: DocumentTexts = {
  portal: 'Portail national des procédures et formalités administratives',
  specimen: 'Spécimen — données de démonstration, sans valeur juridique',
  page: ['Page', 'sur'],
  legalTime: 'heure légale du Royaume',
  verify: 'Vérifier ce document',
  verifyHint:
    'Scannez le code ou ouvrez l’adresse ci-dessous, et contrôlez le nom du site avant de vous fier au résultat.',
  ledger: 'Inscription au registre',
  version: 'version',
  receipt: {
    title: 'Récépissé de dépôt d’une demande',
    number: 'Récépissé n°',
    filed: 'Déposée le',
    deadline: 'Réponse au plus tard',
    applicant: 'Demandeur',
    authority: 'Administration compétente',
    procedure: 'Procédure',
    documents: 'Pièces du dossier',
    received: 'Pièces reçues',
    awaited: 'Pièces attendues d’autres administrations',
    awaitedHint: 'L’administration les demande elle-même : vous n’avez rien à faire.',
    missing: 'Pièces manquantes',
    missingHint: 'À fournir pour compléter le dossier.',
    nothingRequired: 'Cette procédure ne demande aucune pièce.',
    rights: 'Délai et droits',
    silence: 'Sans réponse dans le délai',
    appeals: 'Voies de recours',
    contact: 'Contact',
    keep: 'Conservez ce récépissé : son numéro est votre référence pour toute correspondance sur cette demande.',
    none: 'Non précisé',
  },
  attestation: {
    number: 'Numéro',
    issued: 'Délivrée le',
    validUntil: 'Valable jusqu’au',
    receiptNumber: 'Référence de la demande',
    legalBasis: 'Base légale',
    seal: 'Cachet électronique',
    sealStatus:
      'Signature JWS, algorithme ES256. Elle ne vaut ni signature ni cachet électronique qualifié au sens de la loi n° 43-20 tant qu’elle n’émane pas d’un prestataire de services de confiance agréé.',
    key: 'Clé',
    signatory: 'Pour l’administration',
  },
};

const en: DocumentTexts = {
  portal: 'National portal of administrative procedures',
  specimen: 'Specimen — demonstration data, without legal effect',
  page: ['Page', 'of'],
  legalTime: 'legal time of the Kingdom',
  verify: 'Check this document',
  verifyHint: 'Scan the code or open the address below, and check the name of the site before you rely on the result.',
  ledger: 'Entry in the ledger',
  version: 'version',
  receipt: {
    title: 'Receipt for a request',
    number: 'Receipt no.',
    filed: 'Filed on',
    deadline: 'Answer by',
    applicant: 'Applicant',
    authority: 'Competent administration',
    procedure: 'Procedure',
    documents: 'Documents of the file',
    received: 'Received',
    awaited: 'Awaited from other administrations',
    awaitedHint: 'The administration asks for them itself: you need do nothing.',
    missing: 'Missing',
    missingHint: 'To be provided to complete the file.',
    nothingRequired: 'This procedure requires no document.',
    rights: 'Deadline and rights',
    silence: 'If no answer comes in time',
    appeals: 'How to appeal',
    contact: 'Contact',
    keep: 'Keep this receipt: its number is your reference for all correspondence about this request.',
    none: 'Not specified',
  },
  attestation: {
    number: 'Number',
    issued: 'Issued on',
    validUntil: 'Valid until',
    receiptNumber: 'Reference of the request',
    legalBasis: 'Legal basis',
    seal: 'Electronic seal',
    sealStatus:
      'JWS signature, algorithm ES256. It is not a qualified electronic signature or seal in the sense of law 43-20 until it comes from an approved trust service provider.',
    key: 'Key',
    signatory: 'For the administration',
  },
};

export const documentTexts: Readonly<Record<Language, DocumentTexts>> = { ar, fr, en };
