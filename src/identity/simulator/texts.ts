import type { Language } from '../../kernel/index.ts';

type SimulatorTexts = {
  readonly title: string;
  readonly notice: string;
  readonly lead: string;
  readonly passedOn: string;
  readonly claims: readonly string[];
  readonly people: string;
  readonly columns: {
    readonly person: string;
    readonly birth: string;
    readonly number: string;
    readonly choose: string;
  };
  readonly signInAs: string;
  readonly cancel: string;
  readonly empty: string;
  readonly lost: { readonly title: string; readonly text: string; readonly back: string };
};

const ar: SimulatorTexts = {
  title: 'باسم من تريدون تسجيل الدخول؟',
  notice: 'محاكي – Simulateur – Simulator: لا يتم هنا التحقق من أي هوية حقيقية.',
  lead: 'تعوض هذه الصفحة خدمة التعريف الرقمي في النسخة التجريبية. الأشخاص أدناه من نسج الخيال، ويكفي اختيار أحدهم لتسجيل الدخول باسمه.',
  passedOn: 'باختياركم شخصًا، ترسلون إلى المنصة المعطيات التالية عنه:',
  claims: ['الاسم الكامل بالعربية وبالحروف اللاتينية', 'تاريخ الازدياد', 'رقم البطاقة الوطنية للتعريف الإلكترونية'],
  people: 'أشخاص النسخة التجريبية',
  columns: { person: 'الشخص', birth: 'تاريخ الازدياد', number: 'رقم البطاقة الوطنية', choose: 'الاختيار' },
  signInAs: 'الدخول باسم',
  cancel: 'إلغاء والرجوع إلى المنصة',
  empty: 'لا يوجد أي شخص في هذه النسخة التجريبية.',
  lost: {
    title: 'انتهت هذه المحاولة أو لا وجود لها',
    text: 'لا يمكن متابعة تسجيل الدخول من هذه الصفحة. ارجعوا إلى المنصة وابدؤوا من جديد.',
    back: 'الرجوع إلى المنصة',
  },
};

const fr: SimulatorTexts = {
  title: 'Au nom de qui voulez‑vous vous connecter ?',
  notice: 'Simulateur – محاكي – Simulator : aucune identité réelle n’est vérifiée ici.',
  lead: 'Cette page remplace le service d’identité numérique dans la version de démonstration. Les personnes ci-dessous sont inventées : il suffit d’en choisir une pour se connecter en son nom.',
  passedOn: 'En choisissant une personne, vous transmettez à la plateforme les données suivantes :',
  claims: [
    'le nom complet, en arabe et en caractères latins',
    'la date de naissance',
    'le numéro de la carte nationale d’identité électronique',
  ],
  people: 'Personnes de la démonstration',
  columns: { person: 'Personne', birth: 'Date de naissance', number: 'Numéro de carte nationale', choose: 'Choix' },
  signInAs: 'Se connecter au nom de',
  cancel: 'Annuler et revenir à la plateforme',
  empty: 'Cette démonstration ne comporte aucune personne.',
  lost: {
    title: 'Cette tentative a expiré ou n’existe pas',
    text: 'La connexion ne peut pas continuer depuis cette page. Revenez à la plateforme et recommencez.',
    back: 'Revenir à la plateforme',
  },
};

const en: SimulatorTexts = {
  title: 'Whom do you want to sign in as?',
  notice: 'Simulator – محاكي – Simulateur: no real identity is verified here.',
  lead: 'This page stands in for the digital identity service in the demonstration. The people below are invented: choosing one is enough to sign in under their name.',
  passedOn: 'By choosing a person you pass the following on to the platform:',
  claims: [
    'the full name, in Arabic and in Latin letters',
    'the date of birth',
    'the number of the national identity card',
  ],
  people: 'People of the demonstration',
  columns: { person: 'Person', birth: 'Date of birth', number: 'National card number', choose: 'Choice' },
  signInAs: 'Sign in as',
  cancel: 'Cancel and go back to the platform',
  empty: 'There are no people in this demonstration.',
  lost: {
    title: 'This attempt has expired or does not exist',
    text: 'The sign-in cannot go on from this page. Go back to the platform and start again.',
    back: 'Back to the platform',
  },
};

const CATALOGUES: Readonly<Record<Language, SimulatorTexts>> = { ar, fr, en };

export function textsOf(language: Language): SimulatorTexts {
  return CATALOGUES[language];
}
