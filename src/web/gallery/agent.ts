import type { Language } from '../../kernel/index.ts';
import {
  actions,
  button,
  type ClockTone,
  clockBadge,
  copyableCode,
  dataTable,
  dateTime,
  form,
  formatDays,
  type Html,
  html,
  linkButton,
  notification,
  pagination,
  reference,
  searchBox,
  select,
  sheet,
  split,
  summaryList,
  tabs,
  tag,
  textarea,
  timeline,
  verdict,
} from '../index.ts';
import { type Sample, type Say, samplePage } from './frame.ts';

const PEOPLE: readonly (readonly [string, string])[] = [
  ['أمينة بنعلي', 'Amina Benali'],
  ['يوسف العلوي', 'Youssef El Alaoui'],
  ['فاطمة الزهراء أيت أوعراب', 'Fatima Zahra Aït Ouarab'],
  ['إبراهيم أمزيان', 'Brahim Amezian'],
  ['سعاد التازي', 'Souad Tazi'],
];

function clockOf(days: number, say: Say, shown: string): { tone: ClockTone; text: string } {
  if (days < 0)
    return { tone: 'late', text: say(`تجاوز الأجل ب ${shown}`, `En retard de ${shown}`, `Late by ${shown}`) };
  if (days < 3) return { tone: 'soon', text: say(`بقي ${shown}`, `Reste ${shown}`, `${shown} left`) };
  return { tone: 'on-time', text: say(`بقي ${shown}`, `Reste ${shown}`, `${shown} left`) };
}

export const inbox: Sample = {
  name: 'inbox',
  render: (language, say) => {
    const rows = Array.from({ length: 30 }, (_, i) => {
      const days = i < 2 ? i - 3 : Math.floor(i / 2);
      const person = PEOPLE[i % PEOPLE.length] ?? ['', ''];
      const clock = clockOf(days, say, formatDays(Math.abs(days), language));
      return {
        tone: clock.tone === 'late' ? ('red' as const) : clock.tone === 'soon' ? ('amber' as const) : undefined,
        cells: [
          html`<a href="${language}-dossier.html">${reference(`WSL-2026-${String(4130 - i * 7).padStart(4, '0')}`)}</a>`,
          html`<bdi>${language === 'ar' ? person[0] : person[1]}</bdi>`,
          i % 3 === 0
            ? say('نسخة من رسم الولادة', 'Extrait d’acte de naissance', 'Birth certificate')
            : say('شهادة السكنى', 'Certificat de résidence', 'Certificate of residence'),
          dateTime(new Date(Date.UTC(2026, 10, 22 - Math.floor(i / 2), 12)), language, 'short'),
          clockBadge(clock),
          i % 4 === 0
            ? tag({ text: say('في انتظار وثيقة', 'Pièce attendue', 'Document awaited'), tone: 'blue' })
            : tag({ text: say('قيد الدراسة', 'En instruction', 'Under examination') }),
          i % 3 === 1 ? say('نادية الفاسي', 'Nadia El Fassi', 'Nadia El Fassi') : html`<span class="muted">—</span>`,
        ],
      };
    });
    return samplePage(language, say, {
      file: 'inbox',
      kind: 'agent',
      title: say('الملفات الواردة', 'Dossiers reçus', 'Inbox'),
      main: html`<h1>${say('الملفات الواردة، الملحقة الإدارية أكدال', 'Dossiers reçus, annexe administrative Agdal', 'Inbox, Agdal administrative annex')}</h1>${tabs(
        {
          label: say('فرز الملفات', 'Filtrer les dossiers', 'Filter dossiers'),
          tabs: [
            { text: say('للمعالجة', 'À traiter', 'To do'), href: '#todo', current: true, count: '214' },
            { text: say('المسندة إلي', 'Mes dossiers', 'Mine'), href: '#mine', count: '12' },
            { text: say('متأخرة', 'En retard', 'Late'), href: '#late', count: '2' },
            { text: say('منتهية', 'Terminés', 'Closed'), href: '#closed' },
          ],
        },
      )}${searchBox({ language, action: '#', label: say('رقم الملف أو اسم صاحبه', 'Numéro du dossier ou nom', 'Dossier number or name'), labelHidden: false })}${dataTable(
        {
          language,
          caption: say('الملفات للمعالجة', 'Dossiers à traiter', 'Dossiers to do'),
          captionHidden: true,
          columns: [
            { header: say('رقم الملف', 'Dossier', 'Dossier'), tight: true },
            { header: say('صاحب الطلب', 'Demandeur', 'Applicant') },
            { header: say('المسطرة', 'Démarche', 'Procedure') },
            { header: say('تاريخ الإيداع', 'Déposé le', 'Filed'), tight: true, sort: { href: '#filed' } },
            { header: say('الأجل', 'Délai', 'Deadline'), tight: true, sort: { href: '#deadline', now: 'ascending' } },
            { header: say('الحالة', 'État', 'State'), tight: true },
            { header: say('مسند إلى', 'Assigné à', 'Assigned to') },
          ],
          rows,
          empty: say('لا توجد ملفات للمعالجة.', 'Aucun dossier à traiter.', 'Nothing to do.'),
        },
      )}${pagination({ language, page: 3, pageSize: 30, total: 214, hrefOf: (n) => `#page-${n}` })}`,
    });
  },
};

function answers(language: Language, say: Say): Html {
  return summaryList({
    language,
    compact: true,
    rows: [
      {
        key: say('صاحب الطلب', 'Demandeur', 'Applicant'),
        value: say('أمينة بنعلي', 'Amina Benali', 'Amina Benali'),
      },
      {
        key: say('العنوان', 'Adresse', 'Address'),
        value: say(
          '12، شارع علال بن عبد الله، الرباط',
          '12, avenue Allal Ben Abdellah, Rabat',
          '12, Avenue Allal Ben Abdellah, Rabat',
        ),
      },
      { key: say('الهاتف', 'Téléphone', 'Telephone'), value: reference('+212 6 12 34 56 78') },
    ],
  });
}

function documents(language: Language, say: Say): Html {
  return dataTable({
    language,
    caption: say('الوثائق ومصدرها', 'Pièces et provenance', 'Documents and where they come from'),
    captionHidden: true,
    columns: [
      { header: say('الوثيقة', 'Pièce', 'Document') },
      { header: say('المصدر', 'Source', 'Source') },
      { header: say('رقم التبادل', 'N° d’échange', 'Exchange'), tight: true },
    ],
    rows: [
      {
        cells: [
          say('رسم الولادة', 'Acte de naissance', 'Birth record'),
          say('الحالة المدنية', 'État civil', 'Civil status'),
          reference('x-7f3a91c2'),
        ],
      },
      {
        cells: [
          say('البطاقة الوطنية', 'Carte nationale', 'National card'),
          say('الأمن الوطني', 'Sûreté nationale', 'National security'),
          reference('x-0b41d7e8'),
        ],
      },
    ],
    empty: '',
  });
}

function decision(language: Language, say: Say): Html {
  return form({
    action: '#decide',
    body: html`${select({ language, name: 'ground', label: say('السبب', 'Motif', 'Ground'), choices: [{ value: 'a', label: say('العنوان غير مثبت', 'Adresse non établie', 'Address not proven') }] })}${textarea({ language, name: 'reason', label: say('التعليل', 'Motivation', 'Reasons'), hint: say('يقرؤه صاحب الطلب كما تكتبه.', 'Le demandeur le lit tel quel.', 'The applicant reads it as you write it.'), rows: 3 })}${actions(button({ text: say('قبول', 'Accepter', 'Accept') }), button({ text: say('طلب استكمال', 'Demander un complément', 'Ask for what is missing'), look: 'secondary' }), button({ text: say('رفض', 'Refuser', 'Refuse'), look: 'danger' }))}`,
  });
}

function history(language: Language, say: Say): Html {
  return timeline([
    {
      title: say('إيداع الطلب', 'Dépôt', 'Filed'),
      when: dateTime(new Date('2026-11-13T12:00:00Z'), language),
      by: say('أمينة بنعلي', 'Amina Benali', 'Amina Benali'),
    },
    {
      title: say('وصول رسم الولادة', 'Acte de naissance reçu', 'Birth record arrived'),
      when: dateTime(new Date('2026-11-13T12:00:00Z'), language),
      body: say(
        'من الحالة المدنية، الاتفاقية رقم 4.',
        'De l’état civil, convention n° 4.',
        'From civil status, agreement 4.',
      ),
    },
    {
      title: say('قيد الدراسة', 'En instruction', 'Under examination'),
      when: dateTime(new Date('2026-11-16T12:00:00Z'), language),
      by: say('نادية الفاسي', 'Nadia El Fassi', 'Nadia El Fassi'),
      state: 'current',
    },
    {
      title: say('آخر أجل للجواب', 'Date limite', 'Answer due'),
      when: dateTime(new Date('2026-11-25T12:00:00Z'), language),
      state: 'expected',
    },
  ]);
}

export const dossier: Sample = {
  name: 'dossier',
  render: (language, say) =>
    samplePage(language, say, {
      file: 'dossier',
      kind: 'agent',
      title: 'WSL-2026-4130',
      back: { href: `${language}-inbox.html`, text: say('الملفات الواردة', 'Dossiers reçus', 'Inbox') },
      main: html`${notification({ language, kind: 'success', text: say('أسند إليك هذا الملف.', 'Ce dossier vous est assigné.', 'This dossier is assigned to you.') })}<h1>${say('شهادة السكنى', 'Certificat de résidence', 'Certificate of residence')} · ${reference('WSL-2026-4130')}</h1><p>${clockBadge({ tone: 'soon', text: say('بقي يومان', 'Reste 2 jours', '2 days left') })} ${tag({ text: say('قيد الدراسة', 'En instruction', 'Under examination') })}</p>${split(
        {
          main: html`<h2>${say('الأجوبة', 'Réponses', 'Answers')}</h2>${answers(language, say)}<h2>${say('الوثائق', 'Pièces', 'Documents')}</h2>${documents(language, say)}<h2>${say('القرار', 'Décision', 'Decision')}</h2>${decision(language, say)}`,
          aside: sheet(html`<h2>${say('سجل الملف', 'Historique', 'History')}</h2>${history(language, say)}`),
        },
      )}`,
    }),
};

export const verify: Sample = {
  name: 'verify',
  render: (language, say) =>
    samplePage(language, say, {
      file: 'verify',
      title: say('التحقق من شهادة', 'Vérification d’un certificat', 'Verify a certificate'),
      noIndex: true,
      main: html`${verdict({ kind: 'valid', title: say('هذه الشهادة صحيحة', 'Ce certificat est authentique', 'This certificate is authentic'), text: say('أصدرتها الجهة المذكورة أدناه ولم تسحب.', 'Il a été délivré par l’autorité ci-dessous et n’a pas été retiré.', 'It was issued by the authority below and has not been withdrawn.') })}${summaryList(
        {
          language,
          rows: [
            {
              key: say('النوع', 'Type', 'Type'),
              value: say('شهادة السكنى', 'Certificat de résidence', 'Certificate of residence'),
            },
            { key: say('رقم الشهادة', 'Numéro', 'Number'), value: reference('CR-2026-000412') },
            {
              key: say('الجهة المصدرة', 'Autorité', 'Authority'),
              value: say(
                'الملحقة الإدارية أكدال، الرباط',
                'Annexe administrative Agdal, Rabat',
                'Agdal administrative annex, Rabat',
              ),
            },
            {
              key: say('تاريخ التسليم', 'Délivré le', 'Issued on'),
              value: dateTime(new Date('2026-11-25T12:00:00Z'), language),
            },
            { key: say('صاحب الشهادة', 'Titulaire', 'Holder'), value: say('أ. ب.', 'A. B.', 'A. B.') },
          ],
        },
      )}${copyableCode({ language, id: 'hash', label: say('بصمة ملف PDF', 'Empreinte du PDF', 'Fingerprint of the PDF'), code: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' })}${linkButton({ text: say('تحميل التوقيع', 'Télécharger la signature', 'Download the signature'), href: '#jws', look: 'secondary', icon: 'download' })}`,
    }),
};
