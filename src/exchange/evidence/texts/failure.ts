import type { LocalText } from '../../../kernel/index.ts';
import type { FailureClaim } from '../failure-report.ts';

type Trio = Required<LocalText>;
const t = (ar: string, fr: string, en: string): Trio => ({ ar, fr, en });

/** A party as a sentence names it; its ledger where the file holds it. */
export type FailureWords = {
  readonly consumer: string;
  /** The member's name, or the service's code where the file names no provider. */
  readonly provider: string;
  readonly requestedAt: string;
  readonly client: string;
  readonly service: string;
  readonly refusedAt: string | undefined;
  readonly status: string | undefined;
  readonly fault: string | undefined;
  readonly instance: string;
  /** The two instances, where the parties are not of one. */
  readonly instances: readonly [consumer: string, provider: string] | undefined;
  readonly servers: string;
  readonly ledgers: string;
  readonly witnesses: string | undefined;
  readonly sealedBy: string;
  readonly sealedAt: string;
};

type Said = (words: FailureWords) => Trio;

export const failureTexts = {
  refused: ((w) =>
    t(
      `يثبت هذا الملف أن ${w.consumer} وجهت طلبا إلى ${w.provider} وأن هذا الطلب رفض.`,
      `Ce fichier prouve que ${w.consumer} a interrogé ${w.provider} et que la requête a été refusée.`,
      `This file proves that ${w.consumer} asked ${w.provider}, and was refused.`,
    )) as Said,
  unanswered: ((w) =>
    t(
      `يثبت هذا الملف أن ${w.consumer} وقعت طلبا موجها إلى ${w.provider}. ولا يتضمن أي جواب.`,
      `Ce fichier prouve que ${w.consumer} a signé une requête destinée à ${w.provider}. Il ne contient aucune réponse.`,
      `This file proves that ${w.consumer} signed a request to ${w.provider}. It holds no answer.`,
    )) as Said,
  absence: t(
    'عدم الجواب لا يثبته أي ملف: وما يرد هنا بشأنه هو تصريح الجهة الطالبة وحدها.',
    'Aucun fichier ne prouve une absence de réponse : ce qui en est dit ici est la parole du demandeur seul.',
    'No file proves that there was no answer: what is said of it here is the word of the one who asked.',
  ),
  proved: t('ما يثبته الملف', 'Ce que le fichier prouve', 'What the file proves'),
  notProved: t('ما لا يثبته الملف', 'Ce que le fichier ne prouve pas', 'What the file does not prove'),
  steps: {
    form: () =>
      t(
        'الملف مكتوب بالصيغة الوحيدة التي يقبلها مضمونه.',
        'Le fichier est écrit de la seule façon que son contenu admet.',
        'The file is written in the only spelling that its content has.',
      ),
    anchor: (w) =>
      w.instances !== undefined
        ? t(
            `يتعلق الملف بمنظومتين هما ${w.instances[0]} و${w.instances[1]}، وقد أدليتم بمفتاح سجل كل منهما.`,
            `Le fichier relève de deux instances, ${w.instances[0]} et ${w.instances[1]} ; vous avez fourni la clé du registre de chacune.`,
            `The file is of two instances, ${w.instances[0]} and ${w.instances[1]}; you gave the registry key of each.`,
          )
        : t(
            `يتعلق الملف بالمنظومة ${w.instance} التي أدليتم بمفتاح سجلها.`,
            `Le fichier relève de l’instance ${w.instance}, dont vous avez fourni la clé du registre.`,
            `The file is of the instance ${w.instance}, whose registry key you gave.`,
          ),
    statements: (w) =>
      w.instances !== undefined
        ? t(
            `يشهد سجل أعضاء كل منظومة لبوابتها: ${w.servers}.`,
            `Le registre de chaque instance se porte garant de sa passerelle : ${w.servers}.`,
            `The registry of each instance vouches for its own gateway: ${w.servers}.`,
          )
        : t(
            `يشهد سجل الأعضاء لما يلي: ${w.servers}.`,
            `Le registre se porte garant de : ${w.servers}.`,
            `The registry vouches for: ${w.servers}.`,
          ),
    certificates: () =>
      t(
        'صدرت الشهادات عن السلطة التي عينها سجل الأعضاء، وكانت صالحة وقت التوقيع.',
        'Les certificats émanent de l’autorité désignée par le registre et étaient valides à la signature.',
        'The certificates are of the authority that the registry names, and were valid at the time of signing.',
      ),
    request: (w) =>
      t(
        `بتاريخ ${w.requestedAt} طلب ${w.client} الخدمة ${w.service}، ووقعت ${w.consumer} الطلب.`,
        `Le ${w.requestedAt}, ${w.client} a demandé ${w.service} ; ${w.consumer} l’a signée.`,
        `On ${w.requestedAt}, ${w.client} asked for ${w.service}; ${w.consumer} signed it.`,
      ),
    response: (w) =>
      w.refusedAt === undefined
        ? t(
            'لا يتضمن الملف أي جواب موقع من الجهة المزودة.',
            'Le fichier ne contient aucune réponse signée du fournisseur.',
            'The file holds no signed answer of the provider.',
          )
        : t(
            `بتاريخ ${w.refusedAt} رفضت ${w.provider} هذا الطلب بعينه بالرمز ${w.status}، ووقعت الرفض.`,
            `Le ${w.refusedAt}, ${w.provider} a refusé cette même requête par le statut ${w.status}, et l’a signé.`,
            `On ${w.refusedAt}, ${w.provider} refused that very request with status ${w.status}, and signed it.`,
          ),
    records: (w) =>
      w.fault === undefined
        ? t(
            'القيود المدرجة في الملف ملزمة بشأن هذه الرسائل ومطابقة لها.',
            'Les écritures du fichier engagent sur ces messages et concordent avec eux.',
            'The entries in the file commit to these messages and agree with them.',
          )
        : t(
            `القيود المدرجة في الملف ملزمة بشأن هذه الرسائل ومطابقة لها. السبب المقيد: ${w.fault}.`,
            `Les écritures du fichier engagent sur ces messages et concordent avec eux. Motif inscrit : ${w.fault}.`,
            `The entries in the file commit to these messages and agree with them. The reason entered: ${w.fault}.`,
          ),
    ledgers: (w) =>
      t(
        `القيود مدرجة في السجلات الموقعة: ${w.ledgers}.`,
        `Les écritures figurent dans les journaux signés : ${w.ledgers}.`,
        `The entries are in the signed ledgers: ${w.ledgers}.`,
      ),
    witnesses: (w) =>
      w.witnesses === undefined
        ? t(
            'لم يطلب توقيع أي شاهد، فلم يحتسب أي توقيع من هذا القبيل.',
            'Aucun témoin n’était exigé : aucune contre-signature n’a été comptée.',
            'No witness was required, so no cosignature was counted.',
          )
        : t(
            `الشهود الذين وقعوا: ${w.witnesses}.`,
            `Témoins qui ont contresigné : ${w.witnesses}.`,
            `Witnesses that cosigned: ${w.witnesses}.`,
          ),
    seal: (w) =>
      t(
        `استخرجت ${w.sealedBy} هذا الملف بتاريخ ${w.sealedAt}، ولم يتغير منه أي حرف منذ ذلك.`,
        `${w.sealedBy} a exporté ce fichier le ${w.sealedAt} ; aucun caractère n’a changé depuis.`,
        `${w.sealedBy} exported this file on ${w.sealedAt}; not one character has changed since.`,
      ),
  } satisfies Readonly<Record<string, Said>>,
  claims: {
    asked: t(
      'أن الجهة الطالبة وقعت هذا الطلب في ذلك التاريخ',
      'que le demandeur a signé cette requête à cette date',
      'that the consumer signed this request at that time',
    ),
    'asked-entered': t(
      'أن الطلب مقيد في سجل الجهة الطالبة',
      'que la requête est inscrite au journal du demandeur',
      'that the request is in the consumer’s ledger',
    ),
    received: t(
      'أن الطلب وصل إلى بوابة الجهة المزودة',
      'que la requête est parvenue à la passerelle du fournisseur',
      'that the request reached the provider’s gateway',
    ),
    refused: t(
      'أن بوابة الجهة المزودة رفضت الطلب',
      'que la passerelle du fournisseur a refusé la requête',
      'that the provider’s gateway refused the request',
    ),
    'refusal-entered': t(
      'أن الرفض مقيد في سجل الجهة المزودة',
      'que le refus est inscrit au journal du fournisseur',
      'that the refusal is in the provider’s ledger',
    ),
    'refusal-arrived': t(
      'أن الرفض بلغ الجهة الطالبة وقيد في سجلها',
      'que le refus est parvenu au demandeur et figure à son journal',
      'that the refusal reached the consumer and is in its ledger',
    ),
    'unanswered-entered': t(
      'أن الجهة الطالبة قيدت في سجلها أنها لم تتوصل بجواب صحيح',
      'que le demandeur a inscrit à son journal n’avoir reçu aucune réponse valable',
      'that the consumer entered in its ledger that no valid answer came',
    ),
  } satisfies Readonly<Record<FailureClaim, Trio>>,
} as const;
