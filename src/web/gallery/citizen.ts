import type { Language } from '../../kernel/index.ts';
import {
  actions,
  type Card,
  cardList,
  details,
  factList,
  formatDays,
  formatMoney,
  type Html,
  hero,
  html,
  type IconName,
  inset,
  linkButton,
  pillars,
  searchBox,
  sheet,
  split,
  stageList,
  tag,
} from '../index.ts';
import { type Sample, type Say, samplePage } from './frame.ts';

type Words = readonly [string, string, string];

const LIFE_EVENTS: readonly { icon: IconName; href: string; title: Words; text: Words }[] = [
  {
    icon: 'family',
    href: '#f',
    title: ['الأسرة والحالة المدنية', 'Famille et état civil', 'Family and civil status'],
    text: [
      'الولادة، الزواج، الدفتر العائلي',
      'Naissance, mariage, livret de famille',
      'Birth, marriage, family booklet',
    ],
  },
  {
    icon: 'home',
    href: '#h',
    title: ['السكن والتعمير', 'Logement et urbanisme', 'Housing and building'],
    text: ['شهادة السكنى، رخصة البناء', 'Certificat de résidence, permis de construire', 'Residence, building permit'],
  },
  {
    icon: 'travel',
    href: '#t',
    title: ['الهوية والسفر', 'Identité et voyage', 'Identity and travel'],
    text: ['البطاقة الوطنية، جواز السفر', 'Carte nationale, passeport', 'National card, passport'],
  },
  {
    icon: 'briefcase',
    href: '#b',
    title: ['المقاولة والاستثمار', 'Entreprise et investissement', 'Business and investment'],
    text: [
      'الشهادة السلبية، السجل التجاري',
      'Certificat négatif, registre de commerce',
      'Company name, trade register',
    ],
  },
  {
    icon: 'car',
    href: '#c',
    title: ['السياقة والمركبات', 'Conduite et véhicules', 'Driving and vehicles'],
    text: ['تبديل رخصة السياقة', 'Échange du permis de conduire', 'Exchange a driving licence'],
  },
  {
    icon: 'study',
    href: '#s',
    title: ['الدراسة والتكوين', 'Études et formation', 'Education and training'],
    text: ['المنحة، الشهادات', 'Bourse, diplômes', 'Grants, diplomas'],
  },
  {
    icon: 'health',
    href: '#e',
    title: ['الصحة والتغطية الاجتماعية', 'Santé et protection sociale', 'Health and social protection'],
    text: ['التأمين الإجباري، الدعم المباشر', 'Assurance obligatoire, aide directe', 'Health insurance, direct aid'],
  },
  {
    icon: 'justice',
    href: '#j',
    title: ['العدالة', 'Justice', 'Justice'],
    text: ['السجل العدلي', 'Casier judiciaire', 'Criminal record'],
  },
];

function lifeEvents(say: Say): readonly Card[] {
  return LIFE_EVENTS.map(({ icon, href, title, text }) => ({ icon, href, title: say(...title), text: say(...text) }));
}

function promises(say: Say): Html {
  return pillars([
    {
      icon: 'document',
      title: say('وصل في الحين', 'Un récépissé immédiat', 'A receipt at once'),
      text: say(
        'يحمل رقم طلبك وأجل الجواب وطرق الطعن.',
        'Avec le numéro, la date limite de réponse et les voies de recours.',
        'With its number, the date by which you get an answer, and how to appeal.',
      ),
    },
    {
      icon: 'exchange',
      title: say('لا نطلب ما لدينا', 'On ne vous demande pas ce que nous avons', 'We do not ask for what we hold'),
      text: say(
        'تتبادل الإدارات الوثائق فيما بينها، بعلمك.',
        'Les administrations s’échangent les pièces, avec votre connaissance.',
        'Administrations exchange documents, and you know of it.',
      ),
    },
    {
      icon: 'shield',
      title: say('كل أثر قابل للتحقق', 'Chaque acte est vérifiable', 'Every act can be verified'),
      text: say(
        'تعرف من اطلع على معطياتك ومتى ولماذا.',
        'Vous savez qui a consulté vos données, quand et pourquoi.',
        'You see who used your data, when and why.',
      ),
    },
  ]);
}

function firstWords(language: Language, say: Say): Html {
  return hero({
    title: say(
      'ما الذي تريدون إنجازه اليوم؟',
      'Quelle démarche souhaitez‑vous faire ?',
      'What do you need to do today?',
    ),
    lead: say(
      'طلب واحد، وثائق تجلبها الإدارة بدلا عنك، ووصل فوري بأجل قانوني.',
      'Une seule demande, des pièces que l’administration va chercher pour vous, un récépissé immédiat avec un délai légal.',
      'One request, documents fetched by the administration for you, and an immediate receipt with a legal deadline.',
    ),
    body: html`${searchBox({
      language,
      action: `${language}-procedure.html`,
      label: say(
        'ابحث عن وثيقة أو مسطرة',
        'Chercher un document ou une démarche',
        'Search for a document or a procedure',
      ),
      large: true,
    })}<p class="hero-links">${say('الأكثر طلبا:', 'Les plus demandées :', 'Most used:')} <a href="#1">${say('شهادة السكنى', 'Certificat de résidence', 'Certificate of residence')}</a> · <a href="#2">${say('نسخة من رسم الولادة', 'Extrait d’acte de naissance', 'Birth certificate')}</a></p>`,
  });
}

export const home: Sample = {
  name: 'home',
  render: (language, say) =>
    samplePage(language, say, {
      file: 'home',
      title: say(
        'كل مساطر الإدارة في مكان واحد',
        'Toutes les démarches au même endroit',
        'Every procedure in one place',
      ),
      account: { kind: 'signed-out', signInPath: '#sign-in' },
      hero: firstWords(language, say),
      main: html`<h2>${say('حسب مناسبات الحياة', 'Par événement de vie', 'By life event')}</h2>${cardList({
        cards: lifeEvents(say),
      })}<h2>${say('ما تضمنه لك المنصة', 'Ce que la plateforme vous garantit', 'What you can rely on')}</h2>${promises(say)}`,
    }),
};

function keyFacts(language: Language, say: Say): Html {
  return factList([
    {
      icon: 'clock',
      term: say('أجل الجواب', 'Délai de réponse', 'Time to answer'),
      value: formatDays(10, language),
      note: say(
        'غير مؤكد من مصدر رسمي',
        'Non confirmé par une source officielle',
        'Not confirmed by an official source',
      ),
    },
    { icon: 'document', term: say('الرسوم', 'Frais', 'Fee'), value: formatMoney(20, language) },
    {
      icon: 'building',
      term: say('الجهة المختصة', 'Autorité compétente', 'Competent authority'),
      value: say(
        'الملحقة الإدارية لمحل سكناك',
        'Annexe administrative de votre domicile',
        'Administrative annex of your area',
      ),
    },
    {
      icon: 'justice',
      term: say('السند القانوني', 'Base légale', 'Legal basis'),
      value: say('القانون رقم 55.19', 'Loi n° 55-19', 'Law 55-19'),
    },
  ]);
}

export const procedure: Sample = {
  name: 'procedure',
  render: (language, say) =>
    samplePage(language, say, {
      file: 'procedure',
      here: 'catalogue',
      title: say('شهادة السكنى', 'Certificat de résidence', 'Certificate of residence'),
      breadcrumbs: [
        { href: `${language}-home.html`, text: say('الرئيسية', 'Accueil', 'Home') },
        { href: '#h', text: say('السكن والتعمير', 'Logement et urbanisme', 'Housing and building') },
      ],
      main: split({
        sticky: true,
        head: html`<h1>${say('شهادة السكنى', 'Certificat de résidence', 'Certificate of residence')}</h1><p class="lead">${say(
          'تثبت محل سكناك لدى الإدارات والأبناك والمشغلين.',
          'Elle prouve votre domicile auprès des administrations, des banques et des employeurs.',
          'It proves where you live to administrations, banks and employers.',
        )}</p>${actions(linkButton({ text: say('ابدأ الآن', 'Commencer', 'Start now'), href: `${language}-form.html`, start: true }))}`,
        main: html`<h2>${say('كيف تمر المسطرة', 'Le déroulement', 'How it goes')}</h2>${stageList({
          language,
          stages: [
            {
              text: say('إيداع الطلب', 'Dépôt', 'Filing'),
              state: 'current',
              note: say('وصل فوري', 'Récépissé immédiat', 'Receipt at once'),
            },
            { text: say('الدراسة', 'Instruction', 'Examination'), state: 'ahead', note: formatDays(10, language) },
            { text: say('القرار', 'Décision', 'Decision'), state: 'ahead' },
          ],
        })}<h2>${say('الوثائق', 'Les pièces', 'Documents')}</h2><ul><li>${say('البطاقة الوطنية للتعريف', 'Carte nationale d’identité', 'National identity card')} ${tag({ text: say('تجلبها الإدارة', 'Obtenue pour vous', 'Fetched for you'), tone: 'green' })}</li><li>${say('رسم الولادة', 'Acte de naissance', 'Birth record')} ${tag({ text: say('تجلبها الإدارة', 'Obtenue pour vous', 'Fetched for you'), tone: 'green' })}</li><li>${say('فاتورة ماء أو كهرباء', 'Facture d’eau ou d’électricité', 'Water or electricity bill')} ${tag({ text: say('ترفقها أنت', 'À joindre', 'You attach it') })}</li></ul>${inset(
          html`<p>${say('لا تحتاج إلى تصحيح الإمضاء ولا إلى نسخ مطابقة للأصل.', 'Ni signature légalisée ni copie certifiée conforme ne vous sont demandées.', 'No legalised signature and no certified copy is asked of you.')}</p>`,
        )}${details({ summary: say('ماذا لو لم تتم الإجابة داخل الأجل؟', 'Et sans réponse dans le délai ?', 'What if there is no answer in time?'), body: html`<p>${say('يمكنك تقديم تظلم إلى الإدارة المعنية.', 'Vous pouvez former un recours auprès de l’administration concernée.', 'You may appeal to the administration concerned.')}</p>` })}`,
        aside: sheet(keyFacts(language, say)),
      }),
    }),
};
