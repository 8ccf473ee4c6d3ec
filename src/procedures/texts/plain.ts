import type { Trio } from './citizen.ts';

const t = (ar: string, fr: string, en: string): Trio => ({ ar, fr, en });

/** The pages at the foot of every page. */
export const plainTexts = {
  accessibility: {
    title: t('إمكانية الولوج', 'Accessibilité', 'Accessibility'),
    text: [
      t(
        'تعمل هذه البوابة دون برمجة نصية وبلوحة المفاتيح وحدها، وصممت لتقرأها قارئات الشاشة وتتسع لها شاشات الهواتف الصغيرة.',
        'Ce portail fonctionne sans script et au clavier seul. Il est conçu pour les lecteurs d’écran et les petits téléphones.',
        'This portal works without script and with a keyboard alone. It is made for screen readers and small phones.',
      ),
      t(
        'نتوخى المستوى AA من WCAG 2.2. تفحص صفحات إيداع الطلب ومعالجته آليا بأداة axe، ولم يجر بعد أي تدقيق من قبل أشخاص يستعملون قارئ الشاشة.',
        'Nous visons WCAG 2.2 AA. Les pages du dépôt et du traitement d’une demande sont contrôlées automatiquement avec axe ; aucun audit par des personnes utilisant un lecteur d’écran n’a encore eu lieu.',
        'We aim at WCAG 2.2 AA. The pages of filing and processing are checked automatically with axe; people who use a screen reader have not audited them yet.',
      ),
      t(
        'ملفات PDF بالعربية ليست بعد مقروءة كليا بقارئ الشاشة؛ ورقم الوصل وأجله وجواب الإدارة معروضة كذلك في صفحة الطلب.',
        'Les PDF en arabe ne sont pas encore entièrement lisibles par un lecteur d’écran ; le numéro, le délai et la réponse figurent aussi sur la page de la demande.',
        'PDF files in Arabic are not yet fully readable by a screen reader; number, deadline and answer stand on the page of the request too.',
      ),
    ],
  },
  legal: {
    title: t('إشعار قانوني', 'Mentions légales', 'Legal notice'),
    demonstration: t(
      'نسخة للعرض: الأشخاص والبيانات وهمية، والوثائق المسلمة عينات لا حجية لها.',
      'Démonstration : personnes et données sont fictives, les documents délivrés sont des spécimens sans valeur.',
      'Demonstration: people and data are invented; the documents issued are specimens without force.',
    ),
    text: [
      t(
        'تستعمل المعطيات الشخصية للطلب الذي أودعتموه وحده (القانون رقم 09.08).',
        'Les données personnelles ne servent qu’à la demande déposée (loi n° 09-08).',
        'Personal data serve only the request that you file (law 09-08).',
      ),
      t(
        'الأحكام المطبقة على الوصل والآجال والتظلم هي أحكام القانون رقم 55.19. وتبين صفحة كل مسطرة نصوصها ومدى التأكد منها.',
        'Le récépissé, les délais et le recours relèvent de la loi n° 55-19. La page de chaque démarche cite ses textes et dit à quel point ils sont certains.',
        'Receipt, deadlines and appeal follow law 55-19. The page of each procedure names its texts and how certain they are.',
      ),
    ],
  },
  ledger: {
    title: t('السجل القابل للتحقق', 'Registre vérifiable', 'Verifiable ledger'),
    text: [
      t(
        'يقيد كل فعل إداري وكل تبادل في سجل لا يقبل إلا الإضافة، دون أي معطى شخصي: إيداع، طلب استكمال، قرار، أو رسالة بين إدارتين.',
        'Chaque acte et chaque échange est inscrit dans un registre en ajout seul, sans donnée personnelle : dépôt, demande de complément, décision, message entre administrations.',
        'Every act and every exchange is entered in an append-only ledger without personal data: a filing, a request for completion, a decision, a message between administrations.',
      ),
      t(
        'لا يمكن حذف قيد أو تغييره دون أن يظهر ذلك لكل من احتفظ بنقطة مراقبة سابقة. لذلك يكفي أن تحتفظوا بنسخة منها وتقارنوها لاحقا.',
        'Aucune inscription ne peut être retirée ni changée sans que cela se voie pour qui a gardé un point de contrôle : conservez-en une copie et comparez plus tard.',
        'No entry can be taken out or changed unseen by anybody who kept a checkpoint: keep a copy, and compare later.',
      ),
      t(
        'الصيغ هي صيغ C2SP المفتوحة (tlog-tiles وtlog-checkpoint)، فكل برنامج تحقق متوافق معها يستطيع قراءة السجل من العناوين أدناه.',
        'Les formats sont ceux, ouverts, de C2SP (tlog-tiles, tlog-checkpoint) : tout vérificateur compatible lit le registre aux adresses ci-dessous.',
        'The formats are the open ones of C2SP (tlog-tiles, tlog-checkpoint): any verifier that knows them reads the ledger at the addresses below.',
      ),
    ],
    logs: t('السجلات العمومية', 'Registres publics', 'Public logs'),
    log: t('السجل', 'Registre', 'Log'),
    holds: t('ما يقيد فيه', 'Ce qu’il contient', 'What it holds'),
    checkpoint: t('نقطة المراقبة', 'Point de contrôle', 'Checkpoint'),
    key: t('مفتاح التحقق', 'Clé de vérification', 'Verification key'),
    acts: t('أفعال الإدارة في هذه البوابة', 'Actes accomplis sur ce portail', 'Acts carried out on this portal'),
    exchanges: t(
      'الرسائل التي مرت عبر بوابة تبادل إدارة',
      'Messages passés par la passerelle d’une administration',
      'Messages that went through the gateway of an administration',
    ),
  },
};
